/**
 * Roots of a closure: packages that no other package in it needs; of a cycle, the first package by name. One depth-first walk is enough: a
 * package that reaches another and is not reached from it is finished later, independent of the start.
 */

export interface RootEdge {
  /** The identifier used in `dependencies`. */
  readonly key: string;
  readonly spec: string;
  readonly dependencies: readonly string[];
}

/** Specs of the roots among the `wanted` packages, sorted. All wanted packages are reachable from them. */
export function rootsOf(edges: readonly RootEdge[], wanted: (edge: RootEdge) => boolean = () => true): string[] {
  const byKey = new Map<string, RootEdge[]>();
  for (const edge of edges) {
    const known = byKey.get(edge.key);
    if (known === undefined) byKey.set(edge.key, [edge]);
    else known.push(edge);
  }
  const candidates = edges.filter(wanted).sort((a, b) => (a.spec < b.spec ? -1 : a.spec > b.spec ? 1 : 0));
  const visited = new Set<RootEdge>();
  const finished: RootEdge[] = [];
  for (const candidate of candidates) walk(candidate, byKey, visited, (edge) => finished.push(edge));
  const isWanted = new Set(candidates);
  const covered = new Set<RootEdge>();
  const roots = new Set<string>();
  for (const edge of finished.reverse()) {
    if (!isWanted.has(edge) || covered.has(edge)) continue;
    roots.add(edge.spec);
    walk(edge, byKey, covered, () => undefined);
  }
  return [...roots].sort();
}

function walk(
  start: RootEdge,
  byKey: ReadonlyMap<string, readonly RootEdge[]>,
  visited: Set<RootEdge>,
  onFinish: (edge: RootEdge) => void,
): void {
  if (visited.has(start)) return;
  visited.add(start);
  const next = (edge: RootEdge): Iterator<RootEdge> => edge.dependencies.flatMap((key) => byKey.get(key) ?? [])[Symbol.iterator]();
  const path = [{ edge: start, rest: next(start) }];
  while (path.length > 0) {
    const { edge, rest } = path.at(-1)!;
    const { done, value } = rest.next();
    if (done === true) {
      onFinish(edge);
      path.pop();
    } else if (!visited.has(value)) {
      visited.add(value);
      path.push({ edge: value, rest: next(value) });
    }
  }
}
