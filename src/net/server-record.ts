import type { RpmDepsError } from '../base/errors.ts';
import { isRetryable, networkError } from './failures.ts';

/** Skip a server after it failed for this number of files in a row, including all retries. */
const GIVEN_UP_AFTER = 8;

/** Failures of servers in one run. A failed server is used last, and later skipped: otherwise each of a thousand files would wait for its timeout. */
export class ServerRecord {
  /** Number of failed files in a row, only failures of the server; 0 if only a first attempt failed. */
  readonly #losses = new Map<string, number>();

  /** Moves servers with failures to the end; otherwise keeps the order. */
  inOrder(urls: readonly string[]): string[] {
    return [...urls.filter((url) => !this.#losses.has(originOf(url))), ...urls.filter((url) => this.#losses.has(originOf(url)))];
  }

  /** Throws if the server is to be skipped. */
  expectUse(url: string): void {
    const losses = this.#losses.get(originOf(url)) ?? 0;
    if (losses >= GIVEN_UP_AFTER)
      throw networkError(url, `is skipped for the rest of the run: its server failed for ${losses} files in a row`);
  }

  worked(url: string): void {
    this.#losses.delete(originOf(url));
  }

  failed(url: string, error: RpmDepsError, { forGood }: { readonly forGood: boolean }): void {
    if (!isRetryable(error)) return;
    const origin = originOf(url);
    this.#losses.set(origin, (this.#losses.get(origin) ?? 0) + (forGood ? 1 : 0));
  }
}

const originOf = (url: string): string => (URL.canParse(url) && /^https?:/i.test(url) ? new URL(url).origin : url);
