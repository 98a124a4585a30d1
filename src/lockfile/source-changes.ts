import type { BareReason } from './change-reason.ts';
import type { LockedPackage } from './lockfile.ts';
import type { ChangeKind, ChangeReason, LockName, PackageChange, SourceChange, SourceDiff } from './lockfile-diff.ts';
import type { PackageMove } from './package-moves.ts';
import { versionText } from './package-version.ts';
import { type NamedSource, nameOfGroup, sourceVersion } from './source-names.ts';

interface CollectedPackage {
  readonly name: string;
  readonly architectures: Set<string>;
  readonly before: string | null;
  readonly after: string | null;
  readonly checksums: Map<string, { readonly architecture: string; readonly before: string; readonly after: string }>;
}

interface Collected {
  readonly kind: ChangeKind;
  before: End | undefined;
  after: End | undefined;
  readonly packages: Map<string, CollectedPackage>;
  readonly locks: Map<string, LockName>;
  readonly filesBefore: Map<string, LockedPackage>;
  readonly filesAfter: Map<string, LockedPackage>;
  readonly reasons: Map<string, { name: string; reason: BareReason; locks: LockName[] }>;
}

export type CollectedMove = NamedSource & {
  readonly move: PackageMove;
  readonly lock: LockName;
  readonly reason: BareReason | undefined;
};

/** Packages of each state, by checksum. */
export interface AllFiles {
  readonly before: ReadonlyMap<string, LockedPackage>;
  readonly after: ReadonlyMap<string, LockedPackage>;
}

/** Collects the changes of all locks; equal changes of packages of one source become one change with many locks. */
export class SourceChanges {
  readonly #groups = new Map<string, { source: string | undefined; changes: Map<string, Collected> }>();

  /** Locks must be added in their order, because `locks` keeps it. */
  add({ group, source, move, lock, reason }: CollectedMove): void {
    let entry = this.#groups.get(group);
    if (!entry) {
      entry = { source, changes: new Map() };
      this.#groups.set(group, entry);
    }
    const [before, after] = endsOf(move);
    const key = `${move.kind} ${before?.key} ${after?.key}`;
    let change = entry.changes.get(key);
    if (!change) {
      change = {
        kind: move.kind,
        before: undefined,
        after: undefined,
        packages: new Map(),
        locks: new Map(),
        filesBefore: new Map(),
        filesAfter: new Map(),
        reasons: new Map(),
      };
      entry.changes.set(key, change);
    }
    change.before = clearer(change.before, before);
    change.after = clearer(change.after, after);
    collect(change, move, lock, reason);
  }

  /** By name of the source, then the most important changes first. `files`: by checksum, of all locks. */
  sources(files: AllFiles): SourceDiff[] {
    const collected = new Map<SourceChange, Collected>();
    const sources = [...this.#groups.values()]
      .map(({ source, changes }) => {
        const names = [...changes.values()].flatMap(({ packages }) => [...packages.values()].map(({ name }) => name));
        const finished = [...changes.values()].map((change) => {
          const result = finish(change);
          collected.set(result, change);
          return result;
        });
        return {
          source: source ?? nameOfGroup([...new Set(names)]),
          source_known: source !== undefined,
          changes: finished.sort(compareChanges),
        };
      })
      .sort((a, b) => compareText(a.source, b.source) || compareChanges(a.changes[0]!, b.changes[0]!));
    const sizeOf = new FileSizes(files);
    return sources.map((source) => ({
      ...source,
      changes: source.changes.map((change) => ({ ...change, size_delta: sizeOf.change(collected.get(change)!) })),
    }));
  }
}

/** Each file counts once, at its first occurrence, and only if no lock of the other state has it: the sizes of all changes add up to the total. */
class FileSizes {
  readonly #files: AllFiles;
  readonly #counted = { before: new Set<string>(), after: new Set<string>() };

  constructor(files: AllFiles) {
    this.#files = files;
  }

  change({ filesBefore, filesAfter }: Collected): number | null {
    const [gone, come] = [this.#sum(filesBefore, 'before', 'after'), this.#sum(filesAfter, 'after', 'before')];
    return gone === null || come === null ? null : come - gone;
  }

  #sum(files: ReadonlyMap<string, LockedPackage>, side: keyof AllFiles, other: keyof AllFiles): number | null {
    let total: number | null = 0;
    for (const [sha256, { size }] of files) {
      if (this.#files[other].has(sha256) || this.#counted[side].has(sha256)) continue;
      this.#counted[side].add(sha256);
      total = size === undefined || total === null ? null : total + size;
    }
    return total;
  }
}

/** The old or the new version (or repository) of a change. */
interface End {
  /** The version and release of a source RPM; its file name has no epoch. */
  readonly key: string;
  readonly text: string;
  /** Whether the package has the version of its source, so that its epoch is that of the source. */
  readonly isOwn: boolean;
}

function endsOf(move: PackageMove): readonly [End | undefined, End | undefined] {
  if (move.kind === 'changed_repository') return [repositoryEnd(move.before), repositoryEnd(move.after)];
  const hasSource = [move.before, move.after].every((locked) => locked === undefined || locked.source !== undefined);
  return [move.before && versionEnd(move.before, hasSource), move.after && versionEnd(move.after, hasSource)];
}

const repositoryEnd = ({ repository = '' }: LockedPackage): End => ({ key: repository, text: repository, isOwn: true });

function versionEnd(locked: LockedPackage, hasSource: boolean): End {
  const own = { key: versionText(locked), text: versionText(locked), isOwn: true };
  if (!hasSource) return own;
  const source = sourceVersion(locked);
  if (source === undefined) return own;
  return source === `${locked.version}-${locked.release}` ? { ...own, key: source } : { key: source, text: source, isOwn: false };
}

/** Prefers the version with the source's epoch: lvm2 and device-mapper have one source but different versions, and lvm2 has that of the source. */
function clearer(known: End | undefined, other: End | undefined): End | undefined {
  if (known === undefined || other === undefined) return known ?? other;
  return !known.isOwn && other.isOwn ? other : known;
}

function collect(change: Collected, move: PackageMove, lock: LockName, reason: BareReason | undefined): void {
  const locked = move.after ?? move.before;
  const versions = { before: move.before ? versionText(move.before) : null, after: move.after ? versionText(move.after) : null };
  const packageKey = `${locked.name} ${versions.before} ${versions.after}`;
  const collected = change.packages.get(packageKey) ?? { name: locked.name, architectures: new Set(), ...versions, checksums: new Map() };
  change.packages.set(packageKey, collected);
  collected.architectures.add(locked.arch);
  if (move.kind === 'changed_checksum') {
    const [before, after] = [move.before.sha256, move.after.sha256];
    collected.checksums.set(`${locked.arch} ${before} ${after}`, { architecture: locked.arch, before, after });
  }
  change.locks.set(`${lock.package_set}\n${lock.architecture}`, lock);
  // If the checksum changed too, the files are counted with `changed_checksum`.
  if (move.before && move.kind !== 'changed_repository') change.filesBefore.set(move.before.sha256, move.before);
  if (move.after && move.kind !== 'changed_repository') change.filesAfter.set(move.after.sha256, move.after);
  if (!reason) return;
  const reasonKey = JSON.stringify([locked.name, reason]);
  const same = change.reasons.get(reasonKey);
  if (same) same.locks.push(lock);
  else change.reasons.set(reasonKey, { name: locked.name, reason, locks: [lock] });
}

/** All fields except the size, which depends on the order of the changes. */
function finish(change: Collected): SourceChange {
  const { kind, before, after } = change;
  return {
    kind,
    before: before?.text ?? null,
    after: after?.text ?? null,
    packages: [...change.packages.values()].map(finishPackage).sort((a, b) => compareText(a.name, b.name)),
    locks: [...change.locks.values()],
    size_delta: null,
    reasons: [...change.reasons.values()]
      .sort((a, b) => compareText(a.name, b.name) || b.locks.length - a.locks.length)
      .map(({ name, reason, locks }) => ({ package: name, locks, ...reason }) as ChangeReason),
  };
}

const finishPackage = ({ checksums, architectures, ...change }: CollectedPackage): PackageChange => ({
  ...change,
  architectures: [...architectures].sort(),
  ...(checksums.size === 0 ? {} : { checksums: [...checksums.values()].sort((a, b) => compareText(a.architecture, b.architecture)) }),
});

const ORDER: readonly ChangeKind[] = ['changed_checksum', 'changed_repository', 'downgraded', 'upgraded', 'added', 'removed'];

const compareChanges = (a: SourceChange, b: SourceChange): number =>
  ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
  compareText(a.before ?? '', b.before ?? '') ||
  compareText(a.after ?? '', b.after ?? '') ||
  b.locks.length - a.locks.length;

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
