/**
 * RPM's rules, as plain as they can be said: whether a set of packages may be installed together. Knows nothing of the solver,
 * nor of the pool: versions are numbers here, sets are bit masks, and nothing is fast.
 */
import { type Comparison, type Dependency, type Evr, type PlainDependency, plain, type WorldPackage } from './world.ts';

/** Bit i stands for the package at i. */
export type Mask = number;

/** What is wrong with a set, in words; undefined when nothing is. */
export function whatIsWrong(packages: readonly WorldPackage[], set: Mask): string | undefined {
  for (const [index, item] of packages.entries()) {
    if ((set & (1 << index)) === 0) continue;
    const others = set & ~(1 << index);
    for (const dependency of item.relations.requires ?? [])
      if (!isMet(packages, set, dependency)) return `${item.name}: requirement ${JSON.stringify(dependency)}`;
    for (const dependency of item.relations.conflicts ?? [])
      if (isMet(packages, others, dependency)) return `${item.name}: conflict ${JSON.stringify(dependency)}`;
    for (const dependency of item.relations.obsoletes ?? [])
      if (packages.some((other, i) => (others & (1 << i)) !== 0 && isNamed(other, dependency))) return `${item.name}: obsoletes another`;
    if (packages.some((other, i) => i !== index && (set & (1 << i)) !== 0 && other.name === item.name && collide(other, item)))
      return `${item.name}: twice`;
  }
  return undefined;
}

/** Whether the packages of a set meet a dependency together. */
export function isMet(packages: readonly WorldPackage[], set: Mask, dependency: Dependency): boolean {
  const met = (part: Dependency): boolean => isMet(packages, set, part);
  switch (dependency.kind) {
    case 'and':
      return met(dependency.left) && met(dependency.right);
    case 'or':
      return met(dependency.left) || met(dependency.right);
    case 'if':
      return met(dependency.right) ? met(dependency.left) : dependency.otherwise === undefined || met(dependency.otherwise);
    case 'unless':
      return met(dependency.right) ? dependency.otherwise !== undefined && met(dependency.otherwise) : met(dependency.left);
    default:
      return packages.some((item, i) => (set & (1 << i)) !== 0 && provides(item, dependency));
  }
}

/** Whether one package alone provides what is asked for: a name, a range, a path, or a selection of these. */
export function provides(item: WorldPackage, dependency: Dependency): boolean {
  if (dependency.kind === 'with') return provides(item, dependency.left) && provides(item, dependency.right);
  if (dependency.kind === 'without') return provides(item, dependency.left) && !provides(item, dependency.right);
  if (dependency.kind === 'or') return provides(item, dependency.left) || provides(item, dependency.right);
  if (dependency.kind !== 'plain') throw new Error(`${dependency.kind} inside a selection`);
  if (item.files.includes(dependency.name) && dependency.evr === undefined) return true;
  return (item.relations.provides ?? []).some(
    (offer) => offer.kind === 'plain' && offer.name === dependency.name && mayMeet(offer, dependency),
  );
}

/** Obsoletes look at names and versions of packages, not at what they provide. */
export function isNamed(item: WorldPackage, dependency: Dependency): boolean {
  if (dependency.kind !== 'plain') throw new Error('rpm has no rich obsoletes');
  if (item.name !== dependency.name) return false;
  return mayMeet(plain(item.name, '=', item.evr), dependency);
}

/** Whoever does not name a version means all of them. */
function mayMeet(a: PlainDependency, b: PlainDependency): boolean {
  return a.evr === undefined || b.evr === undefined || overlap(a.comparison!, a.evr, b.comparison!, b.evr);
}

/** Two builds of one name can be together only when one is for 32 bits and the other for 64. */
function collide(a: WorldPackage, b: WorldPackage): boolean {
  return a.arch === b.arch || a.arch === 'noarch' || b.arch === 'noarch';
}

/** Whether some version lies in both ranges. */
function overlap(a: Comparison, left: Evr, b: Comparison, right: Evr): boolean {
  const order = compare(left, right);
  if (order < 0) return a.startsWith('>') || b.startsWith('<');
  if (order > 0) return a.startsWith('<') || b.startsWith('>');
  // A version without release stands for all its releases, which lie on both sides of one of them.
  if (left.release === undefined && right.release !== undefined && a.includes('=')) return true;
  if (right.release === undefined && left.release !== undefined && b.includes('=')) return true;
  return [...a].some((sign) => b.includes(sign));
}

/** A release that one side does not name matches any. */
function compare(a: Evr, b: Evr): number {
  const parts = [
    [a.epoch, b.epoch],
    [a.version, b.version],
    [a.release, b.release],
  ] as const;
  for (const [x, y] of parts) if (x !== undefined && y !== undefined && x !== y) return Number(x) - Number(y);
  return 0;
}
