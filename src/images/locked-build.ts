import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { buildImage } from './build-image.ts';
import { compareInstalled, describeDifference, isEqual } from './compare-installed.ts';
import { buildMachine, checkedBuildArguments, type FetchLocked, type LockInput, registryAccess } from './container-input.ts';
import { type ContainerSession, gitCommit } from './container-session.ts';
import { withImage } from './image-record.ts';
import { HOST_TOOL_IMAGE, installStageArguments, RPM_DATABASE } from './install-stage.ts';
import { type InstalledPackage, readInstalledPackages } from './installed-packages.ts';
import type { DigestedLock } from './locked-images.ts';
import { layOutRpms } from './rpm-context.ts';
import { installingImage, readingRpm } from './rpm-tool.ts';

/** Flags of what builds an image from a lock. */
export interface LockedBuildInput extends LockInput {
  /** Build argument for the Containerfile, `NAME=VALUE`. */
  readonly buildArg?: readonly string[] | undefined;
  /** Directory that plain COPY takes from; default: where the Containerfile is. */
  readonly context?: string | undefined;
  /** Network of RUN; default none. */
  readonly network?: string | undefined;
  /** Run the scriptlets of native packages; default yes. */
  readonly scripts?: boolean | undefined;
  /** Install although requirements are unmet; default only where the lock leaves packages out on purpose. */
  readonly nodeps?: boolean | undefined;
  /** Keep the times of files that RPMs carry, at the price of another image id for each build. */
  readonly keepTimes?: boolean | undefined;
  /** Compare the result with the lock before it gets its name; default yes. */
  readonly verify?: boolean | undefined;
}

export interface LockedBuild {
  readonly lock: DigestedLock;
  readonly reference: string;
  /** A file, or the text of one that is generated. */
  readonly containerfile: { readonly kind: 'file'; readonly path: string } | { readonly kind: 'text'; readonly text: string };
  readonly base: string | undefined;
}

export interface BuiltImage {
  readonly reference: string;
  readonly set: string;
  /** Container name. */
  readonly architecture: string;
  readonly lock_digest: string;
  readonly packages: number;
  /** Absent in a dry run. */
  readonly image_id?: string;
}

/** Builds images that hold exactly what their locks say: fetch, lay out, build, look, name, write down. */
export async function buildLockedImages(
  builds: readonly LockedBuild[],
  input: LockedBuildInput,
  session: ContainerSession,
  fetchLocked: FetchLocked,
): Promise<readonly BuiltImage[]> {
  const { context, services } = session;
  const userArguments = checkedBuildArguments(input.buildArg);
  const fetched = session.engine.dryRun
    ? new Map<string, string>()
    : await fetchLocked(
        builds.map(({ lock }) => lock.lock),
        input,
        context,
      );
  // All RPMs are checked before the first build starts.
  for (const { lock } of builds) if (!session.engine.dryRun) await layOutRpms(lock.lock, fetched, rpmDirectory(session, lock));
  const toolImage = await installingImage(input, session);
  const revision = await gitCommit(['HEAD'], context, services);

  const built: BuiltImage[] = [];
  for (const build of builds) {
    const { lock, reference } = build;
    const { package_set: set, packages } = lock.lock;
    context.emit({ kind: 'stage', stage: 'build', text: `${reference}: ${packages.length} packages` });
    const { path, directory } = await placeContainerfile(build, input, session);
    const epochSeconds = epochOf(lock);
    const id = await buildImage(
      session.engine,
      {
        containerfile: path,
        context: directory,
        namedContexts: { rpms: rpmDirectory(session, lock) },
        architecture: lock.architecture.container,
        arguments: {
          ...installStageArguments({
            architecture: lock.architecture.rpm,
            machine: buildMachine(services).rpm,
            toolImage,
            epochSeconds,
            ignoreDependencies: input.nodeps ?? ((lock.lock.ignored?.length ?? 0) > 0 || lock.lock.schema_version === '1.0'),
            runScripts: input.scripts !== false,
            databasePath: input.dbpath ?? RPM_DATABASE,
            onBase: build.base !== undefined,
          }),
          ...(build.base === undefined ? {} : { BASE: build.base }),
        },
        userArguments,
        labels: {
          'rpm-deps.set': set,
          'rpm-deps.architecture': lock.architecture.rpm,
          'rpm-deps.lock-digest': lock.digest,
          ...(revision === undefined ? {} : { 'org.opencontainers.image.revision': revision }),
          ...(build.base === undefined ? {} : { 'org.opencontainers.image.base.name': build.base }),
        },
        network: input.network ?? 'none',
        epochSeconds: input.keepTimes === true ? undefined : epochSeconds,
        neverPull: toolImage === HOST_TOOL_IMAGE && build.base === undefined && build.containerfile.kind === 'text',
        access: registryAccess(input),
      },
      {
        reference,
        ...(input.verify === false ? {} : { inspect: (image) => checkInstalled(image, build, input, session) }),
      },
    );
    const entry = {
      reference,
      set,
      architecture: lock.architecture.container,
      lock_digest: lock.digest,
      ...(id === undefined ? {} : { image_id: id }),
    };
    await session.update((record) => withImage(record, entry));
    built.push({ ...entry, packages: packages.length });
  }
  return built;
}

/** What an image has of rpm's database; `none` stands for one without. */
export async function installedIn(
  image: string,
  what: { readonly name: string; readonly none: 'fails' | 'is empty' },
  input: LockInput,
  session: ContainerSession,
): Promise<readonly InstalledPackage[] | undefined> {
  const query = {
    image,
    scratch: join(session.scratch, `${what.name}-database`),
    container: `rpm-deps-${process.pid}-${what.name}`,
    databasePath: input.dbpath,
    rpm: await readingRpm(input, session),
  };
  try {
    return await readInstalledPackages(session.engine, query);
  } catch (error) {
    if (what.none === 'is empty' && error instanceof RpmDepsError && error.code === 'NEGATIVE') return [];
    throw error;
  }
}

async function checkInstalled(
  image: string,
  { lock, reference, base }: LockedBuild,
  input: LockInput,
  session: ContainerSession,
): Promise<void> {
  const name = `${lock.lock.package_set}-${lock.architecture.rpm}`;
  const installed = await installedIn(image, { name, none: 'fails' }, input, session);
  const fromBase = base === undefined ? [] : await installedIn(base, { name: `${name}-base`, none: 'is empty' }, input, session);
  if (installed === undefined) return;
  const difference = compareInstalled(lock.lock.packages, installed, fromBase);
  if (isEqual(difference)) return;
  throw new RpmDepsError('NEGATIVE', `${reference} would not hold what ${lock.path} says`, {
    hint: 'the image was not named; --no-verify builds it all the same',
    details: describeDifference(difference),
    data: { ...difference },
  });
}

async function placeContainerfile(
  { containerfile, lock }: LockedBuild,
  input: LockedBuildInput,
  { context, engine, scratch }: ContainerSession,
): Promise<{ path: string; directory: string }> {
  const own = input.context === undefined ? undefined : resolve(context.cwd, input.context);
  if (containerfile.kind === 'file') return { path: containerfile.path, directory: own ?? dirname(containerfile.path) };
  const folder = join(scratch, `${lock.lock.package_set}-${lock.architecture.rpm}`);
  const path = join(folder, 'Containerfile');
  if (!engine.dryRun) {
    await mkdir(folder, { recursive: true });
    await writeFile(path, containerfile.text);
  }
  return { path, directory: own ?? folder };
}

/** The text of a Containerfile that a user named. */
export async function readContainerfile(path: string, hint: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new RpmDepsError('USAGE', `there is no Containerfile ${path}`, { hint, cause: error });
  }
}

function rpmDirectory({ scratch }: ContainerSession, { lock }: DigestedLock): string {
  return join(scratch, 'rpms', lock.package_set);
}

/** Never the clock: the newest timestamp of the metadata that the lock was made from; 1970 where a lock of schema 1.0 has none. */
function epochOf({ lock }: DigestedLock): number {
  const milliseconds = Date.parse(lock.generated);
  return Number.isFinite(milliseconds) && milliseconds > 0 ? Math.floor(milliseconds / 1000) : 0;
}
