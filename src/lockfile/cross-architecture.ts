import { globMatcher } from '../rpm/glob.ts';
import type { Lockfile } from './lockfile.ts';
import { versionText } from './package-version.ts';

export interface VersionDisagreement {
  readonly name: string;
  readonly versions: readonly { readonly architecture: string; readonly version: string }[];
}

/** Packages that match the globs for one common version but have several versions in the locks of one set. By name. */
export function versionDisagreements(locks: readonly Lockfile[], globs: readonly string[]): VersionDisagreement[] {
  if (globs.length === 0) return [];
  const matchers = globs.map(globMatcher);
  const byName = new Map<string, { architecture: string; version: string }[]>();
  for (const { architecture, packages } of locks) {
    for (const locked of packages) {
      if (!matchers.some((matches) => matches(locked.name))) continue;
      const version = { architecture, version: versionText(locked) };
      const versions = byName.get(locked.name);
      if (versions) versions.push(version);
      else byName.set(locked.name, [version]);
    }
  }
  return [...byName]
    .filter(([, versions]) => new Set(versions.map(({ version }) => version)).size > 1)
    .map(([name, versions]) => ({ name, versions }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
