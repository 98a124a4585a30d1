/** Detects repositories with older metadata than the lockfiles were made from: the mirror is behind, or was rolled back. */
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { manifestDigest } from '../manifest/manifest-digest.ts';
import { repositoriesFor } from '../manifest/repositories-for.ts';
import { placesOf } from '../manifest/repository-urls.ts';
import type { PoolRepo } from '../pool/pool.ts';

/** The parts of a repository that are compared. */
export type MetadataState = Pick<PoolRepo, 'id' | 'revision' | 'repomdSha256' | 'timestamp'>;

export interface OlderMetadata {
  /** Ids of the repositories. */
  readonly repositories: readonly string[];
  /** Milliseconds since 1970. */
  readonly lockedMs: number;
  readonly nowMs: number;
}

/**
 * A lock records the revision of each repository and the newest time of all. Revisions that are times (written by createrepo_c) are compared
 * one by one; for other revisions, the newest time of the same repositories must not be older. Metadata without times is not compared, nor is a
 * repository whose URL changed in the manifest.
 */
export function findOlderMetadata(manifest: Manifest, lock: Lockfile, repos: readonly MetadataState[]): OlderMetadata | undefined {
  const locked = comparable(manifest, lock);
  const pairs = locked.flatMap((before) => {
    const now = repos.find(({ id }) => id === before.id);
    return now === undefined || now.repomdSha256 === before.repomd_sha256 ? [] : [{ before, now }];
  });
  const untimed = [];
  for (const pair of pairs) {
    const { before, now } = pair;
    const [lockedMs, nowMs] = [timeOfRevision(before.revision), timeOfRevision(now.revision)];
    if (lockedMs === undefined || nowMs === undefined || nowMs === lockedMs) untimed.push(pair);
    else if (nowMs < lockedMs) return { repositories: [now.id], lockedMs, nowMs };
  }
  const all = lock.repositories ?? [];
  const same = all.flatMap(({ id }) => repos.find((repo) => repo.id === id) ?? []);
  const lockedMs = Date.parse(lock.generated);
  // The newest repository may be among those that were removed or moved.
  if (untimed.length === 0 || locked.length < all.length || same.length < all.length || Number.isNaN(lockedMs)) return undefined;
  if (same.some(({ timestamp }) => timestamp === 0)) return undefined;
  const nowMs = Math.max(...same.map(({ timestamp }) => timestamp)) * 1000;
  return nowMs < lockedMs ? { repositories: untimed.map(({ now }) => now.id), lockedMs, nowMs } : undefined;
}

/** Whether a mirror may be behind, so that another one should be tried first. */
export function mayBeBehind(manifest: Manifest, locks: readonly Lockfile[], now: MetadataState): boolean {
  return locks.some((lock) => {
    // Schema 1.0 does not record repositories.
    if (lock.repositories === undefined) return now.timestamp !== 0 && now.timestamp * 1000 < Date.parse(lock.generated);
    const before = comparable(manifest, lock).find(({ id }) => id === now.id);
    if (before === undefined || before.repomd_sha256 === now.repomdSha256) return false;
    const [lockedMs, nowMs] = [timeOfRevision(before.revision), timeOfRevision(now.revision)];
    return lockedMs !== undefined && nowMs !== undefined
      ? nowMs < lockedMs
      : now.timestamp !== 0 && now.timestamp * 1000 < Date.parse(lock.generated);
  });
}

/**
 * Repositories of a lockfile that the manifest still has with the same URL. If the manifest is unchanged, every URL is accepted, because older
 * versions recorded the URL of the mirror.
 */
function comparable(manifest: Manifest, { package_set: set, architecture, manifest_digest: digest, repositories = [] }: Lockfile) {
  const isPlace = placesOf(manifest, architecture);
  const known = new Set(repositoriesFor(manifest, architecture).map(({ id }) => id));
  const isUnchanged = manifest.sets.some(({ name }) => name === set) && digest === manifestDigest(manifest, set, architecture);
  return repositories.filter(({ id, baseurl }) => known.has(id) && (isUnchanged || isPlace(id, baseurl)));
}

/** createrepo_c writes seconds since 1970. */
function timeOfRevision(revision: string): number | undefined {
  return /^\d{9,11}$/.test(revision) ? Number(revision) * 1000 : undefined;
}
