import { readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { writeAllOrNothing, writeFailed } from '../io/atomic-file.ts';
import { makeRepodata, type RepodataFile } from '../repodata/make-repodata.ts';
import type { PlacedPackage } from '../repodata/repodata-xml.ts';
import { readRpmPackage } from '../rpm/rpm-package.ts';

const OUR_FILES = /^[0-9a-f]{64}-(?:(?:primary|filelists|other)\.xml|modules\.yaml)\.gz$/;

/**
 * Writes `directory`/repodata for the RPM files at `rpmPaths` (below `directory`), so that dnf takes exactly these. The same files give the same
 * bytes. repomd.xml comes last and by renaming, so that a reader sees the old repository or the new one.
 * `modules` are the texts of modules.yaml, of which dnf wants to know where packages of modules are among them.
 */
export async function writeRepodata(directory: string, rpmPaths: readonly string[], modules: readonly string[] = []): Promise<void> {
  const packages: PlacedPackage[] = [];
  for (const path of rpmPaths) packages.push({ rpm: await readRpmPackage(path), location: locationOf(directory, path) });
  const files = makeRepodata(packages, modules);
  await writeAllOrNothing(files.map(({ location, content }) => ({ path: join(directory, location), content })));
  const repodata = join(directory, 'repodata');
  await removeOld(repodata, files).catch((error: unknown) => {
    throw writeFailed(repodata, error);
  });
}

function locationOf(directory: string, path: string): string {
  const location = relative(directory, path).split(sep).join('/');
  if (location.startsWith('../')) throw new Error(`${path} is not below ${directory}`);
  // Characters such as ^ ~ and + stay as they are: dnf encodes the location itself.
  return location;
}

/** Files of an earlier run that repomd.xml names no more. Others are not ours to remove. */
async function removeOld(repodata: string, files: readonly RepodataFile[]): Promise<void> {
  const current = new Set(files.map(({ location }) => location.slice('repodata/'.length)));
  for (const name of await readdir(repodata))
    if (OUR_FILES.test(name) && !current.has(name)) await rm(join(repodata, name), { force: true });
}
