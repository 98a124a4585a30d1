/**
 * Prevents downgrades of locked packages that nothing requests. A downgrade is requested by `--allow-downgrade`, a version in the
 * manifest, a hold, an exclude, the priority of a repository, or a repository that was removed from the manifest or has another URL.
 * Otherwise the set is solved again with the locked versions as lower limits. A downgrade that remains is allowed if a changed request
 * requires it, and refused otherwise.
 */
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Pool } from '../pool/pool.ts';
import { queryVersions } from '../resolution/query-versions.ts';
import type { ResolveOutcome, ResolveRequest, VersionConstraint } from '../resolution/resolution.ts';
import { compareEvr } from '../rpm/evr.ts';
import { type AllowedDowngrades, type Downgrade, findDowngrades, isAllowed, isPinned } from './downgrades.ts';
import type { StuckPackage } from './solve-moving.ts';

export interface Attempt {
  readonly outcome: ResolveOutcome;
  readonly stuck: readonly StuckPackage[];
}

export interface PreventedDowngrades extends Attempt {
  /** Packages that are downgraded because it was requested. */
  readonly allowed: readonly Downgrade[];
  /** Packages that would be downgraded without a request. */
  readonly refused: readonly Downgrade[];
}

export interface DowngradeQuery {
  readonly pool: Pool;
  readonly request: ResolveRequest;
  readonly before: Lockfile | undefined;
  readonly allow: AllowedDowngrades | undefined;
  /** Whether the manifest's request and repositories are the same as when the lock was made. */
  readonly isSameRequest: boolean;
  /** Whether the manifest still has a repository at the URL in the lock. */
  readonly isSameRepository: (id: string) => boolean;
  /** Solves the request with additional constraints. */
  readonly attempt: (more: readonly VersionConstraint[]) => Promise<Attempt>;
}

const MAX_ROUNDS = 5;
/** Maximum number of packages that are tried individually. */
const MAX_SINGLE = 40;

export async function preventDowngrades(query: DowngradeQuery, first: Attempt): Promise<PreventedDowngrades> {
  const sorter = new DowngradeSorter(query);
  let current = first;
  let kept: readonly Downgrade[] = [];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { unasked } = sorter.sort(current);
    const keepable = unasked.filter((down) => sorter.canStay(down) && !kept.some(({ name }) => name === down.name));
    if (keepable.length === 0) break;
    const all = await query.attempt([...kept, ...keepable].map(floorOf));
    if (all.outcome.kind === 'unsolvable') {
      current = await keepMost(query, kept, keepable, current);
      break;
    }
    current = all;
    kept = [...kept, ...keepable];
  }
  const { downs, unasked, isForceAsked } = sorter.sort(current);
  const refused = unasked.filter((down) => !isForceAsked || !sorter.canStay(down));
  return { ...current, allowed: downs.filter((down) => !refused.includes(down)), refused };
}

/** If not all packages can stay: keeps as many as possible, trying them individually. */
async function keepMost(query: DowngradeQuery, kept: readonly Downgrade[], more: readonly Downgrade[], current: Attempt): Promise<Attempt> {
  let best = current;
  let floors = kept;
  for (const down of more.slice(0, MAX_SINGLE)) {
    const next = await query.attempt([...floors, down].map(floorOf));
    if (next.outcome.kind === 'solved') [best, floors] = [next, [...floors, down]];
  }
  return best;
}

const floorOf = ({ name, from }: Downgrade): VersionConstraint => ({
  name,
  version: `${from} or newer`,
  notBelow: from,
  reason: `locked at ${from}`,
});

class DowngradeSorter {
  readonly #query: DowngradeQuery;
  #versions: ReturnType<typeof queryVersions> | undefined;

  constructor(query: DowngradeQuery) {
    this.#query = query;
  }

  /** `isForceAsked`: whether a requested downgrade may be the reason for the others. */
  sort({ outcome }: Attempt): { downs: readonly Downgrade[]; unasked: readonly Downgrade[]; isForceAsked: boolean } {
    const downs = outcome.kind === 'solved' ? findDowngrades(this.#query.before, outcome.packages) : [];
    const wanted = downs.filter((down) => this.#isWanted(down));
    // Packages of one build are downgraded together.
    const sources = new Set(wanted.map(({ source }) => source));
    sources.delete(undefined);
    const unasked = downs.filter((down) => !wanted.includes(down) && !sources.has(down.source) && !this.#isRuledOut(down));
    return { downs, unasked, isForceAsked: !this.#query.isSameRequest || wanted.length > 0 };
  }

  /** Whether an option or a spec requests another version of this package. */
  #isWanted(down: Downgrade): boolean {
    const { allow, request } = this.#query;
    return (allow !== undefined && isAllowed(down, allow)) || isPinned(down, request);
  }

  /** Whether the manifest excludes the locked version, or no longer has its repository. */
  #isRuledOut(down: Downgrade): boolean {
    if (down.repository !== undefined && !this.#query.isSameRepository(down.repository)) return true;
    const known = this.#versionsOf(down.name);
    const locked = known.filter(({ evr }) => compareEvr(evr, down.from) === 0);
    if (locked.length === 0) return false;
    // A mirror may change the default stream of a module, which the manifest did not request.
    if (this.#query.isSameRequest && locked.every(({ isOfOtherStream }) => isOfOtherStream)) return false;
    const usable = locked.filter(({ isHidden }) => !isHidden);
    // If a preferred repository has only older versions, the manifest requests them.
    const first = Math.min(...known.filter(({ isHidden }) => !isHidden).map(({ priority }) => priority));
    return usable.every(({ priority }) => priority > first);
  }

  /** Whether the locked version or a newer one is available and allowed. */
  canStay({ name, from }: Downgrade): boolean {
    return this.#versionsOf(name).some(({ evr, isHidden }) => !isHidden && compareEvr(evr, from) >= 0);
  }

  #versionsOf(name: string) {
    this.#versions ??= queryVersions(this.#query.pool, this.#query.request);
    return this.#versions(name);
  }
}
