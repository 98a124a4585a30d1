/**
 * The clauses that packages bring with them, for every package that a request can reach:
 *   A requires b          (-A | B1 | B2 ...)     B1, B2 provide b
 *   nothing provides b    (-A)
 *   A conflicts b         (-A | -B1) (-A | -B2)
 *   A obsoletes b         the same, matched against names and not against provides
 *   same name             (-A1 | -A2)            but not a 32-bit and a 64-bit build: those live side by side
 *   not installable       (-A)                   excluded, or of a foreign architecture
 */

import type { Turns } from '../base/turns.ts';
import { type DepId, isOperator, type SolvableId, type StringId } from '../pool/ids.ts';
import { IntList } from '../pool/int-list.ts';
import { memoryKey } from '../pool/pool-memory.ts';
import type { SolverPool } from '../pool/solver-pool.ts';
import type { Budget } from './budget.ts';
import { isPossible } from './fulfilment.ts';
import { matchesName } from './match-name.ts';
import { ALWAYS_PROVIDED, type ProviderLists } from './provider-lists.ts';
import type { SolverRequest } from './request.ts';
import { ALWAYS, addPositiveProviders, isRich, NEVER, type RichNormalizer } from './rich-dependencies.ts';
import { KIND, type RuleKind } from './rule-kinds.ts';
import type { RuleStore } from './rule-store.ts';
import type { SolverState } from './solver-state.ts';
import { canCollide, type System } from './system.ts';

/** State of a dependency: its paths were noted (`NOTED`), and its providers were queued too (`QUEUED`). */
const NOTED = 1;
const QUEUED = 2;

export class PackageRules {
  /** 1 for a solvable whose rules were added. */
  readonly added: Uint8Array;
  readonly #pool: SolverPool;
  readonly #budget: Budget;
  readonly #request: SolverRequest;
  readonly #rules: RuleStore;
  readonly #lists: ProviderLists;
  readonly #normalizer: RichNormalizer;
  readonly #system: System;
  readonly #queue = new IntList(4096);
  /** Packages whose rules were added, in that order. */
  readonly #reached = new IntList(4096);
  /** `NOTED` or `QUEUED` by dependency, strings before relations. Versions of one package mostly have the same dependencies. */
  readonly #done: Uint8Array;
  readonly #strings: number;
  /** Required paths that are only in filelists.xml. */
  readonly unknownPaths = new Set<StringId>();

  constructor({ pool, request, rules, lists, normalizer, system, budget }: Omit<SolverState, 'search'>) {
    this.#pool = pool;
    this.#system = system;
    this.#budget = budget;
    this.#request = request;
    this.#rules = rules;
    this.#lists = lists;
    this.#normalizer = normalizer;
    this.added = new Uint8Array(pool.end);
    this.#strings = pool.strings.count;
    this.#done = new Uint8Array(pool.strings.count + pool.relations.count);
  }

  /** All solvables whose rules were added, ascending. */
  get reached(): Int32Array {
    return this.#reached.toArray().sort();
  }

  /** Adds the rules of solvables and of everything that their dependencies mention. */
  *addReachable(solvables: Iterable<number>): Turns<void> {
    const queue = this.#queue;
    for (const solvable of solvables) {
      queue.length = 0;
      queue.push(solvable);
      for (let head = 0; head < queue.length; head++) {
        const s = queue.items[head]!;
        if (this.added[s] === 1) continue;
        this.added[s] = 1;
        this.#reached.push(s);
        const before = this.#rules.count;
        this.#addRulesOf(s as SolvableId);
        this.#budget.steps += this.#rules.count - before + 1;
        if (this.#budget.isTurnOver()) yield;
      }
    }
  }

  /** Adds packages that supplement or enhance a reachable package. */
  *addSupplementing(): Turns<void> {
    const candidates = supplementing(this.#pool);
    for (let i = 0, idle = 0; idle < candidates.length; i++, idle++) {
      if (i === candidates.length) i = 0;
      const s = candidates[i]!;
      if (this.added[s] === 1 || (!this.#system.isInstalled(s) && !this.isInstallable(s))) continue;
      this.#budget.steps++;
      if (this.#budget.isTurnOver()) yield;
      if (!this.#anyPossible(this.#pool.dependencies.supplements, s) && !this.#anyPossible(this.#pool.dependencies.enhances, s)) continue;
      yield* this.addReachable([s]);
      idle = -1;
    }
  }

  isInstallable(s: number): boolean {
    return this.#pool.archRank[s] !== 0 && this.#request.excluded?.[s] !== 1;
  }

  #anyPossible(lists: { start: Uint32Array; ids: Int32Array }, s: number): boolean {
    let found = false;
    for (let i = lists.start[s]!; i < lists.start[s + 1]!; i++) {
      const dep = lists.ids[i] as DepId;
      if (this.#request.weakDependencies) this.#noteUnknownPaths(dep);
      found ||= isPossible(this.#pool, this.#lists, dep, this.added);
    }
    return found;
  }

  #addRulesOf(s: SolvableId): void {
    const { requires, conflicts, obsoletes, recommends, suggests } = this.#pool.dependencies;
    if (!this.#system.isInstalled(s) && !this.isInstallable(s)) this.#rules.add(-s, 0, 0, KIND.notInstallable);
    if (!this.#isIgnored(s)) {
      for (let i = requires.start[s]!; i < requires.start[s + 1]!; i++) this.#addRequires(s, requires.ids[i] as DepId);
      for (let i = conflicts.start[s]!; i < conflicts.start[s + 1]!; i++) this.#addConflicts(s, conflicts.ids[i] as DepId);
      for (let i = obsoletes.start[s]!; i < obsoletes.start[s + 1]!; i++) this.#addObsoletes(s, obsoletes.ids[i] as DepId);
      for (let i = recommends.start[s]!; i < recommends.start[s + 1]!; i++) this.#queueProviders(recommends.ids[i] as DepId);
      for (let i = suggests.start[s]!; i < suggests.start[s + 1]!; i++) this.#queueProviders(suggests.ids[i] as DepId);
    }
    this.#addSameName(s);
    this.#queueNativeTwins(s);
  }

  /** Notes the paths of a dependency when it is first met; returns its index in `#done`. */
  #note(dep: DepId): number {
    const place = dep < 0 ? this.#strings - dep : dep;
    if (this.#done[place] === 0) {
      this.#done[place] = NOTED;
      this.#noteUnknownPaths(dep);
    }
    return place;
  }

  /** Queues the providers of a dependency, once. */
  #queueRun(place: number, offset: number): void {
    if (this.#done[place] === QUEUED) return;
    this.#done[place] = QUEUED;
    const arena = this.#lists.arena.items;
    for (let i = offset; arena[i] !== 0; i++) if (this.added[arena[i]!] === 0) this.#queue.push(arena[i]!);
  }

  #addRequires(s: SolvableId, dep: DepId): void {
    if (dep < 0 && isRich(this.#pool, dep)) {
      this.#addRich(s, dep, false);
      return;
    }
    const place = this.#note(dep);
    const offset = this.#lists.offsetOf(dep);
    if (offset === ALWAYS_PROVIDED) return;
    const arena = this.#lists.arena.items;
    // A requirement that is already unmet in the installed system is ignored.
    if (this.#system.isInstalled(s) && !this.#anyInstalled(offset)) return;
    if (arena[offset] === 0) {
      this.#rules.add(-s, 0, 0, KIND.nothingProvides);
      return;
    }
    for (let i = offset; arena[i] !== 0; i++) if (arena[i] === s) return;
    this.#rules.add(-s, 0, offset, KIND.requires);
    this.#queueRun(place, offset);
  }

  #addConflicts(s: SolvableId, dep: DepId): void {
    if (dep < 0 && isRich(this.#pool, dep)) {
      this.#addRich(s, dep, true);
      return;
    }
    this.#note(dep);
    const offset = this.#lists.offsetOf(dep);
    if (offset === ALWAYS_PROVIDED) {
      this.#rules.add(-s, 0, 0, KIND.conflicts);
      return;
    }
    const arena = this.#lists.arena;
    // A package never conflicts with what it provides itself.
    for (let i = offset; arena.items[i] !== 0; i++) {
      const p = arena.items[i]!;
      if (p !== s && !this.#isIgnored(p) && !this.#areInstalled(s, p)) this.#rules.add(-s, -p, 0, KIND.conflicts);
    }
  }

  #addObsoletes(s: SolvableId, dep: DepId): void {
    const offset = this.#lists.offsetOf(dep);
    if (offset === ALWAYS_PROVIDED) return;
    const arena = this.#lists.arena;
    for (let i = offset; arena.items[i] !== 0; i++) {
      const p = arena.items[i]!;
      if (p !== s && !this.#isIgnored(p) && !this.#areInstalled(s, p) && matchesName(this.#pool, p as SolvableId, dep))
        this.#rules.add(-s, -p, 0, KIND.obsoletes);
    }
  }

  /** Ignored packages conflict with nothing, because they are not installed. */
  #isIgnored(s: number): boolean {
    return this.#request.ignored?.[s] === 1;
  }

  /** Both are already installed together, so conflicts between them do not count. */
  #areInstalled(a: number, b: number): boolean {
    return this.#system.isInstalled(a) && this.#system.isInstalled(b);
  }

  #anyInstalled(run: number): boolean {
    const arena = this.#lists.arena.items;
    for (let i = run; arena[i] !== 0; i++) if (this.#system.isInstalled(arena[i]!)) return true;
    return false;
  }

  #addSameName(s: SolvableId): void {
    // The same rule is added by the package that is not installed.
    if (this.#system.isInstalled(s)) return;
    const pool = this.#pool;
    const multiversion = this.#request.multiversion;
    const several = multiversion?.[s] === 1;
    const name = pool.name[s]!;
    const offset = this.#lists.offsetOf(name as StringId);
    if (offset === ALWAYS_PROVIDED) return;
    const arena = this.#lists.arena;
    for (let i = offset; arena.items[i] !== 0; i++) {
      const p = arena.items[i]!;
      if (p === s || pool.name[p] !== name || !canCollide(pool, s, p)) continue;
      const isInstalled = this.#system.isInstalled(p);
      if (several && (pool.evr[p] !== pool.evr[s] || pool.arch[p] !== pool.arch[s]) && (!isInstalled || multiversion?.[p] === 1)) continue;
      if (!isInstalled && this.added[p] === 1 && multiversion?.[p] !== 1) continue;
      this.#rules.add(-s, -p, 0, KIND.sameName);
    }
  }

  /** Queues the native build of the same version together with a 32-bit build: policy-rules.ts binds the two together. */
  #queueNativeTwins(s: SolvableId): void {
    const { archRank, name, evr } = this.#pool;
    const rank = archRank[s]!;
    if (rank <= NATIVE) return;
    const offset = this.#lists.offsetOf(name[s] as StringId);
    if (offset === ALWAYS_PROVIDED) return;
    const arena = this.#lists.arena.items;
    for (let i = offset; arena[i] !== 0; i++) {
      const p = arena[i]!;
      if (name[p] === name[s] && evr[p] === evr[s] && archRank[p]! >= NATIVE && archRank[p]! < rank) this.#queue.push(p);
    }
  }

  #queueProviders(dep: DepId): void {
    if (dep < 0 && isRich(this.#pool, dep)) {
      this.#noteUnknownPaths(dep);
      addPositiveProviders(this.#pool, this.#lists, dep, this.#queue, this.added);
      return;
    }
    const place = this.#note(dep);
    const offset = this.#lists.offsetOf(dep);
    if (offset !== ALWAYS_PROVIDED) this.#queueRun(place, offset);
  }

  #addRich(s: SolvableId, dep: DepId, isConflict: boolean): void {
    this.#noteUnknownPaths(dep);
    const result = this.#normalizer.normalize(dep, isConflict ? { disjunctive: true, invert: true } : { disjunctive: false });
    const kind = isConflict ? KIND.richConflicts : KIND.richRequires;
    if (result === NEVER && !this.#system.isInstalled(s)) this.#rules.add(-s, 0, 0, isConflict ? kind : KIND.nothingProvides);
    if (result === NEVER || result === ALWAYS) return;
    const blocks = this.#normalizer.out;
    for (let i = 0; i < blocks.length; i++) {
      const start = i;
      while (blocks.items[i] !== 0) i++;
      if (i > start) this.#addRichBlock(s, blocks.items.subarray(start, i), kind);
    }
  }

  #addRichBlock(s: SolvableId, block: Int32Array, kind: RuleKind): void {
    if (this.#system.isInstalled(s) && this.#isBroken(block)) return;
    if (block.length === 1) {
      const other = block[0]!;
      if (other === -s) {
        if (kind === KIND.richRequires) this.#rules.add(-s, 0, 0, kind);
        return;
      }
      if (other === s) return;
      this.#rules.add(-s, other, 0, kind);
      if (other > 0 && this.added[other] === 0) this.#queue.push(other);
      return;
    }
    if (block.includes(s)) return;
    const literals = block.includes(-s) ? Int32Array.from(block) : Int32Array.from([...block, -s]).sort();
    const tail = this.#rules.addLiterals(literals, 1);
    this.#rules.add(literals[0]!, 0, tail, kind);
    for (const literal of literals) if (literal > 0 && this.added[literal] === 0) this.#queue.push(literal);
  }

  /** Whether an installed package already violates this clause. */
  #isBroken(block: Int32Array): boolean {
    for (const literal of block) if (literal > 0 === this.#system.isInstalled(Math.abs(literal))) return false;
    return true;
  }

  /** Rich dependencies can name paths as well. */
  #noteUnknownPaths(dep: DepId): void {
    if (dep > 0) {
      if (this.#pool.needsFilelists(dep as StringId)) this.unknownPaths.add(dep as StringId);
      return;
    }
    if (!isOperator(this.#pool.relations.flags(dep))) return;
    this.#noteUnknownPaths(this.#pool.relations.name(dep));
    this.#noteUnknownPaths(this.#pool.relations.evr(dep));
  }
}

/** Rank of the native architecture in `pool.archRank`; noarch is below it, 32-bit architectures above. */
const NATIVE = 2;

const SUPPLEMENTING = memoryKey<Int32Array>('supplementing');

/** Solvables with supplements or enhances, ascending; found once for a pool. */
export function supplementing(pool: SolverPool): Int32Array {
  return pool.memory.keep(SUPPLEMENTING, () => {
    const list = new IntList(256);
    const { supplements, enhances } = pool.dependencies;
    for (let s = 1; s < pool.end; s++) {
      if (supplements.start[s] !== supplements.start[s + 1] || enhances.start[s] !== enhances.start[s + 1]) list.push(s);
    }
    return list.toArray();
  });
}
