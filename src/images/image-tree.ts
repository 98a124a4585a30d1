import { createHash } from 'node:crypto';
import { type FileHandle, open, writeFile } from 'node:fs/promises';
import { indexTar, SET_ID, type TarEntry } from './tar-index.ts';

/** The files of an image, read from its export. Links are resolved only within the image. */
export class ImageTree {
  readonly #file: FileHandle;
  readonly #entries: ReadonlyMap<string, TarEntry>;

  private constructor(file: FileHandle, entries: ReadonlyMap<string, TarEntry>) {
    this.#file = file;
    this.#entries = entries;
  }

  static async open(path: string, image: string): Promise<ImageTree> {
    const file = await open(path);
    try {
      return new ImageTree(file, await indexTar(file, image));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  /** The entry at a path, whose directories may be links; `follow` also resolves a final link. A hard link gives the entry of its target. */
  find(path: string, { follow = false } = {}): TarEntry | undefined {
    return this.#walk(path, follow, 0)?.entry;
  }

  /** The path with all links resolved; undefined if it does not exist. */
  realPath(path: string): string | undefined {
    return this.#walk(path, true, 0)?.path;
  }

  /** Paths of the regular files in a directory, hard links included. */
  filesIn(directory: string): readonly string[] {
    const real = this.realPath(directory);
    if (real === undefined) return [];
    const prefix = real === '/' ? '/' : `${real}/`;
    return [...this.#entries.values()]
      .filter(
        ({ path, type }) => path.startsWith(prefix) && !path.includes('/', prefix.length) && (type === 'file' || type === 'hard link'),
      )
      .map(({ path }) => path);
  }

  /** Regular files that are setuid or setgid, or have capabilities. */
  privilegedFiles(): readonly TarEntry[] {
    return [...this.#entries.values()].filter(
      ({ type, mode, capabilities }) => type === 'file' && ((mode & SET_ID) !== 0 || capabilities !== undefined),
    );
  }

  /** The content of a small file, links resolved; undefined if it does not exist or is larger than `limit` bytes. */
  async text(path: string, limit = 1 << 20): Promise<string | undefined> {
    const entry = this.find(path, { follow: true });
    if (entry?.type !== 'file' || entry.size > limit) return undefined;
    const buffer = Buffer.alloc(entry.size);
    await this.#file.read(buffer, 0, entry.size, entry.offset);
    return buffer.toString('utf8');
  }

  async copyOut(path: string, to: string): Promise<void> {
    const entry = this.find(path);
    if (entry?.type === 'file') await writeFile(to, this.#chunks(entry), { flag: 'wx' });
  }

  async digest(entry: TarEntry, algorithm: string): Promise<string> {
    const hash = createHash(algorithm);
    for await (const chunk of this.#chunks(entry)) hash.update(chunk);
    return hash.digest('hex');
  }

  async *#chunks({ offset, size }: TarEntry): AsyncGenerator<Uint8Array, void, undefined> {
    const buffer = Buffer.alloc(Math.min(size, 1 << 20));
    for (let done = 0; done < size; ) {
      const { bytesRead } = await this.#file.read(buffer, 0, Math.min(buffer.length, size - done), offset + done);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      done += bytesRead;
    }
  }

  #walk(path: string, follow: boolean, hops: number): { entry: TarEntry | undefined; path: string } | undefined {
    // The kernel's limit for links in a path.
    if (hops > 40) return undefined;
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    const real: string[] = [];
    for (const [i, part] of parts.entries()) {
      if (part === '..') {
        real.pop();
        continue;
      }
      real.push(part);
      const at = `/${real.join('/')}`;
      const entry = this.#entries.get(at);
      const isLast = i === parts.length - 1;
      if (entry === undefined) {
        // An export may omit the entry of a directory whose files it lists.
        if (isLast) return undefined;
        continue;
      }
      if (entry.type === 'link' && (follow || !isLast)) {
        const folder = entry.link.startsWith('/') ? '' : `/${real.slice(0, -1).join('/')}`;
        return this.#walk([folder, entry.link, ...parts.slice(i + 1)].join('/'), follow, hops + 1);
      }
      if (isLast) return { entry: entry.type === 'hard link' ? this.#entries.get(entry.link) : entry, path: at };
    }
    return { entry: this.#entries.get('/'), path: `/${real.join('/')}` };
  }
}
