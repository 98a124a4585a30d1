import { lstat, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import type { Engine } from './engine.ts';
import { RPM_DATABASE } from './install-stage.ts';
import type { RunProgram } from './run-program.ts';

export interface InstalledPackage {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
}

export interface DatabaseQuery {
  readonly image: string;
  /** An empty directory for the copy of the database. */
  readonly scratch: string;
  /** Name for a container that is made and never started. */
  readonly container: string;
  /** Where to look first. */
  readonly databasePath: string | undefined;
  /** The rpm of this machine, or an image with rpm in it. */
  readonly rpm: { readonly kind: 'host'; readonly run: RunProgram } | { readonly kind: 'image'; readonly toolImage: string };
}

const QUERY_FORMAT = '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n';
/** One of these is in every rpm database: sqlite, ndb, Berkeley DB. */
const DATABASE_FILES = ['rpmdb.sqlite', 'Packages.db', 'Packages'];

/**
 * What rpm's database in an image says is installed; undefined in a dry run. The image is of any architecture: none of its programs is
 * run, its database is copied out and read here. Keys that were imported into the database are no packages.
 */
export async function readInstalledPackages(engine: Engine, query: DatabaseQuery): Promise<readonly InstalledPackage[] | undefined> {
  const { image, container, scratch } = query;
  if (!engine.dryRun) await mkdir(scratch, { recursive: true });
  // The engine wants a command, which is never run.
  await engine.perform(['create', `--name=${container}`, ...(engine.name === 'podman' ? ['--pull=never'] : []), image, '/nothing'], {
    what: `open ${image}`,
    reference: image,
  });
  try {
    for (const path of new Set([query.databasePath ?? RPM_DATABASE, RPM_DATABASE, '/var/lib/rpm'])) {
      const copy = join(scratch, `database${path.replaceAll('/', '-')}`);
      const copied = await engine.attempt(['cp', `${container}:${path}`, copy]);
      if (engine.dryRun) {
        if (query.rpm.kind === 'image') await queryDatabase(engine, query, copy);
        return undefined;
      }
      if (copied === true && (await isDatabase(copy))) return parsePackages(await queryDatabase(engine, query, copy), image);
    }
  } finally {
    await engine.cleanUp(['rm', container]);
  }
  throw new RpmDepsError('NEGATIVE', `${image} has no rpm database`, {
    hint: `it was looked for in ${query.databasePath ?? RPM_DATABASE} and /var/lib/rpm; --dbpath names another place`,
  });
}

/** Only plain files stay: a link that an image brings along would lead to files of this machine. */
async function isDatabase(directory: string): Promise<boolean> {
  const status = await lstat(directory);
  if (!status.isDirectory()) return false;
  for (const name of await readdir(directory)) {
    if (!(await lstat(join(directory, name))).isFile()) await rm(join(directory, name), { recursive: true, force: true });
  }
  const names = await readdir(directory);
  return DATABASE_FILES.some((file) => names.includes(file));
}

async function queryDatabase(engine: Engine, { image, rpm }: DatabaseQuery, directory: string): Promise<string> {
  if (rpm.kind === 'image') {
    const mounted = [
      'run',
      '--rm',
      '--network=none',
      '--security-opt=label=disable',
      `--volume=${directory}:/database`,
      '--entrypoint=rpm',
    ];
    const args = [...mounted, rpm.toolImage, '--dbpath', '/database', '-qa', '--qf', QUERY_FORMAT];
    return (await engine.ask(args, { what: `read the rpm database of ${image}`, reference: rpm.toolImage })) ?? '';
  }
  const result = await rpm.run('rpm', ['--dbpath', directory, '-qa', '--qf', QUERY_FORMAT]);
  if (result.exitCode === 0) return result.stdout;
  throw new RpmDepsError('PODMAN', `rpm cannot read the database of ${image}`, {
    hint: 'an image with a newer rpm can: --tool-image IMAGE',
    details: result.stderr.trimEnd().split('\n').slice(-5),
  });
}

function parsePackages(output: string, image: string): readonly InstalledPackage[] {
  const lines = output.split('\n').filter((line) => line !== '');
  return lines
    .map((line) => {
      const fields = /^([\x21-\x7e]+)\t([0-9]+)\t([\x21-\x7e]+)\t([\x21-\x7e]+)\t([\x21-\x7e]+)$/.exec(line);
      if (!fields) throw new RpmDepsError('PODMAN', `the rpm database of ${image} holds what is no package: ${JSON.stringify(line)}`);
      const [, name, epoch, version, release, arch] = fields as unknown as readonly [string, string, string, string, string, string];
      return { name, epoch, version, release, arch };
    })
    .filter(({ name }) => name !== 'gpg-pubkey');
}
