/** Packages that a user selected, by name or by source RPM. */
import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { sourceName } from '../lockfile/source-names.ts';
import { globMatcher } from '../rpm/glob.ts';

export interface NamedPackages {
  /** Names or globs. */
  readonly names: readonly string[];
  readonly sources: readonly string[];
}

export function matchNames({ names, sources }: NamedPackages): (locked: LockedPackage) => boolean {
  const isNamed = namesMatcher(names);
  const isSource = namesMatcher(sources);
  return (locked) => isNamed(locked.name) || isSource(sourceName(locked.source) ?? '');
}

/** Throws for a name that is in no lockfile. */
export function refuseUnknownNames({ names, sources }: NamedPackages, locks: readonly Lockfile[]): void {
  if (locks.length === 0) {
    throw new RpmDepsError('LOCKFILE_MISSING', 'no lockfiles found; nothing to update', {
      hint: 'run `rpm-deps update` without names to create them',
    });
  }
  const lockedPackages = locks.flatMap(({ packages }) => packages);
  if (sources.length > 0 && !lockedPackages.some((locked) => locked.source !== undefined)) {
    throw new RpmDepsError('LOCKFILE_INVALID', 'the lockfiles do not name source RPMs', {
      hint: 'they are of schema 1.0: run `rpm-deps lock` to update them',
    });
  }
  const refuse = (text: string, option: string, known: ReadonlySet<string>): void => {
    if ([...known].some(namesMatcher([text]))) return;
    const near = nearestOf(text, known);
    throw new RpmDepsError('USAGE', `no lockfile has ${option} \`${text}\``, {
      hint: near === undefined ? '`rpm-deps tree` shows what is locked' : `did you mean \`${near}\`?`,
    });
  };
  const packages = new Set(lockedPackages.map(({ name }) => name));
  const known = new Set(lockedPackages.map((locked) => sourceName(locked.source) ?? '').filter((name) => name !== ''));
  for (const name of names) refuse(name, 'a package', packages);
  for (const name of sources) refuse(name, 'a package of the source RPM', known);
}

/** Whether a package matches one of the given names or globs. */
function namesMatcher(names: readonly string[]): (name: string) => boolean {
  const matchers = names.map(globMatcher);
  return (name) => matchers.some((matches) => matches(name));
}
