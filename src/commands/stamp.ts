import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { RelockRow } from '../views/relock.ts';
import type { RelockOutput } from './relock.ts';

/** The result of a locking run, and its inputs. */
export interface Stamp {
  readonly generator: string;
  readonly manifest: string;
  /** Values in the environment for the names under `versions`. */
  readonly env: Readonly<Record<string, string | null>>;
  /** First and last day with the same holds in force. */
  readonly from: string;
  readonly until: string | null;
  readonly repositories: RelockOutput['repositories'];
  /** Checksum of each lockfile. */
  readonly locks: Readonly<Record<string, string>>;
  readonly sets: readonly RelockRow[];
  readonly diff: LockfileDiff;
  readonly holds: Manifest['holds'];
  /** Whether the texts of all lockfiles are stored too. */
  readonly hasTexts: boolean;
}

/** The row of an unchanged lock. */
export const unchangedRow = (set: RelockRow): RelockRow => ({
  ...set,
  added: 0,
  removed: 0,
  changed: 0,
  written: false,
  milliseconds: 0,
});
