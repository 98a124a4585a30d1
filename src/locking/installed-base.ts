import { sha256 } from '../base/sha256.ts';
import type { LockedBase } from '../lockfile/lockfile.ts';
import type { InstalledRecord } from '../pool/installed-entry.ts';
import type { Target } from './target.ts';

/** Packages of a base, and the base as recorded in a lockfile. */
export interface InstalledBase {
  /** The same array for the same base, because prepared data is cached by it. */
  readonly installed: readonly (string | InstalledRecord)[];
  readonly locked: LockedBase;
}

/** Reads the base of a set for an architecture. */
export type BaseSource = (target: Target) => Promise<InstalledBase>;

/** A base that the manifest lists: NEVRAs, each of which the repositories have. */
export const listedBase = (packages: readonly string[]): InstalledBase => ({
  installed: packages,
  locked: { installed_digest: `sha256:${sha256([...packages].sort().join('\n'))}` },
});
