import { sha256 } from '../base/sha256.ts';
import { readWithin } from '../io/read-within.ts';
import { MAX_MANIFEST_BYTES, type Manifest } from '../manifest/manifest.ts';
import { manifestPath } from '../project/project-paths.ts';
import { MetadataCache } from '../repositories/metadata-cache.ts';
import type { Context } from '../run/context.ts';
import type { RelockInput, RelockOutput } from './relock.ts';
import { findUnchanged, type RelockMode, recordUnchanged } from './unchanged.ts';

export interface UpdateInput extends RelockInput {
  /** Only these packages (globs on the name) and the dependencies that must change with them; empty for all packages. */
  readonly names?: readonly string[] | undefined;
  /** All packages built from these source RPMs. */
  readonly source?: readonly string[] | undefined;
}

/** Locks the newest versions; with names, updates only those and the dependencies that must change with them. */
export async function update(input: UpdateInput, context: Context): Promise<RelockOutput> {
  const { names = [], source = [] } = input;
  if (names.length + source.length === 0) return relockUnlessUnchanged('update', input, context);
  return (await relockNow('update', input, context)).output;
}

/** Updates lockfiles after an edit of the manifest, changing as little as possible. */
export async function lock(input: RelockInput, context: Context): Promise<RelockOutput> {
  return relockUnlessUnchanged('lock', input, context);
}

/** The stamps that are valid for each mode: `lock` would keep the result of an `update`, so its stamp is valid for both. */
const STAMPS: Readonly<Record<RelockMode, readonly RelockMode[]>> = { update: ['update'], lock: ['lock', 'update'] };

async function relockUnlessUnchanged(mode: RelockMode, input: RelockInput, context: Context): Promise<RelockOutput> {
  // Stamps are only for the manifest's own repositories.
  if (input.forRun !== undefined) return (await relockNow(mode, input, context)).output;
  // With a new cache, packages must be read: start a thread for them while everything else is loaded.
  if (MetadataCache.isNew(context.cacheDir))
    await import('../repositories/scan-threads.ts').then(({ scanThreads }) => scanThreads.prepare());
  const unchanged = await findUnchanged(STAMPS[mode], input, context);
  if (unchanged !== undefined) return unchanged;
  const digest = await manifestDigest(input, context);
  const { manifest, output } = await relockNow(mode, input, context);
  const isSettled = !output.dryRun && output.failure === undefined && !(await readsOthers(input, context));
  if (isSettled && digest !== undefined && digest === (await manifestDigest(input, context))) {
    await recordUnchanged(mode, input, { manifest, manifestDigest: digest, output }, context);
  }
  return output;
}

/** Loads all modules that read packages and solve. */
async function relockNow(
  mode: RelockMode,
  input: UpdateInput,
  context: Context,
): Promise<{ readonly manifest: Manifest; readonly output: RelockOutput }> {
  const [{ relock }, { loadManifest }] = await Promise.all([import('./relock.ts'), import('../project/manifest-input.ts')]);
  const manifest = await loadManifest(input, context);
  return { manifest, output: await relock({ manifest, mode, names: input.names, sources: input.source }, input, context) };
}

/** Stamps do not cover other files that the manifest refers to. */
const readsOthers = async (input: RelockInput, context: Context): Promise<boolean> =>
  /\b(?:include|repofiles|packages_from_containerfile|contentOrigin)\b/.test(
    await readWithin(manifestPath(input, context), MAX_MANIFEST_BYTES).then(String, () => 'include'),
  );

const manifestDigest = (input: RelockInput, context: Context): Promise<string | undefined> =>
  readWithin(manifestPath(input, context), MAX_MANIFEST_BYTES).then(sha256, () => undefined);
