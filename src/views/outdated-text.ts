import { plural } from '../base/quantity.ts';
import type { BumpRow } from '../lockfile/bump.ts';
import { describeLocks } from '../lockfile/lock-names.ts';
import type { LockName } from '../lockfile/lockfile-diff.ts';
import type { OutdatedRow } from '../lockfile/outdated.ts';
import { printable } from '../manifest/printable.ts';
import { renderTable } from './table.ts';

export function renderOutdated(rows: readonly OutdatedRow[], all: readonly LockName[], pins: readonly BumpRow[] = []): string {
  const behind = pins.filter(
    ({ status, gone, has_newer: hasNewer }) => gone.length > 0 || (status !== 'floating' && (status !== 'current' || hasNewer)),
  );
  const sections = [
    ...(rows.length === 0 ? [] : [outdatedTable(rows, all)]),
    ...(behind.length === 0
      ? []
      : [`pins, and what \`rpm-deps bump\` does with them\n${renderBump(behind).replace(/^/gm, '  ').trimEnd()}\n`]),
  ];
  return sections.length === 0 ? 'everything locked is the newest there is\n' : sections.join('\n');
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
      printable(row.source),
      printable(row.locked),
      printable(row.newest ?? 'none'),
      String(row.packages.length),
      isShort(describeLocks(row.locks, all)) ? describeLocks(row.locks, all) : plural(row.locks.length, 'lock'),
      row.pinned_by.map((pin) => printable(pin)).join(', '),
    ]),
  );
  // Sentences go below their row: a column of them would be wider than most terminals.
  const [head, ...lines] = table.trimEnd().split('\n');
  return [head, ...lines.flatMap((line, i) => [line, ...notes(rows[i]!, all).map((text) => `    ${text}`)])]
    .map((line) => `${line}\n`)
    .join('');
}

/** Longer names of locks go below their row too. */
const isShort = (where: string): boolean => where.length <= 32;

function notes({ status, hold, locks, newest, newest_allowed: allowed }: OutdatedRow, all: readonly LockName[]): string[] {
  const where = describeLocks(locks, all);
  return [
    ...(isShort(where) ? [] : [`in ${where}`]),
    ...(status === 'gone' ? ['GONE: no repository has the locked version any more'] : []),
    ...(hold
      ? [`held at ${printable(hold.version)}${hold.until === null ? '' : ` until ${printable(hold.until)}`}: ${printable(hold.reason)}`]
      : []),
    ...(status === 'outdated' && allowed !== null && allowed !== newest ? [`may move to ${printable(allowed)}`] : []),
  ];
}

/** What a bump does or cannot do, a line a pin; pins that are gone with what is there. Many that stay are only counted. */
export function renderBump(rows: readonly BumpRow[]): string {
  const staying = rows.filter(({ status, has_newer: hasNewer }) => status === 'current' && !hasNewer);
  const isCounted = staying.length > 3;
  const lines = (isCounted ? rows.filter((row) => !staying.includes(row)) : rows).flatMap((row) => {
    const name = printable(row.pin.variable ?? row.pin.template ?? '');
    const gone = row.gone.length > 0 ? [`  ${printable(row.from)} is gone: ${goneText(row)}`] : [];
    const options =
      row.gone.length > 0 || row.status === 'no_common_version' || row.status === 'no_such_version' ? availableLines(row) : [];
    return [`${name}: ${verdict(row)}`, ...gone, ...options];
  });
  if (isCounted) lines.push(`${plural(staying.length, lines.length > 0 ? 'other pin' : 'pin')} at the newest version that there is`);
  return lines.map((line) => `${line}\n`).join('');
}

function verdict(row: BumpRow): string {
  const held = row.hold
    ? `held at ${printable(row.hold.version)}${row.hold.until ? ` until ${printable(row.hold.until)}` : ''}: ${printable(row.hold.reason)}`
    : '';
  switch (row.status) {
    case 'bump':
      return `${printable(row.from)} -> ${printable(row.to ?? '')}${row.is_downgrade ? ' (a downgrade)' : ''}${held === '' ? '' : ` (${held})`}`;
    case 'current':
      return row.has_newer
        ? `${printable(row.from)} stays, the newest that is there for every architecture that needs it`
        : `${printable(row.from)} is the newest`;
    case 'held':
      return `${printable(row.from)} stays, ${held}`;
    case 'no_common_version':
      return `${printable(row.from)} stays, no version is there for every architecture that needs it`;
    case 'no_such_version':
      return `${printable(row.from)} stays, that version is not there for every architecture that needs it`;
    case 'floating':
      return `${printable(row.from)} is not a single version of a package`;
  }
}

const goneText = ({ gone }: BumpRow): string =>
  gone.map(({ package: name, architecture }) => `${printable(name)} on ${printable(architecture)}`).join(', ');

/** Architectures with the same versions on one line. */
function availableLines({ available }: BumpRow): string[] {
  const byText = new Map<string, Map<string, string[]>>();
  for (const { package: name, architecture, versions } of available) {
    const packages = byText.get(versions.join(', ')) ?? new Map<string, string[]>();
    byText.set(versions.join(', '), packages);
    packages.set(name, [...(packages.get(name) ?? []), architecture]);
  }
  return [...byText].map(([versions, packages]) => {
    const names = [...packages].map(([name, architectures]) => `${printable(name)} (${architectures.join(', ')})`);
    const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
    return `  there is ${versions === '' ? 'nothing' : printable(versions, 500)}: ${shown.join(', ')}`;
  });
}
