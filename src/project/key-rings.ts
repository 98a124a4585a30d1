/** The keys that a manifest trusts, separately for each repository. */
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { redact } from '../base/redact.ts';
import { sha256 } from '../base/sha256.ts';
import { collectBytes } from '../io/bytes.ts';
import { cachePath } from '../io/cache-dir.ts';
import { readCacheFile, writeCacheFile } from '../repositories/metadata-cache.ts';
import { type KeyRing, type KeySource, readKeyRing } from '../rpm/key-ring.ts';
import type { Run } from '../run/run.ts';

const MAX_KEY_BYTES = 4 << 20;

/** Reads key files, each once for all repositories. They are cached for --offline. */
export class KeyRings {
  readonly #context: Run;
  readonly #files = new Map<string, Promise<KeySource>>();
  readonly #rings = new Map<string, Promise<KeyRing>>();

  constructor(context: Run) {
    this.#context = context;
  }

  of(urls: readonly string[]): Promise<KeyRing> {
    const name = urls.join('\n');
    const ring = this.#rings.get(name) ?? Promise.all(urls.map((url) => this.#file(url))).then(readKeyRing);
    this.#rings.set(name, ring);
    return ring;
  }

  #file(url: string): Promise<KeySource> {
    const file = this.#files.get(url) ?? this.#read(url);
    this.#files.set(url, file);
    return file;
  }

  async #read(url: string): Promise<KeySource> {
    const { cacheDir, offline } = this.#context;
    const name = printable(redact(url));
    const kept = cachePath(cacheDir, 'keys-v1', sha256(url));
    const known = url.startsWith('file:') ? undefined : await readCacheFile(kept, this.#context.emit);
    if (offline && known !== undefined) return { name, bytes: known };
    const bytes = await this.#fetch(url, name).catch((error: unknown) => {
      if (known === undefined || !(error instanceof RpmDepsError) || error.code !== 'NETWORK') throw error;
      this.#context.emit({ kind: 'warning', code: 'KEY_OUTDATED', text: `${error.message}; using the copy of the key in the cache` });
      return known;
    });
    // If the cache cannot be written, the next run downloads the key again.
    if (!url.startsWith('file:')) await writeCacheFile(kept, [bytes]);
    return { name, bytes };
  }

  async #fetch(url: string, name: string): Promise<Uint8Array> {
    const { body } = await this.#context.http.request(url);
    return collectBytes(body, MAX_KEY_BYTES).catch((error: unknown) => {
      if (error instanceof RangeError) throw new RpmDepsError('SIGNATURE', `${name} is too large for a key`);
      throw error;
    });
  }
}
