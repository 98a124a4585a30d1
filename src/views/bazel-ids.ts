import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';

/** A unique id for each file, by sha256; with `short` the package name alone, if it is unique. */
export function bazelIds(locks: readonly Lockfile[], { short }: { readonly short: boolean }): ReadonlyMap<string, string> {
  const lockedPackages = [...new Map(locks.flatMap(({ packages }) => packages.map((locked) => [locked.sha256, locked] as const))).values()];
  const isShort = short && new Set(lockedPackages.map(({ name }) => name)).size === lockedPackages.length;
  const wanted = lockedPackages.map((locked) => [locked.sha256, isShort ? locked.name : longId(locked)] as const);
  const counts = new Map<string, number>();
  for (const [, id] of wanted) counts.set(id, (counts.get(id) ?? 0) + 1);
  return new Map(wanted.map(([sha256, id]) => [sha256, counts.get(id) === 1 ? id : `${id}__${sha256}`]));
}

/** `acl-0__2.3.1-4.el9.x86_64`, with words instead of characters that Bazel forbids. */
const longId = ({ name, epoch, version, release, arch }: LockedPackage): string =>
  `${name}-${epoch}__${version}-${release}.${arch}`
    .replaceAll('+', '__plus__')
    .replaceAll('~', '__tilde__')
    .replaceAll('^', '__caret__')
    .replace(/[^A-Za-z0-9._-]/g, '_');
