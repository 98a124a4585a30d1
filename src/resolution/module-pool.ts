import { bitsOfRanks } from '../pool/arch.ts';
import { type DepId, REL, type RelationId, type SolvableId, type StringId } from '../pool/ids.ts';
import type { IdLists, RelationPool, StringPool } from '../pool/pool.ts';
import { PoolMemory } from '../pool/pool-memory.ts';
import type { SolverPool } from '../pool/solver-pool.ts';
import type { ModuleStream } from '../repodata/modulemd.ts';

/**
 * Modules as a separate pool, so that the package solver also decides which module streams can be combined, in the same way as
 * libsolv. A build of a stream is a solvable (libdnf, ModulePackage.cpp):
 *   name       module:stream:context
 *   provides   module(name), module(name:stream)
 *   conflicts  module(name): two streams or contexts of a module exclude each other
 *   requires   for each required module one of its streams: (module(a:1) or module(a:2))
 */
export interface ModulePool {
  readonly pool: SolverPool;
  /** Solvables that provide a stream of a module, ascending. */
  providersOfStream(name: string, stream: string): Int32Array;
  providersOfModule(name: string): Int32Array;
  /** The platform, a solvable without a document. */
  readonly platform: SolvableId | 0;
}

export interface ModuleSolvable {
  readonly build: ModuleStream;
  /** `module:stream:context`; old documents have a context that is generated from their requirements. */
  readonly solvableName: string;
  /** 0 for an architecture that is not installable here. */
  readonly archRank: number;
}

/** Solvable `i + 1` is `solvables[i]`; the platform (`platform:el9`) is the last one. */
export function buildModulePool(solvables: readonly ModuleSolvable[], platform: string | undefined, architecture: string): ModulePool {
  const pool = new SmallPool(bitsOfRanks(architecture));
  for (const { build, solvableName, archRank } of solvables) {
    const { requires, conflicts } = dependenciesOf(build, pool);
    const name = pool.strings.intern(`module(${build.name})`);
    const stream = pool.strings.intern(`module(${build.name}:${build.stream})`);
    pool.add({
      name: solvableName,
      evr: build.version,
      arch: build.arch,
      archRank,
      provides: [name, stream],
      requires,
      conflicts: [name, ...conflicts],
    });
  }
  if (platform !== undefined) {
    const name = pool.strings.intern(`module(${platform.slice(0, platform.indexOf(':'))})`);
    const stream = pool.strings.intern(`module(${platform})`);
    pool.add({
      name: `${platform}:00000000`,
      evr: '0',
      arch: 'noarch',
      archRank: 1,
      provides: [name, stream],
      requires: [],
      conflicts: [name],
    });
  }
  const frozen = pool.freeze();
  const providers = (text: string): Int32Array => frozen.providersOf(frozen.strings.find(text));
  return {
    pool: frozen,
    platform: platform === undefined ? 0 : ((frozen.end - 1) as SolvableId),
    providersOfStream: (name, stream) => providers(`module(${name}:${stream})`),
    providersOfModule: (name) => providers(`module(${name})`),
  };
}

/**
 * The streams in one entry of `requires`, as libdnf reads it: a stream with a dash anywhere in it is an exclusion, and its name begins
 * after the first character.
 */
export function splitStreams(streams: readonly string[]): { readonly wanted: readonly string[]; readonly unwanted: readonly string[] } {
  const isExclusion = (stream: string): boolean => stream.includes('-');
  return {
    wanted: streams.filter((stream) => !isExclusion(stream)),
    unwanted: streams.filter(isExclusion).map((stream) => stream.slice(1)),
  };
}

function dependenciesOf(build: ModuleStream, pool: SmallPool): { readonly requires: DepId[]; readonly conflicts: DepId[] } {
  const requires: DepId[] = [];
  const conflicts: DepId[] = [];
  for (const entry of build.requires) {
    for (const [module, streams] of entry) {
      const { wanted, unwanted } = splitStreams(streams);
      for (const stream of unwanted) conflicts.push(pool.strings.intern(`module(${module}:${stream})`));
      const ids = wanted.map((stream) => pool.strings.intern(`module(${module}:${stream})`));
      if (ids.length === 0) requires.push(pool.strings.intern(`module(${module})`));
      else requires.push(ids.slice(0, -1).reduceRight<DepId>((or, id) => pool.relations.intern(id, REL.OR, or), ids.at(-1)!));
    }
  }
  return { requires, conflicts };
}

interface NewSolvable {
  readonly name: string;
  readonly evr: string;
  readonly arch: string;
  readonly archRank: number;
  readonly provides: readonly DepId[];
  readonly requires: readonly DepId[];
  readonly conflicts: readonly DepId[];
}

/** The parts of a pool that the solver uses, for a few hundred solvables without versions in their dependencies. */
class SmallPool {
  readonly strings = new SmallStrings();
  readonly relations = new SmallRelations();
  readonly #rows: NewSolvable[] = [];
  readonly #bitsOfRanks: Uint8Array;

  constructor(bitsOfRanks: Uint8Array) {
    this.#bitsOfRanks = bitsOfRanks;
  }

  add(row: NewSolvable): void {
    this.#rows.push(row);
  }

  freeze(): SolverPool {
    const rows = this.#rows;
    const end = rows.length + 1;
    const { strings, relations } = this;
    const column = (of: (row: NewSolvable) => number): Int32Array => Int32Array.from([0, ...rows.map(of)]);
    const lists = (of: (row: NewSolvable) => readonly DepId[]): IdLists => asLists(rows.map(of));
    const none = asLists(rows.map(() => []));
    const providers = new Map<DepId, number[]>();
    rows.forEach((row, i) => {
      if (row.archRank === 0) return;
      for (const id of row.provides) {
        const known = providers.get(id);
        if (known === undefined) providers.set(id, [i + 1]);
        else known.push(i + 1);
      }
    });
    const providersOf = (dep: DepId): Int32Array => {
      if (dep >= 0) return Int32Array.from(providers.get(dep) ?? []);
      const both = new Set([...providersOf(relations.name(dep)), ...providersOf(relations.evr(dep))]);
      return Int32Array.from(both).sort();
    };
    const name = column((row) => strings.intern(row.name));
    const compareVersions = (a: StringId, b: StringId): number => compareNumbers(strings.get(a), strings.get(b));
    return {
      end,
      installedEnd: 1,
      strings,
      relations,
      name,
      evr: column((row) => strings.intern(row.evr)),
      arch: column((row) => strings.intern(row.arch)),
      archRank: Uint8Array.from([0, ...rows.map((row) => row.archRank)]),
      bitsOfRanks: this.#bitsOfRanks,
      buildTime: new Float64Array(end),
      dependencies: {
        provides: lists((row) => row.provides),
        requires: lists((row) => row.requires),
        conflicts: lists((row) => row.conflicts),
        obsoletes: none,
        recommends: none,
        suggests: none,
        supplements: none,
        enhances: none,
      },
      versions: { compare: compareVersions, compareMatchingRelease: compareVersions, matches: () => true, isHash: () => false },
      repoOf: () => MODULE_REPO,
      providersOf,
      recommendsOf: () => [],
      needsFilelists: () => false,
      fileProvidersVersion: 0,
      describeDep: (dep) => (dep >= 0 ? strings.get(dep as StringId) : 'modules'),
      memory: new PoolMemory(),
    };
  }
}

class SmallStrings implements StringPool {
  readonly #texts: string[] = ['', ''];
  readonly #ids = new Map<string, StringId>([['', 1 as StringId]]);

  get count(): number {
    return this.#texts.length;
  }

  get(id: StringId): string {
    return this.#texts[id]!;
  }

  find(text: string): StringId {
    return this.#ids.get(text) ?? (0 as StringId);
  }

  intern(text: string): StringId {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = (this.#texts.push(text) - 1) as StringId;
    this.#ids.set(text, id);
    return id;
  }

  compare(a: StringId, b: StringId): number {
    return Buffer.compare(Buffer.from(this.get(a)), Buffer.from(this.get(b)));
  }
}

class SmallRelations implements RelationPool {
  readonly #rows: { readonly name: DepId; readonly flags: number; readonly evr: DepId }[] = [];

  get count(): number {
    return this.#rows.length;
  }

  name(id: DepId): DepId {
    return this.#rows[-id - 1]!.name;
  }

  flags(id: DepId): number {
    return this.#rows[-id - 1]!.flags;
  }

  evr(id: DepId): DepId {
    return this.#rows[-id - 1]!.evr;
  }

  intern(name: DepId, flags: number, evr: DepId): DepId {
    return -this.#rows.push({ name, flags, evr }) as RelationId;
  }
}

const MODULE_REPO = { priority: 99, cost: 1000 };

function asLists(rows: readonly (readonly DepId[])[]): IdLists {
  const start = new Uint32Array(rows.length + 2);
  rows.forEach((row, i) => {
    start[i + 2] = start[i + 1]! + row.length;
  });
  return { start, ids: Int32Array.from(rows.flat()) };
}

/** Decimal numbers without leading zeros, of any length. */
function compareNumbers(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}
