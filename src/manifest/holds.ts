import { shortPrintable } from '../base/printable.ts';
import type { Hold } from './manifest.ts';
import type { MistakeList } from './mistake.ts';
import { asMap } from './plain-access.ts';
import type { Plain } from './source-text.ts';

/** A hold is valid until the end of its last day. `today` is YYYY-MM-DD. */
export const isHoldExpired = (hold: Hold, today: string): boolean => hold.until !== undefined && hold.until < today;

export const holdsInForce = (holds: readonly Hold[], today: string): Hold[] => holds.filter((hold) => !isHoldExpired(hold, today));

export function buildHolds(value: Plain | undefined, mistakes: MistakeList): Hold[] {
  const holds: Hold[] = [];
  for (const [i, item] of (Array.isArray(value) ? value : []).entries()) {
    const map = asMap(item) ?? {};
    const { package: name, version, reason, until, issue } = map;
    if (typeof until === 'string' && !isDate(until)) {
      mistakes.add(['holds', i, 'until'], `expected a date such as 2027-01-31, not \`${shortPrintable(until)}\``);
    }
    if (typeof name !== 'string' || typeof version !== 'string' || typeof reason !== 'string') continue;
    holds.push({
      package: name,
      version,
      reason,
      until: typeof until === 'string' ? until : undefined,
      issue: typeof issue === 'string' ? issue : undefined,
    });
  }
  return holds;
}

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
