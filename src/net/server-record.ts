import type { RpmDepsError } from '../base/errors.ts';
import { isRetryable, networkError } from './failures.ts';

/** After so many files in a row that a server did not give, whatever was tried, no more are asked of it. */
const GIVEN_UP_AFTER = 8;

/** How servers fared in one run. A mirror that is down is asked last, and at some time not at all: with a thousand files each of its time-outs would be waited for again. */
export class ServerRecord {
  /** Files in a row that it did not give for reasons that have to do with the server; 0 where it only failed at the first attempt. */
  readonly #losses = new Map<string, number>();

  /** Those that have not failed come first; else the order stays. */
  inOrder(urls: readonly string[]): string[] {
    return [...urls.filter((url) => !this.#losses.has(originOf(url))), ...urls.filter((url) => this.#losses.has(originOf(url)))];
  }

  /** Throws where nothing is to be hoped for. */
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
