import { printable } from '../manifest/printable.ts';
import type { UnmetRequirement } from '../resolution/resolution.ts';
import { someNames } from './diff-words.ts';
import { plural } from './quantity.ts';
import { renderTable } from './table.ts';

export interface RelockRow {
  readonly set: string;
  readonly architecture: string;
  readonly packages: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly written: boolean;
  readonly milliseconds: number;
  readonly ignored: readonly string[];
  readonly unmet: readonly UnmetRequirement[];
}

/** One row a lockfile. */
export function renderRelock(rows: readonly RelockRow[], { dryRun }: { readonly dryRun: boolean }): string {
  if (rows.length === 0) return '';
  return renderTable(
    [
      { title: 'set' },
      { title: 'architecture' },
      { title: 'packages', align: 'right' },
      { title: 'added', align: 'right' },
      { title: 'removed', align: 'right' },
      { title: 'changed', align: 'right' },
      { title: 'time', align: 'right' },
      { title: '' },
    ],
    rows.map((row) => [
      row.set,
      row.architecture,
      String(row.packages),
      String(row.added),
      String(row.removed),
      String(row.changed),
      `${row.milliseconds.toFixed(0)} ms`,
      row.written ? (dryRun ? 'would be written' : 'written') : 'unchanged',
    ]),
  );
}

/** Requirements that only ignored packages meet: what of each set and architecture is alike is said once. */
export function renderUnmet(rows: readonly RelockRow[]): string[] {
  const places = new Map<string, string[]>();
  for (const { set, architecture, unmet } of rows) {
    if (unmet.length === 0) continue;
    const shown = unmet.slice(0, MAX_UNMET).map((one) => `${nameOf(one.package)} requires ${one.relation}`);
    const more = unmet.length > MAX_UNMET ? [`and ${unmet.length - MAX_UNMET} more; --json lists them all`] : [];
    const names = [...new Set(unmet.flatMap(({ ignored }) => ignored.map(nameOf)))].sort();
    const head = `${plural(unmet.length, 'requirement')} unmet, because \`ignore\` leaves out ${someNames(names)}`;
    const text = [head, ...[...shown, ...more].map((line) => `  ${printable(line, 500)}`)].join('\n');
    places.set(text, [...(places.get(text) ?? []), `${set}-${architecture}`]);
  }
  return [...places].map(([text, where]) => `${where.join(', ')}: ${text}`);
}

const MAX_UNMET = 3;

const nameOf = (nevra: string): string => /^(.+)-\d+:[^:]*$/.exec(nevra)?.[1] ?? nevra;
