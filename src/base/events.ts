import type { Warning } from './warnings.ts';

/** What a command reports while it works. The command line draws it, the service logs it. Types only. */
export type ProgressEvent =
  | { readonly kind: 'stage'; readonly stage: Stage; readonly text: string }
  /** `done` and `total` count in `unit`; `total` is 0 while unknown. */
  | {
      readonly kind: 'progress';
      readonly stage: Stage;
      readonly text: string;
      /** One of several pieces of work with the same text, whose numbers are added up. */
      readonly part?: string;
      /** The repository that a part is of. */
      readonly of?: string;
      readonly done: number;
      readonly total: number;
      readonly unit: 'bytes' | 'items';
    }
  | { readonly kind: 'timing'; readonly stage: Stage; readonly text: string; readonly ms: number }
  | ({ readonly kind: 'warning' } & Warning)
  /** Several warnings at once; a person reads alike ones as one. `targets` are all sets and architectures of the run. */
  | { readonly kind: 'warnings'; readonly warnings: readonly Warning[]; readonly targets: readonly WarningTarget[] }
  /** One line that another program (podman) printed, for the person, not to be hidden. */
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'debug'; readonly text: string };

/** A set for an architecture, as warnings name it. */
export interface WarningTarget {
  readonly set: string;
  readonly architecture: string;
}

export type Stage = 'download' | 'decompress' | 'scan' | 'index' | 'solve' | 'write' | 'verify' | 'build' | 'push';

export type Emit = (event: ProgressEvent) => void;
