import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import type { LockName } from '../lockfile/lockfile-diff.ts';
import { readLockfiles } from '../lockfile/lockfile-dir.ts';
import { fullVersionText } from '../lockfile/pin-version.ts';
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { IdLists, PackageRecord, Pool } from '../pool/pool.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { chooseQuestionArchitectures, lockfilesDirectory, type ProjectInput, repositoriesOrDefaults } from '../project/manifest-input.ts';
import { packageNames } from '../resolution/resolve.ts';
import type { Context } from '../run/context.ts';

export interface InfoInput extends ProjectInput {
  readonly name: string;
  readonly arch?: readonly string[] | undefined;
}

export interface InfoOutput {
  readonly name: string;
  readonly architectures: readonly ArchitectureInfo[];
  /** Locks that have it, with the version. */
  readonly locked: readonly (LockName & { readonly version: string })[];
}

interface ArchitectureInfo {
  readonly architecture: string;
  /** All that the repositories have, newest first. */
  readonly packages: readonly PackageRecord[];
  /** Of the newest. */
  readonly provides: readonly string[];
  readonly requires: readonly string[];
  /** Names of packages that require or recommend something the newest provides. */
  readonly required_by: readonly string[];
  readonly recommended_by: readonly string[];
}

/** All that is known of a package. Throws CHECK_FAILED when no repository has it. */
export async function info(input: InfoInput, context: Context): Promise<InfoOutput> {
  const manifest = await repositoriesOrDefaults(input, context);
  const architectures: ArchitectureInfo[] = [];
  let near: string | undefined;
  for (const architecture of chooseQuestionArchitectures(input.arch, manifest)) {
    const pool = await loadArchitecture(manifest, architecture, context);
    const id = pool.strings.find(input.name);
    const solvables = id === 0 ? [] : [...pool.withName(id)].filter((s) => pool.archRank[s] !== 0);
    if (solvables.length > 0) architectures.push(describe(pool, solvables));
    else near ??= nearestOf(input.name, packageNames(pool));
  }
  if (architectures.length === 0) {
    throw new RpmDepsError(
      'CHECK_FAILED',
      `no repository has a package \`${input.name}\``,
      near === undefined ? {} : { hint: `did you mean \`${near}\`?` },
    );
  }
  const locked = (await readLockfiles(lockfilesDirectory(input, context))).flatMap(
    ({ lockfile: { package_set, architecture, packages } }) =>
      packages.filter((pin) => pin.name === input.name).map((pin) => ({ package_set, architecture, version: fullVersionText(pin) })),
  );
  return { name: input.name, architectures, locked };
}

function describe(pool: Pool, solvables: readonly number[]): ArchitectureInfo {
  const sorted = [...solvables].sort((a, b) => pool.compareEvr(pool.evr[b] as StringId, pool.evr[a] as StringId) || a - b);
  const newest = sorted[0]!;
  return {
    architecture: pool.architecture,
    packages: sorted.map((s) => pool.record(s as SolvableId)),
    provides: texts(pool, pool.provides, newest),
    requires: texts(pool, pool.requires, newest),
    required_by: dependents(pool, pool.requires, newest),
    recommended_by: dependents(pool, pool.recommends, newest),
  };
}

function texts(pool: Pool, { start, ids }: IdLists, s: number): string[] {
  return [...new Set([...ids.subarray(start[s]!, start[s + 1]!)].map((dep) => pool.describeDep(dep as DepId)))].sort();
}

function dependents(pool: Pool, { start, ids }: IdLists, target: number): string[] {
  const isMet = new Map<number, boolean>();
  const names = new Set<string>();
  for (let s = 1; s < pool.end; s++) {
    if (pool.archRank[s] === 0 || pool.name[s] === pool.name[target]) continue;
    for (let i = start[s]!; i < start[s + 1]!; i++) {
      const dep = ids[i]!;
      let met = isMet.get(dep);
      if (met === undefined) {
        met = pool.providersOf(dep as DepId).includes(target);
        isMet.set(dep, met);
      }
      if (!met) continue;
      names.add(pool.strings.get(pool.name[s] as StringId));
      break;
    }
  }
  return [...names].sort();
}
