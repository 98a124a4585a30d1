import type { Manifest, NetworkPolicy, PlainError } from 'rpm-deps';
import type { Query } from './query.ts';

/** Input of a solver thread. */
export interface SolverData {
  /** The sources: a manifest without its functions. */
  readonly sources: Omit<Manifest, 'sets'>;
  readonly cacheDir: string;
  readonly network: NetworkPolicy;
  /** Time limit of one solve in seconds. */
  readonly solveSeconds: number;
}

export type SolverOrder =
  | { readonly id: number; readonly kind: 'load'; readonly architecture: string }
  | { readonly id: number; readonly kind: 'ask'; readonly query: Query };

export type SolverReply =
  | { readonly id: number; readonly kind: 'loaded'; readonly generation: string; readonly packages: number; readonly bytes: number }
  | {
      readonly id: number;
      readonly kind: 'answer';
      readonly status: number;
      readonly body: Uint8Array<ArrayBuffer>;
      readonly generation: string;
      readonly ms: number;
      readonly bytes: number;
    }
  | { readonly id: number; readonly kind: 'failed'; readonly error: PlainError };
