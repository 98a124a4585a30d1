import { RpmDepsError } from './errors.ts';

/** Throws INTERRUPTED where nobody wants the answer any more, whatever reason the signal was raised with. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw stopped(signal);
}

export function stopped({ reason }: AbortSignal): RpmDepsError {
  return reason instanceof RpmDepsError ? reason : new RpmDepsError('INTERRUPTED', 'stopped', { cause: reason });
}
