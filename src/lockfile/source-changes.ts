import type { BareReason } from './change-reason.ts';
import type { Pin } from './lockfile.ts';
import type { ChangeKind, ChangeReason, LockName, PackageChange, SourceChange, SourceDiff } from './lockfile-diff.ts';
import type { PackageMove } from './package-moves.ts';
import { versionText } from './pin-version.ts';
import { type NamedSource, nameOfGroup, sourceVersion } from './source-names.ts';

interface Collected {
  readonly kind: ChangeKind;
  readonly before: string | null;
  readonly after: string | null;
  readonly packages: Map<string, { name: string; architectures: Set<string>; before: string | null; after: string | null }>;
  readonly locks: Map<string, LockName>;
  readonly filesBefore: Map<string, Pin>;
  readonly filesAfter: Map<string, Pin>;
  readonly reasons: Map<string, { name: string; reason: BareReason; locks: LockName[] }>;
}

export type CollectedMove = NamedSource & {
  readonly move: PackageMove;
  readonly lock: LockName;
  readonly reason: BareReason | undefined;
};

/** Collects the moves of all locks; what happened alike to packages of one source becomes one change with many locks. */
export class SourceChanges {
  readonly #groups = new Map<string, { source: string | undefined; changes: Map<string, Collected> }>();

  /** Locks must come in their order: `locks` lists them as they come. */
  add({ group, source, move, lock, reason }: CollectedMove): void {
    let entry = this.#groups.get(group);
    if (!entry) {
      entry = { source, changes: new Map() };
      this.#groups.set(group, entry);
    }
    const [before, after] = endsOf(move);
    const key = `${move.kind} ${before} ${after}`;
    let change = entry.changes.get(key);
    if (!change) {
      change = {
        kind: move.kind,
        before,
        after,
        packages: new Map(),
        locks: new Map(),
        filesBefore: new Map(),
        filesAfter: new Map(),
        reasons: new Map(),
      };
      entry.changes.set(key, change);
    }
    collect(change, move, lock, reason);
  }

  /** By name of the source; within one, the changes that matter most first. */
  sources(): SourceDiff[] {
    return [...this.#groups.values()]
      .map(({ source, changes }) => {
        const names = [...changes.values()].flatMap(({ packages }) => [...packages.values()].map(({ name }) => name));
        const finished = [...changes.values()].map(finish).sort(compareChanges);
        return { source: source ?? nameOfGroup([...new Set(names)]), source_known: source !== undefined, changes: finished };
      })
      .sort((a, b) => compareText(a.source, b.source) || compareChanges(a.changes[0]!, b.changes[0]!));
  }
}

function endsOf(move: PackageMove): readonly [string | null, string | null] {
  if (move.kind === 'changed_repository') return [move.before.repository!, move.after.repository!];
  const told = [move.before, move.after].every((pin) => pin === undefined || pin.source !== undefined);
  const version = (pin: Pin | undefined): string | null => (pin ? (told ? sourceVersion(pin) : versionText(pin)) : null);
  return [version(move.before), version(move.after)];
}

function collect(change: Collected, move: PackageMove, lock: LockName, reason: BareReason | undefined): void {
  const pin = move.after ?? move.before;
  const versions = { before: move.before ? versionText(move.before) : null, after: move.after ? versionText(move.after) : null };
  const packageKey = `${pin.name} ${versions.before} ${versions.after}`;
  const known = change.packages.get(packageKey);
  if (known) known.architectures.add(pin.arch);
  else change.packages.set(packageKey, { name: pin.name, architectures: new Set([pin.arch]), ...versions });
  change.locks.set(`${lock.package_set}\n${lock.architecture}`, lock);
  if (move.before) change.filesBefore.set(move.before.sha256, move.before);
  if (move.after) change.filesAfter.set(move.after.sha256, move.after);
  if (!reason) return;
  const reasonKey = JSON.stringify([pin.name, reason]);
  const same = change.reasons.get(reasonKey);
  if (same) same.locks.push(lock);
  else change.reasons.set(reasonKey, { name: pin.name, reason, locks: [lock] });
}

function finish(change: Collected): SourceChange {
  const { kind, before, after } = change;
  const [old, now] = [sizeOf(change.filesBefore), sizeOf(change.filesAfter)];
  return {
    kind,
    before,
    after,
    packages: [...change.packages.values()].map(finishPackage).sort((a, b) => compareText(a.name, b.name)),
    locks: [...change.locks.values()],
    size_delta: old === null || now === null ? null : now - old,
    reasons: [...change.reasons.values()]
      .sort((a, b) => compareText(a.name, b.name) || b.locks.length - a.locks.length)
      .map(({ name, reason, locks }) => ({ package: name, locks, ...reason }) as ChangeReason),
  };
}

const finishPackage = (change: {
  name: string;
  architectures: Set<string>;
  before: string | null;
  after: string | null;
}): PackageChange => ({
  ...change,
  architectures: [...change.architectures].sort(),
});

function sizeOf(files: ReadonlyMap<string, Pin>): number | null {
  let total = 0;
  for (const { size } of files.values()) {
    if (size === undefined) return null;
    total += size;
  }
  return total;
}

const ORDER: readonly ChangeKind[] = ['changed_checksum', 'downgraded', 'upgraded', 'changed_repository', 'added', 'removed'];

const compareChanges = (a: SourceChange, b: SourceChange): number =>
  ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
  compareText(a.before ?? '', b.before ?? '') ||
  compareText(a.after ?? '', b.after ?? '') ||
  b.locks.length - a.locks.length;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
