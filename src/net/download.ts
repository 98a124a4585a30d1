/**
 * Downloads one file of known size and digest from the first of several URLs that has it. Reuses partial content of an
 * earlier run or another URL: the digest of the complete file is checked at the end, and a file with a wrong digest is
 * discarded.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { redact } from '../base/redact.ts';
import { writeFailed } from '../io/atomic-file.ts';
import { DigestCheck, DigestMismatchError, type ExpectedDigest } from '../io/digest.ts';
import { isRetryable, isTimeout, statusOf } from './failures.ts';
import { fromFirstPlace, type RetryOptions } from './first-place.ts';
import type { HttpClient } from './http-client.ts';
import type { ServerRecord } from './server-record.ts';

export interface Download {
  /** For messages. */
  readonly what: string;
  /** In order of preference. */
  readonly urls: readonly string[];
  readonly checksum: ExpectedDigest;
  readonly size?: number | undefined;
}

export interface DownloadContext {
  readonly http: HttpClient;
  /** Called with the number of received bytes, for progress. */
  readonly onBytes?: (count: number) => void;
  /** Called with the reason for skipping a mirror. */
  readonly onFailure?: (error: RpmDepsError) => void;
  /** Shared by all downloads of a run. */
  readonly servers?: ServerRecord;
}

/** Maximum attempts per URL before the next URL is used, each with the retries of the client. */
const ATTEMPTS = 3;

/**
 * Completes the file at `path` and syncs it to disk. Returns the URL of the last part; undefined if the file was already complete. Throws the errors
 * of the client, DIGEST_MISMATCH or WRITE_FAILED; the file then keeps its content for the next run.
 */
export async function download(file: Download, path: string, context: DownloadContext): Promise<string | undefined> {
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644).catch((error: unknown) => {
    throw writeFailed(path, error);
  });
  try {
    if (await isWhole(file, handle)) return undefined;
    const { servers, onFailure } = context;
    const attempt = async (url: string, retry: RetryOptions): Promise<string> => {
      servers?.expectUse(url);
      try {
        await tryPlace(url, file, { handle, path, context, retry });
      } catch (error) {
        if (error instanceof RpmDepsError && error.code !== 'INTERRUPTED' && error.code !== 'WRITE_FAILED') {
          servers?.failed(url, error, { forGood: retry.retries === undefined });
          onFailure?.(error);
        }
        throw error;
      }
      servers?.worked(url);
      return url;
    };
    return await fromFirstPlace(servers?.inOrder(file.urls) ?? file.urls, attempt, (failures) => noPlace(file, failures));
  } finally {
    await handle.close();
  }
}

interface Target {
  readonly handle: FileHandle;
  readonly path: string;
  readonly context: DownloadContext;
  readonly retry: RetryOptions;
}

async function isWhole(file: Download, handle: FileHandle): Promise<boolean> {
  const { size } = await handle.stat();
  if (size === 0) return false;
  const check = newCheck(file);
  try {
    await readInto(check, handle);
    check.finish();
    return true;
  } catch (error) {
    if (!(error instanceof DigestMismatchError)) throw error;
    // The size is complete or larger, but the content is wrong.
    if (file.size !== undefined && size >= file.size) await handle.truncate(0);
    return false;
  }
}

async function tryPlace(url: string, file: Download, target: Target): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { size: had } = await target.handle.stat();
    try {
      return await receive(url, file, target);
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED' || error.code === 'WRITE_FAILED') throw error;
      // The existing part may be from another file.
      if (error instanceof DigestMismatchError) await target.handle.truncate(0);
      const again =
        error instanceof DigestMismatchError ? had > 0 : isRetryable(error) && !isTimeout(error) && (await target.handle.stat()).size > had;
      if (!again || attempt === ATTEMPTS) throw error;
    }
  }
}

async function receive(url: string, file: Download, { handle, path, context, retry }: Target): Promise<void> {
  const { http } = context;
  let { size: offset } = await handle.stat();
  let response = await http.request(url, offset === 0 ? retry : { ...retry, headers: { range: `bytes=${offset}-` }, accept: [416] });
  if (offset > 0 && !(response.status === 206 && response.headers['content-range']?.startsWith(`bytes ${offset}-`) === true)) {
    await handle.truncate(0);
    offset = 0;
    // 200 is the complete file; after any other status (416: the range is after the end) request it again from the start.
    if (response.status !== 200) {
      for await (const _ of response.body) break;
      response = await http.request(url, retry);
    }
  }
  const check = newCheck(file, url);
  if (offset > 0) await readInto(check, handle);
  for await (const chunk of response.body) {
    check.update(chunk);
    await write(handle, chunk, { offset, path });
    offset += chunk.length;
    context.onBytes?.(chunk.length);
  }
  check.finish();
  await handle.sync().catch((error: unknown) => {
    throw writeFailed(path, error);
  });
}

async function write(handle: FileHandle, chunk: Uint8Array, { offset, path }: { offset: number; path: string }): Promise<void> {
  try {
    for (let done = 0; done < chunk.length; ) {
      done += (await handle.write(chunk, done, chunk.length - done, offset + done)).bytesWritten;
    }
  } catch (error) {
    throw writeFailed(path, error);
  }
}

async function readInto(check: DigestCheck, handle: FileHandle): Promise<void> {
  const buffer = new Uint8Array(1024 * 1024);
  for (let at = 0; ; ) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    check.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}

function newCheck(file: Download, url?: string): DigestCheck {
  const what = url === undefined ? file.what : printable(redact(url));
  // The caller has already decided whether a weak digest is allowed.
  return new DigestCheck(what, file, { allowWeak: true });
}

/** Reports the most important failure: a wrong digest before an unreachable server, and that before a missing file. */
function noPlace(file: Download, failures: readonly RpmDepsError[]): RpmDepsError {
  const details = failures.map(({ message, details: more }) => [message, ...more].join('; '));
  const gone = failures.every((failure) => statusOf(failure) === 404 || statusOf(failure) === 410);
  const worst =
    failures.find(({ code }) => code === 'DIGEST_MISMATCH') ?? failures.find((failure) => statusOf(failure) !== 404) ?? failures[0];
  if (worst === undefined) {
    return new RpmDepsError('NETWORK', `no location is known for ${file.what}`, {
      hint: 'the lockfile has no location for it: add `fallbacks` to the manifest, or run `rpm-deps lock`',
      data: { file: file.what },
    });
  }
  if (gone) {
    return new RpmDepsError('NETWORK', `${file.what} is no longer on any of its mirrors`, {
      hint: 'add an archive to `fallbacks` in the manifest, or run `rpm-deps update`; `rpm-deps archive` copies locked RPMs to an archive',
      details,
      data: { file: file.what, status: 404 },
    });
  }
  return new RpmDepsError(worst.code, `${file.what} cannot be downloaded: ${worst.message}`, {
    ...(worst.hint === undefined ? {} : { hint: worst.hint }),
    details,
    data: { ...worst.data, file: file.what },
    cause: worst,
  });
}
