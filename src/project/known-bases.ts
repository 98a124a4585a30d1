/** Cached contents of the base images of lockfiles. */
import type { BaseImage } from '../installed/base-image.ts';
import type { InstalledLookup } from '../lockfile/base-changes.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Run } from '../run/run.ts';

const keyOf = (digest: string, architecture: string): string => `${digest} ${architecture}`;

/** Reads only the cache: a diff makes no requests to registries. */
export async function readKnownBases(locks: readonly Lockfile[], run: Pick<Run, 'cacheDir'>): Promise<InstalledLookup> {
  const known = new Map<string, BaseImage['packages'] | undefined>();
  for (const { base, architecture } of locks) {
    if (base?.digest === undefined || known.has(keyOf(base.digest, architecture))) continue;
    const { cachedBaseImage } = await import('../installed/base-image.ts');
    const image = await cachedBaseImage(base.digest, architecture, run);
    known.set(keyOf(base.digest, architecture), image?.packages);
  }
  return ({ digest, rpmdb }, architecture) =>
    digest === undefined || rpmdb !== undefined ? undefined : known.get(keyOf(digest, architecture));
}
