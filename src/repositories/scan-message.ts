import type { PlainError } from './plain-error.ts';
import type { ScannedPool } from './scan-pool.ts';

/** Messages to a thread that reads packages, in this order; one scan at a time. `leave`: no more messages follow. */
export type ScanOrder =
  | { readonly kind: 'scan'; readonly expectedBytes: number }
  | { readonly kind: 'start'; readonly what: string }
  | { readonly kind: 'write'; readonly chunk: Uint8Array }
  | { readonly kind: 'end' }
  | { readonly kind: 'finish'; readonly architecture: string }
  | { readonly kind: 'leave' };

/** Messages from the thread: one for each chunk that it has read, and the result of the scan. */
export type ScanAnswer =
  | { readonly kind: 'taken' }
  | { readonly kind: 'done'; readonly scanned: ScannedPool }
  | { readonly kind: 'failed'; readonly error: PlainError };
