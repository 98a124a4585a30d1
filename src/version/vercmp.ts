/**
 * RPM versions for anybody: `import { compare, satisfies } from 'rpm-deps/vercmp'`.
 * A version is `[epoch:]version[-release]`; comparison is rpm's own (see rpmvercmp.ts), with the epoch first.
 */
import { compareEvr, type Evr, parseEvr } from './evr.ts';
import { type Operator, satisfies as overlaps } from './relation.ts';

export type { Evr } from './evr.ts';
export { rpmvercmp } from './rpmvercmp.ts';

/** -1, 0 or 1: whether `a` is older than, as old as, or newer than `b`. */
export function compare(a: string, b: string): -1 | 0 | 1 {
  return compareEvr(a, b) as -1 | 0 | 1;
}

/** The parts of a version, or null when it is none. */
export function parse(version: string): Evr | null {
  return valid(version) ? parseEvr(version) : null;
}

/** Whether rpm would take this as `[epoch:]version[-release]`. */
export function valid(version: string): boolean {
  return /^(?:\d{1,10}:)?[A-Za-z0-9._+~^%{}]+(?:-[A-Za-z0-9._+~^%{}]+)?$/.test(version);
}

/**
 * Whether a version is in a range: `'>= 1.2'`, or several conditions separated by commas, all of which must hold.
 * A condition without an operator means equal. A release missing in the range matches any, as in rpm.
 */
export function satisfies(version: string, range: string): boolean {
  return range.split(',').every((condition) => {
    const parts = /^\s*(<=|>=|==|=|<|>)?\s*(\S+)\s*$/.exec(condition);
    if (parts === null) return false;
    const operator = (parts[1] === undefined || parts[1] === '==' ? '=' : parts[1]) as Operator;
    return overlaps({ name: '', operator: '=', evr: version }, { name: '', operator, evr: parts[2] });
  });
}

/** A sorted copy, oldest first. */
export function sort(versions: readonly string[]): string[] {
  return [...versions].sort(compare);
}

/** The newest version in a range, or null. */
export function maxSatisfying(versions: readonly string[], range: string): string | null {
  const matching = versions.filter((version) => satisfies(version, range));
  return matching.length === 0 ? null : matching.reduce((best, version) => (compare(version, best) > 0 ? version : best));
}
