import { globMatcher } from '../rpm/glob.ts';
import { baseChanges, erasedPackages, type InstalledLookup, replacedPackages } from './base-changes.ts';
import { changeReason } from './change-reason.ts';
import { type LockPair, pairLocks } from './lock-pair.ts';
import type { LockedPackage, Lockfile } from './lockfile.ts';
import type { ChangeKind, HeldPackage, LockfileDiff, LockName, LockSummary, RequestChange, SourceDiff } from './lockfile-diff.ts';
import { packageMoves } from './package-moves.ts';
import { SourceChanges } from './source-changes.ts';
import { sourceNames } from './source-names.ts';
import { sourceRpmChanges } from './source-rpm-changes.ts';

export interface DiffHold {
  readonly package: string;
  readonly version: string;
  readonly reason: string;
  readonly until: string | undefined;
  readonly issue: string | undefined;
}

/**
 * Changes between two states of the lockfiles, grouped by source RPM; equal changes of several sets and architectures are one entry.
 * Each lock is compared with the one of the same set and architecture.
 */
export function diffLockfiles(
  before: readonly Lockfile[],
  after: readonly Lockfile[],
  { holds = [], installedOf }: { readonly holds?: readonly DiffHold[]; readonly installedOf?: InstalledLookup } = {},
): LockfileDiff {
  const { pairs, added, removed, renamed } = pairLocks(before, after);
  const nameSource = sourceNames([...before, ...after]);
  const changes = new SourceChanges();
  const changedLocks = new Set<LockPair>();
  for (const pair of pairs) {
    for (const move of packageMoves(pair.before, pair.after)) {
      changedLocks.add(pair);
      changes.add({ ...nameSource(move), move, lock: pair.name, reason: changeReason(move, pair) });
    }
  }
  const files = { before: filesOf(before), after: filesOf(after) };
  const sources = changes.sources(files);
  return {
    schema_version: '1.0',
    summary: {
      locks_before: before.length,
      locks_after: after.length,
      locks_changed: changedLocks.size,
      ...countKinds(sources),
      packages: new Set(sources.flatMap(packageNames)).size,
      size_before: totalSize(files.before.values()),
      size_after: totalSize(files.after.values()),
      download: totalSize([...files.after].filter(([sha256]) => !files.before.has(sha256)).map(([, locked]) => locked)),
    },
    locks: pairs.map(({ name }) => name),
    added_locks: added.map(summaryOf),
    removed_locks: removed.map(summaryOf),
    renamed_locks: renamed.map(({ name, from }) => ({ ...name, from })),
    sources,
    source_rpms: sourceRpmChanges(pairs),
    requests: requestChanges(pairs),
    bases: baseChanges(pairs, installedOf),
    replaced: replacedPackages(before, after),
    erased: erasedPackages(before, after),
    holds: boundHolds(holds, after),
  };
}

/** Whether anything changed. */
export function isEmptyDiff(diff: LockfileDiff): boolean {
  const {
    sources,
    added_locks: added,
    removed_locks: removed,
    renamed_locks: renamed,
    requests,
    bases,
    replaced,
    erased,
    source_rpms: files,
  } = diff;
  return [sources, files, added, removed, renamed, requests, bases, replaced, erased].every((list) => list.length === 0);
}

function countKinds(sources: readonly SourceDiff[]) {
  const count = (kind: ChangeKind): number => sources.filter(({ changes }) => changes.some((change) => change.kind === kind)).length;
  return {
    upgraded: count('upgraded'),
    downgraded: count('downgraded'),
    added: count('added'),
    removed: count('removed'),
    changed_checksum: count('changed_checksum'),
    changed_repository: count('changed_repository'),
  };
}

const packageNames = ({ changes }: SourceDiff): string[] => changes.flatMap(({ packages }) => packages.map(({ name }) => name));

const summaryOf = ({ package_set, architecture, packages }: Lockfile): LockSummary => ({
  package_set,
  architecture,
  packages: packages.length,
});

/** The files of all locks by checksum, each once. */
function filesOf(locks: readonly Lockfile[]): Map<string, LockedPackage> {
  const files = new Map<string, LockedPackage>();
  for (const { packages } of locks) for (const locked of packages) files.set(locked.sha256, locked);
  return files;
}

function totalSize(lockedPackages: Iterable<LockedPackage>): number | null {
  let total = 0;
  for (const { size } of lockedPackages) {
    if (size === undefined) return null;
    total += size;
  }
  return total;
}

function requestChanges(pairs: readonly LockPair[]): RequestChange[] {
  const byText = new Map<string, { added: string[]; removed: string[]; locks: LockName[] }>();
  for (const { before, after, name } of pairs) {
    // Schema 1.0 does not record the request, so no change is reported.
    if (!before.requested || !after.requested) continue;
    const [old, now] = [new Set(before.requested), new Set(after.requested)];
    const added = after.requested.filter((spec) => !old.has(spec));
    const removed = before.requested.filter((spec) => !now.has(spec));
    if (added.length === 0 && removed.length === 0 && before.manifest_digest === after.manifest_digest) continue;
    const key = JSON.stringify([added, removed]);
    const known = byText.get(key);
    if (known) known.locks.push(name);
    else byText.set(key, { added, removed, locks: [name] });
  }
  return [...byText.values()];
}

function boundHolds(holds: readonly DiffHold[], locks: readonly Lockfile[]): HeldPackage[] {
  const names = new Set(locks.flatMap(({ packages }) => packages.map((locked) => locked.name)));
  return holds
    .filter((hold) => [...names].some(globMatcher(hold.package)))
    .map(({ package: name, version, reason, until, issue }) => ({
      package: name,
      version,
      reason,
      until: until ?? null,
      issue: issue ?? null,
    }));
}
