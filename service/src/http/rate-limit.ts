/** Token buckets that refill every minute; requests above the limit are refused with 429. */
import { RpmDepsError } from 'rpm-deps';

interface Bucket {
  tokens: number;
  at: number;
  inFlight: number;
}

export interface RateOptions {
  readonly aMinute: number;
  readonly concurrent: number;
  readonly now: () => number;
}

/** Maximum number of clients; the least recently seen one is removed first, because its bucket would be full again. */
const MAX_CLIENTS = 10_000;

export class RateLimit {
  readonly #options: RateOptions;
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: RateOptions) {
    this.#options = options;
  }

  /** Throws TOO_MANY with the milliseconds to wait; returns a function to call at the end of the request. */
  enter(client: string): () => void {
    const { aMinute, concurrent, now } = this.#options;
    const at = now();
    const bucket = this.#buckets.get(client) ?? { tokens: aMinute, at, inFlight: 0 };
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    bucket.tokens = Math.min(aMinute, bucket.tokens + ((at - bucket.at) * aMinute) / 60_000);
    bucket.at = at;
    if (bucket.tokens < 1) throw tooMany(`more than ${aMinute} requests a minute`, ((1 - bucket.tokens) * 60_000) / aMinute);
    if (bucket.inFlight >= concurrent) throw tooMany(`more than ${concurrent} requests at once`, 1000);
    bucket.tokens--;
    bucket.inFlight++;
    this.#forget();
    return () => {
      bucket.inFlight--;
    };
  }

  #forget(): void {
    for (const [client, { inFlight }] of this.#buckets) {
      if (this.#buckets.size <= MAX_CLIENTS) return;
      if (inFlight === 0) this.#buckets.delete(client);
    }
  }
}

function tooMany(what: string, retryAfterMs: number): RpmDepsError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new RpmDepsError('TOO_MANY', what, { hint: `retry after ${seconds} s`, data: { retryAfterMs } });
}
