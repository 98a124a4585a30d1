import { plural } from './quantity.ts';
import { renderTable } from './table.ts';

export interface OnlineRow {
  readonly kind: 'gone' | 'checksum' | 'behind';
  readonly architecture: string;
  readonly package: string;
  readonly sets: readonly string[];
  readonly newest: string | null;
}

const WORDS: Readonly<Record<OnlineRow['kind'], string>> = {
  gone: 'not on the mirror any more',
  checksum: 'on the mirror with ANOTHER CHECKSUM',
  behind: 'there is something newer',
};

/** What `check --online` found; nothing where it was not asked. */
export function renderOnline(rows: readonly OnlineRow[] | undefined): string {
  if (rows === undefined) return '';
  if (rows.length === 0) return 'online: every locked RPM is on its mirror and is the newest\n';
  const counts = (['checksum', 'gone', 'behind'] as const).map((kind) => ({ kind, of: rows.filter((row) => row.kind === kind) }));
  const head = counts.filter(({ of }) => of.length > 0).map(({ kind, of }) => `online: ${plural(of.length, 'package')} ${WORDS[kind]}\n`);
  const listed = counts.flatMap(({ of }) => of).map((row) => [row.architecture, row.package, WORDS[row.kind], row.newest ?? '']);
  return `${head.join('')}${renderTable([{ title: 'architecture' }, { title: 'locked' }, { title: '' }, { title: 'mirror has' }], listed, { indent: '  ' })}`;
}
