import { shortPrintable } from '../base/printable.ts';
import { plural } from '../base/quantity.ts';
import { count, list, object, orNull, text, texts } from './shape.ts';
import { renderTable } from './table.ts';
import { defineView } from './view.ts';

export interface SearchRow {
  readonly name: string;
  readonly arch: string;
  readonly newest: string;
  readonly versions: number;
  readonly repository: string;
  /** null if unknown. */
  readonly summary: string | null;
  /** Architectures whose repositories have that newest version. */
  readonly architectures: readonly string[];
}

export interface SearchData {
  /** The best matches first. */
  readonly packages: readonly SearchRow[];
  /** Number of matching names, and how many of them `--limit` omits. */
  readonly total: number;
  readonly omitted: number;
}

export const searchView = defineView({
  command: 'search',
  about: 'Packages of the repositories by name, summary, glob, path or capability',
  schema: 1,
  shape: object({
    packages: list(
      object({
        name: text('Name'),
        arch: text('Architecture of the RPM; also `noarch`'),
        newest: text('The newest `[epoch:]version-release`'),
        versions: count('How many versions there are'),
        repository: text('Id of the repository with the newest version'),
        summary: orNull(text('The summary of the newest version; null if unknown')),
        architectures: texts('The architectures whose repositories have that version'),
      }),
      'Best matches first: the whole name, its beginning, a part of it, then summaries; equal ones by name',
    ),
    total: count('How many names match'),
    omitted: count('How many `--limit` leaves out'),
  }),
  json: (data: SearchData) => data,
  text: ({ packages }: SearchData) => renderSearch(packages),
  remark: ({ omitted }: SearchData) =>
    omitted === 0 ? '' : `${plural(omitted, 'more name')} not shown: --limit N shows more, 0 shows all`,
});

/** One line per package; architectures with the same data share it. */
function renderSearch(rows: readonly SearchRow[]): string {
  const hasSummaries = rows.some(({ summary }) => summary !== null);
  const lines = new Map<string, { cells: readonly string[]; summary: string; architectures: Set<string> }>();
  for (const { name, arch, newest, versions, repository, summary, architectures } of rows) {
    const cells = [name, newest, String(versions), repository, arch === 'noarch' ? 'noarch' : ''];
    const key = JSON.stringify([cells, summary]);
    const line = lines.get(key) ?? { cells, summary: summary ?? '', architectures: new Set() };
    lines.set(key, line);
    // An i686 package is shown for x86_64, separately from the x86_64 package of that name.
    for (const architecture of architectures) {
      line.architectures.add(arch === 'noarch' || arch === architecture ? architecture : `${arch} on ${architecture}`);
    }
  }
  return renderTable(
    [
      { title: 'package' },
      { title: 'newest' },
      { title: 'versions', align: 'right' },
      { title: 'repository' },
      { title: '' },
      { title: 'for' },
      ...(hasSummaries ? [{ title: 'summary' }] : []),
    ],
    [...lines.values()].map(({ cells, summary, architectures }) =>
      [...cells, [...architectures].sort().join(', '), ...(hasSummaries ? [summary] : [])].map((cell) => shortPrintable(cell)),
    ),
  );
}
