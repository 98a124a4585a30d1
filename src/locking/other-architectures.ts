/** Looks up whether other architectures have a package that is missing on one. */
import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Pool } from '../pool/pool.ts';
import { explainElsewhere, hasSpec } from '../resolution/explain-missing.ts';
import type { Problem } from '../resolution/resolution.ts';
import type { PoolSource } from './pools.ts';

interface Refusal {
  readonly architecture: string;
  readonly problems: readonly Problem[];
}

/** These architectures have nearly every package: if no name is similar, they are checked even if the manifest does not lock them. */
const COMMON = ['x86_64', 'aarch64'];

/** Returns the problems; those of unknown packages and versions name other architectures that have them. One query for each refusal. */
export async function suggestOtherArchitectures(
  manifest: Manifest,
  refusals: readonly Refusal[],
  { pools, emit }: { readonly pools: PoolSource; readonly emit: Emit },
): Promise<readonly (readonly Problem[])[]> {
  const unknown = refusals.flatMap(({ architecture, problems }) =>
    problems.filter(isUnknown).map(({ kind, spec, suggestions }) => ({
      architecture,
      spec: spec!,
      isPuzzling: kind === 'no-such-package' && (suggestions.length === 0 || spec!.startsWith('@')),
    })),
  );
  if (unknown.length === 0) return refusals.map(({ problems }) => problems);
  const having = new Map<string, string[]>();
  const common = unknown.some(({ isPuzzling }) => isPuzzling) ? COMMON : [];
  for (const architecture of new Set([...manifest.architectures, ...common])) {
    const specs = new Set(unknown.filter((missing) => missing.architecture !== architecture).map(({ spec }) => spec));
    const pool = specs.size === 0 ? undefined : await tryLoad(architecture, pools, emit);
    if (pool === undefined) continue;
    for (const spec of specs) if (await isAvailable(pool, spec, emit)) having.set(spec, [...(having.get(spec) ?? []), architecture]);
  }
  // A request for an installed package may fail although the repositories have the package.
  const isElsewhere = new Set<string>();
  for (const architecture of new Set(unknown.map((missing) => missing.architecture))) {
    const specs = unknown.filter((missing) => missing.architecture === architecture && having.has(missing.spec)).map(({ spec }) => spec);
    const pool = specs.length === 0 ? undefined : await tryLoad(architecture, pools, emit);
    for (const spec of specs) if (pool === undefined || !(await isAvailable(pool, spec, emit))) isElsewhere.add(`${architecture} ${spec}`);
  }
  return refusals.map(({ architecture, problems }) =>
    problems.map((problem) => {
      const others =
        isUnknown(problem) && isElsewhere.has(`${architecture} ${problem.spec}`)
          ? (having.get(problem.spec!) ?? []).filter((other) => other !== architecture)
          : [];
      return others.length === 0 ? problem : explainElsewhere(problem, architecture, others);
    }),
  );
}

const isUnknown = ({ kind, spec }: Problem): boolean => spec !== undefined && (kind === 'no-such-package' || kind === 'version-gone');

function isAvailable(pool: Pool, spec: string, emit: Emit): Promise<boolean> {
  const look = async (): Promise<boolean> => {
    if (spec.startsWith('@') && pool.needsGroups) await pool.loadGroups();
    return hasSpec(pool, spec);
  };
  return ifReadable(look, { architecture: pool.architecture, emit, otherwise: false });
}

function tryLoad(architecture: string, pools: PoolSource, emit: Emit): Promise<Pool | undefined> {
  return ifReadable(() => pools(architecture), { architecture, emit, otherwise: undefined });
}

/** Skips repositories that cannot be read, because another failure is already reported. */
async function ifReadable<T, U>(
  read: () => Promise<T>,
  { architecture, emit, otherwise }: { readonly architecture: string; readonly emit: Emit; readonly otherwise: U },
): Promise<T | U> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    emit({ kind: 'debug', text: `${architecture}: ${error.message}` });
    return otherwise;
  }
}
