/** Readable graphs of a lock: the chains to one package, or the whole set with merged cycles and without redundant edges. */
import type { Lockfile } from 'rpm-deps';

/** Larger graphs are not drawn. */
export const MAX_NODES = 600;

export interface DrawnGraph {
  readonly nodes: readonly { readonly id: string; readonly label: string; readonly kind: 'requested' | 'target' | 'plain' | 'circle' }[];
  readonly edges: readonly (readonly [string, string])[];
}

/** The union of chains, each from a requested package to the target. */
export function chainsGraph(chains: readonly (readonly string[])[], target: string): DrawnGraph {
  const firsts = new Set(chains.map((chain) => chain[0]!));
  const names = [...new Set(chains.flat())];
  const edges = new Map<string, readonly [string, string]>();
  for (const chain of chains)
    for (let i = 0; i + 1 < chain.length; i++) edges.set(`${chain[i]} ${chain[i + 1]}`, [chain[i]!, chain[i + 1]!]);
  const kindOf = (name: string) => (name === target ? 'target' : firsts.has(name) ? 'requested' : 'plain');
  return { nodes: names.map((name) => ({ id: name, label: name, kind: kindOf(name) })), edges: [...edges.values()] };
}

/** Every package of the lock: cycles are merged into one node, and an edge is omitted if a longer path exists. */
export function wholeGraph({ packages, requested = [] }: Lockfile): DrawnGraph {
  const names = [...new Set(packages.map(({ name }) => name))].sort();
  const index = new Map(names.map((name, i) => [name, i]));
  const next = names.map(() => new Set<number>());
  for (const { name, dependencies = [] } of packages) {
    for (const other of dependencies) {
      const to = index.get(other);
      if (to !== undefined && other !== name) next[index.get(name)!]!.add(to);
    }
  }
  const { groupOf, groups } = circles(next);
  const arrows = groups.map(() => new Set<number>());
  for (const [from, targets] of next.entries())
    for (const to of targets) if (groupOf[from] !== groupOf[to]) arrows[groupOf[from]!]!.add(groupOf[to]!);
  // The time and memory of the reduction grow with the square of the number of nodes.
  const reduced = groups.length > MAX_NODES ? arrows : reduce(arrows);
  const asked = new Set(requested.map((spec) => spec.replace(/-\d.*$/, '')));
  const nodes = groups.map((members, i) => {
    const label =
      members.length === 1
        ? names[members[0]!]!
        : `${members
            .map((member) => names[member])
            .slice(0, 6)
            .join('\n')}${members.length > 6 ? `\nand ${members.length - 6} more` : ''}`;
    const isAsked = members.some((member) => asked.has(names[member]!));
    return { id: String(i), label, kind: members.length > 1 ? ('circle' as const) : isAsked ? ('requested' as const) : ('plain' as const) };
  });
  return { nodes, edges: reduced.flatMap((targets, from) => [...targets].map((to) => [String(from), String(to)] as const)) };
}

/** Strongly connected components (Tarjan), without recursion; a group follows all groups that it leads to. */
function circles(next: readonly ReadonlySet<number>[]): {
  readonly groupOf: readonly number[];
  readonly groups: readonly (readonly number[])[];
} {
  const order = new Int32Array(next.length).fill(-1);
  const low = new Int32Array(next.length);
  const groupOf = new Array<number>(next.length).fill(-1);
  const groups: number[][] = [];
  const open: number[] = [];
  let count = 0;
  for (let start = 0; start < next.length; start++) {
    if (order[start] !== -1) continue;
    const walk: { readonly at: number; readonly left: Iterator<number> }[] = [];
    const enter = (at: number): void => {
      order[at] = low[at] = count++;
      open.push(at);
      walk.push({ at, left: next[at]![Symbol.iterator]() });
    };
    enter(start);
    while (walk.length > 0) {
      const { at, left } = walk.at(-1)!;
      const step = left.next();
      if (step.done !== true) {
        if (order[step.value] === -1) enter(step.value);
        else if (groupOf[step.value] === -1) low[at] = Math.min(low[at]!, order[step.value]!);
        continue;
      }
      walk.pop();
      const above = walk.at(-1);
      if (above !== undefined) low[above.at] = Math.min(low[above.at]!, low[at]!);
      if (low[at] !== order[at]) continue;
      const members = open.splice(open.lastIndexOf(at));
      for (const member of members) groupOf[member] = groups.length;
      groups.push(members.sort((a, b) => a - b));
    }
  }
  return { groupOf, groups };
}

/** Removes edges to groups that are reachable through another target. Edges lead only to earlier groups. */
function reduce(arrows: readonly ReadonlySet<number>[]): Set<number>[] {
  const reach: Set<number>[] = [];
  return arrows.map((targets, from) => {
    const kept = new Set<number>();
    const all = new Set<number>();
    // Later groups reach more groups, so check them first.
    for (const to of [...targets].sort((a, b) => b - a)) {
      if (!all.has(to)) kept.add(to);
      all.add(to);
      for (const further of reach[to]!) all.add(further);
    }
    reach[from] = all;
    return kept;
  });
}
