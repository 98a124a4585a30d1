/** Finds bases that have changed since the lockfiles were made. */
import { dirname } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { type BaseImageRun, readBaseImage } from '../installed/base-image.ts';
import { formatImageName, parseImageName } from '../installed/image-name.ts';
import { baseChanges, type InstalledLookup } from '../lockfile/base-changes.ts';
import type { LockPair } from '../lockfile/lock-pair.ts';
import type { LockedBase, Lockfile } from '../lockfile/lockfile.ts';
import type { BaseChange } from '../lockfile/lockfile-diff.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { BaseDefinition } from '../manifest/set-base.ts';
import { baseSource, imageOf } from './base-source.ts';

/**
 * Compares the base of each lock with the current image of its tag or Containerfile, or with its database. A tag is looked up even if a digest
 * follows it. A warning lists bases that cannot be compared: no network, or the image is gone or lacks the architecture or an rpm database.
 */
export async function newerBases(manifest: Manifest, locks: readonly Lockfile[], run: BaseImageRun): Promise<readonly BaseChange[]> {
  const known = new Map<LockedBase, InstalledPackages>();
  const pairs: LockPair[] = [];
  const read = new Map<string, Promise<Now>>();
  for (const lock of locks) {
    const { architecture, package_set: set, base: locked } = lock;
    const base = manifest.sets.find(({ name }) => name === set)?.base;
    if (base === undefined || locked === undefined) continue;
    try {
      const key = JSON.stringify([base, architecture]);
      const reading = read.get(key) ?? readNow(base, { manifest, lock }, run);
      read.set(key, reading);
      const now = await reading;
      pairs.push({ name: { package_set: set, architecture }, before: lock, after: { ...lock, base: now.locked } });
      known.set(now.locked, now.packages);
      if (locked.image !== undefined && locked.digest !== undefined && locked.digest !== now.locked.digest)
        known.set(locked, await readLocked(locked, architecture, run));
    } catch (error) {
      if (!(error instanceof RpmDepsError) || !UNKNOWN.has(error.code)) throw error;
      const text = `cannot look for a newer base: ${error.message}`;
      run.emit({ kind: 'warning', code: 'BASE_UNREAD', text, set, architecture });
    }
  }
  const installedOf: InstalledLookup = (base) => known.get(base);
  return baseChanges(pairs, installedOf);
}

const UNKNOWN: ReadonlySet<string> = new Set(['OFFLINE', 'IMAGE_NOT_FOUND', 'RPMDB_INVALID']);

type InstalledPackages = ReturnType<InstalledLookup>;

interface Now {
  readonly locked: LockedBase;
  readonly packages: InstalledPackages;
}

async function readNow(
  base: BaseDefinition,
  { manifest, lock }: { readonly manifest: Manifest; readonly lock: Lockfile },
  run: BaseImageRun,
): Promise<Now> {
  if (base.kind === 'rpmdb' || base.kind === 'packages') {
    const set = manifest.sets.find(({ name }) => name === lock.package_set)!;
    const { locked } = await baseSource(manifest, { locks: [], keep: false }, run)({ set, architecture: lock.architecture });
    return { locked, packages: undefined };
  }
  const written = parseImageName(await imageOf(base, { folder: dirname(manifest.path), architecture: lock.architecture }), '`base`');
  const moving = written.tag === undefined ? written : { ...written, digest: undefined };
  const image = await readBaseImage(formatImageName(moving), lock.architecture, run);
  return {
    locked: {
      image: formatImageName(written),
      digest: image.digest,
      architecture_digest: image.manifestDigest,
      ...(base.kind === 'containerfile' ? { containerfile: base.path } : {}),
      installed_digest: image.installedDigest,
    },
    packages: image.packages,
  };
}

/** A registry may have deleted an image that no tag refers to any more. */
async function readLocked({ image, digest }: LockedBase, architecture: string, run: BaseImageRun): Promise<InstalledPackages> {
  const name = { ...parseImageName(image!, 'the locked base'), digest };
  try {
    return (await readBaseImage(formatImageName(name), architecture, run)).packages;
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
    return undefined;
  }
}
