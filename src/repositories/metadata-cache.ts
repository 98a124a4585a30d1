/**
 * The metadata cache, by content: snapshots of repositories, decompressed small files, search results of filelists.xml, and repomd.xml
 * with its HTTP validators. It can be deleted at any time; files are replaced atomically, so processes can use it at the same
 * time.
 */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Emit } from '../base/events.ts';
import { sha256 } from '../base/sha256.ts';
import { cachePath } from '../io/cache-dir.ts';
import { makeFolders } from '../io/make-folders.ts';
import { findOtherWriter, PRIVATE_FILE_MODE, PRIVATE_FOLDER_MODE } from '../io/private-folder.ts';
import { makeSealKey, openSealed, readSealKey, sealOf } from '../io/seal.ts';

/** Smaller content is written immediately. */
const LATER_BYTES = 1024 * 1024;
/** Maximum number of parts per write (IOV_MAX of Linux). */
const MAX_VECTORS = 1024;

export class MetadataCache {
  readonly #folder: string;
  readonly #emit: Emit | undefined;

  constructor(cacheDir: string, emit?: Emit) {
    this.#folder = cachePath(cacheDir, 'metadata-v1');
    this.#emit = emit;
  }

  /** Whether the cache is still empty. */
  static isNew(cacheDir: string): boolean {
    return !existsSync(cachePath(cacheDir, 'metadata-v1'));
  }

  path(name: string): string {
    return join(this.#folder, name);
  }

  /** undefined if it does not exist. Reading updates the time of last use. */
  async read(name: string): Promise<Buffer | undefined> {
    const path = this.path(name);
    const bytes = await readCacheFile(path, this.#emit);
    if (bytes !== undefined) void touch(path);
    return bytes;
  }

  /**
   * Like `write`, but large content is written in the background. The process waits for it before it exits; if it is killed, a
   * temporary file stays and is removed later as unused.
   */
  async writeLater(name: string, parts: readonly Uint8Array[]): Promise<void> {
    const writing = this.write(name, parts);
    if (parts.reduce((sum, part) => sum + part.length, 0) < LATER_BYTES) await writing;
  }

  /** Writes content of one or several parts; false if the cache is not writable. */
  async write(name: string, content: string | Uint8Array | readonly Uint8Array[]): Promise<boolean> {
    const parts = typeof content === 'string' ? [Buffer.from(content)] : content instanceof Uint8Array ? [content] : content;
    return writeCacheFile(this.path(name), parts);
  }
}

/** The content of a cache file that only this user can write and that has a valid seal; undefined for other files, which are created again. */
export async function readCacheFile(path: string, emit?: Emit): Promise<Buffer | undefined> {
  const file = isTrusted(path) ? await readFile(path).catch(() => undefined) : undefined;
  return file === undefined ? undefined : unsealed(path, file, emit);
}

function unsealed(path: string, file: Buffer, emit: Emit | undefined): Buffer | undefined {
  const key = readSealKey(cacheOf(path));
  const content = key === undefined ? 'unsealed' : openSealed(key, basename(path), file);
  if (content === 'altered') {
    // After a power failure the file has no seal at all.
    emit?.({ kind: 'warning', code: 'CACHE_ALTERED', text: `${path} was altered by another program, and is created again` });
  }
  return typeof content === 'string' ? undefined : content;
}

const cacheOf = (path: string): string => dirname(dirname(path));

/** Checks the file, its folder, and the cache. */
const isTrusted = (path: string): boolean => [path, dirname(path), cacheOf(path)].every((place) => findOtherWriter(place) === undefined);

/**
 * Writes a cache file, from consecutive parts. A failure is not an error: the next run repeats the work. The file gets a seal and is
 * renamed into place; it is not synced to disk, because reading detects damage by a power failure.
 */
export async function writeCacheFile(path: string, parts: readonly Uint8Array[]): Promise<boolean> {
  const key = makeSealKey(cacheOf(path));
  if (key === undefined) return false;
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    makeFolders(dirname(path), PRIVATE_FOLDER_MODE);
    const handle = await open(temporary, 'wx', PRIVATE_FILE_MODE);
    try {
      await writeAll(handle, [...parts, sealOf(key, basename(path), parts)]);
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
    return true;
  } catch {
    await rm(temporary, { force: true }).catch(() => undefined);
    return false;
  }
}

/** Writes all parts at once if the system allows it: otherwise a busy thread would delay each part. */
async function writeAll(handle: FileHandle, parts: readonly Uint8Array[]): Promise<void> {
  let left = parts.filter(({ length }) => length > 0);
  while (left.length > 0) {
    let { bytesWritten } = await handle.writev(left.slice(0, MAX_VECTORS));
    const done = left.findIndex(({ length }) => {
      if (bytesWritten < length) return true;
      bytesWritten -= length;
      return false;
    });
    left = done < 0 ? left.slice(MAX_VECTORS) : [left[done]!.subarray(bytesWritten), ...left.slice(done + 1)];
  }
}

/** Sets the time of last use, to find the least recently used files; some file systems do not store access times. */
async function touch(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  const now = Date.now();
  if (info !== undefined && now - info.mtimeMs > 3_600_000) await utimes(path, now / 1000, now / 1000).catch(() => undefined);
}

/** A file name for other keys: URLs, lists of paths. */
export function cacheKey(...parts: readonly string[]): string {
  return sha256(parts.join('\0')).slice(0, 32);
}

export interface CacheEntry {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly lastUsed: number;
}

/** All files of the cache, the least recently used first. */
export async function listCache(cacheDir: string): Promise<CacheEntry[]> {
  const names = await readdir(cacheDir, { recursive: true }).catch(() => []);
  const entries: CacheEntry[] = [];
  for (const name of names) {
    const path = join(cacheDir, name);
    const info = await stat(path).catch(() => undefined);
    if (info?.isFile() === true) entries.push({ path, bytes: info.size, lastUsed: Math.max(info.mtimeMs, info.atimeMs) });
  }
  return entries.sort((a, b) => a.lastUsed - b.lastUsed || (a.path < b.path ? -1 : 1));
}

/** Removes the first entries of such a list until at most `maxBytes` are left; returns the removed entries. */
export async function removeOldest(entries: readonly CacheEntry[], maxBytes: number): Promise<CacheEntry[]> {
  const removed = oldestBeyond(entries, maxBytes);
  for (const { path } of removed) await rm(path, { force: true });
  return removed;
}

/** The first entries, as many as exceed `maxBytes`. */
export function oldestBeyond(entries: readonly CacheEntry[], maxBytes: number): CacheEntry[] {
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const beyond: CacheEntry[] = [];
  for (const entry of entries) {
    if (total <= maxBytes) break;
    total -= entry.bytes;
    beyond.push(entry);
  }
  return beyond;
}
