/** Makes a world that shows something smaller, as long as it still shows it. */
import type { Dependency, RelationKind, World, WorldPackage } from './world.ts';

export interface WorldRequest {
  readonly install: readonly string[];
  readonly weak: boolean;
  readonly best: boolean;
  readonly exclude: readonly string[];
}

export interface Case {
  readonly world: World;
  readonly request: WorldRequest;
}

/** Greedily: whatever can be left out is left out, until nothing can. */
export async function shrink(first: Case, stillShows: (smaller: Case) => Promise<boolean>): Promise<Case> {
  let current = first;
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (let index = 0; ; index++) {
      const smaller = smallerCases(current)[index];
      if (smaller === undefined) break;
      if (!(await stillShows(smaller))) continue;
      current = smaller;
      shrunk = true;
      index--;
    }
  }
  return current;
}

function smallerCases({ world, request }: Case): Case[] {
  const packages = world.repos.flatMap((repo, r) => repo.packages.map((item, p) => ({ item, r, p })));
  const withPackage = (r: number, p: number, replacement: readonly WorldPackage[]): Case => ({
    world: {
      ...world,
      repos: world.repos.map((repo, i) => (i === r ? { ...repo, packages: repo.packages.toSpliced(p, 1, ...replacement) } : repo)),
    },
    request,
  });
  return [
    ...packages.map(({ r, p }) => withPackage(r, p, [])),
    ...request.install.slice(1).map((_spec, i) => ({ world, request: { ...request, install: request.install.toSpliced(i + 1, 1) } })),
    ...(request.install.length > 1 ? [{ world, request: { ...request, install: request.install.slice(1) } }] : []),
    ...request.exclude.map((_spec, i) => ({ world, request: { ...request, exclude: request.exclude.toSpliced(i, 1) } })),
    ...(world.repos.length > 1
      ? world.repos.map((_repo, i) => ({ world: { ...world, repos: world.repos.toSpliced(i, 1) }, request }))
      : []),
    ...packages.flatMap(({ item, r, p }) => smallerPackages(item).map((smaller) => withPackage(r, p, [smaller]))),
    ...(world.repos.length === 2 ? [{ world: { ...world, repos: [joined(world)] }, request }] : []),
    ...(request.best ? [{ world, request: { ...request, best: false } }] : []),
    ...(request.weak ? [{ world, request: { ...request, weak: false } }] : []),
  ];
}

function joined({ repos }: World): World['repos'][number] {
  return { ...repos[0]!, packages: repos.flatMap(({ packages }) => [...packages]) };
}

function smallerPackages(item: WorldPackage): WorldPackage[] {
  const kinds = Object.keys(item.relations) as RelationKind[];
  return [
    ...item.files.map((_file, i) => ({ ...item, files: item.files.toSpliced(i, 1) })),
    ...kinds.flatMap((kind) =>
      (item.relations[kind] ?? []).flatMap((dependency, i) =>
        // The first thing a package provides is itself.
        kind === 'provides' && i === 0
          ? []
          : [[], ...smallerDependencies(dependency).map((smaller) => [smaller])].map((replacement) => ({
              ...item,
              relations: { ...item.relations, [kind]: (item.relations[kind] ?? []).toSpliced(i, 1, ...replacement) },
            })),
      ),
    ),
  ];
}

function smallerDependencies(dependency: Dependency): Dependency[] {
  if (dependency.kind === 'plain') return dependency.evr === undefined ? [] : [{ kind: 'plain', name: dependency.name }];
  const { kind, left, right, otherwise } = dependency;
  return [
    left,
    right,
    ...(otherwise === undefined ? [] : [otherwise, { kind, left, right }]),
    ...smallerDependencies(left).map((smaller) => ({ ...dependency, left: smaller })),
    ...smallerDependencies(right).map((smaller) => ({ ...dependency, right: smaller })),
    ...(otherwise === undefined ? [] : smallerDependencies(otherwise).map((smaller) => ({ ...dependency, otherwise: smaller }))),
  ];
}
