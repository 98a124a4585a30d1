/** Weak dependencies: after all required packages are decided, installs recommended and supplementing packages as far as they fit. */

import type { Turns } from '../base/turns.ts';
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { Branches } from './branches.ts';
import type { Conflicts } from './conflicts.ts';
import { matchesName } from './match-name.ts';
import { supplementing } from './package-rules.ts';
import type { Policy } from './policy.ts';
import { ALWAYS_PROVIDED } from './provider-lists.ts';
import type { Recommendations } from './recommendations.ts';
import { BLOCKS, isRich } from './rich-dependencies.ts';
import type { Decided } from './search.ts';
import type { SolverState } from './solver-state.ts';

/** The result of the decisions; undefined if there was nothing to install. */
export function* installWeak(
  state: SolverState,
  policy: Policy,
  recommendations: Recommendations,
  branches: Branches,
  conflicts: Conflicts,
  start: number,
): Turns<Decided | undefined> {
  const { search, pool, budget, system } = state;
  const { levels, trail } = search;
  let level = start;
  const obsoleted = obsoletedByInstalled(state);
  const { notWeakly } = state.system.request;
  const isWanted = (s: number): boolean => !obsoleted.has(s) && notWeakly?.[s] !== 1;
  const recommended = [...collectRecommended(state)].filter(isWanted);
  let supplements = collectSupplementing(state, recommendations).filter(isWanted);
  const all = [...new Set([...recommended, ...supplements])];
  if (all.length === 0) return undefined;
  if (all.length === 1) return search.decide(level, all[0]!, 0, conflicts);

  const selected = new Uint8Array(pool.end);
  for (const s of policy.select(all, 'recommend')) selected[s] = 1;
  supplements = supplements.filter((s) => selected[s] === 1);
  if (supplements.length > 1) supplements = policy.select(supplements, 'supplement');
  const settled = trail.length;
  for (const s of supplements) {
    if (levels[s] !== 0) continue;
    const decided = search.decide(level, s, 0, conflicts);
    if (decided.kind !== 'level' || decided.level <= level) return decided;
    level = decided.level;
    if (budget.isTurnOver()) yield;
  }
  if (trail.length < settled) return { kind: 'level', level };

  for (let i = 0; i < settled; i++) {
    const s = trail.items[i]!;
    if (s < 0 || state.request.ignored?.[s] === 1 || system.isInstalled(s)) continue;
    for (const dep of pool.recommendsOf(s as SolvableId)) {
      let candidates = openProviders(state, dep, selected);
      if (candidates.length === 0) continue;
      if (candidates.length > 1) candidates = policy.select(candidates, 'choose');
      if (candidates.length > 1) branches.open(level, candidates);
      const decided = search.decide(level, candidates[0]!, 0, conflicts);
      if (decided.kind !== 'level' || decided.level <= level || trail.length < settled) return decided;
      level = decided.level;
      if (budget.isTurnOver()) yield;
    }
  }
  return { kind: 'level', level };
}

function collectRecommended(state: SolverState): Set<number> {
  const { pool, search } = state;
  const found = new Set<number>();
  const installed = search.trail
    .toArray()
    .filter((s) => s > 0)
    .sort();
  for (const s of installed) {
    // Recommendations count only when a package is newly installed.
    if (state.request.ignored?.[s] === 1 || state.system.isInstalled(s)) continue;
    for (let i = pool.dependencies.recommends.start[s]!; i < pool.dependencies.recommends.start[s + 1]!; i++) {
      for (const p of openProviders(state, pool.dependencies.recommends.ids[i] as DepId, undefined)) found.add(p);
    }
  }
  return found;
}

/** Packages that an installed package obsoletes. They are not installed as weak dependencies. */
function obsoletedByInstalled({ pool, search, system }: SolverState): ReadonlySet<number> {
  const found = new Set<number>();
  const { start, ids } = pool.dependencies.obsoletes;
  for (let p = 1; p < system.end; p++) {
    if (search.levels[p]! <= 0) continue;
    for (let i = start[p]!; i < start[p + 1]!; i++) {
      const dep = ids[i] as DepId;
      for (const s of system.providers(dep)) if (matchesName(pool, s as SolvableId, dep)) found.add(s);
    }
  }
  return found;
}

function collectSupplementing(state: SolverState, recommendations: Recommendations): number[] {
  const { pool, search, request } = state;
  const found: number[] = [];
  for (const s of supplementing(pool)) {
    if (search.levels[s] !== 0 || pool.dependencies.supplements.start[s] === pool.dependencies.supplements.start[s + 1]) continue;
    if (pool.archRank[s] === 0 || request.excluded?.[s] === 1 || !recommendations.isSupplementingPackage(s)) continue;
    if (isReplacedAlready(state, s)) continue;
    found.push(s);
  }
  return found;
}

/** Whether another architecture of the package is installed, or another version if it is install-only: then it is not added as a supplement. */
function isReplacedAlready({ pool, search, request, lists }: SolverState, s: number): boolean {
  const anyVersion = request.multiversion?.[s] === 1;
  const arena = lists.arena.items;
  for (let i = lists.offsetOf(pool.name[s] as StringId); arena[i] !== 0; i++) {
    const p = arena[i]!;
    if (search.levels[p]! > 0 && pool.name[p] === pool.name[s] && (anyVersion || pool.arch[p] !== pool.arch[s])) return true;
  }
  return false;
}

/** Undecided packages that would meet a weak dependency; none if it is met. If given, `selected` narrows the choice. */
function openProviders(state: SolverState, dep: DepId, selected: Uint8Array | undefined): number[] {
  const { pool, search, lists } = state;
  if (dep < 0 && isRich(pool, dep)) return openRichProviders(state, dep, selected);
  const offset = lists.offsetOf(dep);
  if (offset === ALWAYS_PROVIDED) return [];
  const open: number[] = [];
  const arena = lists.arena.items;
  for (let i = offset; arena[i] !== 0; i++) {
    const p = arena[i]!;
    if (search.levels[p]! > 0) return [];
    if (search.levels[p] === 0 && (selected === undefined || selected[p] === 1)) open.push(p);
  }
  return open;
}

function openRichProviders(state: SolverState, dep: DepId, selected: Uint8Array | undefined): number[] {
  const { search, normalizer } = state;
  if (normalizer.normalize(dep, { disjunctive: false }) !== BLOCKS) return [];
  const { items, length } = normalizer.out;
  const open = new Set<number>();
  for (let i = 0; i < length; i++) {
    const ofBlock: number[] = [];
    let isMet = false;
    for (; items[i] !== 0; i++) {
      const literal = items[i]!;
      const level = search.levels[Math.abs(literal)]!;
      if (literal < 0 ? level <= 0 : level > 0) isMet = true;
      else if (literal > 0 && level === 0 && (selected === undefined || selected[literal] === 1)) ofBlock.push(literal);
    }
    if (!isMet) for (const p of ofBlock) open.add(p);
  }
  return [...open];
}
