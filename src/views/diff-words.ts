import { shortPrintable, someNames } from '../base/printable.ts';
import { plural, sizeDeltaText, sizeText } from '../base/quantity.ts';
import type {
  Advisory,
  BaseChange,
  BaseState,
  ChangeReason,
  LockfileDiff,
  SourceChange,
  SourceDiff,
  SourceRpmChange,
} from '../lockfile/lockfile-diff.ts';

/** `3 upgraded, 1 added; 12.3 MB to download, +1.2 MB` */
export function summaryLine({ summary, added_locks, removed_locks, renamed_locks, sources, requests, ...onBase }: LockfileDiff): string {
  const counts: readonly [number, string][] = [
    [summary.changed_checksum, 'with the same version and a different checksum'],
    [summary.changed_repository, 'with the same version from a different repository'],
    [summary.upgraded, 'upgraded'],
    [summary.downgraded, 'downgraded'],
    [summary.added, 'added'],
    [summary.removed, 'removed'],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([count, word]) => `${count} ${word}`);
  const locks = [
    ...(added_locks.length > 0 ? [plural(added_locks.length, 'new lock')] : []),
    ...(removed_locks.length > 0 ? [`${plural(removed_locks.length, 'lock')} removed`] : []),
    ...(renamed_locks.length > 0 ? [`${plural(renamed_locks.length, 'lock')} renamed`] : []),
    ...sourceRpmParts(onBase.source_rpms),
    ...(onBase.bases.length > 0 ? ['another base'] : []),
    ...(onBase.replaced.length > 0 ? [`${plural(onBase.replaced.length, 'package')} replacing those of the base`] : []),
    ...(onBase.erased.length > 0 ? [`${plural(onBase.erased.length, 'package')} of the base removed`] : []),
  ];
  if (parts.length + locks.length === 0) return requests.length > 0 ? 'other requests, the same packages' : 'no changes';
  const where = sources.length > 0 ? ` in ${plural(summary.locks_changed, 'lock')} (${plural(summary.packages, 'package')})` : '';
  return `${[`${parts.join(', ')}${where}`, ...locks].filter((part) => part !== '').join('; ')}${sizeSummary(summary)}`;
}

function sourceRpmParts(files: readonly SourceRpmChange[]): string[] {
  const count = (isCounted: (change: SourceRpmChange) => boolean): number => files.filter(isCounted).length;
  const [newly, gone] = [count(({ before }) => before === null), count(({ after }) => after === null)];
  const other = files.length - newly - gone;
  return [
    ...(newly > 0 ? [`${plural(newly, 'source RPM')} newly locked`] : []),
    ...(gone > 0 ? [`${plural(gone, 'source RPM')} no longer locked`] : []),
    ...(other > 0 ? [`${plural(other, 'source RPM')} WITH A DIFFERENT CHECKSUM`] : []),
  ];
}

/** `acl-2.3.1-4.el9.src.rpm`, with its change unless it was simply added. */
export const sourceRpmText = ({ source_rpm: file, before, after }: SourceRpmChange): string =>
  `${shortPrintable(file)}${before === null ? '' : after === null ? ' is no longer locked' : ` HAS A DIFFERENT CHECKSUM: ${before} -> ${after}`}`;

/** `registry.example.com/ubi9:9.5 (sha256:0123456789ab)` */
export function baseText(state: BaseState | null): string {
  if (state === null) return 'no base';
  const file = state.containerfile === null ? '' : ` of ${shortPrintable(state.containerfile)}`;
  return `${shortPrintable(state.place)}${state.digest === null ? '' : ` (${shortPrintable(state.digest.slice(0, 19))})`}${file}`;
}

/** `glibc 2.34-1 -> 2.34-2`, `+ nano 5.6-1`, `- ed 1.14-12`; one sentence if the packages are unknown. */
export function basePackageLines({ before, after, packages }: BaseChange): readonly string[] {
  if (packages === null) return before === null || after === null ? [] : ['its differences are not known here'];
  if (packages.length === 0) return ['the same packages are installed'];
  return packages.map(({ name, before: old, after: now }) => {
    if (old === null) return `+ ${shortPrintable(`${name} ${now}`)}`;
    return now === null ? `- ${shortPrintable(`${name} ${old}`)}` : shortPrintable(`${name} ${old} -> ${now}`);
  });
}

function sizeSummary({ download, size_before: before, size_after: after }: LockfileDiff['summary']): string {
  if (download === null || before === null || after === null || download === 0) return '';
  return `; ${sizeText(download)} to download, ${sizeDeltaText(after - before) || '0 B'} in all`;
}

/** `2.34-147.el9 -> 2.34-148.el9`; only one version if the package was added or removed. */
export function versionsOf({ kind, before, after }: SourceChange, arrow = '->'): string {
  if (kind === 'changed_checksum') return shortPrintable(before ?? '');
  if (before === null || after === null) return shortPrintable(before ?? after ?? '');
  return `${shortPrintable(before)} ${arrow} ${shortPrintable(after)}`;
}

/** `required: libvirt-client -> libvirt-libs -> glibc`; without the locks. */
function reasonText(reason: ChangeReason): string {
  switch (reason.kind) {
    case 'requested':
      return `requested as ${reason.specs.map((spec) => shortPrintable(spec)).join(', ')}`;
    case 'required':
      return reason.chain.length === 1
        ? 'requested by a path, capability or group'
        : `required: ${reason.chain.map((name) => shortPrintable(name)).join(' -> ')}`;
    case 'no_longer_requested':
      return 'no longer requested';
    case 'replaced':
      return `${someNames(reason.by)} now ${reason.by.length === 1 ? 'matches' : 'match'} ${someNames(reason.specs)}`;
    case 'no_longer_required':
      return `no longer required by ${someNames(reason.by)}`;
    case 'removed_with':
      return `was only required by ${someNames(reason.packages)}, removed as well`;
    case 'ignored':
      return 'ignored now';
  }
}

/** `5 packages`; a single one is named if its name differs from the source's: `1 package (seabios-bin)`. */
export function packageCount({ source }: SourceDiff, { kind, packages }: SourceChange): string {
  const count = plural(packages.length, 'package');
  const isNamedBelow = kind === 'added' || kind === 'removed' || kind === 'changed_checksum';
  const [only] = packages;
  return packages.length > 1 || only === undefined || only.name === source || isNamedBelow
    ? count
    : `${count} (${shortPrintable(only.name)})`;
}

/** Text for a changed request without added or removed specs. */
export const SAME_REQUEST = 'the same packages; order, ignore, exclude, options, modules or repositories changed';

/** The files of a change whose checksum changed, by package. */
export const changedFiles = ({ packages }: SourceChange) =>
  packages.flatMap(({ name, checksums = [] }) => checksums.map((checksum) => ({ name, ...checksum })));

/** ` Important CVE-2025-1 CVE-2025-2`, as far as known. */
export const advisoryFacts = ({ severity, cves }: Advisory): string =>
  [severity, ...cves].map((part) => (part === '' ? '' : ` ${part}`)).join('');

/** Reasons of one change; equal reasons of several packages are merged. */
export function groupedReasons(reasons: readonly ChangeReason[]): { readonly packages: readonly string[]; readonly text: string }[] {
  const byText = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const reason of reasons) {
    // Reasons with most locks come first; further chains for the same package add little.
    if (seen.has(reason.package)) continue;
    seen.add(reason.package);
    const text = reasonText(reason);
    const packages = byText.get(text);
    if (packages) packages.push(reason.package);
    else byText.set(text, [reason.package]);
  }
  return [...byText].map(([text, packages]) => ({ packages, text }));
}
