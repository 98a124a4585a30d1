import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RpmInstallation } from '../rpm/installation.ts';
import type { Nevra } from '../rpm/nevra.ts';
import { accessArguments, type RegistryAccess } from './build-arguments.ts';
import { readingRpm } from './choose-tool.ts';
import type { LockInput } from './container-input.ts';
import type { ContainerSession } from './container-session.ts';
import { configuredDatabase, databasesIn } from './database-place.ts';
import { ImageTree } from './image-tree.ts';
import { copyDatabase, type DatabaseCopy, readInstalledFiles, readInstalledPackages } from './query-database.ts';

export interface ImageContents {
  readonly tree: ImageTree;
  /** Directories with an rpm database; the first one was read. */
  readonly databases: readonly string[];
  /** The database directory in the configuration of the image's own rpm; undefined if it has no rpm. */
  readonly configured: string | undefined;
  /** The installed packages according to the database; none without a database. */
  readonly packages: readonly Nevra[];
  /** The files of packages according to the database. */
  readFiles(): Promise<readonly RpmInstallation[]>;
}

export interface Inspection {
  readonly image: string;
  /** Name of the container, which is never started, and of its files on this machine. */
  readonly name: string;
  /** For an image that may not be on this machine: the container name of the architecture to pull it for. */
  readonly pull?: { readonly architecture: string; readonly access: RegistryAccess };
}

/**
 * Reads an image of any architecture: its files are exported and read here, and none of its programs is run. In a dry run it only records the
 * commands and returns undefined.
 */
export async function inspectImage<T>(
  { image, name, pull }: Inspection,
  input: LockInput,
  session: ContainerSession,
  use: (contents: ImageContents) => Promise<T>,
): Promise<T | undefined> {
  const { engine, scratch } = session;
  const container = `rpm-deps-${process.pid}-${name}`;
  const exported = join(scratch, `${name}.tar`);
  const rpm = await readingRpm(input, session);
  const local = pull === undefined && engine.name === 'podman' ? ['--pull=never'] : [];
  const remote = pull === undefined ? [] : [`--platform=linux/${pull.architecture}`];
  const access = pull === undefined || engine.name === 'docker' ? [] : accessArguments(pull.access);
  try {
    // The engine requires a command, which is never run.
    await engine.perform(['create', `--name=${container}`, ...local, ...remote, ...access, image, '/nothing'], {
      what: `open ${image}`,
      reference: image,
    });
    await engine.perform(['export', `--output=${exported}`, container], { what: `read ${image}`, reference: image });
  } finally {
    await engine.cleanUp(['rm', container]);
  }
  const copy: DatabaseCopy = { image, directory: join(scratch, `${name}-database`) };
  if (engine.dryRun) {
    // The script of a dry run has separate lines for this.
    if (rpm.kind === 'image') await engine.unscripted(() => readInstalledPackages(engine, rpm, copy));
    return undefined;
  }
  const tree = await ImageTree.open(exported, image);
  try {
    const configured = await configuredDatabase(tree);
    const also = [configured, input.dbpath].filter((place) => place !== undefined);
    const databases = databasesIn(tree, also);
    if (databases[0] !== undefined) await copyDatabase(tree, databases[0], copy);
    const packages = databases[0] === undefined ? [] : await readInstalledPackages(engine, rpm, copy);
    return await use({ tree, databases, configured, packages, readFiles: () => readInstalledFiles(engine, rpm, copy) });
  } finally {
    await tree.close();
    await rm(exported, { force: true });
  }
}
