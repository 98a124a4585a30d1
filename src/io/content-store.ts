/**
 * Files named after what is in them: `content-v1/sha256/ab/cdef...`. A file is there whole or not at all, because it gets its name by
 * renaming after it was checked. What is on its way is in `content-v1/partial`, one file for each process, so that no two ever write to the same.
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
  /** Of the process that writes it. */
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

  /** Where the content is, or would be. Lower-case hex. */
  path(sha256: string): string {
    // It becomes a path: nothing else may.
    if (!SHA256.test(sha256)) throw new Error(`not a sha256: ${JSON.stringify(sha256)}`);
    return join(this.#root, 'sha256', sha256.slice(0, 2), sha256.slice(2));
  }

  async has(sha256: string): Promise<boolean> {
    return (await stat(this.path(sha256)).catch(() => undefined))?.isFile() === true;
  }

  /** Reads the content again: disks forget, and people edit. */
  async verify(sha256: string): Promise<'good' | 'missing' | 'altered'> {
    const found = await digestFile(this.path(sha256));
    if (found === undefined) return 'missing';
    return found.sha256 === sha256 ? 'good' : 'altered';
  }

  async remove(sha256: string): Promise<void> {
    await rm(this.path(sha256), { force: true });
  }

  /** sha256 of everything that is there, sorted. */
  async list(): Promise<string[]> {
    const names = await readdir(join(this.#root, 'sha256'), { recursive: true }).catch(() => []);
    return names
      .map((name) => name.replace('/', ''))
      .filter((name) => SHA256.test(name))
      .sort();
  }

  /** A new file for this process alone to write into; with what an abandoned one has, where there is one. Throws WRITE_FAILED. */
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

  /** Into a file of this process: what an abandoned one has. */
  async takeOver(path: string, sha256: string, nowMs: number): Promise<void> {
    for (const other of await this.partials(sha256, nowMs)) {
      if (other.path === path || !isAbandoned(other.writer, other.idleMs)) continue;
      // Copied, not renamed: should its process run after all, it goes on writing where it harms nobody.
      await copyFile(other.path, path).catch(() => undefined);
      await rm(other.path, { force: true });
      return;
    }
  }

  /** Leaves a file of this process, as far as it has come, to whoever wants the content next. */
  async release(path: string, sha256: string, nowMs: number): Promise<void> {
    await rename(path, this.#partial(sha256, `${nowMs}-${noWriter()}`)).catch(() => undefined);
  }

  /** Files on their way for this content, the oldest first. */
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

  /** Gives a file its place. The caller has checked that it is that content, and has it on disk. */
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

  /** Removes what killed processes left of content that is here by now or that was not requested again. */
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

/** Half of a large file is worth keeping for a while. */
const LEFTOVER_DAYS = 7;
