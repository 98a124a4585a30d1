/** Who provides what: for every name, the installable solvables that provide it, ascending. */
import type { IdLists } from './pool.ts';

/** Providers by name; `deps` says for each by which dependency: one of its provides, or 0 where several of them have the name. */
export interface ProviderIndex extends IdLists {
  readonly deps: Int32Array;
}

export interface ProvideColumns {
  /** Number of strings. */
  readonly names: number;
  readonly relationNames: Int32Array;
  readonly archRank: Uint8Array;
  readonly provides: IdLists;
  readonly files: IdLists;
  /** 1 for a string that some dependency names and that is a path: only these need the files. */
  readonly wantedPaths: Uint8Array;
}

/** In two passes: count the providers of each name, then put them in their place. No list per name is ever made. */
export function indexProviders(columns: ProvideColumns): ProviderIndex {
  const { names, archRank, provides, files, wantedPaths } = columns;
  const rootOf = rootNames(columns.relationNames);
  const end = archRank.length;
  const start = new Uint32Array(names + 1);
  // Who provided a name last: each counts once.
  const last = new Int32Array(names);
  for (let s = 1; s < end; s++) {
    if (archRank[s] === 0) continue;
    for (let i = provides.start[s]!, to = provides.start[s + 1]!; i < to; i++) {
      const dep = provides.ids[i]!;
      const name = dep < 0 ? rootOf[-dep]! : dep;
      if (last[name] === s) continue;
      last[name] = s;
      start[name + 1]!++;
    }
    for (let i = files.start[s]!, to = files.start[s + 1]!; i < to; i++) {
      const path = files.ids[i]!;
      if (wantedPaths[path] === 0 || last[path] === s) continue;
      last[path] = s;
      start[path + 1]!++;
    }
  }
  for (let name = 0; name < names; name++) start[name + 1]! += start[name]!;
  const next = start.slice();
  const ids = new Int32Array(start[names]!);
  const deps = new Int32Array(ids.length);
  for (let s = 1; s < end; s++) {
    if (archRank[s] === 0) continue;
    for (let i = provides.start[s]!, to = provides.start[s + 1]!; i < to; i++) {
      const dep = provides.ids[i]!;
      const name = dep < 0 ? rootOf[-dep]! : dep;
      const at = next[name]!;
      if (at > start[name]! && ids[at - 1] === s) {
        deps[at - 1] = 0;
        continue;
      }
      ids[at] = s;
      deps[at] = dep;
      next[name] = at + 1;
    }
    for (let i = files.start[s]!, to = files.start[s + 1]!; i < to; i++) {
      const path = files.ids[i]!;
      if (wantedPaths[path] === 0) continue;
      const at = next[path]!;
      if (at > start[path]! && ids[at - 1] === s) continue;
      ids[at] = s;
      deps[at] = path;
      next[path] = at + 1;
    }
  }
  return { start, ids, deps };
}

/** The string at the left end of each relation. A relation comes after those it is made of. */
function rootNames(relationNames: Int32Array): Int32Array {
  const roots = new Int32Array(relationNames.length);
  for (let i = 1; i < roots.length; i++) {
    const name = relationNames[i]!;
    roots[i] = name < 0 ? roots[-name]! : name;
  }
  return roots;
}
