/** What is found out about packages once they are all there: who provides what, which names and paths there are. */
import { DEPENDENCY_KINDS, type DependencyKind } from '../metadata/dependency-kinds.ts';
import { architectureRank } from './arch.ts';
import { freezeRelations } from './frozen-relations.ts';
import { freezeStrings } from './frozen-strings.ts';
import { REL } from './ids.ts';
import type { PackageColumns } from './package-columns.ts';
import type { IdLists } from './pool.ts';
import type { PoolColumns } from './pool-columns.ts';
import { isListedByPrimary } from './primary-files.ts';
import type { RelationColumns } from './relation-table.ts';
import type { StringColumns } from './string-table.ts';
import { indexProviders } from './what-provides.ts';

export function indexPackages(architecture: string, packages: PackageColumns): PoolColumns {
  const { strings, relations, arch, name, dependencies, files } = packages;
  const archRank = rankArchitectures(architecture, arch, strings);
  const wantedPaths = findWantedPaths(strings, relations, dependencies);
  const names = strings.hashes.length;
  return {
    ...packages,
    strings: freezeStrings(strings),
    relations: freezeRelations(relations),
    archRank,
    providers: indexProviders({
      names,
      relationNames: relations.names,
      archRank,
      provides: dependencies.provides,
      files,
      wantedPaths,
    }),
    byName: indexNames(name, names),
    unlistedPaths: unlistedPaths(wantedPaths, strings),
  };
}

const SLASH = 0x2f;

function rankArchitectures(architecture: string, arch: Int32Array, strings: StringColumns): Uint8Array {
  const ranks = new Map<number, number>();
  const column = new Uint8Array(arch.length);
  for (let s = 1; s < arch.length; s++) {
    const id = arch[s]!;
    let rank = ranks.get(id);
    if (rank === undefined) {
      rank = architectureRank(architecture, textOf(strings, id));
      ranks.set(id, rank);
    }
    column[s] = rank;
  }
  return column;
}

/** Paths that dependencies name, wherever in a rich dependency: 1 for each such string. */
function findWantedPaths(
  { bytes, starts, hashes }: StringColumns,
  { names, flags, evrs }: RelationColumns,
  dependencies: Record<DependencyKind, IdLists>,
): Uint8Array {
  const isPath = new Uint8Array(hashes.length);
  for (let id = 1; id < isPath.length; id++) if (bytes[starts[id]!] === SLASH && starts[id + 1]! > starts[id]!) isPath[id] = 1;
  const wanted = new Uint8Array(isPath.length);
  for (const kind of DEPENDENCY_KINDS) {
    if (kind === 'provides') continue;
    const { ids } = dependencies[kind];
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i]!;
      if (id > 0 && isPath[id] === 1) wanted[id] = 1;
    }
  }
  for (let i = 1; i < names.length; i++) {
    const name = names[i]!;
    if (name > 0 && isPath[name] === 1) wanted[name] = 1;
    if (flags[i]! < REL.AND) continue;
    const evr = evrs[i]!;
    if (evr > 0 && isPath[evr] === 1) wanted[evr] = 1;
  }
  return wanted;
}

function unlistedPaths(wanted: Uint8Array, strings: StringColumns): Int32Array {
  const found: number[] = [];
  for (let id = 1; id < wanted.length; id++) if (wanted[id] === 1 && !isListedByPrimary(textOf(strings, id))) found.push(id);
  return Int32Array.from(found);
}

function textOf({ bytes, starts }: StringColumns, id: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8', starts[id], starts[id + 1]);
}

function indexNames(name: Int32Array, names: number): IdLists {
  const start = new Uint32Array(names + 1);
  for (let s = 1; s < name.length; s++) start[name[s]! + 1]!++;
  for (let i = 0; i < names; i++) start[i + 1]! += start[i]!;
  const next = start.slice();
  const ids = new Int32Array(name.length - 1);
  for (let s = 1; s < name.length; s++) ids[next[name[s]!]!++] = s;
  return { start, ids };
}
