import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import { DEFAULT_MIRROR, DEFAULT_RELEASEVER, DEFAULT_REPOSITORIES } from '../manifest/default-repositories.ts';
import type { Manifest, PackageSet } from '../manifest/manifest.ts';
import { readManifest } from '../manifest/read-manifest.ts';
import { toUrl } from '../net/urls.ts';
import { ARCHITECTURES, canonicalArchitecture, nearestArchitecture } from '../rpm/architecture-names.ts';
import type { Context } from '../run/context.ts';
import { isEmpty, manifestPath, type ProjectInput } from './project-paths.ts';

export { isEmpty, lockfilesDirectory, manifestPath, type ProjectInput } from './project-paths.ts';

export interface TargetInput {
  /** Either name of an architecture; default all of the manifest. */
  readonly arch?: readonly string[] | undefined;
  /** Default all. */
  readonly set?: readonly string[] | undefined;
}

/** One set for one architecture. */
export interface Target {
  readonly set: PackageSet;
  readonly architecture: string;
}

export async function loadManifest(input: ProjectInput, context: Context): Promise<Manifest> {
  const given = input.mirror ?? (context.env['RPM_DEPS_MIRROR'] || undefined);
  const mirror = given === undefined ? undefined : toUrl(given, context.cwd);
  return readManifest(manifestPath(input, context), { env: context.env, overrides: { mirror } });
}

/** The sets and architectures that the flags choose, sets in manifest order. */
export function chooseTargets(manifest: Manifest, input: TargetInput): Target[] {
  const architectures = chooseArchitectures(input.arch, manifest.architectures);
  const names = manifest.sets.map(({ name }) => name);
  for (const name of input.set ?? []) {
    if (names.includes(name)) continue;
    const near = nearestOf(name, names);
    throw new RpmDepsError('USAGE', `there is no set \`${name}\` in the manifest`, {
      hint: near === undefined ? `sets are: ${names.join(', ')}` : `did you mean \`${near}\`?`,
    });
  }
  const sets = isEmpty(input.set) ? manifest.sets : manifest.sets.filter(({ name }) => input.set!.includes(name));
  const targets = architectures.flatMap((architecture) =>
    sets.filter((set) => set.architectures.includes(architecture)).map((set) => ({ set, architecture })),
  );
  if (targets.length === 0) {
    throw new RpmDepsError('USAGE', 'no set is for the architectures that were asked for', {
      hint: `architectures are: ${manifest.architectures.join(', ')}`,
    });
  }
  return targets;
}

/** RPM names of the architectures that flags name, several with commas between too; all of `known` where there are no flags. */
function chooseArchitectures(names: readonly string[] | undefined, known: readonly string[]): readonly string[] {
  if (isEmpty(names)) return known;
  const chosen = names!
    .flatMap((text) => text.split(','))
    .map((name) => {
      const architecture = canonicalArchitecture(name);
      if (architecture !== undefined && known.includes(architecture)) return architecture;
      const near = nearestArchitecture(name, known);
      const hint = near === undefined ? `architectures are: ${known.join(', ')}` : `did you mean \`${near}\`?`;
      const problem = architecture === undefined ? 'is no architecture' : 'is not among the architectures of the manifest';
      throw new RpmDepsError('USAGE', `\`${name}\` ${problem}`, { hint });
    });
  return known.filter((name) => chosen.includes(name));
}

/** Path of a target's lockfile. */
export function lockfilePath(directory: string, { set, architecture }: Target): string {
  return join(directory, `${set.name}-${architecture}.lock.json`);
}

/** The manifest for commands that only ask its repositories: without one, CentOS Stream's on the mirror that was named. */
export async function repositoriesOrDefaults(input: ProjectInput, context: Context): Promise<Manifest> {
  try {
    return await loadManifest(input, context);
  } catch (error) {
    const isAbsent = error instanceof RpmDepsError && error.code === 'MANIFEST_MISSING' && input.manifest === undefined;
    if (!isAbsent) throw error;
  }
  const mirror = input.mirror ?? (context.env['RPM_DEPS_MIRROR'] || DEFAULT_MIRROR);
  return {
    schemaVersion: '1.0',
    path: '',
    architectures: ['x86_64'],
    mirror: toUrl(mirror, context.cwd),
    releasever: DEFAULT_RELEASEVER,
    repositories: DEFAULT_REPOSITORIES,
    versions: {},
    sets: [],
    holds: [],
    sameVersion: [],
    fallbacks: [],
  };
}

/** A question may be asked for any architecture, whatever the manifest locks; without a flag, for all that it locks. */
export function chooseQuestionArchitectures(names: readonly string[] | undefined, manifest: Manifest): readonly string[] {
  return isEmpty(names) ? manifest.architectures : chooseArchitectures(names, ARCHITECTURES);
}
