/**
 * The files of the rpm database in the root file system of an image, merged from its layers (OCI image specification, layer.md):
 * a later layer replaces files of earlier ones; `.wh.NAME` removes NAME; `.wh..wh..opq` removes everything that lower layers have in a folder.
 */
import { posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { DATABASE_FILES, DATABASE_FOLDERS, MAX_DATABASE_BYTES } from './rpm-database.ts';

type Entry =
  | { readonly kind: 'file'; readonly bytes: Uint8Array }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'folder' };

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
const MAX_LINKS = 40;
const PATHS = DATABASE_FOLDERS.flatMap((folder) => DATABASE_FILES.map((file) => `${folder}/${file}`));
/** Paths that affect a database file: the file itself and all its parent folders. */
const WATCHED = new Set(PATHS.flatMap((path) => path.split('/').map((_, i, parts) => parts.slice(0, i + 1).join('/'))));

/** One entry of a layer; `content` is read only if needed. */
export interface LayerEntry {
  readonly path: string;
  readonly kind: 'file' | 'symlink' | 'hardlink' | 'folder' | 'other';
  readonly target: string;
  readonly sizeBytes: number;
  content(): Promise<Uint8Array>;
}

export class RootFiles {
  readonly #entries = new Map<string, Entry>();
  /** Targets of database files that are hard links, as in ostree images. */
  readonly #linked = new Set<string>();

  /** Adds a layer on top. Reads it again if a database file is a hard link to an earlier entry. */
  async addLayer(open: () => AsyncIterable<LayerEntry>, where: string): Promise<void> {
    const before = this.#linked.size;
    await this.#addOnce(open(), where);
    if (this.#linked.size > before) await this.#addOnce(open(), where);
  }

  async #addOnce(entries: AsyncIterable<LayerEntry>, where: string): Promise<void> {
    const removed: string[] = [];
    const added: (readonly [path: string, entry: Entry | undefined])[] = [];
    for await (const entry of entries) {
      const path = normalize(entry.path);
      const name = posix.basename(path);
      const folder = posix.dirname(path);
      if (name === OPAQUE) removed.push(...this.#below(folder));
      else if (name.startsWith(WHITEOUT)) removed.push(posix.join(folder, name.slice(WHITEOUT.length)));
      else if (WATCHED.has(path) || this.#linked.has(path)) added.push([path, await this.#read(entry, added, where)]);
    }
    for (const path of removed) this.#remove(path);
    for (const [path, entry] of added) {
      const isMerged = entry?.kind === 'folder' && this.#entries.get(path)?.kind === 'folder';
      if (isMerged) continue;
      this.#remove(path);
      if (entry !== undefined) this.#entries.set(path, entry);
    }
  }

  /** The content of a file; follows links within the root. */
  read(path: string): Uint8Array | undefined {
    let rest = path.split('/');
    let folder: string[] = [];
    for (let links = 0; rest.length > 0; ) {
      const [step = '', ...after] = rest;
      rest = after;
      if (step === '' || step === '.') continue;
      if (step === '..') {
        folder = folder.slice(0, -1);
        continue;
      }
      const entry = this.#entries.get([...folder, step].join('/'));
      if (entry?.kind === 'link') {
        if (++links > MAX_LINKS) return undefined;
        if (entry.target.startsWith('/')) folder = [];
        rest = [...entry.target.split('/'), ...rest];
      } else if (entry?.kind === 'file') {
        return rest.length === 0 ? entry.bytes : undefined;
      } else {
        folder = [...folder, step];
      }
    }
    return undefined;
  }

  async #read(entry: LayerEntry, added: readonly (readonly [string, Entry | undefined])[], where: string): Promise<Entry | undefined> {
    if (entry.kind === 'folder') return { kind: 'folder' };
    if (entry.kind === 'symlink') return { kind: 'link', target: entry.target };
    if (entry.kind === 'hardlink') {
      const target = normalize(entry.target);
      const known = added.findLast(([path]) => path === target)?.[1] ?? this.#entries.get(target);
      if (known === undefined && PATHS.includes(normalize(entry.path))) this.#linked.add(target);
      return known;
    }
    const path = normalize(entry.path);
    if (entry.kind !== 'file' || !(PATHS.includes(path) || this.#linked.has(path))) return undefined;
    if (entry.sizeBytes > MAX_DATABASE_BYTES) {
      throw new RpmDepsError('RPMDB_INVALID', `the rpm database of ${where} is larger than ${MAX_DATABASE_BYTES >> 20} MiB`);
    }
    return { kind: 'file', bytes: await entry.content() };
  }

  #below(folder: string): string[] {
    const prefix = folder === '.' || folder === '' ? '' : `${folder}/`;
    return [...this.#entries.keys()].filter((path) => path.startsWith(prefix));
  }

  #remove(path: string): void {
    this.#entries.delete(path);
    for (const below of this.#below(path)) this.#entries.delete(below);
  }
}

/** `./var/lib/` and `/var/lib` become `var/lib`; the result never leaves the root. */
const normalize = (path: string): string => posix.join('/', path).replace(/\/$/, '').slice(1);
