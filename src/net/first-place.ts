import { RpmDepsError } from '../base/errors.ts';
import { isRetryable } from './failures.ts';

/** Options for one attempt, passed to the HTTP client. Without `retries` the client uses its own number. */
export interface RetryOptions {
  readonly retries?: number;
}

/**
 * Returns the result of the first place whose attempt succeeds. Every mirror is tried once before any mirror is retried, so a
 * mirror that is down causes no pauses while another is up. `failed` turns the last failure of each place into one error.
 */
export async function fromFirstPlace<T>(
  places: readonly string[],
  attempt: (place: string, retry: RetryOptions) => Promise<T>,
  failed: (failures: readonly RpmDepsError[]) => RpmDepsError,
): Promise<T> {
  const failures = new Map<string, RpmDepsError>();
  const rounds: readonly RetryOptions[] = places.length > 1 ? [{ retries: 0 }, {}] : [{}];
  for (const retry of rounds) {
    for (const place of places) {
      const failure = failures.get(place);
      if (failure !== undefined && !isRetryable(failure)) continue;
      try {
        return await attempt(place, retry);
      } catch (error) {
        // These errors would be the same at another place.
        if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED' || error.code === 'WRITE_FAILED') throw error;
        failures.set(place, error);
      }
    }
  }
  throw failed([...failures.values()]);
}
