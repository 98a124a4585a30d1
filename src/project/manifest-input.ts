import { dirname } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { ignoredVariables } from '../base/version-overrides.ts';
import { chooseArchitectures } from '../locking/target.ts';
import { DEFAULT_MIRROR, DEFAULT_RELEASEVER, DEFAULT_REPOSITORIES } from '../manifest/default-repositories.ts';
import type { ReadIncluded } from '../manifest/included-files.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { ManifestTexts } from '../manifest/manifest-texts.ts';
import { parseManifest, readManifest } from '../manifest/read-manifest.ts';
import type { ReadGitFile, ReadLabels, ReadRelease } from '../manifest/rpms-in-variables.ts';
import { toUrl } from '../net/urls.ts';
import { ARCHITECTURES } from '../rpm/architecture-names.ts';
import type { Context } from '../run/context.ts';
import { isEmpty, manifestPath, type ProjectInput } from './project-paths.ts';
import { useRepositoryAccess } from './repository-access.ts';

export { chooseTargets, type TargetInput } from '../locking/target.ts';
export { lockfilesDirectory, type ProjectInput } from './project-paths.ts';

export async function loadManifest(input: ProjectInput, context: Context): Promise<Manifest> {
  const given = input.mirror ?? (context.env['RPM_DEPS_MIRROR'] || undefined);
  const mirror = given === undefined ? undefined : toUrl(given, context.cwd);
  const run = await runOptions(input);
  const read = await readManifest(manifestPath(input, context), {
    env: context.env,
    overrides: { mirror, ...run?.variables },
    read: includedReader(dirname(manifestPath(input, context)), context),
    labels: labelsReader(context),
    release: releaseReader(context),
    git: gitReader(dirname(manifestPath(input, context)), context),
  });
  const manifest = run === undefined ? read : await run.apply(read, context);
  useRepositoryAccess(manifest, context);
  const ignored = ignoredVariables(Object.keys(manifest.versions), context.env);
  if (ignored.length > 0) context.emit({ kind: 'warning', code: 'VERSION_NOT_ALLOWED', text: notAllowed(ignored) });
  return manifest;
}

/** Parses edited texts of a manifest, with the options and environment of the original. */
export async function editedManifest(texts: ManifestTexts, before: Manifest, input: ProjectInput, context: Context): Promise<Manifest> {
  const run = await runOptions(input);
  const overrides = { mirror: before.mirror, ...run?.variables };
  const onDisk = includedReader(dirname(before.path), context);
  const read = await parseManifest(texts.own, before.path, {
    env: context.env,
    overrides,
    read: async (path) => (await onDisk(path)).map((file) => ({ ...file, text: texts.included.get(file.path) ?? file.text })),
    labels: labelsReader(context),
    release: releaseReader(context),
    git: gitReader(dirname(before.path), context),
  });
  return run === undefined ? read : run.apply(read, context);
}

/** Loaded on demand, because most manifests refer to no other file. */
const includedReader =
  (folder: string, context: Context): ReadIncluded =>
  async (path) => {
    const { readIncluded } = await import('./read-included.ts');
    return readIncluded(folder, context)(path);
  };

/** Queries each image once; the code for registries is loaded on demand. */
function labelsReader(context: Context): ReadLabels {
  const known = new Map<string, ReturnType<ReadLabels>>();
  return (image, architectures) => {
    const reading =
      known.get(image) ?? import('../installed/image-labels.ts').then((from) => from.readImageLabels(image, architectures, context));
    known.set(image, reading);
    return reading;
  };
}

function releaseReader(context: Context): ReadRelease {
  return async (image, architecture) => {
    const { readReleaseVariables } = await import('../installed/image-releasever.ts');
    return readReleaseVariables(image, architecture, context);
  };
}

function gitReader(folder: string, context: Context): ReadGitFile {
  return async (file) => {
    const { gitFileReader } = await import('./git-file.ts');
    return gitFileReader(folder, context)(file);
  };
}

/** Lists variables by name, never by value. */
function notAllowed(names: readonly string[]): string {
  const list = names.map((name) => `\`${name}\``).join(', ');
  const [what, are, it] = names.length === 1 ? ['variable', 'is', 'it'] : ['variables', 'are', 'them'];
  return `the environment ${what} ${list} ${are} ignored; \`--version-from-env ${names[0]}\` allows ${it}`;
}

/** The manifest for commands that only query repositories; without one, CentOS Stream's repositories on the given mirror. */
export async function repositoriesOrDefaults(input: ProjectInput, context: Context): Promise<Manifest> {
  try {
    return withoutCopies(await loadManifest(input, context));
  } catch (error) {
    const isAbsent = error instanceof RpmDepsError && error.code === 'MANIFEST_MISSING' && input.manifest === undefined;
    if (!isAbsent) throw error;
  }
  const manifest = defaultManifest(input, context);
  const run = await runOptions(input);
  return run === undefined ? manifest : run.apply({ ...manifest, variables: run.variables.variables }, context, { isDefault: true });
}

/** A query without a set uses the manifest's release, or that of `--releasever`. */
function withoutCopies(manifest: Manifest): Manifest {
  const repositories = manifest.repositories.filter(({ ofSets }) => ofSets !== true);
  if (repositories.length === manifest.repositories.length) return manifest;
  return { ...manifest, repositories: repositories.map(({ ofNoSet: _ofNoSet, ...repository }) => repository) };
}

/** Repositories and variables from options; loaded only if some are given. */
async function runOptions({ forRun }: ProjectInput) {
  if (forRun === undefined) return undefined;
  const { runVariables, withRunRepositories } = await import('./run-repositories.ts');
  return {
    variables: runVariables(forRun),
    apply: (manifest: Manifest, context: Context, options?: { readonly isDefault: boolean }): Promise<Manifest> =>
      withRunRepositories(manifest, forRun, context, options),
  };
}

/** The defaults if there is no manifest. */
export function defaultManifest(input: ProjectInput, context: Context): Manifest {
  const mirror = input.mirror ?? (context.env['RPM_DEPS_MIRROR'] || DEFAULT_MIRROR);
  return {
    schemaVersion: '1.0',
    path: '',
    architectures: ['x86_64'],
    mirror: toUrl(mirror, context.cwd),
    ownMirror: DEFAULT_MIRROR,
    variables: {},
    releasever: DEFAULT_RELEASEVER,
    repositories: DEFAULT_REPOSITORIES,
    versions: {},
    sets: [],
    holds: [],
    sameVersion: [],
    fallbacks: [],
  };
}

/** A query may be for any architecture, even if the manifest does not lock it; without a flag, for all that it locks. */
export function chooseQueryArchitectures(names: readonly string[] | undefined, manifest: Manifest): readonly string[] {
  return isEmpty(names) ? manifest.architectures : chooseArchitectures(names, ARCHITECTURES);
}
