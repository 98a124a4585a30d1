/**
 * The fast way when there is nothing to do: a stamp in the cache says which manifest, which metadata and which program made the lockfiles
 * that are there. If all of it is as it was, so are the lockfiles, and neither packages are read nor anything is solved. A stamp that is
 * missing, damaged or of other times only costs the long way.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../io/atomic-file.ts';
import { sha256 } from '../io/digest.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { fetchRepomdDigest } from '../repos/fetch-repomd.ts';
import { MetadataCache } from '../repos/metadata-cache.ts';
import { GENERATOR } from '../version.ts';
import type { Context } from './context.ts';
import { lockfilesDirectory, manifestPath } from './project-paths.ts';
import type { RelockedSet, RelockInput, RelockOutput } from './relock.ts';

interface Stamp {
  readonly generator: string;
  readonly manifest: string;
  /** Values that the environment had for the names under `versions`. */
  readonly env: Readonly<Record<string, string | null>>;
  /** First and last day on which the same holds are in force. */
  readonly from: string;
  readonly until: string | null;
  readonly repositories: RelockOutput['repositories'];
  /** Checksum of each lockfile. */
  readonly locks: Readonly<Record<string, string>>;
  readonly sets: readonly RelockedSet[];
  readonly diff: LockfileDiff;
}

/** What was asked for, apart from the content of files. `lock` keeps what `update` has just locked, so that its stamp counts for both. */
export type RelockMode = 'update' | 'lock';

/** The outcome of a run that would change nothing; undefined when it takes a real run to know. */
export async function findUnchanged(modes: readonly RelockMode[], input: RelockInput, context: Context): Promise<RelockOutput | undefined> {
  for (const mode of modes) {
    const stamp = await readStamp(stampPath(mode, input, context));
    if (stamp === undefined || !(await isCurrent(stamp, input, context))) continue;
    const sets = stamp.sets.map((set) => ({ ...set, added: 0, removed: 0, changed: 0, written: false, milliseconds: 0 }));
    return {
      sets,
      diff: stamp.diff,
      settled: stamp.diff,
      repositories: stamp.repositories,
      dryRun: input.dryRun === true,
      failure: undefined,
    };
  }
  return undefined;
}

async function isCurrent(stamp: Stamp, input: RelockInput, context: Context): Promise<boolean> {
  const today = context.now().toISOString().slice(0, 10);
  if (stamp.generator !== GENERATOR || today < stamp.from || (stamp.until !== null && today > stamp.until)) return false;
  if (Object.entries(stamp.env).some(([name, value]) => (context.env[name] || null) !== value)) return false;
  const files = [...Object.entries(stamp.locks), [manifestPath(input, context), stamp.manifest] as const];
  const same = await Promise.all(files.map(async ([path, digest]) => (await digestOf(path)) === digest));
  if (same.includes(false)) return false;
  const cache = new MetadataCache(context.cacheDir);
  const { http, offline, emit } = context;
  const digests = await Promise.all(
    stamp.repositories.map(({ repository }) => fetchRepomdDigest(repository, { http, cache, offline, emit })),
  );
  context.signal.throwIfAborted();
  return stamp.repositories.every(({ repomdSha256 }, i) => digests[i] === repomdSha256);
}

/** Remembers what a run has found or written. A cache that cannot be written is no failure. */
export async function recordUnchanged(
  mode: RelockMode,
  input: RelockInput,
  made: { readonly manifest: Manifest; readonly manifestDigest: string; readonly output: RelockOutput },
  context: Context,
): Promise<void> {
  const { manifest, output } = made;
  const today = context.now().toISOString().slice(0, 10);
  const ends = manifest.holds.flatMap(({ until }) => (until !== undefined && until >= today ? [until] : [])).sort();
  const locks: Record<string, string> = {};
  for (const { path } of output.sets) {
    const digest = await digestOf(path);
    if (digest === undefined) return;
    locks[path] = digest;
  }
  const stamp: Stamp = {
    generator: GENERATOR,
    manifest: made.manifestDigest,
    env: Object.fromEntries(Object.keys(manifest.versions).map((name) => [name, context.env[name] || null])),
    from: today,
    until: ends[0] ?? null,
    repositories: output.repositories,
    locks,
    sets: output.sets,
    diff: output.settled,
  };
  await writeFileAtomic(stampPath(mode, input, context), JSON.stringify(stamp)).catch(() => {
    context.emit({ kind: 'debug', text: 'the cache cannot be written; the next run will not know that nothing changed' });
  });
}

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
  return join(context.cacheDir, 'stamps-v1', sha256(JSON.stringify(asked)));
}

async function readStamp(path: string): Promise<Stamp | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const stamp = JSON.parse(text) as Partial<Stamp>;
    return Array.isArray(stamp.repositories) && Array.isArray(stamp.sets) && stamp.locks && stamp.env && stamp.diff
      ? (stamp as Stamp)
      : undefined;
  } catch {
    return undefined;
  }
}

const digestOf = (path: string): Promise<string | undefined> => readFile(path).then(sha256, () => undefined);
