/**
 * Files named by their digest: `content-v1/sha256/ab/cdef...`. A file is renamed to its name after verification, so it is always
 * complete. Downloads are in `content-v1/partial`, one file per process, so that no two processes write to the same file.
 */
import { randomBytes } from 'node:crypto';
import { copyFile, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { writeFailed } from './atomic-file.ts';
import { cachePath } from './cache-dir.ts';
import { digestFile } from './file-digest.ts';
import { makeFolders } from './make-folders.ts';
import { PRIVATE_FOLDER_MODE } from './private-folder.ts';
import { isAbandoned, noWriter, thisWriter } from './writer.ts';

export interface PartialFile {
  readonly path: string;
  /** The process that writes it. */
  readonly writer: string;
  readonly idleMs: number;
}

const SHA256 = /^[0-9a-f]{64}$/;
const PARTIAL = /^([0-9a-f]{64})\.\d+-([0-9a-f]{8}-\d+)-[0-9a-f]{8}\.part$/;

export class ContentStore {
  readonly #root: string;

  constructor(cacheDir: string) {
    this.#root = cachePath(cacheDir, 'content-v1');
  }

  /** Path of the content, whether it exists or not. Lower-case hex. */
  path(sha256: string): string {
    // It becomes a path: refuse anything else.
    if (!SHA256.test(sha256)) throw new Error(`not a sha256: ${JSON.stringify(sha256)}`);
    return join(this.#root, 'sha256', sha256.slice(0, 2), sha256.slice(2));
  }

  async has(sha256: string): Promise<boolean> {
    return (await stat(this.path(sha256)).catch(() => undefined))?.isFile() === true;
  }

  /** Hashes the content again: it may have been damaged or edited. */
  async verify(sha256: string): Promise<'good' | 'missing' | 'altered'> {
    const found = await digestFile(this.path(sha256));
    if (found === undefined) return 'missing';
    return found.sha256 === sha256 ? 'good' : 'altered';
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.path(sha256), { force: true });
  }

  /** Sorted sha256 of all stored files. */
  async list(): Promise<string[]> {
    const names = await readdir(join(this.#root, 'sha256'), { recursive: true }).catch(() => []);
    return names
      .map((name) => name.replace('/', ''))
      .filter((name) => SHA256.test(name))
      .sort();
  }

  /** Creates a partial file for this process, with the content of an abandoned one if it exists. Throws WRITE_FAILED. */
  async startPartial(sha256: string, nowMs: number): Promise<string> {
    const path = this.#partial(sha256, `${nowMs}-${thisWriter()}`);
    try {
      makeFolders(this.#partials(), PRIVATE_FOLDER_MODE);
      await (await open(path, 'a')).close();
      await this.takeOver(path, sha256, nowMs);
      return path;
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined);
      throw writeFailed(path, error);
    }
  }

  /** Copies the content of an abandoned partial file to the file of this process. */
  async takeOver(path: string, sha256: string, nowMs: number): Promise<void> {
    for (const other of await this.partials(sha256, nowMs)) {
      if (other.path === path || !isAbandoned(other.writer, other.idleMs)) continue;
      // Copy instead of rename: if the other process still runs, it does not write to our file.
      await copyFile(other.path, path).catch(() => undefined);
      await rm(other.path, { force: true });
      return;
    }
  }

  /** Releases a partial file of this process, for the next process that needs the content. */
  async release(path: string, sha256: string, nowMs: number): Promise<void> {
    await rename(path, this.#partial(sha256, `${nowMs}-${noWriter()}`)).catch(() => undefined);
  }

  /** Partial files of this content, oldest first. */
  async partials(sha256: string, nowMs: number): Promise<PartialFile[]> {
    const found: PartialFile[] = [];
    for (const name of (await readdir(this.#partials()).catch(() => [])).sort()) {
      const match = PARTIAL.exec(name);
      if (match?.[1] !== sha256) continue;
      const path = join(this.#partials(), name);
      const info = await stat(path).catch(() => undefined);
      if (info !== undefined) found.push({ path, writer: match[2]!, idleMs: nowMs - info.mtimeMs });
    }
    return found;
  }

  /** Moves a file to its final path. The caller has verified it and synced it to disk. */
  async adopt(path: string, sha256: string): Promise<string> {
    const place = this.path(sha256);
    try {
      makeFolders(dirname(place));
      await rename(path, place);
      return place;
    } catch (error) {
      throw writeFailed(place, error);
    }
  }

  /** Removes partial files of killed processes if the content is stored by now, or if they are too old. */
  async removeLeftovers(nowMs: number): Promise<void> {
    for (const name of await readdir(this.#partials()).catch(() => [])) {
      const match = PARTIAL.exec(name);
      const path = join(this.#partials(), name);
      const info = await stat(path).catch(() => undefined);
      if (match === null || info === undefined || !isAbandoned(match[2]!, nowMs - info.mtimeMs)) continue;
      if (nowMs - info.mtimeMs > LEFTOVER_DAYS * 86_400_000 || (await this.has(match[1]!))) await rm(path, { force: true });
    }
  }

  #partial(sha256: string, writer: string): string {
    return join(this.#partials(), `${sha256}.${writer}-${randomBytes(4).toString('hex')}.part`);
  }

  #partials(): string {
    return join(this.#root, 'partial');
  }
}

/** Days to keep an unused partial download. */
const LEFTOVER_DAYS = 7;
