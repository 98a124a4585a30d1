/** Finds the packages that provide a dependency of any kind. Results are cached. */
import type { FrozenRelations } from './frozen-relations.ts';
import { type DepId, REL, type StringId } from './ids.ts';
import { IntList } from './int-list.ts';
import type { IdLists } from './pool.ts';
import type { VersionMatcher } from './version-matcher.ts';

/**
 * For every name, the installable solvables that provide it, ascending. `deps` has the matching provide of each,
 * or 0 if several of its provides have the name.
 */
export interface ProviderIndex extends IdLists {
  readonly deps: Int32Array;
}

const NONE = new Int32Array(0);

export interface ProviderSources {
  readonly index: ProviderIndex;
  readonly provides: IdLists;
  readonly relations: FrozenRelations;
  readonly versions: VersionMatcher;
}

export class Providers {
  readonly #index: ProviderIndex;
  readonly #provides: IdLists;
  readonly #relations: FrozenRelations;
  readonly #versions: VersionMatcher;
  readonly #known = new Map<DepId, Int32Array>();
  /** Owners of paths, from filelists.xml. */
  readonly #owners = new Map<StringId, Int32Array>();
  readonly #found = new IntList(256);

  constructor({ index, provides, relations, versions }: ProviderSources) {
    this.#index = index;
    this.#provides = provides;
    this.#relations = relations;
    this.#versions = versions;
  }

  /** Ascending; do not modify. */
  of(dep: DepId): Int32Array {
    const known = this.#known.get(dep);
    if (known !== undefined) return known;
    const found = dep >= 0 ? this.#ofName(dep as StringId) : this.#ofRelation(dep);
    this.#known.set(dep, found);
    return found;
  }

  hasOwners(path: StringId): boolean {
    return this.#owners.has(path);
  }

  setOwners(path: StringId, solvables: Int32Array): void {
    this.#owners.set(path, solvables);
    this.#known.clear();
  }

  #ofName(name: StringId): Int32Array {
    const { start, ids } = this.#index;
    // Names from requests are not in the index: nothing provides them.
    const indexed = name + 1 < start.length ? ids.subarray(start[name], start[name + 1]) : NONE;
    const owners = this.#owners.get(name);
    return owners === undefined || owners.length === 0 ? indexed : unite(indexed, owners);
  }

  /** Like libsolv's pool_addrelproviders. */
  #ofRelation(dep: DepId): Int32Array {
    const relations = this.#relations;
    const flags = relations.flags(dep);
    const left = relations.name(dep);
    const right = relations.evr(dep);
    if (flags <= REL.ANY) return this.#ofVersion(left, flags, right);
    const of = this.of(left);
    if (flags === REL.WITH || flags === REL.WITHOUT) {
      const others = new Set(this.of(right));
      return of.filter((s) => others.has(s) === (flags === REL.WITH));
    }
    if (flags === REL.AND || flags === REL.OR) return unite(of, this.of(right));
    if (flags === REL.COND || flags === REL.UNLESS) {
      const hasElse = right < 0 && relations.flags(right) === REL.ELSE;
      return hasElse ? unite(of, this.of(relations.evr(right))) : of;
    }
    return NONE;
  }

  #ofVersion(left: DepId, flags: number, evr: DepId): Int32Array {
    const relations = this.#relations;
    let name = left;
    while (name < 0) name = relations.name(name);
    const candidates = this.of(left);
    const { start, deps } = this.#index;
    // The matching provide of a candidate is known only if all candidates are from the index.
    const from = left >= 0 && name + 1 < start.length && candidates.length === start[name + 1]! - start[name]! ? start[name]! : -1;
    const found = this.#found;
    found.length = 0;
    for (let i = 0; i < candidates.length; i++) {
      const s = candidates[i]!;
      const dep = from < 0 ? 0 : deps[from + i]!;
      if (dep === 0 ? this.#anyMatches(s, name, flags, evr) : dep >= 0 || this.#matches(dep as DepId, flags, evr)) found.push(s);
    }
    return found.length === candidates.length ? candidates : found.toArray();
  }

  #matches(provide: DepId, flags: number, evr: DepId): boolean {
    return this.#versions.overlap(this.#relations.flags(provide), this.#relations.evr(provide), flags, evr);
  }

  #anyMatches(s: number, name: DepId, flags: number, evr: DepId): boolean {
    const { start, ids } = this.#provides;
    for (let i = start[s]!; i < start[s + 1]!; i++) {
      const provide = ids[i]! as DepId;
      // A provide without a version satisfies every version.
      if (provide === name) return true;
      if (provide < 0 && this.#relations.name(provide) === name && this.#matches(provide, flags, evr)) return true;
    }
    return false;
  }
}

/** Both inputs and the result are ascending. */
function unite(a: Int32Array, b: Int32Array): Int32Array {
  const both = new Int32Array(a.length + b.length);
  let length = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = i < a.length ? a[i]! : 0x7fffffff;
    const y = j < b.length ? b[j]! : 0x7fffffff;
    both[length++] = Math.min(x, y);
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return both.slice(0, length);
}
