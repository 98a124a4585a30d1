import { readdir, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { writeAllOrNothing, writeFailed } from '../io/atomic-file.ts';
import { makeRepodata, type RepodataFile } from '../repodata/make-repodata.ts';
import type { PlacedPackage } from '../repodata/repodata-xml.ts';
import { readRpmPackage } from '../rpm/rpm-package.ts';

const OUR_FILES = /^[0-9a-f]{64}-(?:(?:primary|filelists|other)\.xml|modules\.yaml)\.gz$/;

/**
 * Writes `directory`/repodata for the RPM files at `rpmPaths` (below `directory`), so that dnf uses exactly these files. Reproducible: the same files
 * give the same bytes. repomd.xml is renamed into place last, so that a reader sees either the old or the new repository.
 * `modules`: texts of modules.yaml, which dnf requires for modular packages.
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
  // Keep characters such as ^ ~ and +: dnf encodes the location itself.
  return location;
}

/** Removes files of earlier runs that repomd.xml no longer lists; keeps all other files. */
async function removeOld(repodata: string, files: readonly RepodataFile[]): Promise<void> {
  const current = new Set(files.map(({ location }) => location.slice('repodata/'.length)));
  for (const name of await readdir(repodata))
    if (OUR_FILES.test(name) && !current.has(name)) await rm(join(repodata, name), { force: true });
}
