/**
 * Clauses about what is installed (libsolv, rules.c):
 *   keep              (P | U1 | U2)    an installed package stays, or becomes one of its updates
 *   keep at all       (P | A1 | A2)    the same with every package that it could become, also older ones; in force once `keep` was given up
 *   erase             (-P)             the request says so
 *   distro-sync       (-P)             not a version that the repositories have
 *   best update       (B)              only the best update will do
 *   split             (-A | B)         two packages that obsolete the same one come together
 *   choice            (-A | I)         weak: of several providers, one that is installed or updates an installed one
 */
import type { DepId, SolvableId } from '../pool/ids.ts';
import { matchesName } from './match-name.ts';
import type { Policy } from './policy.ts';
import { KIND, type RuleKind } from './rule-kinds.ts';
import type { SolverState } from './solver-state.ts';
import { canCollide } from './system.ts';

export class SystemRules {
  /** By installed package: its rules; 0 where it has none. */
  readonly keep: Int32Array;
  readonly keepAtAll: Int32Array;
  /** Kept in the end where nothing speaks against it. */
  readonly orphaned: number[] = [];
  /** By installed package: newer builds that would stand beside it. */
  readonly special = new Map<number, readonly number[]>();
  /** By rule: the installed package that a best rule is for. */
  readonly packageOfBest = new Map<number, number>();
  /** By choice rule: the requirement that it narrows. */
  readonly choices = new Map<number, number>();
  splitStart = 0;
  splitEnd = 0;
  readonly #state: SolverState;
  readonly #policy: Policy;

  constructor(state: SolverState, policy: Policy) {
    this.#state = state;
    this.#policy = policy;
    this.keep = new Int32Array(state.system.end);
    this.keepAtAll = new Int32Array(state.system.end);
  }

  /** Candidates, best first. */
  select(candidates: readonly number[]): number[] {
    return candidates.length > 1 ? this.#policy.select(candidates, 'choose') : [...candidates];
  }

  #add(literals: readonly number[], kind: RuleKind): number {
    const { rules } = this.#state;
    const [first = 0, second = 0] = literals;
    return literals.length < 3 ? rules.add(first, second, 0, kind) : rules.add(first, 0, rules.addLiterals(literals, 1), kind);
  }

  /** First all of the wider rules, then the others: the order of rules is part of the answer. */
  addKeepRules(): void {
    const { system, rules } = this.#state;
    const wide: (readonly number[] | undefined)[] = [];
    const narrow: (readonly number[] | undefined)[] = [];
    for (let p = 1; p < system.end; p++) {
      const all = system.updatersOf(p, 'all');
      wide[p] = this.#isOrphan(p, all) ? undefined : [p, ...all];
      narrow[p] = this.#narrow(p, wide[p]);
      if (narrow[p] === undefined) wide[p] = undefined;
      else if (!system.syncAll && wide[p]?.length === 1) this.orphaned.push(p);
      if (wide[p] !== undefined && isSameList(wide[p]!, narrow[p]!)) wide[p] = undefined;
    }
    for (let p = 1; p < system.end; p++) {
      const literals = wide[p];
      if (literals === undefined) continue;
      this.keepAtAll[p] = this.#add(literals, KIND.keepAtAll);
      rules.disable(this.keepAtAll[p]!);
    }
    for (let p = 1; p < system.end; p++) {
      const literals = narrow[p];
      if (literals !== undefined) this.keep[p] = this.#add(literals, KIND.keep);
    }
  }

  /** In a distro-sync: neither it nor anything that it could become is in the repositories. */
  #isOrphan(p: number, updaters: readonly number[]): boolean {
    const { system } = this.#state;
    if (!system.isSyncInvolved(p) || system.maySyncKeep(p)) return false;
    return !updaters.some((s) => !system.isInstalled(s) || system.maySyncKeep(s));
  }

  #narrow(p: number, wide: readonly number[] | undefined): readonly number[] | undefined {
    const { system, request, pool } = this.#state;
    if (system.isPinned(p)) return [p];
    if (wide === undefined) {
      this.orphaned.push(p);
      return [p];
    }
    const isSync = system.isSyncInvolved(p);
    const updaters = system.updatersOf(p, isSync ? 'sync' : 'update');
    if (!updaters.some((s) => request.multiversion?.[s] === 1)) return [p, ...updaters];
    // Builds that stand beside each other are no updates, unless they are the same build or obsolete it.
    const left = updaters.filter(
      (s) =>
        request.multiversion?.[s] !== 1 ||
        this.#obsoletesByName(s, p) ||
        (pool.name[s] === pool.name[p] && pool.evr[s] === pool.evr[p] && pool.arch[s] === pool.arch[p]),
    );
    if (left.length === 0 && isSync && !system.maySyncKeep(p)) {
      this.orphaned.push(p);
      this.special.set(p, updaters);
      return [p];
    }
    if (left.length < updaters.length && system.wantsUpdate[p] === 1) this.special.set(p, updaters);
    return [p, ...left];
  }

  #obsoletesByName(s: number, p: number): boolean {
    const { obsoletes } = this.#state.pool.dependencies;
    for (let i = obsoletes.start[s]!; i < obsoletes.start[s + 1]!; i++) {
      if (matchesName(this.#state.pool, p as SolvableId, obsoletes.ids[i] as DepId)) return true;
    }
    return false;
  }

  /** Returns the packages of the repositories that nobody may take in place of what is erased. */
  addEraseRules(): void {
    const { system, pool, rules, request } = this.#state;
    const wanted = new Set(request.jobs.flatMap(({ candidates }) => [...candidates]));
    for (const p of system.request.erase) {
      rules.add(-p, 0, 0, KIND.erase);
      for (const s of system.named(pool.name[p]!)) {
        if (system.isInstalled(s) || wanted.has(s) || !canCollide(pool, p, s)) continue;
        rules.add(-s, 0, 0, KIND.erase);
      }
    }
  }

  /** rules.c: solver_addduprules. */
  addSyncRules(reached: Int32Array, added: Uint8Array): void {
    const { system, pool, rules } = this.#state;
    if (!system.syncAll && system.syncInvolved.length === 0) return;
    const seen = new Set<number>();
    for (const i of reached) {
      if (seen.has(pool.name[i]!)) continue;
      seen.add(pool.name[i]!);
      for (const p of system.named(pool.name[i]!)) {
        if (added[p] === 0 || !system.isSyncInvolved(p)) continue;
        if (!system.isInstalled(p)) {
          if (system.syncGood[p] === 0) rules.add(-p, 0, 0, KIND.distroSync);
          continue;
        }
        if (system.isPinned(p) || system.syncGood[p] === 1) continue;
        if (system.maySyncKeep(p) || this.#mayStayOrphaned(p)) {
          system.syncGood[p] = 1;
          continue;
        }
        const special = this.special.get(p);
        if (special !== undefined) this.#add([-p, ...special], KIND.distroSync);
        else rules.add(-p, 0, 0, KIND.distroSync);
      }
    }
  }

  #mayStayOrphaned(p: number): boolean {
    const { rules } = this.#state;
    const rule = this.keep[p]! || this.keepAtAll[p]!;
    if (rule === 0) return true;
    if (this.special.has(p) || rules.literals(rule).length > 1) return false;
    const wide = this.keepAtAll[p]!;
    return wide === 0 || rules.literals(wide).length === 1;
  }

  /** rules.c: solver_addbestrules, for updates. */
  addBestRules(): void {
    const { system, rules } = this.#state;
    for (let p = 1; p < system.end; p++) {
      if (system.wantsUpdate[p] === 0 || system.wantsBest[p] === 0) continue;
      const keep = this.keep[p]!;
      const special = this.special.get(p);
      const narrow = keep === 0 ? [] : rules.literals(keep).filter((s) => s > 0);
      const candidates = special === undefined ? narrow : [...(narrow[0] === p ? [p] : []), ...special];
      const best = this.#bestOf(p, candidates);
      if (best.length === 0) continue;
      const wide = this.keepAtAll[p]!;
      if (wide !== 0) for (const s of this.#bestOf(p, rules.literals(wide))) if (!best.includes(s)) best.push(s);
      if (!system.request.allowErasing) {
        this.packageOfBest.set(this.#add(best, KIND.bestUpdate), p);
        continue;
      }
      for (const s of rules.literals(wide || keep)) {
        if (!best.includes(s)) this.packageOfBest.set(this.#add([-s, ...best], KIND.bestUpdate), p);
      }
    }
  }

  #bestOf(p: number, candidates: readonly number[]): number[] {
    const { system } = this.#state;
    const targets = system.targets.get(p);
    let left = targets === undefined ? [...candidates] : candidates.filter((s) => targets.has(s));
    if (!system.syncAll && system.syncInvolved[p] === 1) left = left.filter((s) => system.syncGood[s] === 1);
    return left.length > 1 ? this.#policy.select(left, 'recommend') : left;
  }

  /** rules.c: solver_addyumobsrules. */
  addSplitRules(): void {
    const { system, pool, rules } = this.#state;
    this.splitStart = rules.count;
    const found = new Set<DepId>();
    for (let p = 1; p < system.end; p++) {
      for (const s of system.obsoleting(p)) {
        for (let i = pool.dependencies.obsoletes.start[s]!; i < pool.dependencies.obsoletes.start[s + 1]!; i++) {
          const dep = pool.dependencies.obsoletes.ids[i] as DepId;
          if (found.has(dep)) continue;
          for (const other of system.providers(dep)) {
            if (!system.isInstalled(other) || !matchesName(pool, other as SolvableId, dep)) continue;
            if (!canCollide(pool, p, other)) continue;
            found.add(dep);
            break;
          }
        }
      }
    }
    for (const dep of found) {
      const groups = this.#groupsObsoleting(dep);
      groups.forEach((group, own) => {
        for (const s of group) {
          if (system.isInstalled(s)) continue;
          groups.forEach((others, index) => {
            if (index !== own) this.#add([-s, ...others], KIND.split);
          });
        }
      });
    }
    this.splitEnd = rules.count;
  }

  /** Packages with that word among their obsoletes, by name, in the order of the best of each name; none unless there are two names. */
  #groupsObsoleting(dep: DepId): number[][] {
    const { system, pool } = this.#state;
    const found = new Set<number>();
    const hasWord = (s: number): boolean => {
      for (let i = pool.dependencies.obsoletes.start[s]!; i < pool.dependencies.obsoletes.start[s + 1]!; i++)
        if (pool.dependencies.obsoletes.ids[i] === dep) return true;
      return false;
    };
    for (const p of system.providers(dep)) {
      if (!system.isInstalled(p) || !matchesName(pool, p as SolvableId, dep)) continue;
      for (const s of [...system.obsoleting(p), ...system.named(pool.name[p]!)]) {
        if (canCollide(pool, p, s) && hasWord(s)) found.add(s);
      }
    }
    const all = [...found];
    const names = [...new Set(this.#policy.bestOfEachName(all).map((s) => pool.name[s]!))];
    if (names.length < 2) return [];
    return names.map((name) => all.filter((s) => pool.name[s] === name));
  }

  /** rules.c: solver_addchoicerules. Returns the rules, which are weak. */
  addChoiceRules(packageEnd: number, policyRules: { readonly start: number; readonly end: number }): number[] {
    const { rules } = this.#state;
    const ruledOut = new Set<number>();
    for (let rule = policyRules.start; rule < policyRules.end; rule++)
      if (rules.isAssertion(rule) && rules.first[rule]! < 0) ruledOut.add(-rules.first[rule]!);
    const checked = { package: 0, isFiltered: false, updates: [] as readonly number[] };
    const added: number[] = [];
    let lastFirst = 0;
    let last: readonly number[] = [];
    for (let rule = 1; rule < packageEnd; rule++) {
      if (rules.first[rule]! >= 0) continue;
      const run = rules.runOf(rule);
      // Where there are fewer than two candidates there is no choice.
      if (run === 0 || !this.#hasTwoPositive(run)) continue;
      const literals = rules.literals(rule);
      const choice = this.#choiceFor(literals, ruledOut, checked);
      if (choice === undefined) continue;
      const negative = literals.filter((literal) => literal < 0 && literal !== literals[0]);
      const rest = literals.filter((literal) => literal < 0).length > 1 ? [...negative, ...choice] : choice;
      if (lastFirst === literals[0] && isSameList(rest, last)) continue;
      lastFirst = literals[0]!;
      last = rest;
      const made = rules.add(literals[0]!, 0, rules.addLiterals(rest), KIND.choice);
      this.choices.set(made, rule);
      added.push(made);
    }
    return added;
  }

  #hasTwoPositive(run: number): boolean {
    const arena = this.#state.rules.arena.items;
    let positive = 0;
    for (let i = run; arena[i] !== 0; i++) if (arena[i]! > 0 && ++positive === 2) return true;
    return false;
  }

  #choiceFor(
    literals: readonly number[],
    ruledOut: ReadonlySet<number>,
    checked: { package: number; isFiltered: boolean; updates: readonly number[] },
  ): number[] | undefined {
    const { system, rules } = this.#state;
    const pairs: { installed: number; becomes: number }[] = [];
    let hasChoice = false;
    let isFromInstalled = false;
    for (const literal of literals) {
      if (literal < 0) {
        if (system.isInstalled(-literal) && system.wantsUpdate[-literal] === 0) isFromInstalled = true;
        continue;
      }
      const p = system.becomes(literal);
      if (p === literal) pairs.push({ installed: p, becomes: p });
      else if (p === 0) hasChoice = true;
      else if (!ruledOut.has(literal) && this.#mayReplace(p, literal)) pairs.push({ installed: p, becomes: literal });
    }
    if (!hasChoice || pairs.length === 0) return undefined;
    const inRule = new Set(literals);
    const kept = isFromInstalled
      ? pairs
      : pairs.filter(({ installed }) => system.wantsUpdate[installed] === 0 || !this.#leadsElsewhere(installed, inRule, checked));
    if (kept.length === 0) return undefined;
    // No rule is needed where whatever the installed packages become is in the requirement.
    const isSafe = kept.every(({ installed }) => {
      const rule = this.keep[installed]! || this.keepAtAll[installed]!;
      return rule === 0 || rules.literals(rule).every((s) => inRule.has(s));
    });
    return isSafe ? undefined : kept.map(({ becomes }) => becomes);
  }

  /** policy.c: policy_is_illegal. */
  #mayReplace(p: number, s: number): boolean {
    const { system, pool } = this.#state;
    const isSync = system.isSyncInvolved(p);
    if (pool.name[p] !== pool.name[s]) return true;
    return isSync || system.request.allowDowngrade || pool.versions.compare(pool.evr[p] as never, pool.evr[s] as never) <= 0;
  }

  /** rules.c: solver_choicerulecheck. Whether no update of an installed package is in a requirement. */
  #leadsElsewhere(
    p: number,
    inRule: ReadonlySet<number>,
    checked: { package: number; isFiltered: boolean; updates: readonly number[] },
  ): boolean {
    const { rules } = this.#state;
    if (checked.package !== p) {
      const rule = this.keep[p]! || this.keepAtAll[p]!;
      if (rule === 0) return false;
      checked.package = p;
      checked.isFiltered = false;
      checked.updates = rules.literals(rule).filter((s) => s > 0);
    }
    if (checked.updates.length === 0) return true;
    if (checked.updates.length === 1) return !inRule.has(checked.updates[0]!);
    if (!checked.isFiltered) {
      if (checked.updates.every((s) => inRule.has(s))) return false;
      checked.updates = this.#policy.select(checked.updates, 'choose');
      checked.isFiltered = true;
    }
    return !checked.updates.some((s) => inRule.has(s));
  }

  /**
   * Takes rules out of force that jobs contradict on purpose (rules.c: solver_disablepolicyrules): whoever asks for a package by version does not
   * want the one that it replaces to be kept.
   */
  yieldToJobs(disableInferior: (name: number) => void): void {
    const { system, request, pool } = this.#state;
    const yielding = new Set<number>();
    for (const p of system.request.erase) {
      yielding.add(p);
      if (this.#isInLockStep(p)) disableInferior(pool.name[p]!);
    }
    for (const { candidates, condition } of request.jobs) {
      if (condition !== undefined || candidates.length === 0) continue;
      if ([...candidates].some((s) => system.isInstalled(s))) continue;
      for (const p of this.#replacedByAll(candidates)) yielding.add(p);
    }
    for (const p of yielding) this.#giveUp(p);
  }

  /** A choice rule and those that keep out the same packages (rules.c: solver_disablechoicerules). */
  choicesLike(rule: number): number[] {
    const { rules } = this.#state;
    const own = new Set(rules.literals(rule));
    const keptOut = new Set(rules.literals(this.choices.get(rule)!).filter((s) => s > 0 && !own.has(s)));
    const found = [rule];
    for (const [other, requirement] of this.choices) {
      if (other !== rule && !rules.isDisabled(other) && rules.literals(requirement).some((s) => keptOut.has(s))) found.push(other);
    }
    return found;
  }

  /** Choice rules that packages of the answer break. */
  unneededChoices(): number[] {
    const { rules, search } = this.#state;
    const found: number[] = [];
    for (const [rule, requirement] of this.choices) {
      if (rules.isDisabled(rule)) continue;
      const own = new Set(rules.literals(rule));
      if (rules.literals(requirement).some((s) => s > 0 && search.levels[s]! > 0 && !own.has(s))) found.push(rule);
    }
    return found;
  }

  /** Of candidates that come together anyway, the first (solver.c: prune_yumobs). */
  withoutSplit(candidates: readonly number[]): readonly number[] {
    const { rules, pool } = this.#state;
    if (this.splitStart === this.splitEnd) return candidates;
    const dropped = new Set<number>();
    for (const [i, s] of candidates.entries()) {
      if (dropped.has(s) || pool.dependencies.obsoletes.start[s] === pool.dependencies.obsoletes.start[s + 1]) continue;
      const together = new Set<number>();
      for (let rule = this.splitStart; rule < this.splitEnd; rule++) {
        if (rules.first[rule] === -s) for (const literal of rules.literals(rule)) if (literal > 0) together.add(literal);
      }
      for (const other of candidates.slice(i + 1)) if (together.has(other)) dropped.add(other);
    }
    return dropped.size === 0 ? candidates : candidates.filter((s) => !dropped.has(s));
  }

  #isInLockStep(p: number): boolean {
    const { system, pool } = this.#state;
    for (const s of system.named(pool.name[p]!)) {
      if (s !== p && pool.evr[s] === pool.evr[p] && pool.arch[s] !== pool.arch[p] && system.isInstalled(s)) return true;
    }
    return false;
  }

  /** Installed packages that each candidate would replace. */
  #replacedByAll(candidates: Int32Array): readonly number[] {
    const { system, request, pool } = this.#state;
    let common: Set<number> | undefined;
    for (const s of candidates) {
      const replaced = new Set<number>(system.obsoletedBy(s));
      for (const p of system.namesakes(s)) {
        const isBeside = request.multiversion?.[s] === 1 && (pool.evr[s] !== pool.evr[p] || pool.arch[s] !== pool.arch[p]);
        if (!isBeside) replaced.add(p);
      }
      common = common === undefined ? replaced : new Set([...common].filter((p) => replaced.has(p)));
      if (common.size === 0) break;
    }
    // Of a job with versions and architectures, as dnf makes them, a change of the name is the only thing that could be unwanted, and it is allowed.
    return [...(common ?? [])];
  }

  #giveUp(p: number): void {
    const { system, rules } = this.#state;
    system.noUpdate[p] = 1;
    for (const rule of [this.keep[p]!, this.keepAtAll[p]!]) if (rule !== 0) rules.disable(rule);
    for (const [rule, of] of this.packageOfBest) if (of === p) rules.disable(rule);
  }
}

/** problems.c: solver_autouninstall. */
export function erasable({ system, rules }: SolverState, systemRules: SystemRules, conflicting: readonly number[]): number {
  if (!system.isThere || !system.request.allowErasing) return 0;
  const best = new Set(conflicting.map((rule) => systemRules.packageOfBest.get(rule)));
  let last = 0;
  let lastOnly = 0;
  for (const rule of conflicting) {
    if (rules.kindOf(rule) !== KIND.keep) continue;
    const p = rules.first[rule]!;
    if (system.isPinned(p) || best.has(p)) continue;
    if (systemRules.keepAtAll[p] !== 0) {
      last = Math.max(last, rule);
      continue;
    }
    if (rules.literals(rule).length === 1) return rule;
    lastOnly = Math.max(lastOnly, rule);
  }
  return last || lastOnly;
}

function isSameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
