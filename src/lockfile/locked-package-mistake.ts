import type { LockedPackage } from './lockfile.ts';
import { LOCKFILE_SCHEMA } from './schema.ts';

const PATTERNS: readonly (readonly [keyof LockedPackage, RegExp])[] = Object.entries(
  LOCKFILE_SCHEMA.properties.packages.items.properties,
).flatMap(([key, value]) => ('pattern' in value ? [[key as keyof LockedPackage, new RegExp(value.pattern, 'u')] as const] : []));

const MAX_LENGTH = 4096;

/** The first value of a package that a repository has but the schema of lockfiles forbids; undefined if all are allowed. */
export function lockedPackageMistake(locked: LockedPackage): { readonly key: keyof LockedPackage; readonly value: string } | undefined {
  for (const [key, pattern] of PATTERNS) {
    const value = locked[key];
    if (typeof value === 'string' && (value.length > MAX_LENGTH || !pattern.test(value))) return { key, value };
  }
  return undefined;
}
