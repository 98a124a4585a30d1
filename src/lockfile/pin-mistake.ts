import type { Pin } from './lockfile.ts';
import { LOCKFILE_SCHEMA } from './schema.ts';

const PATTERNS: readonly (readonly [keyof Pin, RegExp])[] = Object.entries(LOCKFILE_SCHEMA.properties.packages.items.properties).flatMap(
  ([key, value]) => ('pattern' in value ? [[key as keyof Pin, new RegExp(value.pattern, 'u')] as const] : []),
);

const MAX_LENGTH = 4096;

/** The first value of a pin that a lockfile does not take, though some repository offers it; undefined when it takes all. */
export function pinMistake(pin: Pin): { readonly key: keyof Pin; readonly value: string } | undefined {
  for (const [key, pattern] of PATTERNS) {
    const value = pin[key];
    if (typeof value === 'string' && (value.length > MAX_LENGTH || !pattern.test(value))) return { key, value };
  }
  return undefined;
}
