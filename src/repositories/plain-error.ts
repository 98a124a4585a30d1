import { RpmDepsError } from '../base/errors.ts';

/** An error as plain data, because messages between threads lose the class. */
export interface PlainError {
  readonly code: RpmDepsError['code'] | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  readonly details: readonly string[];
  readonly data: RpmDepsError['data'];
  readonly stack: string | undefined;
}

/** For a message to another thread. */
export function toPlainError(error: unknown): PlainError {
  if (error instanceof RpmDepsError) {
    const { code, message, hint, details, data, stack } = error;
    return { code, message, hint, details, data, stack };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: undefined, message, hint: undefined, details: [], data: undefined, stack };
}

/** The error again: an `RpmDepsError` if it was one. */
export function fromPlainError({ code, message, hint, details, data, stack }: PlainError): Error {
  if (code === undefined) return Object.assign(new Error(message), { stack });
  return new RpmDepsError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    details,
    ...(data === undefined ? {} : { data }),
  });
}
