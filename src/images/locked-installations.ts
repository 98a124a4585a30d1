import pLimit from 'p-limit';
import { printable } from '../base/printable.ts';
import { ContentStore } from '../io/content-store.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { type RpmInstallation, readRpmInstallation } from '../rpm/installation.ts';
import type { Context } from '../run/context.ts';
import type { FetchedRpms } from './rpm-context.ts';

/** Maximum number of open files. */
const PARALLEL = 8;

/** Reads the files and scriptlets of the locked RPMs, in the order of the lock; RPMs that are not in `fetched` are skipped. */
export async function readInstallations(lock: Lockfile, fetched: FetchedRpms): Promise<readonly RpmInstallation[]> {
  const limit = pLimit(PARALLEL);
  const read = lock.packages.flatMap(({ sha256, filename }) => {
    const path = fetched.get(sha256);
    return path === undefined ? [] : [limit(() => readRpmInstallation(path, printable(filename)))];
  });
  return Promise.all(read);
}

/** The locked RPMs that are already in the store. */
export async function storedRpms(locks: readonly Lockfile[], { cacheDir }: Context): Promise<FetchedRpms> {
  const store = new ContentStore(cacheDir);
  const stored = new Map<string, string>();
  for (const { packages } of locks) {
    for (const { sha256 } of packages) if (!stored.has(sha256) && (await store.has(sha256))) stored.set(sha256, store.path(sha256));
  }
  return stored;
}
