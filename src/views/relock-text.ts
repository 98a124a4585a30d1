import { plural } from '../base/quantity.ts';
import type { Warning } from '../base/warnings.ts';
import { printable } from '../manifest/printable.ts';
import type { UnmetRequirement } from '../resolution/resolution.ts';
import { someNames } from './diff-words.ts';
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

/** Requirements that only ignored packages meet. */
export function unmetWarnings(rows: readonly RelockRow[]): Warning[] {
  return rows
    .filter(({ unmet }) => unmet.length > 0)
    .map(({ set, architecture, unmet }) => ({ code: 'REQUIREMENT_UNMET', text: unmetText(unmet), set, architecture }));
}

/** All of them, a line for each package that has some. */
export function unmetText(unmet: readonly UnmetRequirement[]): string {
  const relations = new Map<string, string[]>();
  for (const one of unmet) relations.set(one.package, [...(relations.get(one.package) ?? []), one.relation]);
  const lines = [...relations].map(([nevra, list]) => `  ${printable(`${nameOf(nevra)} requires ${list.join(', ')}`, MAX_LINE)}`);
  const names = [...new Set(unmet.flatMap(({ ignored }) => ignored.map(nameOf)))].sort();
  return [`${plural(unmet.length, 'requirement')} unmet, because \`ignore\` leaves out ${someNames(names)}`, ...lines].join('\n');
}

/** More than real packages have. */
const MAX_LINE = 10_000;

const nameOf = (nevra: string): string => /^(.+)-\d+:[^:]*$/.exec(nevra)?.[1] ?? nevra;
