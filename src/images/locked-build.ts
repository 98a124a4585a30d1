import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { type BaseImage, checkBase } from './base-image.ts';
import type { PassedOn } from './build-arguments.ts';
import { buildImage } from './build-image.ts';
import { buildMachine, checkedBuildArguments, type FetchLocked, type LockInput, registryAccess } from './container-input.ts';
import { type ContainerSession, revisionOf } from './container-session.ts';
import { requireBuilder } from './engine.ts';
import { withImage } from './image-record.ts';
import { inspectImage } from './inspect-image.ts';
import { HOST_TOOL_IMAGE, installStageArguments } from './install-stage.ts';
import type { DigestedLock } from './locked-images.ts';
import { readInstallations, storedRpms } from './locked-installations.ts';
import { layOutRpms } from './rpm-context.ts';
import { databasePlace } from './rpm-database.ts';
import { installingImage } from './rpm-tool.ts';
import { scriptCommand } from './shell-quote.ts';
import { compareContents, describeContents, describeFiles, type ExpectedContents, isAsLocked } from './verify-contents.ts';

/** Flags of what builds an image from a lock. */
export interface LockedBuildInput extends LockInput, PassedOn {
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
  readonly containerfile:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'text'; readonly text: (databasePath: string) => string };
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
  await requireBuilder(session.engine);
  const locks = builds.map(({ lock }) => lock.lock);
  const fetched = session.engine.dryRun ? await storedRpms(locks, context) : await fetchLocked(locks, input, context);
  session.engine.addToScript(...builds.map(({ lock }) => fetchLine(lock, input, session)));
  // All RPMs are checked before the first build starts.
  for (const { lock } of builds) if (!session.engine.dryRun) await layOutRpms(lock.lock, fetched, rpmDirectory(session, lock));
  const toolImage = await installingImage(input, session);

  const built: BuiltImage[] = [];
  for (const build of builds) {
    const { lock, reference } = build;
    const { package_set: set, packages } = lock.lock;
    context.emit({ kind: 'stage', stage: 'build', text: `${reference}: ${packages.length} packages` });
    const installations = await readInstallations(lock.lock, fetched);
    const base = build.base === undefined ? undefined : await readBase(build.base, lock, input, session);
    const inBase = base === undefined ? undefined : checkBase(base, lock, input.dbpath);
    const databasePath = input.dbpath ?? inBase ?? databasePlace(lock.lock, installations);
    const revision = await revisionOf(lock.path, context, services);
    const { path, directory } = await placeContainerfile(build, databasePath, input, session);
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
            databasePath,
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
        passedOn: input,
        network: input.network ?? 'none',
        epochSeconds: input.keepTimes === true ? undefined : epochSeconds,
        neverPull: toolImage === HOST_TOOL_IMAGE && build.base === undefined && build.containerfile.kind === 'text',
        access: registryAccess(input),
      },
      {
        reference,
        ...(input.verify === false
          ? {}
          : { inspect: (image) => checkContents(image, build, { fromBase: base?.packages ?? [], installations }, input, session) }),
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

/** What a base image holds, pulled where it is not here; nothing in a dry run. */
export async function readBase(base: string, lock: DigestedLock, input: LockInput, session: ContainerSession): Promise<BaseImage> {
  const name = `${lock.lock.package_set}-${lock.architecture.rpm}-base`;
  const pull = { architecture: lock.architecture.container, access: registryAccess(input) };
  // The build itself pulls it where it is not here.
  session.engine.isScripted = false;
  const read = await inspectImage({ image: base, name, pull }, input, session, async ({ databases, packages }) => ({
    image: base,
    databases,
    packages,
  })).finally(() => {
    session.engine.isScripted = true;
  });
  return read ?? { image: base, databases: [], packages: [] };
}

async function checkContents(
  image: string,
  { lock, reference, containerfile, base }: LockedBuild,
  expected: Pick<ExpectedContents, 'fromBase' | 'installations'>,
  input: LockedBuildInput,
  session: ContainerSession,
): Promise<void> {
  const name = `${lock.lock.package_set}-${lock.architecture.rpm}`;
  const { engine, scratch } = session;
  const checked = [lock.lock.package_set, '--arch', lock.architecture.rpm, '--image', image];
  const onBase = base === undefined ? [] : ['--base', base];
  engine.addToScript(scriptCommand(['rpm-deps', 'image', 'verify', ...projectFlags(input), ...checked, ...onBase], scratch));
  engine.isScripted = false;
  const difference = await inspectImage({ image, name }, input, session, (contents) =>
    compareContents(image, contents, { lock, ...expected, leftOut: { docs: false, languages: undefined } }, session),
  ).finally(() => {
    engine.isScripted = true;
  });
  if (difference === undefined) return;
  // Who extends the Containerfile may replace files of packages, and so may scriptlets: neither is a fault of the build.
  const ranScripts = input.scripts !== false && buildMachine(session.services).rpm === lock.architecture.rpm;
  const own = containerfile.kind === 'file' || ranScripts ? difference.files : [];
  if (own.length > 0) {
    const { package_set: set, architecture } = lock.lock;
    const text = `${reference} has files that are not as their packages have them:\n${describeFiles(own)
      .map((line) => `  ${line}`)
      .join('\n')}`;
    session.context.emit({ kind: 'warning', code: 'IMAGE_FILES_CHANGED', text, set, architecture });
  }
  const fatal = own.length > 0 ? { ...difference, files: [] } : difference;
  if (isAsLocked(fatal)) return;
  throw new RpmDepsError('CHECK_FAILED', `${reference} would not hold what ${lock.path} says`, {
    hint: 'the image was not named; --no-verify builds it all the same',
    details: describeContents(fatal),
    data: { ...fatal },
  });
}

async function placeContainerfile(
  { containerfile, lock }: LockedBuild,
  databasePath: string,
  input: LockedBuildInput,
  { context, engine, scratch }: ContainerSession,
): Promise<{ path: string; directory: string }> {
  const own = input.context === undefined ? undefined : resolve(context.cwd, input.context);
  if (containerfile.kind === 'file') return { path: containerfile.path, directory: own ?? dirname(containerfile.path) };
  const folder = join(scratch, `${lock.lock.package_set}-${lock.architecture.rpm}`);
  const path = join(folder, 'Containerfile');
  const text = containerfile.text(databasePath);
  const [folderText, pathText] = [folder, path].map((one) => scriptCommand([one], scratch));
  engine.addToScript(`mkdir -p ${folderText}`, `cat >${pathText} <<'END_OF_CONTAINERFILE'`, `${text}END_OF_CONTAINERFILE`);
  if (!engine.dryRun) {
    await mkdir(folder, { recursive: true });
    await writeFile(path, text);
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

/** What gets the RPMs of a lock to where a build takes them from. */
function fetchLine({ lock, architecture }: DigestedLock, input: LockedBuildInput, session: ContainerSession): string {
  const target = ['--set', lock.package_set, '--arch', architecture.rpm, '--output', rpmDirectory(session, { lock })];
  return scriptCommand(['rpm-deps', 'fetch', '--quiet', ...projectFlags(input), ...target], session.scratch);
}

/** The flags that say which project is meant, as they were given. */
function projectFlags(input: LockedBuildInput): readonly string[] {
  const flags = { manifest: input.manifest, lockfiles: input.lockfiles, mirror: input.mirror };
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

function rpmDirectory({ scratch }: ContainerSession, { lock }: Pick<DigestedLock, 'lock'>): string {
  return join(scratch, 'rpms', lock.package_set);
}

/** Never the clock: the newest timestamp of the metadata that the lock was made from; 1970 where a lock of schema 1.0 has none. */
function epochOf({ lock }: DigestedLock): number {
  const milliseconds = Date.parse(lock.generated);
  return Number.isFinite(milliseconds) && milliseconds > 0 ? Math.floor(milliseconds / 1000) : 0;
}
