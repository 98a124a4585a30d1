/**
 * The public API for RPM versions: `import { compare, satisfies } from 'rpm-deps/vercmp'`.
 * A version is `[epoch:]version[-release]`; compares the epoch first, then by rpm's algorithm (see rpmvercmp.ts).
 */
import { compareEvr, type Evr, parseEvr } from './evr.ts';
import { type Operator, satisfies as overlaps } from './relation.ts';

export type { Evr } from './evr.ts';
export { rpmvercmp } from './rpmvercmp.ts';

/** -1, 0 or 1: `a` is older than, equal to, or newer than `b`. A version without a release is older than the same version with one. */
export function compare(a: string, b: string): -1 | 0 | 1 {
  return compareEvr(a, b) as -1 | 0 | 1;
}

/** The parts of a version, or null if it is invalid. A missing epoch is `'0'`, a missing release `''`. */
export function parse(version: string): Evr | null {
  return valid(version) ? parseEvr(version) : null;
}

/** Whether rpm accepts this as `[epoch:]version[-release]`. */
export function valid(version: string): boolean {
  return VERSION.test(version) && !version.includes('..');
}

/**
 * Whether a version is in a range: `'>= 1.2'`, or several conditions separated by commas or spaces, all of which must match
 * (`'>= 1.2, < 2'`). A condition without an operator means equal; an empty range or `*` matches everything; an invalid range
 * matches nothing. As in rpm, releases are not compared if one side has none: `1.2-3` satisfies `= 1.2` and does not satisfy `> 1.2`.
 */
export function satisfies(version: string, range: string): boolean {
  const conditions = parseRange(range);
  const provide = { name: '', operator: '=', evr: version } as const;
  return conditions?.every(({ operator, evr }) => overlaps(provide, { name: '', operator, evr })) ?? false;
}

/** A sorted copy, oldest first. Equal versions keep their order. */
export function sort(versions: readonly string[]): string[] {
  return [...versions].sort(compare);
}

/** The newest version in a range, or null. */
export function maxSatisfying(versions: readonly string[], range: string): string | null {
  const matching = versions.filter((version) => satisfies(version, range));
  return matching.length === 0 ? null : matching.reduce((best, version) => (compare(version, best) > 0 ? version : best));
}

interface Condition {
  readonly operator: Operator;
  readonly evr: string;
}

/** undefined for an invalid range. */
function parseRange(range: string): readonly Condition[] | undefined {
  const words = range.match(/[<>=]+|[^\s,<>=]+/g) ?? [];
  if (words.length === 0 || (words.length === 1 && words[0] === '*')) return [];
  const conditions: Condition[] = [];
  for (let i = 0; i < words.length; i++) {
    const operator = OPERATORS.get(words[i]!);
    if (operator !== undefined) i++;
    const evr = words[i];
    if (evr === undefined || !VERSION.test(evr)) return undefined;
    conditions.push({ operator: operator ?? '=', evr });
  }
  return conditions;
}

const VERSION = /^(?:\d{1,10}:)?[A-Za-z0-9._+~^%{}]+(?:-[A-Za-z0-9._+~^%{}]+)?$/;
const OPERATORS = new Map<string, Operator>([
  ['<', '<'],
  ['<=', '<='],
  ['=', '='],
  ['==', '='],
  ['>=', '>='],
  ['>', '>'],
]);
