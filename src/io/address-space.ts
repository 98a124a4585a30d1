import { RpmDepsError } from '../base/errors.ts';

/**
 * The error for a WebAssembly module that V8 cannot allocate memory for: the memory starts small but reserves gigabytes of address space, which a
 * system limit may forbid. undefined for other errors. (Its code is the one for problems that only the owner of the machine can fix.)
 */
export function addressSpaceError(cause: unknown): RpmDepsError | undefined {
  if (!(cause instanceof RangeError) || !cause.message.startsWith('WebAssembly.')) return undefined;
  return new RpmDepsError('WRITE_FAILED', `cannot reserve address space for WebAssembly: ${cause.message}`, {
    hint: 'rpm-deps reserves 16 GiB of addresses and uses little of them: raise the limit (`ulimit -v`)',
    cause,
  });
}
