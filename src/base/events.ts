import type { Warning } from './warnings.ts';

/** Events that a command reports while it runs. The command line displays them, the service logs them. Types only. */
export type ProgressEvent =
  | { readonly kind: 'stage'; readonly stage: Stage; readonly text: string }
  /** `done` and `total` are in `unit`; `total` is 0 while unknown. */
  | {
      readonly kind: 'progress';
      readonly stage: Stage;
      readonly text: string;
      /** One of several parallel tasks with the same text; their numbers are added up. */
      readonly part?: string;
      /** The repository of the part. */
      readonly of?: string;
      readonly done: number;
      readonly total: number;
      readonly unit: 'bytes' | 'items';
    }
  | { readonly kind: 'timing'; readonly stage: Stage; readonly text: string; readonly ms: number }
  | ({ readonly kind: 'warning' } & Warning)
  /** Several warnings at once; equal ones are displayed as one. `targets`: all sets and architectures of the run. */
  | { readonly kind: 'warnings'; readonly warnings: readonly Warning[]; readonly targets: readonly WarningTarget[] }
  /** One line of output of another program (podman), always displayed. */
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'debug'; readonly text: string };

/** A set for an architecture, for the text of warnings. */
export interface WarningTarget {
  readonly set: string;
  readonly architecture: string;
}

export type Stage = 'download' | 'decompress' | 'scan' | 'index' | 'solve' | 'write' | 'verify' | 'build' | 'push';

export type Emit = (event: ProgressEvent) => void;
