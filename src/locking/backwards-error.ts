import { RpmDepsError } from '../base/errors.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Pool, PoolRepo } from '../pool/pool.ts';
import type { Downgrade } from './downgrades.ts';
import { findOlderMetadata, type OlderMetadata } from './older-metadata.ts';

const ALLOW = '`--allow-downgrade` accepts it';

export function mirrorBehindError(
  { repositories, lockedMs, nowMs }: OlderMetadata,
  read: readonly Pick<PoolRepo, 'id' | 'baseurl'>[],
): RpmDepsError {
  const [locked, now] = [timeText(lockedMs), timeText(nowMs)];
  const places = repositories.map((id) => `${id}: ${read.find((repo) => repo.id === id)?.baseurl ?? ''}`);
  return new RpmDepsError(
    'MIRROR_BEHIND',
    `the metadata of ${repositories.join(', ')} is of ${now}, older than that of the lock, ${locked}`,
    {
      details: places,
      hint: `the mirror may be behind: try again later, or another one with --mirror; ${ALLOW}`,
      data: { repositories, locked, now },
    },
  );
}

/** Throws MIRROR_BEHIND where repositories are older than what one of the locks of their architecture was made from. */
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

export function downgradeError(downgrades: readonly Downgrade[]): RpmDepsError {
  const names = downgrades.map(({ name }) => name);
  const few = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
  return new RpmDepsError('DOWNGRADE', `${few} would be downgraded, and nothing requests that`, {
    details: downgrades.map(({ name, from, to }) => `${name}: ${from} is locked, ${to} is the newest available version`),
    hint: `the mirror may be behind or have withdrawn them: try again later; ${ALLOW}, \`--allow-downgrade ${names[0]}\` only that package`,
    data: { downgrades: downgrades.map(({ name, from, to }) => ({ name, from, to })) },
  });
}

/** `2025-01-07 10:00:00 UTC`; what no clock shows stays a number. */
function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
