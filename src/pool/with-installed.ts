/** A pool with installed packages: they are a separate repository before all others, as in libsolv and dnf. */
import { DEPENDENCY_KINDS, type DependencyKind } from '../repodata/dependency-kinds.ts';
import type { RpmRelation } from '../rpm/rpm-package.ts';
import { architectureRank } from './arch.ts';
import { FrozenRelations } from './frozen-relations.ts';
import { FrozenStrings } from './frozen-strings.ts';
import { type DepId, REL, type SolvableId } from './ids.ts';
import { type InstalledEntry, type InstalledRecord, SYSTEM_REPOSITORY } from './installed-entry.ts';
import { internRich } from './intern-rich.ts';
import type { IdLists } from './pool.ts';
import { type NumberField, ofEachNumber, type PoolColumns } from './pool-columns.ts';
import type { PoolParts, RepoInfo } from './pool-parts.ts';
import { COLD_FIELDS, SOURCE_RPM } from './primary-columns.ts';

interface Row extends Readonly<Record<NumberField, number>> {
  readonly name: number;
  readonly evr: number;
  readonly arch: number;
  readonly archRank: number;
  readonly dependencies: Readonly<Record<DependencyKind, ArrayLike<number>>>;
  readonly files: ArrayLike<number>;
  /** In the format of the columns. */
  readonly cold: readonly Uint8Array[];
}

/** The ids of repository packages increase by the number of installed packages. */
export function partsWithInstalled(parts: PoolParts, installed: readonly InstalledEntry[]): PoolParts {
  const { columns } = parts;
  const strings = new FrozenStrings(columns.strings);
  const relations = new FrozenRelations(columns.relations);
  const tables = { strings, relations, architecture: parts.architecture };
  const rows = installed.map((entry) => (typeof entry === 'number' ? copiedRow(columns, entry) : recordRow(tables, entry)));
  const shift = rows.length;
  const shifted: PoolColumns = {
    ...columns,
    repoStarts: Int32Array.from([1, ...columns.repoStarts.map((start) => start + shift)]),
    name: prepend(columns.name, rows, (row) => row.name),
    evr: prepend(columns.evr, rows, (row) => row.evr),
    arch: prepend(columns.arch, rows, (row) => row.arch),
    archRank: prepend(columns.archRank, rows, (row) => row.archRank),
    ...ofEachNumber((field) => prepend(columns[field], rows, (row) => row[field])),
    dependencies: ofEachKind((kind) =>
      prependLists(
        columns.dependencies[kind],
        rows.map((row) => row.dependencies[kind]),
      ),
    ),
    files: prependLists(
      columns.files,
      rows.map((row) => row.files),
    ),
    byName: index(columns.byName, strings.count, shift, namesOf(rows)),
    providers: providersOf(columns, { strings: strings.count, shift, rows, relations }),
    ...prependCold(columns, rows),
  };
  const { refusal } = parts;
  return {
    ...parts,
    strings,
    relations,
    columns: shifted,
    repos: [SYSTEM_INFO, ...parts.repos],
    installedEnd: shift + 1,
    refusal: refusal === undefined ? undefined : (repo, url) => (repo === 0 ? undefined : refusal(repo - 1, url)),
  };
}

const SYSTEM_INFO: RepoInfo = {
  id: SYSTEM_REPOSITORY,
  // The best priority: no repository has precedence over installed packages (libsolv uses 0; dnf negates the priority of the others).
  priority: 0,
  cost: 0,
  baseurl: '',
  revision: '',
  repomdSha256: '',
  timestamp: 0,
  moduleHotfixes: false,
  exclude: [],
  includePackages: [],
};

function copiedRow(columns: PoolColumns, s: SolvableId): Row {
  const listOf = ({ start, ids }: IdLists): ArrayLike<number> => ids.subarray(start[s], start[s + 1]);
  return {
    name: columns.name[s]!,
    evr: columns.evr[s]!,
    arch: columns.arch[s]!,
    archRank: columns.archRank[s]!,
    ...ofEachNumber((field) => columns[field][s]!),
    dependencies: ofEachKind((kind) => listOf(columns.dependencies[kind])),
    files: listOf(columns.files),
    cold: Array.from({ length: COLD_FIELDS }, (_, field) => {
      const place = s * COLD_FIELDS + field;
      return columns.cold.subarray(columns.coldEnds[place - 1], columns.coldEnds[place]);
    }),
  };
}

interface Tables {
  readonly strings: FrozenStrings;
  readonly relations: FrozenRelations;
  readonly architecture: string;
}

function recordRow({ strings, relations, architecture }: Tables, record: InstalledRecord): Row {
  const idsOf = (list: readonly Omit<RpmRelation, 'isPre'>[]): number[] =>
    list.flatMap(({ name, flags, epoch, version, release }): number[] => {
      if (name.startsWith('(')) return [internRich(strings, relations, name) ?? 0].filter((dep) => dep !== 0);
      const id = strings.intern(name);
      return [flags === undefined ? id : relations.intern(id, REL[flags], strings.intern(evrText({ epoch, version, release })))];
    });
  return {
    name: strings.intern(record.name),
    evr: strings.intern(evrText(record)),
    arch: strings.intern(record.arch),
    // An installed package counts as installable, whatever its architecture.
    archRank: architectureRank(architecture, record.arch) || 1,
    size: 0,
    buildTime: record.buildTime,
    dependencies: ofEachKind((kind) => idsOf(record.relations[kind] ?? [])),
    files: record.files.map(({ path }) => strings.intern(path)),
    cold: Array.from({ length: COLD_FIELDS }, (_, field) => Buffer.from(field === SOURCE_RPM ? record.source : '')),
  };
}

function ofEachKind<T>(make: (kind: DependencyKind) => T): Record<DependencyKind, T> {
  return Object.fromEntries(DEPENDENCY_KINDS.map((kind) => [kind, make(kind)] as const)) as Record<DependencyKind, T>;
}

function evrText({ epoch, version, release }: { readonly epoch: string; readonly version: string; readonly release: string }): string {
  const text = release === '' ? version : `${version}-${release}`;
  return epoch === '' || Number(epoch) === 0 ? text : `${epoch}:${text}`;
}

type Numbers = Int32Array | Uint8Array | Float64Array;

/** Row 0 stays unused. */
function prepend<T extends Numbers>(column: T, rows: readonly Row[], of: (row: Row) => number): T {
  const made = new (column.constructor as new (length: number) => T)(column.length + rows.length);
  rows.forEach((row, i) => {
    made[i + 1] = of(row);
  });
  made.set(column.subarray(1) as never, rows.length + 1);
  return made;
}

function prependLists({ start, ids }: IdLists, lists: readonly ArrayLike<number>[]): IdLists {
  const added = lists.reduce((sum, list) => sum + list.length, 0);
  const starts = new Uint32Array(start.length + lists.length);
  const all = new Int32Array(ids.length + added);
  let at = 0;
  lists.forEach((list, i) => {
    starts[i + 1] = at;
    all.set(list, at);
    at += list.length;
  });
  all.set(ids, added);
  for (let s = 1; s < start.length; s++) starts[s + lists.length] = start[s]! + added;
  return { start: starts, ids: all };
}

type Entries = readonly { readonly string: number; readonly row: number; readonly dep: number }[];

function namesOf(rows: readonly Row[]): Entries {
  return rows.map(({ name }, i) => ({ string: name, row: i + 1, dep: 0 }));
}

/** String -> rows; installed packages first, so that rows are ascending. */
function index({ start, ids }: IdLists, strings: number, shift: number, entries: Entries): IdLists {
  return mergeIndex({ start, ids, deps: new Int32Array(ids.length) }, strings, shift, entries);
}

function mergeIndex(
  before: IdLists & { readonly deps: Int32Array },
  strings: number,
  shift: number,
  entries: Entries,
): IdLists & { readonly deps: Int32Array } {
  const counts = new Uint32Array(strings + 1);
  const last = before.start.length - 1;
  for (const { string } of entries) counts[string]!++;
  const start = new Uint32Array(strings + 1);
  const ids = new Int32Array(before.ids.length + entries.length);
  const deps = new Int32Array(ids.length);
  const next = new Uint32Array(strings);
  let at = 0;
  for (let string = 0; string < strings; string++) {
    start[string] = at;
    next[string] = at;
    at += counts[string]!;
    if (string >= last) continue;
    for (let i = before.start[string]!; i < before.start[string + 1]!; i++) {
      ids[at] = before.ids[i]! + shift;
      deps[at++] = before.deps[i]!;
    }
  }
  start[strings] = at;
  for (const { string, row, dep } of entries) {
    ids[next[string]!] = row;
    deps[next[string]!++] = dep;
  }
  return { start, ids, deps };
}

function providersOf(
  columns: PoolColumns,
  added: { readonly strings: number; readonly shift: number; readonly rows: readonly Row[]; readonly relations: FrozenRelations },
): PoolColumns['providers'] {
  const { strings, shift, rows, relations } = added;
  const entries: { string: number; row: number; dep: number }[] = [];
  const named = namedBy(columns, added);
  rows.forEach((row, i) => {
    if (row.archRank === 0) return;
    /** Name -> dependency, or 0 if several have the name. */
    const own = new Map<number, number>();
    for (let k = 0; k < row.dependencies.provides.length; k++) {
      const dep = row.dependencies.provides[k]!;
      let name = dep;
      while (name < 0) name = relations.name(name as DepId);
      own.set(name, own.has(name) ? 0 : dep);
    }
    for (let k = 0; k < row.files.length; k++) {
      const path = row.files[k]!;
      if (named[path] === 1 && !own.has(path)) own.set(path, path);
    }
    for (const [string, dep] of own) entries.push({ string, row: i + 1, dep });
  });
  return mergeIndex(columns.providers, strings, shift, entries);
}

/** 1 for strings in dependencies: files are providers only if a dependency requires them, as in the columns of the repositories. */
function namedBy(
  columns: PoolColumns,
  { strings, rows, relations }: { readonly strings: number; readonly rows: readonly Row[]; readonly relations: FrozenRelations },
): Uint8Array {
  const named = new Uint8Array(strings);
  const note = (ids: ArrayLike<number>): void => {
    for (let i = 0; i < ids.length; i++) if (ids[i]! > 0) named[ids[i]!] = 1;
  };
  for (const kind of DEPENDENCY_KINDS) {
    if (kind === 'provides') continue;
    note(columns.dependencies[kind].ids);
    for (const row of rows) note(row.dependencies[kind]);
  }
  for (let i = 1; i < relations.count; i++)
    note([relations.name(-i as DepId), relations.flags(-i as DepId) > REL.ANY ? relations.evr(-i as DepId) : 0]);
  return named;
}

function prependCold({ cold, coldEnds }: PoolColumns, rows: readonly Row[]): Pick<PoolColumns, 'cold' | 'coldEnds'> {
  const added = rows.flatMap((row) => row.cold);
  const bytes = added.reduce((sum, { length }) => sum + length, 0);
  /** End of the texts of row 0, which has none. */
  const first = coldEnds[COLD_FIELDS - 1]!;
  const all = new Uint8Array(bytes + cold.length);
  const ends = new Uint32Array(coldEnds.length + added.length);
  all.set(cold.subarray(0, first));
  ends.set(coldEnds.subarray(0, COLD_FIELDS));
  let at = first;
  added.forEach((text, i) => {
    all.set(text, at);
    at += text.length;
    ends[COLD_FIELDS + i] = at;
  });
  all.set(cold.subarray(first), at);
  for (let i = COLD_FIELDS; i < coldEnds.length; i++) ends[i + added.length] = coldEnds[i]! + bytes;
  return { cold: all, coldEnds: ends };
}
