import type { LockedPackage, Lockfile } from './lockfile.ts';
import type { PackageMove } from './package-moves.ts';

/** Name of the source RPM of a file name such as `glibc-2.34-147.el9.src.rpm`; undefined if it is not one. */
export function sourceName(file: string | undefined): string | undefined {
  return file === undefined ? undefined : /^(.+)-[^-]+-[^-]+\.(?:no)?src\.rpm$/.exec(file)?.[1];
}

export interface NamedSource {
  /** Key of the group. */
  readonly group: string;
  /** undefined if no lock records it; the group is then named after its packages. */
  readonly source: string | undefined;
}

/**
 * Groups changes by source RPM. If a lock does not record it (schema 1.0), it is taken from another lock for the same package
 * name. Otherwise packages with the same old and new version are one group, because they almost always have one source.
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

/** Names of source RPMs by package name, as far as the locks record them. */
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

/** Name of the source RPM of a locked package if one of the locks records it, else the package's name. */
export function sourcesIn(locks: readonly Lockfile[]): (locked: LockedPackage) => string {
  const known = sourcesByPackage(locks);
  return ({ name, source }) => sourceName(source) ?? known.get(name) ?? name;
}

/** A name for packages of an unknown source: the one that is a prefix of most others, else the shortest. */
export function nameOfGroup(names: readonly string[]): string {
  const score = (name: string): number => names.filter((other) => other === name || other.startsWith(`${name}-`)).length;
  return [...names].sort((a, b) => score(b) - score(a) || a.length - b.length || (a < b ? -1 : 1))[0]!;
}

/** `2.34-147.el9` of a source RPM, if the locked package has one. */
export const sourceVersion = ({ source }: LockedPackage): string | undefined =>
  source === undefined ? undefined : /^.+-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(source)?.[1];
