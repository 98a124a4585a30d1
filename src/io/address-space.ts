import { RpmDepsError } from '../base/errors.ts';

/**
 * What is meant when V8 has no memory for a WebAssembly module: such a memory begins small, but reserves gigabytes of addresses, which limits of a
 * system may forbid. undefined for every other error. (Its code is that of all that only the owner of the machine can mend.)
 */
export function addressSpaceError(cause: unknown): RpmDepsError | undefined {
  if (!(cause instanceof RangeError) || !cause.message.startsWith('WebAssembly.')) return undefined;
  return new RpmDepsError('WRITE_FAILED', `cannot reserve address space for WebAssembly: ${cause.message}`, {
    hint: 'rpm-deps reserves 16 GiB of addresses and uses little of them: raise the limit (`ulimit -v`)',
    cause,
  });
}
