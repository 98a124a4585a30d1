import { shortPrintable, someNames } from '../base/printable.ts';
import { plural } from '../base/quantity.ts';
import { count, list, object, oneOf, orNull, text, texts } from './shape.ts';
import { renderTable } from './table.ts';

/** A locked package that is missing from its mirror, or has another checksum or a newer version there (`held`: a hold allows no newer version). */
export interface OnlineRow {
  readonly kind: 'gone' | 'checksum' | 'behind' | 'held';
  readonly architecture: string;
  /** `name-epoch:version-release.arch`. */
  readonly package: string;
  readonly sets: readonly string[];
  readonly newest: string | null;
  /** Number of newer versions on the mirror. */
  readonly newer: number;
  /** How to fix it; empty if nothing is wrong. */
  readonly fix: string;
}

export const onlineRows = list(
  object({
    kind: oneOf(
      ['gone', 'checksum', 'behind', 'held'],
      '`gone`: no longer on the mirror; `checksum`: different on the mirror; `behind`: outdated; `held`: outdated because of a hold',
    ),
    architecture: text('The architecture'),
    package: text('The locked package, as NEVRA'),
    sets: texts('The package sets that have it'),
    newest: orNull(text('The newest version on the mirror, as NEVRA; null if there is none')),
    newer: count('How many versions on the mirror are newer'),
    fix: text('How to fix it; empty if nothing is wrong'),
  }),
  'With `--online`: locked packages that are outdated, no longer on their mirror, or different there',
);

const KINDS: readonly [OnlineRow['kind'], string][] = [
  ['checksum', 'on the mirror with A DIFFERENT CHECKSUM'],
  ['gone', 'no longer on the mirror'],
  ['behind', 'behind the mirror'],
  ['held', 'behind the mirror, and held there'],
];

/** The findings of `check --online` by kind, each with the command that fixes it; empty without `--online` and without lockfiles. */
export function renderOnline(rows: readonly OnlineRow[] | undefined, lockfiles: number): string {
  if (rows === undefined || lockfiles === 0) return '';
  if (rows.length === 0) return 'online: every locked RPM is on its mirror and is the newest\n';
  const fixes = [...new Set(rows.map((row) => row.fix))];
  return KINDS.flatMap(([kind, words]) => fixes.map((fix) => ({ kind, words, fix })))
    .map((group) => {
      const found = rows.filter((row) => row.kind === group.kind && row.fix === group.fix);
      if (found.length === 0) return '';
      const fix = group.fix === '' ? '' : `    fix: ${group.fix}\n`;
      const table = renderTable(
        [{ title: 'architecture' }, { title: 'locked' }, { title: 'mirror has' }, { title: 'sets' }],
        found.map((row) => [row.architecture, shortPrintable(row.package), mirrorHas(row), someNames(row.sets, 2)]),
        { indent: '    ' },
      );
      return `online: ${plural(found.length, 'package')} ${group.words}\n${table}${fix}`;
    })
    .join('');
}

/** `0:2.34-148.el9 (2 newer)`: without the name, which is in another column. */
function mirrorHas({ newest, newer }: OnlineRow): string {
  if (newest === null) return 'none';
  const version = /-(\d+:.+)\.[^.]+$/.exec(newest)?.[1] ?? newest;
  return `${shortPrintable(version)}${newer > 1 ? ` (${newer} newer)` : ''}`;
}
