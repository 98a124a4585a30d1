/** The installed packages, and the jobs of a request for them (libsolv: solver.c, policy.c: policy_findupdatepackages). */
import type { DepId, SolvableId, StringId } from '../pool/ids.ts';
import type { SolverPool } from '../pool/solver-pool.ts';
import { matchesName } from './match-name.ts';
import { ALWAYS_PROVIDED, type ProviderLists } from './provider-lists.ts';
import type { SolverRequest, SystemRequest } from './request.ts';

/** Packages of one name exclude each other unless one is 32-bit and the other 64-bit; noarch counts as both. */
export function canCollide({ archRank, bitsOfRanks }: SolverPool, a: number, b: number): boolean {
  return (bitsOfRanks[archRank[a]!]! & bitsOfRanks[archRank[b]!]!) !== 0;
}

/**
 * all: any package that may replace the installed one. update: newer versions only, unless downgrades are allowed. sync: as in a distro-sync.
 */
export type UpdateMode = 'all' | 'update' | 'sync';

/** Installed solvables have the ids from 1 to `end` - 1. */
export class System {
  readonly end: number;
  readonly request: SystemRequest;
  /** 1 for packages that take part in a distro-sync; all of them if `syncAll`. */
  readonly syncInvolved: Uint8Array;
  readonly syncAll: boolean;
  /** 1 for packages that may be the result of a distro-sync. */
  readonly syncGood: Uint8Array;
  /** 1 for installed packages that should be updated. */
  readonly wantsUpdate: Uint8Array;
  /** 1 for installed packages whose update must be the best one. */
  readonly wantsBest: Uint8Array;
  /** By installed package, the only packages that it may be updated to. */
  readonly targets = new Map<number, Set<number>>();
  /** 1 for installed packages that must not be updated any more, because jobs replace or erase them. */
  readonly noUpdate: Uint8Array;
  readonly #pool: SolverPool;
  readonly #lists: ProviderLists;
  readonly #excluded: Uint8Array | undefined;
  readonly #hasTargetOfRepository = new Set<number>();
  #obsoleting: (number[] | undefined)[] | undefined;

  constructor(pool: SolverPool, request: SolverRequest, lists: ProviderLists) {
    this.end = pool.installedEnd;
    this.request = request.system ?? NO_SYSTEM_REQUEST;
    this.#pool = pool;
    this.#lists = lists;
    this.#excluded = request.excluded;
    this.wantsUpdate = new Uint8Array(this.end);
    this.wantsBest = new Uint8Array(this.end);
    this.noUpdate = new Uint8Array(this.end);
    const { distroSync, updates } = this.request;
    this.syncAll = this.request.distroSyncAll;
    const isSync = this.syncAll || distroSync.length > 0;
    this.syncInvolved = new Uint8Array(isSync ? pool.end : 0);
    this.syncGood = new Uint8Array(isSync ? pool.end : 0);
    if (this.isThere) {
      for (const list of updates) for (const s of list) this.#addTarget(s);
      for (const p of this.targets.keys()) this.wantsUpdate[p] = 1;
      if (this.request.updateAll || this.syncAll) this.wantsUpdate.fill(1, 1);
      if (request.best) {
        const all = this.request.updateAll || this.syncAll;
        for (let p = 1; p < this.end; p++) if (all || this.#hasTargetOfRepository.has(p)) this.wantsBest[p] = 1;
      }
      this.#sync(request.best);
    }
  }

  /** Whether anything is installed. */
  get isThere(): boolean {
    return this.end > 1;
  }

  isInstalled(s: number): boolean {
    return s < this.end;
  }

  isSyncInvolved(s: number): boolean {
    return this.syncAll || this.syncInvolved[s] === 1;
  }

  /** An installed package that the request excludes stays as it is, as with dnf. */
  isPinned(p: number): boolean {
    return this.#excluded?.[p] === 1;
  }

  isInstallable(s: number): boolean {
    return this.#pool.archRank[s] !== 0 && this.#excluded?.[s] !== 1;
  }

  /** Providers of a name or dependency, ascending. */
  *providers(dep: number): Iterable<number> {
    const offset = this.#lists.offsetOf(dep as DepId);
    if (offset === ALWAYS_PROVIDED) return;
    for (let i = offset; ; i++) {
      const s = this.#lists.arena.items[i]!;
      if (s === 0) return;
      yield s;
    }
  }

  *named(name: number): Iterable<number> {
    for (const s of this.providers(name)) if (this.#pool.name[s] === name) yield s;
  }

  /** Installed packages of the same name that cannot be installed together with a package. */
  *namesakes(s: number): Iterable<number> {
    const { name } = this.#pool;
    for (const p of this.named(name[s]!)) {
      if (this.isInstalled(p) && canCollide(this.#pool, s, p)) yield p;
    }
  }

  /** Installed packages that the Obsoletes of a package match. */
  *obsoletedBy(s: number): Iterable<number> {
    const { obsoletes } = this.#pool.dependencies;
    for (let i = obsoletes.start[s]!; i < obsoletes.start[s + 1]!; i++) {
      const dep = obsoletes.ids[i] as DepId;
      for (const p of this.providers(dep)) if (this.isInstalled(p) && matchesName(this.#pool, p as SolvableId, dep)) yield p;
    }
  }

  /** Packages of other names that obsolete an installed one, ascending. */
  obsoleting(p: number): readonly number[] {
    this.#obsoleting ??= this.#findObsoleting();
    return this.#obsoleting[p] ?? [];
  }

  #findObsoleting(): (number[] | undefined)[] {
    const { name, end } = this.#pool;
    const { obsoletes } = this.#pool.dependencies;
    const found = new Array<number[] | undefined>(this.end);
    for (let s = 1; s < end; s++) {
      if (obsoletes.start[s] === obsoletes.start[s + 1] || !this.isInstallable(s)) continue;
      for (const p of this.obsoletedBy(s)) {
        if (name[p] === name[s]) continue;
        const list = found[p];
        if (list === undefined) found[p] = [s];
        else if (list.at(-1) !== s) list.push(s);
      }
    }
    return found;
  }

  /** Ids of packages that may replace an installed package, ascending, without the package itself. */
  updatersOf(p: number, mode: UpdateMode): number[] {
    const { name, evr } = this.#pool;
    const allowDowngrade = mode === 'update' ? this.request.allowDowngrade : true;
    const allowArchChange = mode !== 'update';
    const isAllowed = (s: number): boolean =>
      (allowArchChange || canCollide(this.#pool, p, s)) && (this.isInstalled(s) || this.#excluded?.[s] !== 1);
    const found: number[] = [];
    let hasReplacing = false;
    for (const s of this.providers(name[p]!)) {
      if (s === p || (!this.isInstalled(s) && this.#excluded?.[s] === 1)) continue;
      if (!canCollide(this.#pool, p, s)) continue;
      if (name[s] === name[p]) {
        if (!allowDowngrade && this.#pool.versions.compare(evr[p] as StringId, evr[s] as StringId) > 0) continue;
      } else {
        if (!this.#obsoletes(s, p)) continue;
        hasReplacing = true;
      }
      if (isAllowed(s)) found.push(s);
    }
    if (hasReplacing) return found;
    for (const s of this.obsoleting(p)) if (canCollide(this.#pool, p, s) && isAllowed(s)) found.push(s);
    return found;
  }

  #obsoletes(s: number, p: number): boolean {
    const { obsoletes } = this.#pool.dependencies;
    for (let i = obsoletes.start[s]!; i < obsoletes.start[s + 1]!; i++) {
      const dep = obsoletes.ids[i] as DepId;
      if (!matchesName(this.#pool, p as SolvableId, dep)) continue;
      for (const other of this.providers(dep)) if (other === p) return true;
    }
    return false;
  }

  /** Whether a package is installed, or would replace an installed one. */
  replacesInstalled(s: number): boolean {
    if (this.isInstalled(s) && this.noUpdate[s] === 0) return true;
    for (const p of this.namesakes(s)) if (this.noUpdate[p] === 0) return true;
    for (const p of this.obsoletedBy(s)) if (this.noUpdate[p] === 0) return true;
    return false;
  }

  /** An installed package that `s` would replace; 0 if there is none (rules.c: choicerule_find_installed). */
  becomes(s: number): number {
    if (this.isInstalled(s)) return s;
    for (const p of this.namesakes(s)) return p;
    for (const p of this.obsoletedBy(s)) return p;
    return 0;
  }

  /** Whether both are the same build, as far as the metadata shows. */
  isSame(a: number, b: number): boolean {
    const { name, evr, arch, buildTime } = this.#pool;
    if (name[a] !== name[b] || evr[a] !== evr[b] || arch[a] !== arch[b]) return false;
    return buildTime[a] === 0 || buildTime[b] === 0 || buildTime[a] === buildTime[b];
  }

  /** rules.c: dup_maykeepinstalled. */
  maySyncKeep(s: number): boolean {
    if (this.syncGood[s] === 1) return true;
    for (const p of this.providers(this.#pool.name[s]!)) {
      if (this.syncGood[p] === 1 && this.isSame(s, p)) return true;
    }
    return false;
  }

  /** solver.c: add_update_target. */
  #addTarget(s: number): void {
    const { name } = this.#pool;
    if (this.isInstalled(s)) {
      this.#target(s, s);
      for (const p of this.namesakes(s)) if (p !== s) this.#target(p, s);
      return;
    }
    const replaced: number[] = [];
    let same = 0;
    for (const p of this.namesakes(s)) {
      replaced.push(p);
      if (this.isSame(s, p)) same = p;
    }
    for (const p of this.obsoletedBy(s)) if (name[p] !== name[s]) replaced.push(p);
    for (const p of replaced) {
      this.#target(p, s);
      if (same !== 0) this.#target(p, same);
      this.#hasTargetOfRepository.add(p);
    }
  }

  #target(p: number, s: number): void {
    const known = this.targets.get(p);
    if (known === undefined) this.targets.set(p, new Set([s]));
    else known.add(s);
  }

  /** rules.c: solver_createdupmaps, solver_addtodupmaps. */
  #sync(best: boolean): void {
    const { end, name } = this.#pool;
    const { distroSync } = this.request;
    if (this.syncAll) for (let s = this.end; s < end; s++) if (this.isInstallable(s)) this.syncGood[s] = 1;
    for (const list of distroSync) {
      const isTargeted = ![...list].some((s) => this.isInstalled(s));
      for (const s of list) {
        if (!this.isInstalled(s) && (!isTargeted || !this.isInstallable(s))) continue;
        this.syncInvolved[s] = 1;
        if (isTargeted) this.syncGood[s] = 1;
        const involve = (p: number): void => {
          this.syncInvolved[p] = 1;
          if (isTargeted && this.isInstalled(p)) for (const o of this.obsoleting(p)) if (!this.isInstalled(o)) this.syncInvolved[o] = 1;
          if (best && this.isInstalled(p)) this.wantsBest[p] = 1;
        };
        for (const p of this.named(name[s]!)) {
          involve(p);
          if (!isTargeted && !this.isInstalled(p)) this.syncGood[p] = 1;
        }
        if (this.isInstalled(s)) {
          for (const o of this.obsoleting(s)) {
            if (this.isInstalled(o)) continue;
            this.syncInvolved[o] = 1;
            if (!isTargeted) this.syncGood[o] = 1;
          }
        } else if (isTargeted) for (const p of this.obsoletedBy(s)) involve(p);
      }
    }
    if (distroSync.length > 0 && !this.syncAll) for (let p = 1; p < this.end; p++) if (this.syncInvolved[p] === 1) this.wantsUpdate[p] = 1;
    if (best && this.syncAll) this.wantsBest.fill(1, 1);
  }
}

const NO_SYSTEM_REQUEST: SystemRequest = {
  updates: [],
  updateAll: false,
  distroSync: [],
  distroSyncAll: false,
  erase: [],
  allowErasing: false,
  allowDowngrade: true,
  notWeakly: undefined,
};
