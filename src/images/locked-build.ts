import { writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import type { WarningCode } from '../base/warnings.ts';
import { makeFolders } from '../io/make-folders.ts';
import { readWithin } from '../io/read-within.ts';
import type { ImageSettings } from '../manifest/image-settings.ts';
import { MAX_MANIFEST_BYTES } from '../manifest/manifest.ts';
import type { RpmInstallation } from '../rpm/installation.ts';
import type { PassedOptions } from './build-arguments.ts';
import { buildImage } from './build-image.ts';
import { checkBase } from './check-base.ts';
import { installingImage } from './choose-tool.ts';
import { buildMachine, checkedBuildArguments, type FetchLocked, type LockInput, registryAccess } from './container-input.ts';
import { type ContainerSession, revisionOf } from './container-session.ts';
import { databasePlace } from './database-place.ts';
import { requireEmulation } from './emulation.ts';
import { requireBuilder } from './engine.ts';
import { FINISH_SCRIPT, finishPrograms, finishScript } from './finish-script.ts';
import { withImage } from './image-record.ts';
import { inspectImage } from './inspect-image.ts';
import { installStageArguments } from './install-stage.ts';
import { checkLockedBase, upgradeArguments } from './locked-base.ts';
import type { DigestedLock } from './locked-images.ts';
import { readInstallations, storedRpms } from './locked-installations.ts';
import { describeNotRun, findNotRun, type NotRun } from './not-run.ts';
import { readBase } from './pull-base.ts';
import { leftOutBy, readImageSettings } from './read-image-settings.ts';
import { layOutRpms } from './rpm-context.ts';
import { requireFormat } from './rpm-formats.ts';
import { scriptCommand } from './shell-quote.ts';
import { HOST_TOOL_IMAGE } from './tool-image.ts';
import { compareContents, describeContents, describeFiles, type ExpectedContents, isAsLocked } from './verify-contents.ts';

/** Flags of commands that build an image from a lock. */
export interface LockedBuildInput extends LockInput, PassedOptions {
  /** Build context, the directory of plain COPY; default: the directory of the Containerfile. */
  readonly context?: string | undefined;
  /** Network of RUN; default none. */
  readonly network?: string | undefined;
  /** Run the scriptlets of native packages; default yes. */
  readonly scripts?: boolean | undefined;
  /** Run the scriptlets of foreign packages with qemu-user, if the kernel supports it. */
  readonly emulate?: boolean | undefined;
  /** Install although requirements are unmet; default only if the lock ignores packages. */
  readonly nodeps?: boolean | undefined;
  /** Keep the file times of the RPMs; then every build has another image id. */
  readonly keepTimes?: boolean | undefined;
  /** Compare the result with the lock before it is tagged; default yes. */
  readonly verify?: boolean | undefined;
}

export interface LockedBuild {
  readonly lock: DigestedLock;
  readonly reference: string;
  /** A file, or a generated text. */
  readonly containerfile:
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'text'; readonly text: (databasePath: string, settings: ImageSettings, ofBase: readonly string[]) => string };
  readonly base: string | undefined;
  /** Further files of the image, by path. */
  readonly files?: Readonly<Record<string, string>>;
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
  /** Packages whose scriptlets were not run. */
  readonly not_run?: readonly NotRun[];
}

interface PreparedBuild {
  readonly build: LockedBuild;
  readonly image: ImageSettings;
  readonly installations: readonly RpmInstallation[];
}

/** Builds images with exactly the locked packages: fetch, lay out, build, compare, tag, record. */
export async function buildLockedImages(
  builds: readonly LockedBuild[],
  input: LockedBuildInput,
  session: ContainerSession,
  fetchLocked: FetchLocked,
): Promise<readonly BuiltImage[]> {
  const { context, services } = session;
  const userArguments = checkedBuildArguments(input.buildArg);
  const settingsOf = await readImageSettings(input, context);
  const machine = buildMachine(services).rpm;
  const isForeign = ({ lock }: LockedBuild): boolean => lock.architecture.rpm !== machine;
  if (input.emulate === true && !session.engine.dryRun)
    for (const build of builds.filter(isForeign)) await requireEmulation(build.lock.architecture, services.binfmt);
  await requireBuilder(session.engine);
  const locks = builds.map(({ lock }) => lock.lock);
  const fetched = session.engine.dryRun ? await storedRpms(locks, context) : await fetchLocked(locks, input, context);
  session.engine.addToScript(...builds.flatMap(({ lock }) => fetchLines(lock, input, session)));
  // All RPMs are checked before the first build starts.
  for (const { lock } of builds) if (!session.engine.dryRun) await layOutRpms(lock.lock, fetched, rpmDirectory(session, lock));
  const prepared: PreparedBuild[] = [];
  for (const build of builds) {
    const { lock } = build.lock;
    prepared.push({ build, image: settingsOf(lock.package_set), installations: await readInstallations(lock, fetched) });
  }
  const programs = new Set(prepared.flatMap(({ image, installations }) => finishPrograms(image, installations)));
  const toolImage = await installingImage(input, session, [...programs]);

  const built: BuiltImage[] = [];
  for (const { build, image, installations } of prepared) {
    const { lock, reference } = build;
    const { package_set: set, packages } = lock.lock;
    context.emit({ kind: 'stage', stage: 'build', text: `${reference}: ${packages.length} packages` });
    await placeFinishScript(finishScript(image, installations, build.files), lock, session);
    const ranScripts = input.scripts !== false && (input.emulate === true || !isForeign(build));
    const base = build.base === undefined ? undefined : await readBase(build.base, lock, input, session);
    if (base !== undefined) checkLockedBase(base, lock);
    const inBase = base === undefined ? undefined : checkBase(base, lock, input.dbpath);
    if (base !== undefined) await requireFormat(base, toolImage, session);
    const databasePath = input.dbpath ?? inBase ?? databasePlace(lock.lock, installations);
    const revision = await revisionOf(lock.path, context, services);
    const ofBase = lock.lock.base === undefined ? [] : (base?.settings ?? []);
    const { path, directory } = await placeContainerfile(build, { databasePath, settings: image, ofBase }, input, session);
    const epochSeconds = epochOf(lock);
    const expected = { fromBase: base?.packages ?? [], installations, leftOut: leftOutBy(image) };
    let notRun: readonly NotRun[] = [];
    const inspect = async (candidate: string): Promise<void> => {
      notRun = await checkContents(candidate, build, { expected, ranScripts }, input, session);
    };
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
            machine,
            toolImage,
            epochSeconds,
            ignoreDependencies: input.nodeps ?? ((lock.lock.ignored?.length ?? 0) > 0 || lock.lock.schema_version === '1.0'),
            runScripts: input.scripts !== false,
            emulate: input.emulate === true,
            docs: image.docs,
            languages: image.languages,
            databasePath,
            onBase: build.base !== undefined,
            upgrade: upgradeArguments(lock, base?.packages ?? []),
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
          ...(lock.lock.base?.digest === undefined ? {} : { 'org.opencontainers.image.base.digest': lock.lock.base.digest }),
        },
        passedOn: input,
        network: input.network ?? 'none',
        epochSeconds: input.keepTimes === true ? undefined : epochSeconds,
        neverPull: toolImage === HOST_TOOL_IMAGE && build.base === undefined && build.containerfile.kind === 'text',
        access: registryAccess(input),
      },
      {
        reference,
        ...(input.verify === false ? {} : { inspect }),
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
    built.push({ ...entry, packages: packages.length, ...(notRun.length === 0 ? {} : { not_run: notRun }) });
  }
  return built;
}

async function checkContents(
  image: string,
  { lock, reference, containerfile, base }: LockedBuild,
  { expected, ranScripts }: { readonly expected: Omit<ExpectedContents, 'lock'>; readonly ranScripts: boolean },
  input: LockedBuildInput,
  session: ContainerSession,
): Promise<readonly NotRun[]> {
  const name = `${lock.lock.package_set}-${lock.architecture.rpm}`;
  const { engine, scratch } = session;
  const checked = [lock.lock.package_set, '--arch', lock.architecture.rpm, '--image', image];
  const onBase = base === undefined ? [] : ['--base', base];
  engine.addToScript(scriptCommand(['rpm-deps', 'image', 'verify', ...projectFlags(input), ...checked, ...onBase], scratch));
  const inspected = await engine.unscripted(() =>
    inspectImage({ image, name }, input, session, async (contents) => ({
      difference: await compareContents(image, contents, { lock, ...expected }, session),
      notRun: ranScripts ? [] : findNotRun(expected.installations ?? [], contents.tree),
      hasOsRelease: ['/etc/os-release', '/usr/lib/os-release'].some((path) => contents.tree.find(path, { follow: true }) !== undefined),
    })),
  );
  if (inspected === undefined) return [];
  const { difference, notRun, hasOsRelease } = inspected;
  const { package_set: set, architecture } = lock.lock;
  const warn = (code: WarningCode, text: string): void => session.context.emit({ kind: 'warning', code, text, set, architecture });
  // An extended Containerfile or scriptlets may change files of packages on purpose, so this is only a warning.
  const own = containerfile.kind === 'file' || ranScripts ? difference.files : [];
  if (own.length > 0) {
    const text = `${reference} has files that differ from their packages:\n${describeFiles(own)
      .map((line) => `  ${line}`)
      .join('\n')}`;
    warn('IMAGE_FILES_CHANGED', text);
  }
  const fatal = own.length > 0 ? { ...difference, files: [] } : difference;
  if (isAsLocked(fatal)) {
    if (notRun.length > 0) warn('SCRIPTLETS_NOT_RUN', describeNotRun(notRun, whyNotRun(input)));
    if (!hasOsRelease)
      warn('OS_RELEASE_MISSING', `${reference} has no os-release: scanners cannot identify its distribution and find nothing`);
    return notRun;
  }
  throw new RpmDepsError('CHECK_FAILED', `image ${reference} does not match lockfile ${lock.path}`, {
    hint: 'the image was not tagged; --no-verify builds it anyway',
    details: describeContents(fatal),
    data: { ...fatal },
  });
}

function whyNotRun({ scripts }: LockedBuildInput): string {
  if (scripts === false) return 'because of --no-scripts';
  return 'because programs of a foreign architecture are not run; declare `symlinks`, `capabilities` and `users` in the set, or use --emulate';
}

async function placeContainerfile(
  { containerfile, lock }: LockedBuild,
  {
    databasePath,
    settings,
    ofBase,
  }: { readonly databasePath: string; readonly settings: ImageSettings; readonly ofBase: readonly string[] },
  input: LockedBuildInput,
  { context, engine, scratch }: ContainerSession,
): Promise<{ path: string; directory: string }> {
  const own = input.context === undefined ? undefined : resolve(context.cwd, input.context);
  if (containerfile.kind === 'file') return { path: containerfile.path, directory: own ?? dirname(containerfile.path) };
  const folder = join(scratch, `${lock.lock.package_set}-${lock.architecture.rpm}`);
  const path = join(folder, 'Containerfile');
  const text = containerfile.text(databasePath, settings, ofBase);
  const [folderText, pathText] = [folder, path].map((one) => scriptCommand([one], scratch));
  engine.addToScript(`mkdir -p ${folderText}`, `cat >${pathText} <<'END_OF_CONTAINERFILE'`, `${text}END_OF_CONTAINERFILE`);
  if (!engine.dryRun) {
    makeFolders(folder);
    await writeFile(path, text);
  }
  return { path, directory: own ?? folder };
}

/** Puts the script beside the RPMs of its lock; the install stage runs it if it exists. */
async function placeFinishScript(script: string | undefined, { lock }: DigestedLock, session: ContainerSession): Promise<void> {
  if (script === undefined) return;
  const path = join(rpmDirectory(session, { lock }), lock.architecture, FINISH_SCRIPT);
  session.engine.addToScript(`cat >${scriptCommand([path], session.scratch)} <<'END_OF_SCRIPT'`, `${script}END_OF_SCRIPT`);
  if (!session.engine.dryRun) await writeFile(path, script);
}

/** The text of a Containerfile that a user named. */
export async function readContainerfile(path: string, hint: string): Promise<string> {
  try {
    return (await readWithin(path, MAX_MANIFEST_BYTES)).toString('utf8');
  } catch (error) {
    throw new RpmDepsError('USAGE', `there is no Containerfile ${path}`, { hint, cause: error });
  }
}

/** Shell lines that copy the RPMs of a lock to the build context. The directory exists also for a lock without packages. */
function fetchLines({ lock, architecture }: DigestedLock, input: LockedBuildInput, session: ContainerSession): readonly string[] {
  const directory = rpmDirectory(session, { lock });
  const target = ['--set', lock.package_set, '--arch', architecture.rpm, '--output', directory];
  return [
    ['mkdir', '-p', join(directory, lock.architecture)],
    ['rpm-deps', 'fetch', '--quiet', ...projectFlags(input), ...target],
  ].map((argv) => scriptCommand(argv, session.scratch));
}

/** The flags that select the project, as given. */
function projectFlags(input: LockedBuildInput): readonly string[] {
  const flags = { manifest: input.manifest, lockfiles: input.lockfiles, mirror: input.mirror };
  return Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value]));
}

function rpmDirectory({ scratch }: ContainerSession, { lock }: Pick<DigestedLock, 'lock'>): string {
  return join(scratch, 'rpms', lock.package_set);
}

/** Newest timestamp of the metadata of the lock, never the clock; 1970 for a lock of schema 1.0 without a timestamp. */
function epochOf({ lock }: DigestedLock): number {
  const milliseconds = Date.parse(lock.generated);
  return Number.isFinite(milliseconds) && milliseconds > 0 ? Math.floor(milliseconds / 1000) : 0;
}
