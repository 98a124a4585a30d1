import type { LockedPackage, Lockfile } from './lockfile.ts';
import type { PackageMove } from './package-moves.ts';

/** Name of the source RPM of a file name such as `glibc-2.34-147.el9.src.rpm`; undefined when it is none. */
export function sourceName(file: string | undefined): string | undefined {
  return file === undefined ? undefined : /^(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm$/.exec(file)?.[1];
}

export interface NamedSource {
  /** Packages that are grouped. */
  readonly group: string;
  /** undefined where no lock tells it; the group is then named after its packages. */
  readonly source: string | undefined;
}

/**
 * How changes are taken together: by source RPM. Where a lock does not tell it (schema 1.0), another lock may, for the same package
 * name. Else packages that moved from one version to another together almost always come from one source, and are one group.
 */
export function sourceNames(locks: readonly Lockfile[]): (move: PackageMove) => NamedSource {
  const known = sourcesByPackage(locks);
  return (move) => {
    const locked: LockedPackage = move.after ?? move.before;
    const source = sourceName(locked.source) ?? sourceName(move.before?.source) ?? known.get(locked.name);
    if (source !== undefined) return { group: source, source };
    const versions = [move.before, move.after].map((side) => (side ? `${side.version}-${side.release}` : ''));
    return { group: `\n${move.kind} ${versions.join(' ')}`, source: undefined };
  };
}

/** Names of source RPMs by those of their packages, as far as the locks tell them. */
export function sourcesByPackage(locks: readonly Lockfile[]): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const { packages } of locks) {
    for (const { name, source } of packages) {
      const found = sourceName(source);
      if (found !== undefined) known.set(name, found);
    }
  }
  return known;
}

/** Name of the source RPM of a locked package, where one of the locks tells it, else that of the package. */
export function sourcesIn(locks: readonly Lockfile[]): (locked: LockedPackage) => string {
  const known = sourcesByPackage(locks);
  return ({ name, source }) => sourceName(source) ?? known.get(name) ?? name;
}

/** A name for packages whose source is not known: the one that most others start with, else the shortest. */
export function nameOfGroup(names: readonly string[]): string {
  const score = (name: string): number => names.filter((other) => other === name || other.startsWith(`${name}-`)).length;
  return [...names].sort((a, b) => score(b) - score(a) || a.length - b.length || (a < b ? -1 : 1))[0]!;
}

/** `2.34-147.el9` of a source RPM, where the locked package has one. */
export const sourceVersion = ({ source }: LockedPackage): string | undefined =>
  source === undefined ? undefined : /^.+-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(source)?.[1];
