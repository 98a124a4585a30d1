import type { Lockfile, Pin } from './lockfile.ts';
import { requestedNames } from './requested-names.ts';

/** Who needs whom in one lock, by package: a lock names dependencies, and a name can stand for packages of several architectures. */
export interface PackageEdges {
  readonly requested: readonly Pin[];
  /** An entry for each package, in the order of the lock. */
  readonly dependencies: ReadonlyMap<Pin, readonly Pin[]>;
}

export function packageEdges(lock: Lockfile): PackageEdges {
  const byName = new Map<string, Pin[]>();
  for (const pin of lock.packages) {
    const known = byName.get(pin.name);
    if (known === undefined) byName.set(pin.name, [pin]);
    else known.push(pin);
  }
  const named = (name: string, arch: string): readonly Pin[] => ofArchitecture(byName.get(name) ?? [], arch);
  const dependencies = new Map(
    lock.packages.map((pin) => {
      const arch = pin.arch === 'noarch' ? lock.architecture : pin.arch;
      return [pin, [...new Set(pin.dependencies ?? [])].flatMap((name) => named(name, arch)).filter((other) => other !== pin)] as const;
    }),
  );
  const requested = [...requestedNames(lock).byName].flatMap(([name, specs]) => {
    const pins = byName.get(name) ?? [];
    const asked = pins.filter(({ arch }) => specs.some((spec) => spec.endsWith(`.${arch}`)));
    return asked.length > 0 ? asked : ofArchitecture(pins, lock.architecture);
  });
  return { requested, dependencies };
}

/** Those of the same architecture or of none; all where there are no such packages, because the lock does not say more. */
function ofArchitecture(pins: readonly Pin[], arch: string): readonly Pin[] {
  if (pins.length < 2) return pins;
  const same = pins.filter((pin) => pin.arch === arch || pin.arch === 'noarch');
  return same.length > 0 ? same : pins;
}
