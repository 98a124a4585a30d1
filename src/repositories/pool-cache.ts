/**
 * Pools that several users share: each pool is read once for the same repositories in the same state, leased and
 * counted. A pool without a lease is dropped when the space is needed.
 */
import { orStopped } from '../base/interruption.ts';
import { sha256 } from '../base/sha256.ts';
import type { Pool } from '../pool/pool.ts';
import { type LoadPoolOptions, openRepositories } from './load-pool.ts';

export interface PoolLease {
  readonly pool: Pool;
  /** Architecture, repositories and the digests of their repomd.xml, as one digest: the same key, the same packages. */
  readonly key: string;
  /** To be called once, when no answer of the pool is asked for any more. Calling it again does nothing. */
  release(): void;
}

export interface PoolCacheState {
  readonly key: string;
  readonly architecture: string;
  readonly leases: number;
  /** About; of the packages and of what was found out about them. */
  readonly bytes: number;
}

/** The HTTP client and cache for reading pools. They must outlive the leases: filelists.xml is read when a path needs it. */
export type PoolReader = Pick<LoadPoolOptions, 'cacheDir' | 'http' | 'emit' | 'offline'>;

export type PoolRequest = Omit<LoadPoolOptions, keyof PoolReader>;

interface Entry {
  readonly architecture: string;
  readonly loading: Promise<Pool>;
  pool: Pool | undefined;
  leases: number;
}

/** A gibibyte: some ten pools of the size of AppStream. */
const DEFAULT_MAX_BYTES = 1024 ** 3;

export class PoolCache {
  readonly #reader: PoolReader;
  readonly #maxBytes: number;
  /** By key, the one that was used last at the end. */
  readonly #entries = new Map<string, Entry>();

  constructor(reader: PoolReader, { maxBytes = DEFAULT_MAX_BYTES }: { readonly maxBytes?: number | undefined } = {}) {
    this.#reader = reader;
    this.#maxBytes = maxBytes;
  }

  /** Asks each repository for its state, and reads packages only where nobody has them in that state. Whoever stops asking stops nobody else. */
  async lease(request: PoolRequest, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<PoolLease> {
    const opened = await orStopped(openRepositories({ ...request, ...this.#reader }, { isWanted: false }), signal);
    const key = sha256(JSON.stringify([request.architecture, request.repositories, opened.digests]));
    const entry = this.#entries.get(key) ?? this.#start(key, request.architecture, opened.load);
    // The last one is given up last.
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.leases++;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      entry.leases--;
      this.#trim();
    };
    try {
      const pool = await orStopped(entry.loading, signal);
      this.#trim();
      return { pool, key, release };
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Pools in memory, the most recently used one last. */
  get state(): PoolCacheState[] {
    return [...this.#entries].map(([key, { architecture, leases, pool }]) => ({ key, architecture, leases, bytes: pool?.bytes ?? 0 }));
  }

  get bytes(): number {
    return this.state.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Gives up every pool that nobody has a lease on. */
  clear(): void {
    this.#dropWhile(() => true);
  }

  #start(key: string, architecture: string, load: () => Promise<Pool>): Entry {
    const entry: Entry = { architecture, loading: load(), pool: undefined, leases: 0 };
    entry.loading.then(
      (pool) => {
        entry.pool = pool;
      },
      () => {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
      },
    );
    return entry;
  }

  #trim(): void {
    this.#dropWhile(() => this.bytes > this.#maxBytes);
  }

  #dropWhile(isWanted: () => boolean): void {
    for (const [key, { leases, pool }] of [...this.#entries]) {
      if (!isWanted()) return;
      if (leases > 0) continue;
      pool?.memory.drop();
      this.#entries.delete(key);
    }
  }
}
