import { printable } from '../manifest/printable.ts';
import { count, list, object, text, texts } from './shape.ts';
import { renderTable } from './table.ts';
import { defineView } from './view.ts';

export interface SearchRow {
  readonly name: string;
  readonly arch: string;
  readonly newest: string;
  readonly versions: number;
  readonly repository: string;
  readonly architectures: readonly string[];
}

export const searchView = defineView({
  command: 'search',
  about: 'Packages of the repositories by name, glob, path or capability',
  schema: 1,
  shape: object({
    packages: list(
      object({
        name: text('Name'),
        arch: text('Architecture of the RPM; also `noarch`'),
        newest: text('The newest `[epoch:]version-release`'),
        versions: count('How many versions there are'),
        repository: text('Id of the repository that has the newest'),
        architectures: texts('The architectures whose repositories have it in that newest version'),
      }),
      'By name, then arch',
    ),
  }),
  json: (packages: readonly SearchRow[]) => ({ packages }),
  text: renderSearch,
});

/** A line a package: what is alike but for the architecture is said once. */
function renderSearch(rows: readonly SearchRow[]): string {
  const lines = new Map<string, { cells: readonly string[]; architectures: Set<string> }>();
  for (const { name, arch, newest, versions, repository, architectures } of rows) {
    const cells = [name, newest, String(versions), repository, arch === 'noarch' ? 'noarch' : ''];
    const key = JSON.stringify(cells);
    const line = lines.get(key) ?? { cells, architectures: new Set() };
    lines.set(key, line);
    // An i686 package is for x86_64, and not the same as its namesake there.
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
    ],
    [...lines.values()].map(({ cells, architectures }) => [...cells, [...architectures].join(', ')].map((cell) => printable(cell))),
  );
}
