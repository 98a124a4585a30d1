/**
 * Pools shared by several users: a pool is read once for the same repositories in the same state, then leased. Pools without a
 * lease are dropped when the memory is needed.
 */
import { orStopped } from '../base/interruption.ts';
import { sha256 } from '../base/sha256.ts';
import type { Pool } from '../pool/pool.ts';
import { type LoadPoolOptions, openRepositories } from './load-pool.ts';

export interface PoolLease {
  readonly pool: Pool;
  /** Digest of architecture, repositories and the digests of their repomd.xml: the same key means the same packages. */
  readonly key: string;
  /** Call it once, after the last use of the pool. More calls have no effect. */
  release(): void;
}

export interface PoolCacheState {
  readonly key: string;
  readonly architecture: string;
  readonly leases: number;
  /** Estimated; of the packages and of everything computed for the pool. */
  readonly bytes: number;
}

/** HTTP client and cache for reading pools. They must exist as long as the leases: filelists.xml is read on demand. */
export type PoolReader = Pick<LoadPoolOptions, 'cacheDir' | 'http' | 'emit' | 'offline'>;

export type PoolRequest = Omit<LoadPoolOptions, keyof PoolReader>;

interface Entry {
  readonly architecture: string;
  readonly loading: Promise<Pool>;
  pool: Pool | undefined;
  leases: number;
}

/** 1 GiB: about ten pools of the size of AppStream. */
const DEFAULT_MAX_BYTES = 1024 ** 3;

export class PoolCache {
  readonly #reader: PoolReader;
  readonly #maxBytes: number;
  /** By key, the most recently used last. */
  readonly #entries = new Map<string, Entry>();

  constructor(reader: PoolReader, { maxBytes = DEFAULT_MAX_BYTES }: { readonly maxBytes?: number | undefined } = {}) {
    this.#reader = reader;
    this.#maxBytes = maxBytes;
  }

  /** Reads the state of each repository, and its packages only if no pool has this state. A caller that stops waiting does not affect others. */
  async lease(request: PoolRequest, { signal }: { readonly signal?: AbortSignal | undefined } = {}): Promise<PoolLease> {
    const opened = await orStopped(openRepositories({ ...request, ...this.#reader }, { isWanted: false }), signal);
    const key = sha256(JSON.stringify([request.architecture, request.repositories, opened.digests]));
    const entry = this.#entries.get(key) ?? this.#start(key, request.architecture, opened.load);
    // Move it to the end: the most recently used pool is dropped last.
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

  /** Pools in memory, the most recently used last. */
  get state(): PoolCacheState[] {
    return [...this.#entries].map(([key, { architecture, leases, pool }]) => ({ key, architecture, leases, bytes: pool?.bytes ?? 0 }));
  }

  get bytes(): number {
    return this.state.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Drops every pool without a lease. */
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
