import type { Lockfile } from './lockfile.ts';
import { lockedName, requestedNames } from './requested-names.ts';

/** Dependencies in one lockfile, by package name. Works offline, because the lockfile contains all of them. */
export interface LockGraph {
  /** All package names, sorted. */
  readonly names: readonly string[];
  readonly dependencies: ReadonlyMap<string, readonly string[]>;
  readonly dependents: ReadonlyMap<string, readonly string[]>;
  /** Specs by requested package. */
  readonly requested: ReadonlyMap<string, readonly string[]>;
  /** Requested packages, then packages that no other needs (requested by a path, capability or group), in a fixed order. */
  readonly roots: readonly string[];
  /** For each package reachable from a root: the package before it on a shortest chain, '' for roots. */
  readonly previous: ReadonlyMap<string, string>;
}

const NONE: readonly string[] = [];
const graphs = new WeakMap<Lockfile, LockGraph>();

/** Computed once for each lockfile object. */
export function lockGraph(lockfile: Lockfile): LockGraph {
  let graph = graphs.get(lockfile);
  if (!graph) {
    graph = buildGraph(lockfile);
    graphs.set(lockfile, graph);
  }
  return graph;
}

function buildGraph(lockfile: Lockfile): LockGraph {
  const names = [...new Set(lockfile.packages.map((lockedPackage) => lockedPackage.name))].sort();
  const known = new Set(names);
  const dependencies = new Map<string, Set<string>>();
  const dependents = new Map<string, string[]>();
  for (const { name, dependencies: needed } of lockfile.packages) {
    const own = dependencies.get(name) ?? new Set();
    dependencies.set(name, own);
    for (const other of needed ?? NONE) if (other !== name && known.has(other)) own.add(other);
  }
  const sorted = new Map(names.map((name) => [name, [...dependencies.get(name)!].sort()]));
  for (const name of names) {
    for (const other of sorted.get(name)!) {
      const list = dependents.get(other);
      if (list) list.push(name);
      else dependents.set(other, [name]);
    }
  }
  const { byName: requested } = requestedNames(lockfile);
  const unasked = lockfile.requested === undefined ? [] : names.filter((name) => !requested.has(name) && !dependents.has(name));
  const roots = [...[...requested.keys()].sort(), ...unasked];
  return { names, dependencies: sorted, dependents, requested, roots, previous: breadthFirst(roots, sorted) };
}

function breadthFirst(roots: readonly string[], dependencies: ReadonlyMap<string, readonly string[]>): Map<string, string> {
  const previous = new Map(roots.map((root) => [root, '']));
  const queue = [...roots];
  for (let i = 0; i < queue.length; i++) {
    for (const next of dependencies.get(queue[i]!) ?? NONE) {
      if (previous.has(next)) continue;
      previous.set(next, queue[i]!);
      queue.push(next);
    }
  }
  return previous;
}

/** The shortest chain of names from a requested package to `name`, both included; undefined if there is none. */
export function shortestChain(graph: LockGraph, name: string): readonly string[] | undefined {
  if (!graph.previous.has(name)) return undefined;
  const chain: string[] = [];
  for (let current = name; current !== ''; current = graph.previous.get(current)!) chain.push(current);
  return chain.reverse();
}

export interface Why {
  readonly package_set: string;
  readonly architecture: string;
  readonly name: string;
  /** `name-epoch:version-release.arch` of the locked packages of that name. */
  readonly locked: readonly string[];
  /** Specs that request it directly. */
  readonly requested: readonly string[];
  /** From a requested package to this one, both included; shortest first. */
  readonly chains: readonly (readonly string[])[];
  /** Not all chains are listed. */
  readonly truncated: boolean;
}

/** Why a package is in a lock; undefined if it is not. With `all`, every chain without a repetition, up to `limit`. */
export function whyPackage(lockfile: Lockfile, spec: string, { all = false, limit = 100 } = {}): Why | undefined {
  const name = lockedName(lockfile, spec);
  if (name === undefined) return undefined;
  const graph = lockGraph(lockfile);
  const lockedPackages = lockfile.packages.filter((lockedPackage) => lockedPackage.name === name);
  const shortest = shortestChain(graph, name);
  const found = all
    ? allChains(graph, name, limit)
    : { chains: shortest ? shortestOfEachRoot(graph, name, shortest.length) : [], truncated: false };
  return {
    package_set: lockfile.package_set,
    architecture: lockfile.architecture,
    name,
    locked: lockedPackages.map(
      (lockedPackage) =>
        `${lockedPackage.name}-${lockedPackage.epoch}:${lockedPackage.version}-${lockedPackage.release}.${lockedPackage.arch}`,
    ),
    requested: graph.requested.get(name) ?? [],
    ...found,
  };
}

/** One shortest chain for each of the nearest roots. */
function shortestOfEachRoot(graph: LockGraph, name: string, length: number): string[][] {
  const roots = new Set(graph.roots);
  const towards = new Map([[name, '']]);
  let level = [name];
  for (let depth = 1; depth < length; depth++) {
    const above: string[] = [];
    for (const current of level) {
      for (const dependent of graph.dependents.get(current) ?? NONE) {
        if (towards.has(dependent)) continue;
        towards.set(dependent, current);
        above.push(dependent);
      }
    }
    level = above.sort();
  }
  return level
    .filter((candidate) => roots.has(candidate))
    .map((root) => {
      const chain: string[] = [];
      for (let current = root; current !== ''; current = towards.get(current)!) chain.push(current);
      return chain;
    });
}

/** The number of chains can grow exponentially with the number of packages, so the search is bounded. */
const MAX_STEPS = 200_000;

function allChains(graph: LockGraph, name: string, limit: number): { chains: string[][]; truncated: boolean } {
  const roots = new Set(graph.roots);
  const chains: string[][] = [];
  // Breadth first over partial chains, so that shorter ones come first.
  const queue: string[][] = [[name]];
  let steps = 0;
  for (let i = 0; i < queue.length; i++) {
    const chain = queue[i]!;
    queue[i] = [];
    if (roots.has(chain[0]!)) {
      if (chains.length === limit) return { chains, truncated: true };
      chains.push(chain);
    }
    for (const dependent of graph.dependents.get(chain[0]!) ?? NONE) {
      if (++steps > MAX_STEPS) return { chains, truncated: true };
      if (!chain.includes(dependent)) queue.push([dependent, ...chain]);
    }
  }
  return { chains, truncated: false };
}
