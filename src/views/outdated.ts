import { shortPrintable } from '../base/printable.ts';
import { plural } from '../base/quantity.ts';
import type { BumpRow } from '../lockfile/bump.ts';
import { describeLocks } from '../lockfile/lock-names.ts';
import type { BaseChange, LockName } from '../lockfile/lockfile-diff.ts';
import type { OutdatedRow } from '../lockfile/outdated.ts';
import { bumpRows, bumpRowsJson, renderBump } from './bump.ts';
import { baseLines } from './diff-text.ts';
import { baseChangeShape, lockNames } from './lock-shapes.ts';
import { list, object, oneOf, orNull, text, texts } from './shape.ts';
import { renderTable } from './table.ts';
import { defineView } from './view.ts';

export interface OutdatedData {
  readonly rows: readonly OutdatedRow[];
  readonly pins: readonly BumpRow[];
  readonly bases: readonly BaseChange[];
  /** The compared lockfiles. */
  readonly locks: readonly LockName[];
}

const rowShape = object({
  source: text('Name of the source RPM'),
  packages: texts('Its packages that are behind'),
  locked: text('The locked version'),
  newest: orNull(text('The newest version in the repositories; null if there is none')),
  newest_allowed: orNull(text('The newest version that holds allow')),
  status: oneOf(['gone', 'outdated', 'held'], '`gone`: no longer in any repository; `held`: a hold forbids all newer versions'),
  architectures: texts('The architectures that lock it'),
  locks: lockNames('The lockfiles that have it'),
  pinned_by: texts('Names under `versions`, or specs, that pin it'),
  hold: orNull(
    object({ version: text('Glob on the allowed versions'), reason: text('The reason'), until: orNull(text('Last day, YYYY-MM-DD')) }),
  ),
});

export const outdatedView = defineView({
  command: 'outdated',
  about: 'Locked packages and pins that are older than those in the repositories',
  schema: 1,
  shape: object({
    outdated: list(rowShape, 'One entry for each source RPM and version; those that are gone first, held ones last'),
    pins: bumpRows,
    bases: list(baseChangeShape, 'Bases whose image or packages have changed since they were locked'),
  }),
  json: ({ rows, pins, bases }: OutdatedData) => ({ outdated: rows, pins: bumpRowsJson(pins), bases }),
  text: ({ rows, pins, bases, locks }: OutdatedData) => renderOutdated(rows, locks, { pins, bases }),
  styleOf: (line) => (/\bGONE:| is gone: /.test(line) ? 'red' : undefined),
});

export function renderOutdated(
  rows: readonly OutdatedRow[],
  all: readonly LockName[],
  { pins = [], bases = [] }: { readonly pins?: readonly BumpRow[]; readonly bases?: readonly BaseChange[] } = {},
): string {
  const behind = pins.filter(
    ({ status, gone, has_newer: hasNewer }) => gone.length > 0 || (status !== 'floating' && (status !== 'current' || hasNewer)),
  );
  const sections = [
    ...(rows.length === 0 ? [] : [outdatedTable(rows, all)]),
    ...(bases.length === 0 ? [] : [`newer base\n${bases.flatMap((change) => baseLines(change, all)).join('\n')}\n`]),
    ...(behind.length === 0
      ? []
      : [`pins, and what \`rpm-deps bump\` would change\n${renderBump(behind).replace(/^/gm, '  ').trimEnd()}\n`]),
  ];
  if (sections.length > 0) return sections.join('\n');
  return all.length === 0 ? 'every pin is at the newest version; there are no lockfiles yet\n' : 'everything is up to date\n';
}

function outdatedTable(rows: readonly OutdatedRow[], all: readonly LockName[]): string {
  const table = renderTable(
    [
      { title: 'source' },
      { title: 'locked' },
      { title: 'newest' },
      { title: 'packages', align: 'right' },
      { title: 'locks' },
      { title: 'pin' },
    ],
    rows.map((row) => [
      shortPrintable(row.source),
      shortPrintable(row.locked),
      shortPrintable(row.newest ?? 'none'),
      String(row.packages.length),
      isShort(describeLocks(row.locks, all)) ? describeLocks(row.locks, all) : plural(row.locks.length, 'lock'),
      row.pinned_by.map((pin) => shortPrintable(pin)).join(', '),
    ]),
  );
  // Long texts are printed below their row: a column of them would be wider than most terminals.
  const [head, ...lines] = table.trimEnd().split('\n');
  return [head, ...lines.flatMap((line, i) => [line, ...notes(rows[i]!, all).map((text) => `    ${text}`)])]
    .map((line) => `${line}\n`)
    .join('');
}

/** Longer lists of locks are printed below their row too. */
const isShort = (where: string): boolean => where.length <= 32;

function notes({ status, hold, locks, newest, newest_allowed: allowed }: OutdatedRow, all: readonly LockName[]): string[] {
  const where = describeLocks(locks, all);
  return [
    ...(isShort(where) ? [] : [`in ${where}`]),
    ...(status === 'gone' ? ['GONE: the locked version is no longer in any repository'] : []),
    ...(hold
      ? [
          `held at ${shortPrintable(hold.version)}${hold.until === null ? '' : ` until ${shortPrintable(hold.until)}`}: ${shortPrintable(hold.reason)}`,
        ]
      : []),
    ...(status === 'outdated' && allowed !== null && allowed !== newest ? [`may move to ${shortPrintable(allowed)}`] : []),
  ];
}
