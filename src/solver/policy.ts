/**
 * Orders the candidates of a choice. The order of the steps decides between correct solutions, so it follows
 * libsolv (policy.c): repository priority, architecture, version, obsoletes, then recommendations; the rest is
 * ordered by age, by the versions that candidates provide in common, by suggestions, and by favored packages.
 */
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import { commonProvidesOf } from './common-provides.ts';
import { matchesName } from './match-name.ts';
import type { Recommendations } from './recommendations.ts';
import type { SolverState } from './solver-state.ts';

/**
 * choose: all steps. prune: all but the ordering. recommend: ignores recommendations. suggest: compares priorities
 * only among packages of one name. supplement: order only.
 */
export type PolicyMode = 'choose' | 'prune' | 'recommend' | 'supplement';

/** Shorter lists are ordered faster than they are looked up in the memory. */
const MIN_REMEMBERED = 16;

export class Policy {
  readonly #state: SolverState;
  readonly #recommendations: Recommendations;
  readonly #commonProvides: ReturnType<typeof commonProvidesOf>;
  readonly #remembered = new Map<number, { readonly candidates: readonly number[]; readonly best: readonly number[] }>();

  constructor(state: SolverState, recommendations: Recommendations) {
    this.#state = state;
    this.#commonProvides = commonProvidesOf(state.pool);
    this.#recommendations = recommendations;
  }

  /** The remaining candidates, best first. */
  select(candidates: readonly number[], mode: PolicyMode): number[] {
    const { favored } = this.#state.request;
    if (mode === 'supplement') return this.#order([...candidates], mode);
    if (favored === undefined || candidates.length < 2) return this.#filter([...candidates], mode);
    const favorites = candidates.filter((s) => favored[s] === 1);
    if (favorites.length === 0 || favorites.length === candidates.length) return this.#filter([...candidates], mode);
    // Favorites first; then the others that would also be chosen among the favorites.
    const rest = this.#filter([...favorites, ...candidates.filter((s) => favored[s] !== 1)], mode);
    return [...this.#filter(favorites, mode), ...rest.filter((s) => favored[s] !== 1)];
  }

  #filter(candidates: number[], mode: PolicyMode): number[] {
    let list = candidates.length > MIN_REMEMBERED ? this.#rememberedBest(candidates) : this.#best(candidates);
    if (list.length > 1 && mode !== 'recommend') list = this.#recommended(list);
    if (list.length > 1 && mode === 'choose') list = this.#order(list, mode);
    return list;
  }

  /** The remaining candidates, judged only by the packages themselves and not by earlier decisions. */
  #best(candidates: number[]): number[] {
    let list = candidates;
    if (list.length > 1) list = this.#highestPriority(list);
    if (list.length > 1) list = this.#bestArchitecture(list);
    if (list.length > 1) list = this.#bestVersions(list);
    return list;
  }

  /** A choice among hundreds of packages (language packs) is examined in every round until it is decided, so its result is kept. */
  #rememberedBest(candidates: number[]): number[] {
    let hash = candidates.length;
    for (const s of candidates) hash = (Math.imul(hash, 31) + s) | 0;
    const known = this.#remembered.get(hash);
    if (known !== undefined && known.candidates.length === candidates.length && known.candidates.every((s, i) => s === candidates[i])) {
      return [...known.best];
    }
    const remembered = { candidates: [...candidates], best: this.#best(candidates) };
    this.#remembered.set(hash, remembered);
    return [...remembered.best];
  }

  #order(list: number[], mode: PolicyMode): number[] {
    let ordered = this.#outdatedLast(list);
    ordered = this.#commonProvides.order(ordered);
    if (this.#state.system.isThere && mode === 'choose') ordered = this.#installedFirst(ordered);
    ordered = this.#suggestedFirst(ordered);
    const { favored } = this.#state.request;
    return favored === undefined ? ordered : ordered.sort((a, b) => favored[b]! - favored[a]!);
  }

  #priority(s: number): number {
    return this.#state.pool.repoOf(s as SolvableId).priority;
  }

  #cost(s: number): number {
    return this.#state.pool.repoOf(s as SolvableId).cost;
  }

  /** Installed packages have no priority, and stay candidates. */
  #highestPriority(list: number[]): number[] {
    const { system } = this.#state;
    let best = Number.POSITIVE_INFINITY;
    for (const s of list) if (!system.isInstalled(s)) best = Math.min(best, this.#priority(s));
    if (best === Number.POSITIVE_INFINITY) return list;
    const left = list.filter((s) => system.isInstalled(s) || this.#priority(s) === best);
    return left.length > 1 && (system.syncAll || system.syncInvolved.length > 0) ? this.#withoutUnsynced(left, best) : left;
  }

  /** In a distro-sync an installed package is a candidate only if repositories have the same build (policy.c: solver_prune_installed_dup_packages). */
  #withoutUnsynced(list: number[], priority: number): number[] {
    const { system, pool } = this.#state;
    let best = priority;
    let left: number[] = [];
    for (const s of list) {
      if (!system.isInstalled(s)) {
        if (this.#priority(s) > best) continue;
      } else if (system.isSyncInvolved(s)) {
        let isThere = false;
        for (const twin of system.providers(pool.name[s]!)) {
          if (system.isInstalled(twin) || this.#priority(twin) > best || !system.isSame(s, twin)) continue;
          isThere = true;
          if (this.#priority(twin) < best) {
            best = this.#priority(twin);
            left = [];
          }
        }
        if (!isThere) continue;
      }
      left.push(s);
    }
    return left.length > 0 ? left : list;
  }

  #bestArchitecture(list: number[]): number[] {
    const rank = this.#state.pool.archRank;
    let best = 0;
    for (const s of list) if (rank[s]! > 1 && (best === 0 || rank[s]! < best)) best = rank[s]!;
    if (best === 0) return list;
    const left = list.filter((s) => rank[s] === 1 || rank[s] === best);
    return left.length > 0 ? left : list;
  }

  /** The newest version of each name, ordered by name; without packages that another one in the list obsoletes. */
  #bestVersions(list: number[]): number[] {
    const { pool, system } = this.#state;
    const sorted = list.sort((a, b) => {
      if (pool.name[a] !== pool.name[b]) return pool.strings.compare(pool.name[a] as StringId, pool.name[b] as StringId);
      if (system.isInstalled(a) !== system.isInstalled(b)) return system.isInstalled(a) ? -1 : 1;
      const rankA = pool.archRank[a]!;
      const rankB = pool.archRank[b]!;
      if (rankA !== rankB && rankA > 1 && rankB > 1) return rankA - rankB;
      // libsolv: sub-priority of the repository.
      return this.#cost(a) - this.#cost(b) || a - b;
    });
    const best: number[] = [];
    let current = sorted[0]!;
    for (let i = 1; i < sorted.length; i++) {
      const s = sorted[i]!;
      if (pool.name[s] !== pool.name[current]) {
        best.push(current);
        current = s;
      } else if (pool.versions.compare(pool.evr[current] as StringId, pool.evr[s] as StringId) < 0) current = s;
    }
    best.push(current);
    return best.length > 1 ? this.#withoutObsoleted(best) : best;
  }

  /** Indices of the other packages in the list that a package obsoletes. */
  #obsoletedBy(list: readonly number[], node: number): number[] {
    const { pool, lists } = this.#state;
    const s = list[node]!;
    const found: number[] = [];
    for (let i = pool.dependencies.obsoletes.start[s]!; i < pool.dependencies.obsoletes.start[s + 1]!; i++) {
      const dep = pool.dependencies.obsoletes.ids[i] as DepId;
      const offset = lists.offsetOf(dep);
      if (offset < 0) continue;
      for (let k = offset; lists.arena.items[k] !== 0; k++) {
        const p = lists.arena.items[k]!;
        if (pool.name[p] === pool.name[s]) continue;
        const index = list.indexOf(p);
        if (index >= 0 && index !== node && matchesName(pool, p as SolvableId, dep)) found.push(index);
      }
    }
    return found;
  }

  /** Packages that obsolete each other in a circle stay, unless a package outside the circle obsoletes them. */
  #withoutObsoleted(list: number[]): number[] {
    const edges = list.map((_, node) => this.#obsoletedBy(list, node));
    if (edges.every((targets) => targets.length === 0)) return list;
    if (list.length === 2) {
      const firstWins = edges[0]!.length > 0;
      const secondWins = edges[1]!.length > 0;
      if (firstWins === secondWins) return list;
      return [list[firstWins ? 0 : 1]!];
    }
    const reaches = (from: number): Set<number> => {
      const seen = new Set<number>();
      const queue = [from];
      for (const node of queue) {
        for (const next of edges[node]!) {
          if (!seen.has(next)) {
            seen.add(next);
            queue.push(next);
          }
        }
      }
      return seen;
    };
    const reachable = list.map((_, node) => reaches(node));
    return list.filter((_, node) => list.every((_other, by) => !reachable[by]!.has(node) || reachable[node]!.has(by)));
  }

  #recommended(list: number[]): number[] {
    const { system } = this.#state;
    const isInstalled = (s: number): boolean => system.isInstalled(s);
    if (system.isThere && list.filter((s) => !isInstalled(s)).length < 2) return list;
    this.#recommendations.update();
    const isWanted = (s: number): boolean => this.#recommendations.isRecommended(s) || this.#recommendations.isSupplementing(s);
    if (!list.some((s) => !isInstalled(s) && isWanted(s))) return list;
    return list.filter((s) => isInstalled(s) || isWanted(s));
  }

  /** Moves packages to the back for which the pool has a newer version or a better repository. */
  #outdatedLast(list: number[]): number[] {
    const { pool, lists } = this.#state;
    const isOutdated = (s: number): boolean => {
      if (this.#state.system.isInstalled(s)) return false;
      const offset = lists.offsetOf(pool.name[s] as StringId);
      if (offset < 0) return false;
      for (let i = offset; lists.arena.items[i] !== 0; i++) {
        const other = lists.arena.items[i]!;
        if (other === s || pool.name[other] !== pool.name[s] || pool.arch[other] !== pool.arch[s]) continue;
        const difference = this.#priority(other) - this.#priority(s);
        if (difference > 0) continue;
        if (difference < 0 || pool.versions.compare(pool.evr[other] as StringId, pool.evr[s] as StringId) > 0) return true;
      }
      return false;
    };
    return partition(list, (s) => !isOutdated(s));
  }

  #suggestedFirst(list: number[]): number[] {
    this.#recommendations.update();
    const { system } = this.#state;
    return partition(list, (s) => system.isInstalled(s) || this.#recommendations.isSuggested(s) || this.#recommendations.isEnhancing(s));
  }

  /** Moves packages to the front of which some version is installed (policy.c: move_installed_to_front). */
  #installedFirst(list: number[]): number[] {
    const { system, pool } = this.#state;
    return partition(list, (s) => {
      if (system.isInstalled(s)) return true;
      for (const p of system.named(pool.name[s]!)) if (system.isInstalled(p)) return true;
      return false;
    });
  }

  /** The newest version of each name, without packages that another one obsoletes. */
  bestOfEachName(list: readonly number[]): number[] {
    return list.length > 1 ? this.#bestVersions([...list]) : [...list];
  }

  /**
   * For jobs, which are decided before the installed packages: candidates that replace something come first, then those that installed
   * packages recommend or suggest (solver.c: prune_dq_for_future_installed, reorder_dq_for_future_installed).
   */
  preferFutureInstalled(candidates: readonly number[]): readonly number[] {
    const { system, request } = this.#state;
    const replacing = candidates.filter((s) => system.replacesInstalled(s));
    const left = replacing.length > 0 ? replacing : candidates;
    if (left.length < 2) return left;
    const ordered = this.#recommendations.asIfKept(() => {
      const isSuggested = (s: number): boolean =>
        system.isInstalled(s) || this.#recommendations.isSuggested(s) || this.#recommendations.isEnhancing(s);
      const isRecommended = (s: number): boolean =>
        system.isInstalled(s) || this.#recommendations.isRecommended(s) || this.#recommendations.isSupplementing(s);
      return partition(partition(left, isSuggested), isRecommended);
    });
    if (ordered === undefined) return left;
    const { favored } = request;
    return favored === undefined ? ordered : ordered.sort((a, b) => favored[b]! - favored[a]!);
  }
}

/** Stable: first those that satisfy the condition, then the others. */
function partition(list: readonly number[], isFirst: (s: number) => boolean): number[] {
  const first: number[] = [];
  const last: number[] = [];
  for (const s of list) (isFirst(s) ? first : last).push(s);
  return [...first, ...last];
}
