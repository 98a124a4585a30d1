import { REL } from '../../src/pool/ids.ts';
import type { IdLists } from '../../src/pool/pool.ts';
import type { PoolColumns } from '../../src/pool/pool-columns.ts';
import { CHECKSUM, CHECKSUM_TYPE, COLD_FIELDS, LOCATION, SOURCE_RPM } from '../../src/pool/primary-columns.ts';
import { PrimaryReader } from '../../src/pool/primary-reader.ts';
import { DEPENDENCY_KINDS } from '../../src/repodata/dependency-kinds.ts';
import { parseRich, type RichDependency } from '../../src/rpm/rich.ts';
import type { ReadPackage } from './reference-primary.ts';

/** Reads a document cut at the given places; throws what the reader throws. */
export function readPackages(document: Uint8Array, cuts: readonly number[] = []): ReadPackage[] {
  const reader = new PrimaryReader();
  reader.start('primary.xml');
  const places = [0, ...[...cuts].sort((a, b) => a - b), document.length];
  for (let i = 1; i < places.length; i++) reader.write(document.slice(places[i - 1], places[i]));
  reader.end();
  return asPackages(reader.columns('x86_64'));
}

/** Columns as plain data, to be compared with the reference. */
export function asPackages(data: PoolColumns): ReadPackage[] {
  const { strings, relations } = data;
  const text = (id: number): string => Buffer.from(strings.bytes.subarray(strings.starts[id], strings.starts[id + 1])).toString('utf8');
  const dependency = (id: number): string => {
    if (id >= 0) return `${text(id)} 0 `;
    const flags = relations.flags[-id]!;
    if (flags >= REL.AND) return `(${dependency(relations.names[-id]!)} ${flags} ${dependency(relations.evrs[-id]!)})`;
    return `${text(relations.names[-id]!)} ${flags} ${text(relations.evrs[-id]!)}`;
  };
  const row = ({ start, ids }: IdLists, at: number): number[] => [...ids.subarray(start[at], start[at + 1])];
  const cold = (at: number, field: number): string => {
    const place = at * COLD_FIELDS + field;
    return Buffer.from(data.cold.subarray(data.coldEnds[place - 1], data.coldEnds[place])).toString('utf8');
  };
  return Array.from({ length: data.name.length - 1 }, (_, i) => {
    const at = i + 1;
    return {
      name: text(data.name[at]!),
      arch: text(data.arch[at]!),
      evr: text(data.evr[at]!),
      location: cold(at, LOCATION),
      source: cold(at, SOURCE_RPM),
      checksum: `${cold(at, CHECKSUM_TYPE)} ${cold(at, CHECKSUM)}`,
      size: data.size[at]!,
      buildTime: data.buildTime[at]!,
      files: row(data.files, at).map(text),
      dependencies: DEPENDENCY_KINDS.flatMap((kind) => row(data.dependencies[kind], at).map((id) => `${kind} ${dependency(id)}`)),
    };
  });
}

/**
 * What the columns have for a package that a document says: each dependency once, what must be there before (`pre`) behind the other
 * requirements, rich dependencies taken apart or dropped, and the package itself among what it provides.
 */
export function asColumnsHave(said: ReadPackage): ReadPackage {
  const lists = DEPENDENCY_KINDS.map((kind) => {
    const own = said.dependencies.flatMap((text) => {
      const isPre = text.startsWith('!');
      const plain = isPre ? text.slice(1) : text;
      if (!plain.startsWith(`${kind} `)) return [];
      const what = interned(plain.slice(kind.length + 1));
      return what === undefined ? [] : [{ isPre: isPre && kind === 'requires', what }];
    });
    const { name, evr, arch } = said;
    if (kind === 'provides' && name !== '' && arch !== 'src' && arch !== 'nosrc')
      own.push({ isPre: false, what: `${name} ${REL.EQ} ${evr}` });
    const pre = new Set(own.filter(({ isPre }) => isPre).map(({ what }) => what));
    const others = new Set(own.filter(({ what }) => !pre.has(what)).map(({ what }) => what));
    return [...others, ...pre].map((what) => `${kind} ${what}`);
  });
  return { ...said, checksum: said.checksum || ' ', dependencies: lists.flat() };
}

/** `NAME FLAGS EVR` as the columns have it; undefined for a rich dependency that cannot be read. */
function interned(text: string): string | undefined {
  if (!text.startsWith('(') || !text.endsWith(' 0 ')) return text;
  const tree = parseRich(text.slice(0, -3));
  return tree === undefined ? undefined : render(tree);
}

const NODES = { and: REL.AND, or: REL.OR, if: REL.COND, unless: REL.UNLESS, with: REL.WITH, without: REL.WITHOUT } as const;
const FLAGS: Readonly<Record<string, number>> = { '=': REL.EQ, '<': REL.LT, '<=': REL.LE, '>': REL.GT, '>=': REL.GE };

function render(tree: RichDependency): string {
  if (tree.kind === 'simple') {
    return tree.operator === undefined ? `${tree.name} 0 ` : `${tree.name} ${FLAGS[tree.operator]} ${tree.evr!.replace(/^0+:/, '')}`;
  }
  const right = tree.otherwise === undefined ? render(tree.right) : `(${render(tree.right)} ${REL.ELSE} ${render(tree.otherwise)})`;
  return `(${render(tree.left)} ${NODES[tree.kind]} ${right})`;
}
