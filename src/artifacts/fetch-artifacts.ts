/** Downloads RPMs into the store: each once, several in parallel, also while other processes use the same store. */
import { rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { firstLines, printable } from '../base/printable.ts';
import type { ContentStore } from '../io/content-store.ts';
import { isAbandoned } from '../io/writer.ts';
import { download } from '../net/download.ts';
import type { HttpClient } from '../net/http-client.ts';
import { ServerRecord } from '../net/server-record.ts';

/** One RPM of a lockfile. */
export interface WantedRpm {
  readonly sha256: string;
  readonly filename: string;
  readonly size: number | undefined;
  /** For progress. */
  readonly repository?: string | undefined;
  /** URLs in order of preference; called only if the file is not in the store. */
  readonly urls: () => Promise<readonly string[]>;
}

export interface FetchedRpm {
  readonly sha256: string;
  readonly filename: string;
  readonly path: string;
  /** Source of the download; undefined if the file was in the store. */
  readonly url: string | undefined;
}

export interface FetchContext {
  readonly store: ContentStore;
  readonly http: HttpClient;
  readonly emit: Emit;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** Default 8. */
  readonly parallel?: number;
}

/** Maximum time without growth of a download in another process, before this process downloads itself. */
const STALLED_MS = 60_000;
const POLL_MS = 100;
const SHOWN_FAILURES = 20;
const SHOWN_OF_ALL = 3;

/** Downloads all, and returns them in the given order. A failure does not stop the others: the final error names each. */
export async function fetchArtifacts(wanted: readonly WantedRpm[], context: FetchContext): Promise<FetchedRpm[]> {
  const { fetched, failure } = await fetchAvailable(wanted, context);
  if (failure !== undefined) throw failure;
  return fetched.map((rpm) => rpm!);
}

/** Like `fetchArtifacts`, for callers that can use an incomplete result. Throws INTERRUPTED and WRITE_FAILED. */
export async function fetchAvailable(
  wanted: readonly WantedRpm[],
  context: FetchContext,
): Promise<{ readonly fetched: readonly (FetchedRpm | undefined)[]; readonly failure: RpmDepsError | undefined }> {
  const { store, emit, nowMs } = context;
  const unique = [...new Map(wanted.map((rpm) => [rpm.sha256, rpm])).values()];
  await store.removeLeftovers(nowMs());
  const progress = new Progress(unique, emit);
  const servers = new ServerRecord();
  const limit = pLimit(context.parallel ?? 8);
  const failures: RpmDepsError[] = [];
  const results = await Promise.all(
    unique.map((rpm) =>
      limit(async () => {
        if (context.signal.aborted || isFatal(failures)) return undefined;
        try {
          return await fetchOne(rpm, { progress, servers }, context);
        } catch (error) {
          if (!(error instanceof RpmDepsError)) throw error;
          failures.push(error);
          return undefined;
        }
      }),
    ),
  );
  if (context.signal.aborted)
    throw new RpmDepsError('INTERRUPTED', 'stopped', { hint: 'run the command again: interrupted downloads resume' });
  const failure = failures.length === 0 ? undefined : summary(failures, unique.length);
  if (failure?.code === 'WRITE_FAILED' || failure?.code === 'INTERRUPTED') throw failure;
  const byDigest = new Map(results.filter((result) => result !== undefined).map((result) => [result.sha256, result]));
  const fetched = wanted.map(({ sha256, filename }) => {
    const found = byDigest.get(sha256);
    return found === undefined ? undefined : { ...found, filename };
  });
  return { fetched, failure };
}

/** A full disk or a missing permission would also affect all other files. */
function isFatal(failures: readonly RpmDepsError[]): boolean {
  return failures.some(({ code }) => code === 'WRITE_FAILED' || code === 'INTERRUPTED');
}

async function fetchOne(
  rpm: WantedRpm,
  { progress, servers }: { readonly progress: Progress; readonly servers: ServerRecord },
  context: FetchContext,
): Promise<FetchedRpm> {
  const { store, http, emit, nowMs } = context;
  const what = printable(rpm.filename);
  const found = { sha256: rpm.sha256, filename: rpm.filename, path: store.path(rpm.sha256) };
  if (await isStored(rpm, context)) {
    progress.done(rpm, 0);
    return { ...found, url: undefined };
  }
  const urls = await rpm.urls();
  const partial = await store.startPartial(rpm.sha256, nowMs());
  let bytes = 0;
  progress.start(rpm);
  try {
    if (await isFinishedByOther(rpm, partial, context)) {
      progress.done(rpm, 0);
      return { ...found, url: undefined };
    }
    const onBytes = (count: number): void => {
      bytes += count;
      progress.add(count);
    };
    const onFailure = (error: RpmDepsError): void => emit({ kind: 'debug', text: `${what}: ${error.message}` });
    const url = await download({ what, urls, checksum: { type: 'sha256', value: rpm.sha256 }, size: rpm.size }, partial, {
      http,
      onBytes,
      onFailure,
      servers,
    });
    const path = await store.adopt(partial, rpm.sha256);
    progress.done(rpm, bytes);
    return { ...found, path, url };
  } catch (error) {
    // Keep a partial download after a network failure, for the next run; not on a full disk.
    const keep = error instanceof RpmDepsError && (error.code === 'NETWORK' || error.code === 'INTERRUPTED') && (await sizeOf(partial)) > 0;
    if (keep) await store.release(partial, rpm.sha256, nowMs());
    else await rm(partial, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    progress.end(rpm);
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

async function isStored({ sha256, filename }: WantedRpm, { store, emit }: FetchContext): Promise<boolean> {
  const state = await store.verify(sha256);
  if (state !== 'altered') return state === 'good';
  emit({ kind: 'warning', code: 'CACHE_ALTERED', text: `${printable(filename)} was altered in the cache, and is downloaded again` });
  await store.remove(sha256);
  return false;
}

/** Waits for an earlier download by another process. Returns true if that finished; then removes our own empty file. */
async function isFinishedByOther(rpm: WantedRpm, own: string, { store, nowMs, signal }: FetchContext): Promise<boolean> {
  for (;;) {
    const partials = await store.partials(rpm.sha256, nowMs());
    const elder = partials.find(({ path }) => path < own);
    const inStore = await store.has(rpm.sha256);
    if (inStore && (await store.verify(rpm.sha256)) === 'good') {
      await rm(own, { force: true });
      return true;
    }
    if (elder === undefined || elder.idleMs > STALLED_MS || isAbandoned(elder.writer, elder.idleMs)) {
      // The partial file of the process that ended.
      if ((await sizeOf(own)) === 0) await store.takeOver(own, rpm.sha256, nowMs());
      return false;
    }
    await sleep(POLL_MS, undefined, { signal }).catch(() => {
      throw new RpmDepsError('INTERRUPTED', 'stopped');
    });
  }
}

function summary(failures: readonly RpmDepsError[], total: number): RpmDepsError {
  const order = ['INTERRUPTED', 'WRITE_FAILED', 'DIGEST_MISMATCH', 'RPM_INVALID', 'OFFLINE', 'NETWORK'];
  const worst = failures.reduce((a, b) => (order.indexOf(b.code) < order.indexOf(a.code) ? b : a));
  if (failures.length === 1 || worst.code === 'WRITE_FAILED' || worst.code === 'INTERRUPTED') return worst;
  const lines = [...new Set(failures.map(({ message }) => message))].sort();
  // If all downloads failed, the cause is not a single package: show fewer names.
  const isNone = failures.length === total;
  const shown = isNone ? SHOWN_OF_ALL : SHOWN_FAILURES;
  return new RpmDepsError(
    worst.code,
    `${isNone ? 'none' : failures.length} of ${total} packages could ${isNone ? '' : 'not '}be downloaded`,
    {
      ...(worst.hint === undefined ? {} : { hint: worst.hint }),
      details: firstLines(lines, shown),
      data: { failures: failures.map(({ code, message, data }) => ({ code, message, ...data })) },
      cause: worst,
    },
  );
}

/** In bytes if all sizes are known, otherwise in files. */
class Progress {
  readonly #emit: Emit;
  readonly #total: number;
  readonly #files: number;
  readonly #inBytes: boolean;
  #bytes = 0;
  #count = 0;
  /** Number of running downloads, by repository. */
  readonly #under = new Map<string, number>();

  constructor(rpms: readonly WantedRpm[], emit: Emit) {
    this.#emit = emit;
    this.#files = rpms.length;
    this.#inBytes = rpms.every(({ size }) => size !== undefined);
    this.#total = this.#inBytes ? rpms.reduce((sum, { size }) => sum + size!, 0) : rpms.length;
  }

  /** Called if the file is not in the store. */
  start({ repository }: WantedRpm): void {
    if (repository !== undefined) this.#under.set(repository, (this.#under.get(repository) ?? 0) + 1);
  }

  end({ repository = '' }: WantedRpm): void {
    const left = (this.#under.get(repository) ?? 1) - 1;
    if (left > 0) this.#under.set(repository, left);
    else this.#under.delete(repository);
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#inBytes) this.#report();
  }

  /** `received`: bytes that are already counted. */
  done({ size }: WantedRpm, received: number): void {
    this.#count++;
    this.#bytes += Math.max(0, (size ?? received) - received);
    this.#report();
  }

  #report(): void {
    const [done, unit] = this.#inBytes ? [Math.min(this.#bytes, this.#total), 'bytes' as const] : [this.#count, 'items' as const];
    const from = this.#under.size === 0 ? '' : ` from ${[...this.#under.keys()].slice(0, 3).join(', ')}`;
    const text = `${this.#inBytes ? `${this.#count}/${this.#files} packages` : 'packages'}${from}`;
    this.#emit({ kind: 'progress', stage: 'download', text, done, total: this.#total, unit });
  }
}
