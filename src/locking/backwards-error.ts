import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { someNames } from '../base/printable.ts';
import type { Warning } from '../base/warnings.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Pool, PoolRepo } from '../pool/pool.ts';
import type { Downgrade } from './downgrades.ts';
import { findOlderMetadata, type OlderMetadata } from './older-metadata.ts';

/** Names the commands, because the bot prints this hint too and has no such option. */
const ALLOW = '`--allow-downgrade` of `lock`, `update` and `bump` accepts it';

export function mirrorBehindError(
  { repositories, lockedMs, nowMs }: OlderMetadata,
  read: readonly Pick<PoolRepo, 'id' | 'baseurl'>[],
): RpmDepsError {
  const places = repositories.map((id) => `${id}: ${read.find((repo) => repo.id === id)?.baseurl ?? ''}`);
  return new RpmDepsError('MIRROR_BEHIND', olderText({ repositories, lockedMs, nowMs }), {
    details: places,
    hint: `the mirror may be behind: try again later, or another one with --mirror; ${ALLOW}`,
    data: { repositories, locked: timeText(lockedMs), now: timeText(nowMs) },
  });
}

const olderText = ({ repositories, lockedMs, nowMs }: OlderMetadata): string =>
  `the metadata of ${repositories.join(', ')} is of ${timeText(nowMs)}, older than that of the lock, ${timeText(lockedMs)}`;

/** Throws MIRROR_BEHIND if repositories are older than the metadata of one of their architecture's locks. */
export function refuseOlderMetadata(
  manifest: Manifest,
  locks: readonly Lockfile[],
  { architecture, repos }: Pick<Pool, 'architecture' | 'repos'>,
): void {
  for (const lock of locks) {
    const older = lock.architecture === architecture ? findOlderMetadata(manifest, lock, repos) : undefined;
    if (older !== undefined) throw mirrorBehindError(older, repos);
  }
}

/** For commands that only compare, and whose "gone" or "newest" may be that of a mirror which is behind. */
export function olderMetadata(
  manifest: Manifest,
  locks: readonly Lockfile[],
  { architecture, repos }: Pick<Pool, 'architecture' | 'repos'>,
): Warning[] {
  return locks
    .filter((lock) => lock.architecture === architecture)
    .flatMap((lock): Warning[] => {
      const older = findOlderMetadata(manifest, lock, repos);
      if (older === undefined) return [];
      const text = `${olderText(older)}: the mirror may be behind`;
      return [{ code: 'METADATA_OLDER', text, set: lock.package_set, architecture }];
    });
}

/** Reports all architectures in one event, so that equal warnings are printed as one line. */
export function warnOfOlderMetadata(warnings: readonly Warning[], locks: readonly Lockfile[], emit: Emit): void {
  const targets = locks.map(({ package_set: set, architecture }) => ({ set, architecture }));
  if (warnings.length > 0) emit({ kind: 'warnings', warnings, targets });
}

export function downgradeError(downgrades: readonly Downgrade[]): RpmDepsError {
  const names = downgrades.map(({ name }) => name);
  return new RpmDepsError('DOWNGRADE', `${someNames(names, 3)} would be downgraded, and nothing requests that`, {
    details: downgrades.map(({ name, from, to }) => `${name}: ${from} is locked, ${to} is the newest available version`),
    hint: `the mirror may be behind or have withdrawn them: try again later; ${ALLOW}, \`--allow-downgrade ${names[0]}\` only that package`,
    data: { downgrades: downgrades.map(({ name, from, to }) => ({ name, from, to })) },
  });
}

/** `2025-01-07 10:00:00 UTC`; an invalid date stays a number. */
function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
