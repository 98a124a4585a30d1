/** What commands tell while they work. The command line draws it, the service logs it. Types only. */
export type ProgressEvent =
  | { readonly kind: 'stage'; readonly stage: Stage; readonly text: string }
  /** `done` and `total` count in `unit`; `total` is 0 while unknown. */
  | {
      readonly kind: 'progress';
      readonly stage: Stage;
      readonly text: string;
      /** One of several pieces of work with the same text, whose numbers are added up. */
      readonly part?: string;
      readonly done: number;
      readonly total: number;
      readonly unit: 'bytes' | 'items';
    }
  | { readonly kind: 'timing'; readonly stage: Stage; readonly text: string; readonly ms: number }
  | { readonly kind: 'warning'; readonly text: string }
  /** One line that another program (podman) printed, for the person, not to be hidden. */
  | { readonly kind: 'output'; readonly text: string }
  | { readonly kind: 'debug'; readonly text: string };

export type Stage = 'download' | 'decompress' | 'scan' | 'index' | 'solve' | 'write' | 'verify' | 'build' | 'push';

export type Emit = (event: ProgressEvent) => void;
