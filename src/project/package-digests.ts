/**
 * Computes the sha256 of packages whose metadata has another type of checksum. Lockfiles need sha256, so the RPMs of
 * such repositories are downloaded when they are locked, verified with the checksum of the metadata, and kept for
 * `fetch`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { writeFailed } from '../io/atomic-file.ts';
import { ContentStore } from '../io/content-store.ts';
import { isWeakDigest, WEAK_HINT } from '../io/digest.ts';
import { digestFile } from '../io/file-digest.ts';
import { makeFolders } from '../io/make-folders.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { packageDigest } from '../lockfile/package-digest.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { knownRepositoriesFor } from '../manifest/repositories-for.ts';
import { download } from '../net/download.ts';
import type { PackageRecord } from '../pool/pool.ts';
import type { Context } from '../run/context.ts';
import { lockedRpms } from './locked-sources.ts';

const PARALLEL = 8;

/** By digest, such as `sha512:...`. Throws METADATA_INVALID for a weak digest that the manifest does not allow, and errors of the download. */
export async function readPackageDigests(
  packages: readonly PackageRecord[],
  { manifest, architecture, before }: { readonly manifest: Manifest; readonly architecture: string; readonly before: Lockfile | undefined },
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  const weak = new Set(
    knownRepositoriesFor(manifest, architecture).flatMap(({ id, allowWeakChecksums }) => (allowWeakChecksums ? [id] : [])),
  );
  const known = new Map(
    [...(before?.packages ?? []), ...(before?.sources ?? [])].flatMap(({ digest, sha256 }) =>
      digest === undefined ? [] : [[digest, sha256] as const],
    ),
  );
  const missing = new Map<string, PackageRecord>();
  for (const record of packages) {
    const digest = packageDigest(record.checksum);
    if (digest === undefined || digest.startsWith('sha256:')) continue;
    if (isWeakDigest(digest.split(':')[0]!) && !weak.has(record.repository)) throw tooWeak(record);
    if (!known.has(digest)) missing.set(digest, record);
  }
  if (missing.size === 0) return known;
  context.emit({ kind: 'stage', stage: 'download', text: `downloading ${missing.size} packages to compute their sha256` });
  const store = new ContentStore(context.cacheDir);
  const limit = pLimit(PARALLEL);
  const found = await Promise.all(
    [...missing].map(([digest, record]) =>
      limit(async () => [digest, await computeSha256(record, digest, { store, manifest, architecture, context })] as const),
    ),
  );
  return new Map([...known, ...found]);
}

interface Place {
  readonly store: ContentStore;
  readonly manifest: Manifest;
  readonly architecture: string;
  readonly context: Context;
}

async function computeSha256(record: PackageRecord, digest: string, { store, manifest, architecture, context }: Place): Promise<string> {
  const { cacheDir, http, emit } = context;
  const what = printable(`${record.name}-${record.version}-${record.release}.${record.arch}`);
  const urls = await placesOf(record, manifest, architecture, context);
  const [type = '', value = ''] = digest.split(':');
  try {
    makeFolders(cacheDir);
  } catch (error) {
    throw writeFailed(cacheDir, error);
  }
  const folder = await mkdtemp(join(cacheDir, 'package-'));
  try {
    const path = join(folder, 'package.rpm');
    const onFailure = (error: RpmDepsError): void => emit({ kind: 'debug', text: `${what}: ${error.message}` });
    await download({ what, urls, checksum: { type, value }, size: record.size || undefined }, path, { http, onFailure });
    const { sha256 } = (await digestFile(path))!;
    await store.adopt(path, sha256);
    return sha256;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** URLs as for a locked package; the sha256 is not known yet. */
async function placesOf(record: PackageRecord, manifest: Manifest, architecture: string, context: Context): Promise<readonly string[]> {
  const { name, epoch, version, release, arch, repository, location, size } = record;
  const locked: LockedPackage = { name, epoch, version, release, arch, sha256: '', filename: `${name}.rpm`, repository, location, size };
  const lock: Lockfile = { schema_version: '1.2', architecture, package_set: '', generated: '', generator: '', packages: [locked] };
  return lockedRpms([lock], manifest, context)[0]!.mirrorUrls();
}

function tooWeak({ name, version, release, arch, repository, checksum }: PackageRecord): RpmDepsError {
  const nevra = printable(`${name}-${version}-${release}.${arch}`);
  return new RpmDepsError('METADATA_INVALID', `\`${nevra}\` in \`${repository}\` has only a ${printable(checksum.type)} checksum`, {
    hint: `${WEAK_HINT}, and the lockfile then has the sha256 of the RPM`,
  });
}
