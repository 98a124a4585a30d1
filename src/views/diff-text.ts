import { shortPrintable, someNames } from '../base/printable.ts';
import { plural, sizeDeltaText } from '../base/quantity.ts';
import { describeLocks } from '../lockfile/lock-names.ts';
import type { BaseChange, ChangeKind, LockfileDiff, LockName, SourceChange, SourceDiff } from '../lockfile/lockfile-diff.ts';
import {
  advisoryFacts,
  basePackageLines,
  baseText,
  changedFiles,
  groupedReasons,
  packageCount,
  SAME_REQUEST,
  sourceRpmText,
  summaryLine,
  versionsOf,
} from './diff-words.ts';
import { renderTable } from './table.ts';

const HEADINGS: readonly [ChangeKind, string][] = [
  ['changed_checksum', 'THE SAME VERSION WITH A DIFFERENT CHECKSUM'],
  ['changed_repository', 'THE SAME VERSION FROM A DIFFERENT REPOSITORY'],
  ['downgraded', 'Downgraded'],
  ['upgraded', 'Upgraded'],
  ['added', 'Added'],
  ['removed', 'Removed'],
];

/** A diff for a terminal, without colour. */
export function renderDiffText(diff: LockfileDiff): string {
  const sections = [
    `${summaryLine(diff)}\n`,
    ...HEADINGS.map(([kind, title]) => section(title, kind, diff)),
    lockSection('New locks', diff.added_locks),
    lockSection('Removed locks', diff.removed_locks),
    renamedSection(diff),
    sourceRpmSection(diff),
    requestSection(diff),
    baseSection(diff),
    replacedSection(diff),
    holdSection(diff),
  ];
  return sections.filter((text) => text !== '').join('\n');
}

function section(title: string, kind: ChangeKind, diff: LockfileDiff): string {
  const found = diff.sources.flatMap((source) =>
    source.changes.filter((change) => change.kind === kind).map((change) => ({ source, change })),
  );
  if (found.length === 0) return '';
  const table = renderTable(
    [{ title: '' }, { title: '' }, { title: '' }, { title: '', align: 'right' }],
    found.map(({ source, change }) => [
      shortPrintable(source.source),
      versionsOf(change),
      extent(source, change, diff),
      sizeDeltaText(change.size_delta),
    ]),
    { indent: '  ' },
  );
  const rows = table.split('\n');
  const lines = found.flatMap(({ source, change }, i) => [rows[i]!, ...notes(source, change, diff)]);
  return `${title}\n${lines.join('\n')}\n`;
}

/** `5 packages, all 24 locks` */
function extent(source: SourceDiff, change: SourceChange, diff: LockfileDiff): string {
  const count = packageCount(source, change);
  const where = describeLocks(change.locks, diff.locks);
  return `${count}, ${isShort(where) ? where : plural(change.locks.length, 'lock')}`;
}

/** Longer lists of locks are printed below the row, so that rows fit most terminals. */
const isShort = (where: string): boolean => where.length <= 32;

function notes(source: SourceDiff, change: SourceChange, diff: LockfileDiff): string[] {
  const where = describeLocks(change.locks, diff.locks);
  const lines = isShort(where) ? [] : [`in ${where}`];
  const isNamedAfterIt = change.packages.length === 1 && change.packages[0]!.name === source.source;
  if ((change.kind === 'added' || change.kind === 'removed' || change.kind === 'changed_checksum') && !isNamedAfterIt) {
    lines.push(
      someNames(
        change.packages.map(({ name }) => name),
        8,
      ),
    );
  }
  const files = changedFiles(change);
  for (const { name, architecture, before, after } of files.slice(0, MAX_NOTES)) {
    lines.push(`${shortPrintable(`${name}.${architecture}`)}: sha256 ${before.slice(0, 16)}... -> ${after.slice(0, 16)}...`);
  }
  if (files.length > MAX_NOTES) lines.push(`and ${plural(files.length - MAX_NOTES, 'other file')}`);
  const reasons = groupedReasons(change.reasons);
  for (const { packages, text } of reasons.slice(0, MAX_NOTES)) {
    lines.push(reasons.length > 1 && packages.length < change.packages.length ? `${someNames(packages, 2)}: ${text}` : text);
  }
  if (reasons.length > MAX_NOTES)
    lines.push(`and ${plural(reasons.length - MAX_NOTES, 'other reason')}; --format markdown and json have them all`);
  // Advisories are per source: print them once, at the upgrade that they are about.
  if (change !== (source.changes.find(({ kind }) => kind === 'upgraded') ?? source.changes[0])) return indented(lines);
  for (const advisory of source.advisories ?? []) {
    const title = advisory.title === '' ? '' : `: ${shortPrintable(advisory.title)}`;
    lines.push(`${shortPrintable(advisory.id)}${shortPrintable(advisoryFacts(advisory))}${title}`);
  }
  for (const { date, author, text } of source.changelog ?? []) {
    lines.push(`* ${shortPrintable(date)} ${shortPrintable(author)}`, ...text.split('\n').map((line) => `  ${shortPrintable(line)}`));
  }
  return indented(lines);
}

/** Maximum number of lines of one kind below a change. */
const MAX_NOTES = 5;

const indented = (lines: readonly string[]): string[] => lines.map((line) => `      ${line}`);

function lockSection(title: string, locks: LockfileDiff['added_locks']): string {
  if (locks.length === 0) return '';
  const rows = locks.map((lock) => [`${lock.package_set}-${lock.architecture}`, plural(lock.packages, 'package')]);
  return `${title}\n${renderTable([{ title: '' }, { title: '' }], rows, { indent: '  ' })}`;
}

function renamedSection({ renamed_locks: renamed }: LockfileDiff): string {
  if (renamed.length === 0) return '';
  return `Renamed locks\n${renamed.map(({ from, package_set: set, architecture }) => `  ${from}-${architecture} -> ${set}-${architecture}\n`).join('')}`;
}

function requestSection({ requests, locks }: LockfileDiff): string {
  if (requests.length === 0) return '';
  const lines = requests.flatMap(({ added, removed, locks: where }) => [
    `  ${describeLocks(where, locks)}`,
    ...removed.map((spec) => `    - ${shortPrintable(spec)}`),
    ...added.map((spec) => `    + ${shortPrintable(spec)}`),
    ...(added.length + removed.length === 0 ? [`    ${SAME_REQUEST}`] : []),
  ]);
  return `Requests\n${lines.join('\n')}\n`;
}

/** Also used by `outdated` for a newer base. */
export function baseLines(change: BaseChange, all: readonly LockName[]): readonly string[] {
  const packages = basePackageLines(change);
  const shown = packages.slice(0, MAX_BASE_PACKAGES);
  return [
    `  ${baseText(change.before)} -> ${baseText(change.after)}, ${describeLocks(change.installed, all)}`,
    ...shown.map((line) => `      ${line}`),
    ...(packages.length > shown.length
      ? [`      and ${plural(packages.length - shown.length, 'other package')}; --json has them all`]
      : []),
  ];
}

/** Maximum number of packages of a base in the text. */
const MAX_BASE_PACKAGES = 20;

function sourceRpmSection({ source_rpms: files, locks }: LockfileDiff): string {
  if (files.length === 0) return '';
  const lines = files.map((change) => `  ${sourceRpmText(change)} (${describeLocks(change.locks, locks)})`);
  return `Source RPMs\n${lines.join('\n')}\n`;
}

function baseSection({ bases, locks }: LockfileDiff): string {
  return bases.length === 0 ? '' : `Base\n${bases.flatMap((change) => baseLines(change, locks)).join('\n')}\n`;
}

function replacedSection({ replaced, erased, locks }: LockfileDiff): string {
  if (replaced.length + erased.length === 0) return '';
  const lines = [
    ...replaced.map(
      ({ package: name, version, replaces, locks: where }) =>
        `  ${shortPrintable(`${name} ${version}`)} replaces ${someNames(replaces, 4)}, ${describeLocks(where, locks)}`,
    ),
    ...erased.map(({ package: nevra, locks: where }) => `  ${shortPrintable(nevra)} is removed, ${describeLocks(where, locks)}`),
  ];
  return `In the base\n${lines.join('\n')}\n`;
}

function holdSection({ holds }: LockfileDiff): string {
  if (holds.length === 0) return '';
  const lines = holds.map(({ package: name, version, until, reason, issue }) => {
    const end = until === null ? '' : ` until ${shortPrintable(until)}`;
    return `  ${shortPrintable(name)} at ${shortPrintable(version)}${end}: ${shortPrintable(reason)}${issue === null ? '' : ` (${shortPrintable(issue)})`}`;
  });
  return `Held\n${lines.join('\n')}\n`;
}
