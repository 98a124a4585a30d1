import { basename, join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { makeFolders } from '../io/make-folders.ts';
import type { RunProgram } from '../io/run-program.ts';
import type { PackagedFile, RpmInstallation } from '../rpm/installation.ts';
import type { Nevra } from '../rpm/nevra.ts';
import type { Engine } from './engine.ts';
import type { ImageTree } from './image-tree.ts';

/** The rpm of this machine, or an image with rpm. */
export type ReadingRpm =
  | { readonly kind: 'host'; readonly run: RunProgram; readonly signal: AbortSignal }
  | { readonly kind: 'image'; readonly toolImage: string };

/** A copy of an image's rpm database on this machine. */
export interface DatabaseCopy {
  readonly image: string;
  readonly directory: string;
}

/** Limit for the list of files of all packages: an image with 2000 packages has about 60 MB. */
const MAX_OUTPUT_BYTES = 1 << 28;
export const QUERY_FORMAT = '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n';
const FILE_TAGS = ['MODES', 'FLAGS', 'VERIFYFLAGS', 'RDEVS', 'DIGESTS', 'LINKTOS', 'USERNAME', 'GROUPNAME', 'CAPS', 'LANGS'];
const FILES_FORMAT = `[%{=NAME}\\t%{=NEVRA}\\t%{=FILEDIGESTALGO}\\t%{LONGFILESIZES}\\t${FILE_TAGS.map((tag) => `%{FILE${tag}}`).join('\\t')}\\t%{FILENAMES}\\n]`;

/** Copies only regular files, because a link in an image would point to files of this machine. */
export async function copyDatabase(tree: ImageTree, place: string, copy: DatabaseCopy): Promise<void> {
  makeFolders(copy.directory);
  for (const path of tree.filesIn(place)) await tree.copyOut(path, join(copy.directory, basename(path)));
}

/** Reads the installed packages from the database, without imported keys. */
export async function readInstalledPackages(engine: Engine, rpm: ReadingRpm, copy: DatabaseCopy): Promise<readonly Nevra[]> {
  return parsePackages(await queryDatabase(engine, rpm, copy, QUERY_FORMAT), copy.image);
}

/** Reads the files of packages from the database, for packages whose RPMs are no longer available. */
export async function readInstalledFiles(engine: Engine, rpm: ReadingRpm, copy: DatabaseCopy): Promise<readonly RpmInstallation[]> {
  const files = new Map<string, { name: string; algorithm: string; files: PackagedFile[] }>();
  for (const line of (await queryDatabase(engine, rpm, copy, FILES_FORMAT)).split('\n')) {
    const fields = line.split('\t');
    if (fields.length < 15) continue;
    const [name, nevra, algorithm, size, mode, flags, verify, device, digest, link, user, group, capabilities, language, ...path] =
      fields as [string, string, string, string, string, string, string, string, string, string, string, string, string, string, string];
    const numbers = [size, mode, flags, verify, device].map((text) => Number(text) || 0) as [number, number, number, number, number];
    const known = files.get(nevra) ?? { name, algorithm, files: [] };
    known.files.push({
      path: path.join('\t'),
      size: numbers[0],
      mode: numbers[1],
      flags: numbers[2],
      verify: numbers[3],
      device: numbers[4],
      digest,
      link,
      user,
      group,
      capabilities: capabilities === '(none)' ? '' : capabilities,
      language: language === '(none)' ? '' : language,
    });
    files.set(nevra, known);
  }
  return [...files].map(([nevra, { name, algorithm, files: own }]) => ({
    nevra,
    name,
    files: own,
    digestAlgorithm: algorithm === '8' ? 'sha256' : algorithm === '10' ? 'sha512' : 'md5',
    scripts: [],
  }));
}

/** Arguments that run the rpm of an image on the database in its `/database`. */
export const databaseInImage = (toolImage: string): readonly string[] => [
  ...['--network=none', '--security-opt=label=disable', '--entrypoint=rpm', toolImage],
  ...['--dbpath', '/database'],
];

async function queryDatabase(engine: Engine, rpm: ReadingRpm, { image, directory }: DatabaseCopy, format: string): Promise<string> {
  if (rpm.kind === 'image') {
    const args = [`--volume=${directory}:/database`, ...databaseInImage(rpm.toolImage), '-qa', '--qf', format];
    return (await engine.askProgram(args, { what: `read the rpm database of ${image}`, reference: rpm.toolImage })) ?? '';
  }
  const result = await rpm.run('rpm', ['--dbpath', directory, '-qa', '--qf', format], {
    signal: rpm.signal,
    stdoutLimit: MAX_OUTPUT_BYTES,
  });
  if (result.exitCode === 0) return result.stdout;
  throw new RpmDepsError('PODMAN', `rpm cannot read the database of ${image}`, {
    hint: 'an image with a newer rpm can: --tool-image IMAGE',
    details: result.stderr.trimEnd().split('\n').slice(-5),
  });
}

export function parsePackages(output: string, image: string): readonly Nevra[] {
  const lines = output.split('\n').filter((line) => line !== '');
  return lines
    .map((line) => {
      const fields = /^([\x21-\x7e]+)\t([0-9]+)\t([\x21-\x7e]+)\t([\x21-\x7e]+)\t([\x21-\x7e]+)$/.exec(line);
      if (!fields)
        throw new RpmDepsError(
          'PODMAN',
          `the rpm database of ${image} has an entry that is not a package: ${JSON.stringify(line.slice(0, 200))}`,
        );
      const [, name, epoch, version, release, arch] = fields as unknown as readonly [string, string, string, string, string, string];
      return { name, epoch, version, release, arch };
    })
    .filter(({ name }) => name !== 'gpg-pubkey');
}
