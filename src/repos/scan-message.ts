import { RpmDepsError } from '../errors.ts';
import type { RepomdRecord } from '../metadata/repomd.ts';
import type { RepoData } from '../pool/repo-data.ts';

/** What a scan worker is told. A file is read by the worker itself; everything else is sent in chunks. */
export type ScanOrder =
  | { readonly kind: 'file'; readonly path: string; readonly what: string; readonly record: RepomdRecord }
  | { readonly kind: 'stream'; readonly what: string; readonly record: RepomdRecord }
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'broken' };

export type ScanAnswer =
  | { readonly kind: 'done'; readonly data: RepoData }
  | { readonly kind: 'failed'; readonly error: PlainError }
  /** The sender broke off; it knows why. */
  | { readonly kind: 'broken' };

/** An error without its class, which does not survive the way between threads. */
export interface PlainError {
  readonly code: RpmDepsError['code'] | undefined;
  readonly message: string;
  readonly hint: string | undefined;
  readonly details: readonly string[];
  readonly data: RpmDepsError['data'];
  readonly stack: string | undefined;
}

export function toPlainError(error: unknown): PlainError {
  if (error instanceof RpmDepsError) {
    const { code, message, hint, details, data, stack } = error;
    return { code, message, hint, details, data, stack };
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: undefined, message, hint: undefined, details: [], data: undefined, stack };
}

export function fromPlainError({ code, message, hint, details, data, stack }: PlainError): Error {
  if (code === undefined) return Object.assign(new Error(message), { stack });
  return new RpmDepsError(code, message, {
    ...(hint === undefined ? {} : { hint }),
    details,
    ...(data === undefined ? {} : { data }),
  });
}
