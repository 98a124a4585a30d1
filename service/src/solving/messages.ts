import type { Manifest, NetworkPolicy, PlainError } from 'rpm-deps';
import type { Query } from './query.ts';

/** What a thread that solves is started with. */
export interface SolverData {
  /** A manifest without its functions: the sources. */
  readonly sources: Omit<Manifest, 'sets'>;
  readonly cacheDir: string;
  readonly network: NetworkPolicy;
  /** A solve may take, seconds. */
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
