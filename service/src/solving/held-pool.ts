import type { Pool, PoolLease } from 'rpm-deps';

/** A lease that many queries share: it ends when the pool was replaced and the last query has ended. */
export class HeldPool {
  readonly #lease: PoolLease;
  /** Cached JSON of packages, at most one entry per package of the pool. */
  readonly packageTexts = new Map<string, string>();
  #users = 0;
  #isReplaced = false;

  constructor(lease: PoolLease) {
    this.#lease = lease;
  }

  get pool(): Pool {
    return this.#lease.pool;
  }

  get key(): string {
    return this.#lease.key;
  }

  /** A lease for one query. */
  take(): PoolLease {
    this.#users++;
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      this.#users--;
      this.#end();
    };
    return { pool: this.pool, key: this.key, release };
  }

  replace(): void {
    this.#isReplaced = true;
    this.#end();
  }

  #end(): void {
    if (this.#isReplaced && this.#users === 0) this.#lease.release();
  }
}
