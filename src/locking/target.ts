import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import type { Manifest, PackageSet } from '../manifest/manifest.ts';
import { canonicalArchitecture, nearestArchitecture, splitArchitectures } from '../rpm/architecture-names.ts';

/** One set for one architecture, the scope of a lockfile. */
export interface Target {
  readonly set: PackageSet;
  readonly architecture: string;
}

export interface TargetInput {
  /** RPM or container names of architectures; default all of the manifest. */
  readonly arch?: readonly string[] | undefined;
  /** Names of sets; default all. */
  readonly set?: readonly string[] | undefined;
}

/** The selected sets and architectures, sets in manifest order; throws USAGE for an unknown name. */
export function chooseTargets(manifest: Manifest, input: TargetInput): Target[] {
  const architectures = chooseArchitectures(input.arch, manifest.architectures);
  const names = manifest.sets.map(({ name }) => name);
  for (const name of input.set ?? []) {
    if (manifest.sets.some((set) => isCalled(set, [name]))) continue;
    const near = nearestOf(name, names);
    throw new RpmDepsError('USAGE', `the manifest has no set \`${name}\``, {
      hint: near === undefined ? `sets are: ${names.join(', ')}` : `did you mean \`${near}\`?`,
    });
  }
  const asked = input.set ?? [];
  const sets = asked.length === 0 ? manifest.sets : manifest.sets.filter((set) => isCalled(set, asked));
  const targets = architectures.flatMap((architecture) =>
    sets.filter((set) => set.architectures.includes(architecture)).map((set) => ({ set, architecture })),
  );
  if (targets.length === 0) {
    throw new RpmDepsError('USAGE', 'no set has the requested architectures', {
      hint: `architectures are: ${manifest.architectures.join(', ')}`,
    });
  }
  return targets;
}

/** Matches the name of a set, or the common name of its releases. */
const isCalled = ({ name, writtenName = name }: PackageSet, asked: readonly string[]): boolean =>
  asked.includes(name) || asked.includes(writtenName);

/** RPM names of the architectures that `--arch` selects; all of `known` without `--arch`. */
export function chooseArchitectures(names: readonly string[] | undefined, known: readonly string[]): readonly string[] {
  if (names === undefined || names.length === 0) return known;
  const chosen = splitArchitectures(names).map((name) => {
    const architecture = canonicalArchitecture(name);
    if (architecture !== undefined && known.includes(architecture)) return architecture;
    const near = nearestArchitecture(name, known);
    const hint = near === undefined ? `architectures are: ${known.join(', ')}` : `did you mean \`${near}\`?`;
    const problem = architecture === undefined ? `unknown architecture \`${name}\`` : `\`${name}\` is not an architecture of the manifest`;
    throw new RpmDepsError('USAGE', problem, { hint });
  });
  return known.filter((name) => chosen.includes(name));
}
