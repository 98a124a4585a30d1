import type { UnmetRequirement } from '../resolution/resolution.ts';
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

/** One row a lockfile, then what `ignore` left out. */
export function renderRelock(rows: readonly RelockRow[], { dryRun }: { readonly dryRun: boolean }): string {
  const table = renderTable(
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
  return [table.trimEnd(), ...rows.flatMap(describeIgnored)].join('\n');
}

const MAX_UNMET = 5;

function describeIgnored({ set, architecture, ignored, unmet }: RelockRow): string[] {
  if (ignored.length === 0) return [];
  const lines = [`${set}-${architecture}: ${plural(ignored.length, 'package')} ignored (${ignored.join(', ')}), ${plural(unmet.length, 'requirement')} unmet by that`];
  for (const { package: name, relation } of unmet.slice(0, MAX_UNMET)) lines.push(`  ${name} requires ${relation}`);
  if (unmet.length > MAX_UNMET) lines.push(`  and ${unmet.length - MAX_UNMET} more; --json lists them all`);
  return lines;
}
