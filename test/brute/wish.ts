/** What is asked of a small world: a spec, and which packages answer it, found without the resolver's help. */
import { pick, type Random } from './random-world.ts';
import { isNamed, type Mask, provides } from './rpm-rules.ts';
import { nevraOf, plain, type WorldPackage } from './world.ts';

export interface Wish {
  readonly spec: string;
  /** The packages of which one must be there. */
  readonly answers: Mask;
}

/** A spec is a name, a NEVRA, a capability or a path, and what is excluded is not found by it: then it may still be something that others provide. */
export function randomWishes(random: Random, packages: readonly WorldPackage[], excluded: Mask): Wish[] {
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
    const { spec, answers } = randomWish(random, packages, excluded);
    return { spec, answers: answers === 0 ? providing(packages, spec, excluded) : answers };
  });
}

function randomWish(random: Random, packages: readonly WorldPackage[], excluded: Mask): Wish {
  const item = pick(random, packages);
  const chance = random();
  if (chance < 0.7) return { spec: item.name, answers: ofName(packages, item.name, excluded) };
  if (chance < 0.9) return { spec: nevraOf(item), answers: maskOf(packages, (other) => nevraOf(other) === nevraOf(item)) & ~excluded };
  const spec = pick(random, ['cap', 'cap(x)', '/usr/bin/tool', '/etc/tool.conf']);
  return { spec, answers: providing(packages, spec, excluded) };
}

export function maskOf(packages: readonly WorldPackage[], isWanted: (item: WorldPackage) => boolean): Mask {
  return packages.reduce((mask, item, index) => (isWanted(item) ? mask | (1 << index) : mask), 0);
}

function providing(packages: readonly WorldPackage[], name: string, excluded: Mask): Mask {
  return maskOf(packages, (item) => provides(item, plain(name))) & ~excluded;
}

/** A name is also answered by what obsoletes a package of that name. */
function ofName(packages: readonly WorldPackage[], name: string, excluded: Mask): Mask {
  const named = packages.filter((item, index) => item.name === name && (excluded & (1 << index)) === 0);
  const replaces = (item: WorldPackage): boolean =>
    (item.relations.obsoletes ?? []).some((dependency) => named.some((other) => isNamed(other, dependency)));
  return maskOf(packages, (item) => item.name === name || replaces(item)) & ~excluded;
}
