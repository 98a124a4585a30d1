import { lockGraph } from './graph.ts';
import type { Lockfile } from './lockfile.ts';

export interface TreeNode {
  readonly name: string;
  /** `version-release` of the locked package; several if a lock has several. */
  readonly versions: readonly string[];
  readonly children: readonly TreeNode[];
  /** Its children are shown at its first occurrence. */
  readonly repeated: boolean;
  /** It has children below the depth limit. */
  readonly cut: boolean;
}

export interface TreeOptions {
  /** Names to start at; default: the requested packages (with `invert`: packages without dependencies, usually glibc and a few others). */
  readonly roots?: readonly string[];
  /** Levels below the roots. */
  readonly depth?: number;
  /** From a package to the packages that need it. */
  readonly invert?: boolean;
}

/** Deeper than any real lock, but small enough for the stack. */
const MAX_DEPTH = 1000;

/** Dependencies from the roots down. Each package is expanded once, so cycles and shared parts end. */
export function dependencyTree(lockfile: Lockfile, { roots, depth = MAX_DEPTH, invert = false }: TreeOptions = {}): TreeNode[] {
  const graph = lockGraph(lockfile);
  const next = invert ? graph.dependents : graph.dependencies;
  const versions = new Map<string, string[]>();
  for (const locked of lockfile.packages) {
    const text = `${locked.version}-${locked.release}`;
    const known = versions.get(locked.name);
    if (!known) versions.set(locked.name, [text]);
    else if (!known.includes(text)) known.push(text);
  }
  const expanded = new Set<string>();
  const nodeOf = (name: string, level: number): TreeNode => {
    const below = next.get(name) ?? [];
    const repeated = expanded.has(name) && below.length > 0;
    const cut = !repeated && level >= Math.min(depth, MAX_DEPTH) && below.length > 0;
    const node = { name, versions: versions.get(name) ?? [], repeated, cut };
    if (repeated || cut) return { ...node, children: [] };
    expanded.add(name);
    return { ...node, children: below.map((child) => nodeOf(child, level + 1)) };
  };
  const leaves = graph.names.filter((name) => (graph.dependencies.get(name) ?? []).length === 0);
  const asked = lockfile.requested === undefined ? graph.names.filter((name) => !graph.dependents.has(name)) : graph.roots;
  const start = roots ?? (invert ? leaves : asked);
  return start.filter((name) => versions.has(name)).map((name) => nodeOf(name, 0));
}
