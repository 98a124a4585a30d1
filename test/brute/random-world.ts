/** Random small worlds. The same generator state gives the same world. */
import { randomNumbers } from '../helpers/mutate.ts';
import type { Comparison, Dependency, Evr, RelationKind, RichOperator, World, WorldPackage } from './world.ts';
import { plain } from './world.ts';

export type Random = () => number;

/** What a world may have in it; chances are per package. */
export interface WorldKind {
  readonly architecture: string;
  /** Architectures of packages, each as often as it is listed. */
  readonly architectures: readonly string[];
  readonly packages: readonly [number, number];
  readonly repositories: number;
  readonly rich: number;
  readonly weak: number;
  /** Conflicts and requirements that a package may itself have a part in. */
  readonly selfReferences: boolean;
  readonly versionedNames: boolean;
}

export const PLAIN_WORLD: WorldKind = {
  architecture: 'x86_64',
  architectures: ['x86_64', 'x86_64', 'x86_64', 'noarch'],
  packages: [6, 11],
  repositories: 1,
  rich: 0.25,
  weak: 0,
  selfReferences: false,
  versionedNames: true,
};

export const RICH_WORLD: WorldKind = { ...PLAIN_WORLD, packages: [5, 10], rich: 0.75 };
export const TWO_ARCHITECTURES: WorldKind = {
  ...PLAIN_WORLD,
  architectures: ['x86_64', 'x86_64', 'i686', 'i686', 'noarch'],
  packages: [7, 12],
};
export const WEAK_WORLD: WorldKind = { ...PLAIN_WORLD, weak: 0.3 };

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const CAPABILITIES = ['cap', 'cap(x)', '/usr/bin/tool', '/etc/tool.conf'];
const VERSIONS: readonly Evr[] = [
  { epoch: '0', version: '1', release: '1' },
  { epoch: '0', version: '1', release: '2' },
  { epoch: '0', version: '2', release: '1' },
  { epoch: '0', version: '3', release: '1' },
  { epoch: '1', version: '1', release: '1' },
];
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
  const names = NAMES.slice(0, 3 + Math.floor(random() * 4));
  while (packages.length < count) {
    const item = randomPackage(random, kind, names);
    const key = `${item.name} ${item.evr.epoch}:${item.evr.version}-${item.evr.release} ${item.arch}`;
    // The same NEVRA twice is legal in two repositories only.
    if (taken.has(key) && (kind.repositories === 1 || random() < 0.7)) continue;
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
export function randomSpecs(random: Random, world: World): string[] {
  const packages = world.repos.flatMap((repo) => [...repo.packages]);
  const count = 1 + Math.floor(random() * 3);
  return Array.from({ length: count }, () => {
    const { name, evr, arch } = pick(random, packages);
    const chance = random();
    if (chance < 0.62) return name;
    if (chance < 0.7) return `${name}-${evr.version}-${evr.release}`;
    if (chance < 0.76) return `${name}-${evr.version}`;
    if (chance < 0.84) return `${name}.${arch}`;
    if (chance < 0.88) return `${name}-${evr.epoch}:${evr.version}-${evr.release}.${arch}`;
    if (chance < 0.92) return pick(random, ['cap', 'cap(x)']);
    if (chance < 0.96) return pick(random, ['/usr/bin/tool', '/etc/tool.conf']);
    return pick(random, ['[ab]', '?', `${name}*`, `${name} >= 2`, `${name}-*`]);
  });
}

function randomPackage(random: Random, kind: WorldKind, names: readonly string[]): WorldPackage {
  const name = pick(random, names);
  const evr = pick(random, kind.versionedNames ? VERSIONS : VERSIONS.slice(0, 1));
  const arch = pick(random, kind.architectures);
  const others = kind.selfReferences ? names : names.filter((other) => other !== name);
  const targets = [...others, ...others, ...CAPABILITIES];
  const relations: Partial<Record<RelationKind, Dependency[]>> = {};
  const add = (relation: RelationKind, dependency: Dependency): void => {
    relations[relation] = [...(relations[relation] ?? []), dependency];
  };
  const any = (from = targets): Dependency =>
    random() < kind.rich ? randomRich(random, from, 2) : randomPlain(random, from, { versions: 0.4 });
  add('provides', plain(name, '=', evr));
  const provided = new Set<string>([name]);
  for (const capability of ['cap', 'cap(x)', pick(random, names)]) {
    if (random() >= 0.22) continue;
    add('provides', randomPlain(random, [capability], { versions: 0.5 }));
    provided.add(capability);
  }
  const files = ['/usr/bin/tool', '/etc/tool.conf'].filter(() => random() < 0.18);
  for (const file of files) provided.add(file);
  for (let i = 0; i < 2; i++) if (random() < 0.55) add('requires', any());
  // A package is never in the way of itself; what that means inside a rich dependency is no rule that rpm writes down.
  const foreign = kind.selfReferences ? targets : targets.filter((target) => !provided.has(target));
  if (random() < 0.2 && foreign.length > 0) add('conflicts', any(foreign));
  if (random() < 0.16) add('obsoletes', randomPlain(random, others, { versions: 0.6 }));
  for (const relation of ['recommends', 'suggests', 'supplements', 'enhances'] as const)
    for (let i = 0; i < 2; i++) if (random() < kind.weak) add(relation, any());
  return { name, evr, arch, relations, files };
}

function randomPlain(random: Random, targets: readonly string[], { versions }: { versions: number }): Dependency {
  const name = pick(random, targets);
  if (name.startsWith('/') || random() >= versions) return plain(name);
  const { epoch, version, release } = pick(random, VERSIONS);
  return plain(name, pick(random, COMPARISONS), random() < 0.5 ? { epoch, version } : { epoch, version, release: release! });
}

function randomRich(random: Random, targets: readonly string[], depth: number): Dependency {
  const kind = pick(random, OPERATORS);
  const selects = kind === 'with' || kind === 'without';
  const part = (): Dependency =>
    depth > 1 && random() < 0.25 && !selects ? randomRich(random, targets, depth - 1) : randomPlain(random, targets, { versions: 0.4 });
  const rich = { kind, left: part(), right: part() };
  return (kind === 'if' || kind === 'unless') && random() < 0.3 ? { ...rich, otherwise: part() } : rich;
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)]!;
}
