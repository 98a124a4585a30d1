import { RpmDepsError } from '../base/errors.ts';
import { isRetryable } from './failures.ts';

/** How an attempt is made: passed on to the client, whose own number of retries counts where there is none. */
export interface Patience {
  readonly retries?: number;
}

/**
 * What the first place gives whose attempt does not fail. Every mirror is tried once before any mirror is retried: a mirror
 * that is down costs no pauses while another is up. `failed` makes an error of how each place failed last.
 */
export async function fromFirstPlace<T>(
  places: readonly string[],
  attempt: (place: string, patience: Patience) => Promise<T>,
  failed: (failures: readonly RpmDepsError[]) => RpmDepsError,
): Promise<T> {
  const failures = new Map<string, RpmDepsError>();
  const rounds: readonly Patience[] = places.length > 1 ? [{ retries: 0 }, {}] : [{}];
  for (const patience of rounds) {
    for (const place of places) {
      const failure = failures.get(place);
      if (failure !== undefined && !isRetryable(failure)) continue;
      try {
        return await attempt(place, patience);
      } catch (error) {
        // What no other place can mend.
        if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED' || error.code === 'WRITE_FAILED') throw error;
        failures.set(place, error);
      }
    }
  }
  throw failed([...failures.values()]);
}
