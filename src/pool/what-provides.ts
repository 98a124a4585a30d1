/** Who provides what: for every name, the installable solvables that provide it, ascending. */
import type { IdLists } from './pool.ts';
import type { RelationTable } from './relation-table.ts';
import type { StringTable } from './string-table.ts';

export interface ProvideColumns {
  readonly end: number;
  readonly strings: StringTable;
  readonly relations: RelationTable;
  readonly archRank: Uint8Array;
  readonly provides: IdLists;
  readonly files: IdLists;
  /** 1 for a string that some dependency names and that is a path: only these need the files. */
  readonly wantedPaths: Uint8Array;
}

/** In two passes: count the providers of each name, then put them in their place. No list per name is ever made. */
export function indexProviders(columns: ProvideColumns): IdLists {
  const { strings, archRank, end } = columns;
  const counts = new Uint32Array(strings.count + 1);
  const last = new Int32Array(strings.count);
  for (let s = 1; s < end; s++) if (archRank[s] !== 0) forEachProvided(columns, s, last, (name) => counts[name + 1]!++);
  for (let i = 1; i < counts.length; i++) counts[i]! += counts[i - 1]!;
  const start = counts.slice();
  const ids = new Int32Array(counts[strings.count]!);
  last.fill(0);
  for (let s = 1; s < end; s++) {
    if (archRank[s] === 0) continue;
    forEachProvided(columns, s, last, (name) => {
      ids[counts[name]!++] = s;
    });
  }
  return { start, ids };
}

/** Each name once for a solvable: `last` remembers who provided a name last. */
function forEachProvided(columns: ProvideColumns, s: number, last: Int32Array, visit: (name: number) => void): void {
  const { provides, files, relations, wantedPaths } = columns;
  for (let i = provides.start[s]!; i < provides.start[s + 1]!; i++) {
    let name = provides.ids[i]!;
    while (name < 0) name = relations.name(name as never);
    if (last[name] === s) continue;
    last[name] = s;
    visit(name);
  }
  for (let i = files.start[s]!; i < files.start[s + 1]!; i++) {
    const path = files.ids[i]!;
    if (wantedPaths[path] === 0 || last[path] === s) continue;
    last[path] = s;
    visit(path);
  }
}
