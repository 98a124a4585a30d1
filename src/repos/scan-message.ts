import type { PlainError } from './plain-error.ts';
import type { PrimaryFile, ScannedPool } from './scan-pool.ts';

export interface ScanOrder {
  /** Comes back with the answer. */
  readonly number: number;
  readonly architecture: string;
  readonly files: readonly PrimaryFile[];
}

export type ScanAnswer =
  | { readonly kind: 'done'; readonly number: number; readonly scanned: ScannedPool }
  | { readonly kind: 'failed'; readonly number: number; readonly error: PlainError };
