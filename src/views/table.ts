import { shortPrintable } from '../base/printable.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/**
 * Columns of text, separated by two spaces, without trailing blanks. `indent` goes before each line; without titles there is no head. Cells
 * are untrusted: control characters are made visible.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[], { indent = '' } = {}): string {
  const hasTitles = columns.some(({ title }) => title !== '');
  const cells = rows.map((row) => row.map((cell) => shortPrintable(cell, 1000)));
  const lines = hasTitles ? [columns.map(({ title }) => title), ...cells] : cells;
  const widths = columns.map((_, i) => Math.max(0, ...lines.map((line) => (line[i] ?? '').length)));
  return lines
    .map((line) => {
      const cells = columns.map(({ align }, i) => {
        const cell = line[i] ?? '';
        return align === 'right' ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!);
      });
      return `${indent}${cells.join('  ')}`.trimEnd();
    })
    .map((line) => `${line}\n`)
    .join('');
}
