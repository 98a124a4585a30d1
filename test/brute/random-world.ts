/** Random small worlds. The same generator state gives the same world. */
import { randomNumbers } from '../helpers/mutate.ts';
import type { Comparison, Dependency, Evr, RelationKind, RichOperator, World, WorldPackage } from './world.ts';
import { type PlainDependency, packagesOf, plain } from './world.ts';

export type Random = () => number;

/** What a world may have in it; chances are per package. */
export interface WorldKind {
  readonly architecture: string;
  /** Architectures of packages, each as often as it is listed. */
  readonly architectures: readonly string[];
  readonly packages: readonly [number, number];
  readonly repositories: number;
  /** The same NEVRA in two repositories, with other dependencies in each. */
  readonly twins: boolean;
  readonly rich: number;
  readonly weak: number;
  /** Whether weak dependencies may have an `else`. */
  readonly weakElse: boolean;
  /** Conflicts and requirements that a package may itself have a part in. */
  readonly selfReferences: boolean;
  readonly conflicts: number;
  readonly names: readonly string[];
  /** A world has as many of the names as this, or up to all. */
  readonly fewestNames: number;
  readonly capabilities: readonly string[];
  readonly paths: readonly string[];
  readonly versions: readonly Evr[];
}

const VERSIONS: readonly Evr[] = [
  { epoch: '0', version: '1', release: '1' },
  { epoch: '0', version: '1', release: '2' },
  { epoch: '0', version: '2', release: '1' },
  { epoch: '0', version: '3', release: '1' },
  { epoch: '1', version: '1', release: '1' },
];

export const PLAIN_WORLD: WorldKind = {
  architecture: 'x86_64',
  architectures: ['x86_64', 'x86_64', 'x86_64', 'noarch'],
  packages: [6, 11],
  repositories: 1,
  twins: true,
  rich: 0.25,
  weak: 0,
  weakElse: true,
  selfReferences: false,
  conflicts: 0.2,
  names: ['a', 'b', 'c', 'd', 'e', 'f'],
  fewestNames: 3,
  capabilities: ['cap', 'cap(x)'],
  paths: ['/usr/bin/tool', '/etc/tool.conf'],
  versions: VERSIONS,
};

export const RICH_WORLD: WorldKind = { ...PLAIN_WORLD, packages: [5, 10], rich: 0.75 };
export const TWO_ARCHITECTURES: WorldKind = {
  ...PLAIN_WORLD,
  architectures: ['x86_64', 'x86_64', 'i686', 'i686', 'noarch'],
  packages: [7, 12],
};
export const WEAK_WORLD: WorldKind = { ...PLAIN_WORLD, weak: 0.3 };

const COMPARISONS: readonly Comparison[] = ['<', '<=', '=', '>=', '>', '>=', '='];
const OPERATORS: readonly RichOperator[] = ['and', 'or', 'or', 'if', 'if', 'unless', 'with', 'without'];

export function randomGenerator(seed: number): Random {
  const next = randomNumbers(seed);
  return () => next(2 ** 30) / 2 ** 30;
}

export function randomWorld(random: Random, kind: WorldKind): World {
  const [least, most] = kind.packages;
  const count = least + Math.floor(random() * (most - least + 1));
  const packages: WorldPackage[] = [];
  const taken = new Set<string>();
  const names = kind.names.slice(0, kind.fewestNames + Math.floor(random() * (kind.names.length - kind.fewestNames + 1)));
  while (packages.length < count) {
    const item = randomPackage(random, kind, names);
    const key = `${item.name} ${item.evr.epoch}:${item.evr.version}-${item.evr.release} ${item.arch}`;
    // The same NEVRA twice is legal in two repositories only.
    if (taken.has(key) && (kind.repositories === 1 || !kind.twins || random() < 0.7)) continue;
    taken.add(key);
    packages.push(item);
  }
  const repos = Array.from({ length: kind.repositories }, (_, index) => ({
    id: `r${index}`,
    priority: random() < 0.7 ? 99 : 50,
    packages: packages.filter((_item, i) => i % kind.repositories === index),
  }));
  return { architecture: kind.architecture, repos };
}

/** Specs that dnf takes, about what a world has. */
export function randomSpecs(random: Random, world: World, { capabilities, paths }: WorldKind): string[] {
  const packages = packagesOf(world);
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const { name, evr, arch } = pick(random, packages);
    const chance = random();
    if (chance < 0.62) return name;
    if (chance < 0.7) return `${name}-${evr.version}-${evr.release}`;
    if (chance < 0.76) return `${name}-${evr.version}`;
    if (chance < 0.84) return `${name}.${arch}`;
    if (chance < 0.88) return `${name}-${evr.epoch}:${evr.version}-${evr.release}.${arch}`;
    if (chance < 0.92) return pick(random, capabilities);
    if (chance < 0.96) return pick(random, paths);
    return pick(random, ['[ab]', '?', `${name}*`, `${name} >= 2`, `${name}-*`]);
  });
}

function randomPackage(random: Random, kind: WorldKind, names: readonly string[]): WorldPackage {
  const name = pick(random, names);
  const evr = pick(random, kind.versions);
  const arch = pick(random, kind.architectures);
  const others = kind.selfReferences ? names : names.filter((other) => other !== name);
  const targets = [...others, ...others, ...kind.capabilities, ...kind.paths];
  const relations: Partial<Record<RelationKind, Dependency[]>> = {};
  const add = (relation: RelationKind, dependency: Dependency): void => {
    relations[relation] = [...(relations[relation] ?? []), dependency];
  };
  const any = (from = targets): Dependency => (random() < kind.rich ? randomRich(random, kind, from, 2) : randomPlain(random, kind, from));
  add('provides', plain(name, '=', evr));
  const provided = new Set<string>([name]);
  for (const capability of [...kind.capabilities, pick(random, names)]) {
    if (random() >= 0.22) continue;
    add('provides', randomPlain(random, kind, [capability]));
    provided.add(capability);
  }
  const files = kind.paths.filter(() => random() < 0.18);
  for (const file of files) provided.add(file);
  for (let i = 0; i < 2; i++) if (random() < 0.55) add('requires', any());
  // A package is never in the way of itself; what that means inside a rich dependency is no rule that rpm writes down.
  const foreign = kind.selfReferences ? targets : targets.filter((target) => !provided.has(target));
  if (random() < kind.conflicts && foreign.length > 0) add('conflicts', any(foreign));
  if (random() < 0.16) add('obsoletes', randomPlain(random, kind, others));
  for (const relation of ['recommends', 'suggests', 'supplements', 'enhances'] as const)
    for (let i = 0; i < 2; i++) if (random() < kind.weak) add(relation, kind.weakElse ? any() : withoutElse(any()));
  return { name, evr, arch, relations, files };
}

function randomPlain(random: Random, { versions }: WorldKind, targets: readonly string[]): PlainDependency {
  const name = pick(random, targets);
  if (name.startsWith('/') || random() >= 0.45) return plain(name);
  const { epoch, version, release } = pick(random, versions);
  return plain(name, pick(random, COMPARISONS), random() < 0.5 ? { epoch, version } : { epoch, version, release: release! });
}

function randomRich(random: Random, kind: WorldKind, targets: readonly string[], depth: number): Dependency {
  const operator = pick(random, OPERATORS);
  const part = (): Dependency =>
    depth > 1 && random() < 0.25 ? randomRich(random, kind, targets, depth - 1) : randomPlain(random, kind, targets);
  // What selects packages takes nothing but what one package can be or not.
  const selects = operator === 'with' || operator === 'without';
  if (selects)
    return { kind: operator, left: randomSelection(random, kind, targets, depth), right: randomSelection(random, kind, targets, depth) };
  const rich = { kind: operator, left: part(), right: part() };
  return (operator === 'if' || operator === 'unless') && random() < 0.3 ? { ...rich, otherwise: part() } : rich;
}

function withoutElse(dependency: Dependency): Dependency {
  if (dependency.kind === 'plain') return dependency;
  const { kind, left, right } = dependency;
  return { kind, left: withoutElse(left), right: withoutElse(right) };
}

function randomSelection(random: Random, kind: WorldKind, targets: readonly string[], depth: number): Dependency {
  const part = (): Dependency => randomPlain(random, kind, targets);
  if (depth < 2 || random() < 0.75) return part();
  return { kind: pick(random, ['or', 'with', 'without'] as const), left: part(), right: part() };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)]!;
}
