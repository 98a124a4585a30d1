import { type Mask, whatIsWrong } from './rpm-rules.ts';
import type { WorldPackage } from './world.ts';

export interface Asked {
  readonly packages: readonly WorldPackage[];
  /** Of each one package must be there. */
  readonly wishes: readonly Mask[];
  readonly excluded: Mask;
  readonly isAllowed?: (set: Mask) => boolean;
}

/** The first set that RPM's rules allow and that has a package of each wish; undefined when there is none. Tries them all. */
export function findAnySet({ packages, wishes, excluded, isAllowed = () => true }: Asked): Mask | undefined {
  if (packages.length > 14) throw new Error('too many packages to try every set');
  for (let set = 0; set < 1 << packages.length; set++) {
    if ((set & excluded) !== 0 || wishes.some((wish) => (wish & set) === 0)) continue;
    if (isAllowed(set) && whatIsWrong(packages, set) === undefined) return set;
  }
  return undefined;
}

/**
 * Multilib as libsolv has it, which is policy and no rule of RPM's: where a name has builds for the native architecture, one for another comes only
 * together with a native or noarch build of the same version.
 */
export function isInLockStep(packages: readonly WorldPackage[], native: string, set: Mask): boolean {
  const isThere = (index: number): boolean => (set & (1 << index)) !== 0;
  return packages.every((item, index) => {
    if (!isThere(index) || item.arch === native || item.arch === 'noarch') return true;
    const siblings = [...packages.entries()].filter(([, other]) => other.name === item.name && other.arch !== item.arch);
    if (siblings.every(([, other]) => other.arch === 'noarch')) return true;
    return siblings.some(([i, { evr }]) => isThere(i) && JSON.stringify(evr) === JSON.stringify(item.evr));
  });
}
