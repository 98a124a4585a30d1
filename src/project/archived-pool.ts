/**
 * A repository of locked packages that no other repository has any more, but that are still in an archive (`fallbacks`). It is
 * built from the headers of their RPMs, if locked versions are to be kept.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeHeaderRepository } from '../artifacts/header-repository.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import type { LockedHeader } from '../lockfile/rebuild-lock.ts';
import { DEFAULT_REPOSITORIES } from '../manifest/default-repositories.ts';
import type { Manifest, RepositoryDefinition } from '../manifest/manifest.ts';
import type { Pool } from '../pool/pool.ts';
import { packagesNamed } from '../resolution/query-packages.ts';
import { formatNevra } from '../rpm/nevra.ts';
import type { Context } from '../run/context.ts';
import { type LoadArchitectureOptions, loadArchitecture } from './load-architecture.ts';
import { HeaderReader } from './locked-headers.ts';

/** Like `loadArchitecture`, plus locked packages that only an archive has. Adds the archive's URL to `places`, by id of its repository. */
export async function loadWithArchived(
  manifest: Manifest,
  architecture: string,
  context: Context,
  {
    kept: locks,
    places,
    ...options
  }: LoadArchitectureOptions & { readonly kept: readonly Lockfile[]; readonly places: Map<string, string> },
): Promise<Pool> {
  const pool = await loadArchitecture(manifest, architecture, context, options);
  const gone = missingFrom(pool, locks, architecture);
  if (gone.length === 0) return pool;
  const reader = new HeaderReader(locks, manifest, context, { archiveOnly: true });
  const known = new Set(manifest.repositories.map(({ id }) => id));
  const found = (await reader.headersOf({ architecture, packages: gone })).filter(
    (header): header is LockedHeader => header !== undefined && !known.has(header.repository),
  );
  if (found.length === 0) return pool;
  const folder = await mkdtemp(join(tmpdir(), 'rpm-deps-archive-'));
  try {
    const repositories: RepositoryDefinition[] = [];
    for (const id of new Set(found.map(({ repository }) => repository))) {
      const own = found.filter(({ repository }) => repository === id);
      await writeHeaderRepository(join(folder, id), own);
      places.set(id, own[0]!.baseurl);
      const baseurl = [pathToFileURL(`${join(folder, id)}/`).href];
      // Packages that a repository has are taken from there.
      repositories.push({ ...DEFAULT_REPOSITORIES[0]!, id, baseurl, gpgkey: [], gpgcheck: false, cost: 1_000_000 });
    }
    const wider = { ...manifest, repositories: [...manifest.repositories, ...repositories] };
    return await loadArchitecture(wider, architecture, context, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function missingFrom(pool: Pool, locks: readonly Lockfile[], architecture: string): LockedPackage[] {
  const lockedPackages = new Map(
    locks
      .filter((lock) => lock.architecture === architecture)
      .flatMap(({ packages }) => packages.map((locked) => [locked.sha256, locked] as const)),
  );
  return [...lockedPackages.values()].filter((locked) => {
    const nevra = formatNevra(locked);
    return !packagesNamed(pool, locked.name).some((known) => formatNevra(known) === nevra);
  });
}

/** The lockfile with the URL of the archive instead of the temporary directory that was read. */
export function withArchivePlaces(lock: Lockfile, places: ReadonlyMap<string, string>): Lockfile {
  if (lock.repositories === undefined) return lock;
  const used = new Set(lock.packages.map(({ repository }) => repository));
  const repositories = lock.repositories
    .filter(({ id }) => !places.has(id) || used.has(id))
    .map((one) => (places.has(one.id) ? { ...one, baseurl: places.get(one.id)!, revision: '', repomd_sha256: '0'.repeat(64) } : one));
  return { ...lock, repositories };
}
