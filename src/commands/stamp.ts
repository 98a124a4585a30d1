import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { RelockRow } from '../views/relock.ts';
import type { RelockOutput } from './relock.ts';

/** What a run that locks has found, and what it was made from. */
export interface Stamp {
  readonly generator: string;
  readonly manifest: string;
  /** Values that the environment had for the names under `versions`. */
  readonly env: Readonly<Record<string, string | null>>;
  /** First and last day on which the same holds are in force. */
  readonly from: string;
  readonly until: string | null;
  readonly repositories: RelockOutput['repositories'];
  /** Checksum of each lockfile. */
  readonly locks: Readonly<Record<string, string>>;
  readonly sets: readonly RelockRow[];
  readonly diff: LockfileDiff;
  readonly holds: Manifest['holds'];
  /** Whether the text of all lockfiles is kept beside this. */
  readonly hasTexts: boolean;
}

/** A row of a lock that is as it was. */
export const unchangedRow = (set: RelockRow): RelockRow => ({
  ...set,
  added: 0,
  removed: 0,
  changed: 0,
  written: false,
  milliseconds: 0,
});
