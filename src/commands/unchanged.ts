/**
 * The fast path for a known result: a stamp in the cache records the manifest, metadata and program that produced certain
 * lockfiles. If all of these are unchanged, so are the lockfiles: no packages are read and nothing is solved. Lockfiles that
 * `update` wrote and that are missing, or from another branch, are written again. A stamp that is missing, damaged or outdated
 * only causes a normal run.
 */
import { withoutSecrets } from '../base/redact.ts';
import { sha256 } from '../base/sha256.ts';
import { GENERATOR } from '../base/version.ts';
import { ignoredVariables, versionOverride } from '../base/version-overrides.ts';
import { cachePath } from '../io/cache-dir.ts';
import { readWithin } from '../io/read-within.ts';
import { MAX_LOCKFILE_BYTES } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isEmpty, lockfilesDirectory, manifestPath } from '../project/project-paths.ts';
import { warnOfStrays } from '../project/write-locks.ts';
import { fetchRepomdDigest } from '../repositories/fetch-repomd.ts';
import { MetadataCache, readCacheFile, writeCacheFile } from '../repositories/metadata-cache.ts';
import type { ResolvedRepository } from '../repositories/repository.ts';
import type { Context } from '../run/context.ts';
import type { RelockInput, RelockOutput } from './relock.ts';
import { type Stamp, unchangedRow } from './stamp.ts';

/** The kind of the run. `lock` would keep the result of an `update`, so the stamp of `update` is valid for both. */
export type RelockMode = 'update' | 'lock';

/** The outcome of a run with a known result, after writing its lockfiles; undefined if a normal run is necessary. */
export async function findUnchanged(modes: readonly RelockMode[], input: RelockInput, context: Context): Promise<RelockOutput | undefined> {
  for (const mode of modes) {
    const path = stampPath(mode, input, context);
    const stamp = await readStamp(path, context);
    if (stamp === undefined || !(await isSameRequest(stamp, input, context))) continue;
    const changed = await changedLocks(stamp);
    // The result of `lock` depends on the existing lockfiles.
    if (changed.length > 0 && (modes.length > 1 || !stamp.hasTexts)) continue;
    if (!(await isSameMetadata(stamp, context))) continue;
    const output = changed.length === 0 ? unchangedOutput(stamp, input) : await restore(stamp, textsPath(path), changed, input, context);
    if (output === undefined) continue;
    if (isEmpty(input.arch) && isEmpty(input.set)) {
      await warnOfStrays(Object.keys(stamp.locks), lockfilesDirectory(input, context), context);
    }
    return output;
  }
  return undefined;
}

function unchangedOutput(stamp: Stamp, { dryRun }: RelockInput): RelockOutput {
  return {
    sets: stamp.sets.map(unchangedRow),
    diff: stamp.diff,
    settled: stamp.diff,
    texts: new Map(),
    lacksSources: false,
    repositories: stamp.repositories,
    dryRun: dryRun === true,
    failure: undefined,
    failures: [],
  };
}

async function restore(stamp: Stamp, texts: string, changed: readonly string[], input: RelockInput, context: Context) {
  const { restoreLocks } = await import('./restore-locks.ts');
  return restoreLocks(stamp, (await readCacheFile(texts, context.emit))?.toString('utf8') ?? '{}', changed, input, context);
}

async function isSameRequest(stamp: Stamp, input: RelockInput, context: Context): Promise<boolean> {
  const today = context.now().toISOString().slice(0, 10);
  if (stamp.generator !== GENERATOR || today < stamp.from || (stamp.until !== null && today > stamp.until)) return false;
  if (Object.entries(stamp.env).some(([name, value]) => overrideDigest(name, context) !== value)) return false;
  return (await digestOf(manifestPath(input, context))) === stamp.manifest;
}

async function changedLocks({ locks }: Stamp): Promise<string[]> {
  const digests = await Promise.all(Object.keys(locks).map(async (path) => [path, await digestOf(path)] as const));
  return digests.filter(([path, digest]) => digest !== locks[path]).map(([path]) => path);
}

async function isSameMetadata(stamp: Stamp, { cacheDir, http, offline, emit, signal }: Context): Promise<boolean> {
  const cache = new MetadataCache(cacheDir, emit);
  const digests = await Promise.all(
    stamp.repositories.map(({ repository }) => fetchRepomdDigest(repository, { http, cache, offline, emit })),
  );
  signal.throwIfAborted();
  return stamp.repositories.every(({ repomdSha256 }, i) => digests[i] === repomdSha256);
}

/** Records the result of a run, unless it contains a password. If the cache cannot be written, this is not an error. */
export async function recordUnchanged(
  mode: RelockMode,
  input: RelockInput,
  made: { readonly manifest: Manifest; readonly manifestDigest: string; readonly output: RelockOutput },
  context: Context,
): Promise<void> {
  const { manifest, output } = made;
  if (output.repositories.some(({ repository }) => hasSecret(repository))) return;
  // In the next run a tag may refer to another image, or a directory contain another database.
  if (manifest.sets.some(({ base }) => base !== undefined)) return;
  if (manifest.readsMore === true) return;
  // Secrets are not stored, and a repository that was skipped may be available in the next run.
  if (manifest.repositories.some(({ access, skipIfUnavailable }) => access !== undefined || skipIfUnavailable === true)) return;
  // The next run must report this too.
  if (output.lacksSources) return;
  if (ignoredVariables(Object.keys(manifest.versions), context.env).length > 0) return;
  const today = context.now().toISOString().slice(0, 10);
  const ends = manifest.holds.flatMap(({ until }) => (until !== undefined && until >= today ? [until] : [])).sort();
  const locks: Record<string, string> = {};
  const digests = await Promise.all(output.sets.map(({ path }) => digestOf(path)));
  for (const [i, { path }] of output.sets.entries()) {
    const digest = digests[i];
    if (digest === undefined) return;
    locks[path] = digest;
  }
  const stamp: Stamp = {
    generator: GENERATOR,
    manifest: made.manifestDigest,
    env: Object.fromEntries(Object.keys(manifest.versions).map((name) => [name, overrideDigest(name, context)])),
    from: today,
    until: ends[0] ?? null,
    repositories: output.repositories,
    locks,
    sets: output.sets,
    diff: output.settled,
    holds: manifest.holds,
    // The text of an unchanged lock may differ from that of a run without it.
    hasTexts: mode === 'update' && output.sets.every(({ path }) => output.texts.has(path)),
  };
  const path = stampPath(mode, input, context);
  const texts = (): Buffer => Buffer.from(JSON.stringify(Object.fromEntries(output.texts)));
  const areKept = !stamp.hasTexts || (await writeCacheFile(textsPath(path), [texts()]));
  if (areKept && (await writeCacheFile(path, [Buffer.from(JSON.stringify(stamp))]))) return;
  context.emit({ kind: 'debug', text: 'the cache cannot be written; the next run cannot skip unchanged sets' });
}

const hasSecret = ({ baseurls, metalink, mirrorlist, gpgkey }: ResolvedRepository): boolean =>
  [...baseurls, metalink ?? '', mirrorlist ?? '', ...gpgkey].some((url) => withoutSecrets(url) !== url);

/** Digest of the variable that overrides a version; never its value. A variable that is set but ignored invalidates every stamp. */
function overrideDigest(name: string, { env }: Context): string | null {
  const override = versionOverride(name, env);
  if (override !== undefined) return sha256(override.value);
  return ignoredVariables([name], env).length > 0 ? 'ignored' : null;
}

const textsPath = (stampPath: string): string => `${stampPath}.locks`;

function stampPath(mode: RelockMode, input: RelockInput, context: Context): string {
  const asked = [
    mode,
    manifestPath(input, context),
    lockfilesDirectory(input, context),
    input.mirror ?? null,
    context.env['RPM_DEPS_MIRROR'] ?? null,
    context.cwd,
    [...(input.arch ?? [])].sort(),
    [...(input.set ?? [])].sort(),
  ];
  return cachePath(context.cacheDir, 'stamps-v1', sha256(JSON.stringify(asked)));
}

async function readStamp(path: string, { emit }: Context): Promise<Stamp | undefined> {
  const text = (await readCacheFile(path, emit))?.toString('utf8');
  if (text === undefined) return undefined;
  try {
    const stamp = JSON.parse(text) as Partial<Stamp>;
    return Array.isArray(stamp.repositories) &&
      Array.isArray(stamp.sets) &&
      Array.isArray(stamp.holds) &&
      stamp.locks &&
      stamp.env &&
      stamp.diff
      ? (stamp as Stamp)
      : undefined;
  } catch {
    return undefined;
  }
}

const digestOf = (path: string): Promise<string | undefined> => readWithin(path, MAX_LOCKFILE_BYTES).then(sha256, () => undefined);
