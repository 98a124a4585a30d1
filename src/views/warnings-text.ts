/** Warnings as text: similar ones become one line with all their sets, architectures and packages. */

import type { WarningTarget } from '../base/events.ts';
import { firstOf } from '../base/printable.ts';
import type { Warning } from '../base/warnings.ts';
import { describeLocks } from '../lockfile/lock-names.ts';

/** One entry per line, or a few lines if the text has more. `targets` are all sets and architectures of the run. */
export function warningTexts(warnings: readonly Warning[], targets: readonly WarningTarget[] = targetsOf(warnings)): string[] {
  const groups = new Map<string, { text: string; places: Set<string> }>();
  for (const { code, text, set, architecture } of warnings) {
    const key = `${code}\n${text}`;
    const group = groups.get(key) ?? { text, places: new Set() };
    groups.set(key, group);
    group.places.add(JSON.stringify([set ?? '', architecture ?? '']));
  }
  const lines = new Map<string, { where: string; names: string[]; rest: string }>();
  for (const { text, places } of groups.values()) {
    const where = placesText([...places], targets);
    const [, name, rest = text] = /^(`[^`\n]+`) (.*)$/s.exec(text) ?? [];
    const key = name === undefined ? `${where}\n\n${text}` : `${where}\n${rest}`;
    const line = lines.get(key) ?? { where, names: [], rest };
    lines.set(key, line);
    if (name !== undefined) line.names.push(name);
  }
  return [...lines.values()].map(({ where, names, rest }) => `${where === '' ? '' : `${where}: `}${namesText(names)}${rest}`);
}

const MAX_NAMES = 8;

const namesText = (names: readonly string[]): string => (names.length === 0 ? '' : `${firstOf(names, MAX_NAMES)} `);

function placesText(places: readonly string[], targets: readonly WarningTarget[]): string {
  const parsed = places.map((place) => JSON.parse(place) as [string, string]);
  const locks = parsed.filter(([set, architecture]) => set !== '' && architecture !== '');
  const others = parsed
    .filter(([set, architecture]) => (set === '') !== (architecture === ''))
    .map(([set, architecture]) => set + architecture);
  const named = describeLocks(
    locks.map(([set, architecture]) => ({ package_set: set, architecture })),
    targets.map(({ set, architecture }) => ({ package_set: set, architecture })),
  );
  return [locks.length === 0 ? '' : named, ...others].filter((text) => text !== '').join(', ');
}

const targetsOf = (warnings: readonly Warning[]): WarningTarget[] =>
  warnings.flatMap(({ set, architecture }) => (set === undefined || architecture === undefined ? [] : [{ set, architecture }]));
