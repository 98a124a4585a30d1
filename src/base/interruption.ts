import { RpmDepsError } from './errors.ts';

/** Throws INTERRUPTED if the signal is aborted, whatever its reason. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw stopped(signal);
}

export function stopped({ reason }: AbortSignal): RpmDepsError {
  return reason instanceof RpmDepsError ? reason : new RpmDepsError('INTERRUPTED', 'stopped', { cause: reason });
}

/** The result of `work`, or INTERRUPTED as soon as the signal is aborted, even if `work` ignores the signal. */
export async function orStopped<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  if (signal.aborted) {
    // The result is not used any more: avoid an unhandled rejection.
    work.catch(() => undefined);
    throw stopped(signal);
  }
  let stop: (() => void) | undefined;
  const interrupted = new Promise<never>((_, reject) => {
    stop = () => reject(stopped(signal));
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, interrupted]);
  } finally {
    signal.removeEventListener('abort', stop!);
  }
}
