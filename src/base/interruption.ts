import { RpmDepsError } from './errors.ts';

/** Throws INTERRUPTED where nobody wants the answer any more, whatever reason the signal was raised with. */
export function throwIfStopped(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw stopped(signal);
}

export function stopped({ reason }: AbortSignal): RpmDepsError {
  return reason instanceof RpmDepsError ? reason : new RpmDepsError('INTERRUPTED', 'stopped', { cause: reason });
}

/** What `work` gives, or INTERRUPTED as soon as the signal is raised, even where `work` does not notice. */
export async function orStopped<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  if (signal.aborted) {
    // Nobody waits for it: its failure must not end the process.
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
