import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { EditedFile } from '../manifest/manifest-texts.ts';

/** A manifest with its lockfiles in a directory, a git revision or memory. The input of `plan` is read from it. */
export interface Project {
  /** Parsed and validated. */
  manifest(): Promise<Manifest>;
  /** The text as written, for edits that keep comments and order. */
  manifestText(): Promise<string>;
  /** Existing lockfiles of these sets and architectures, or all. An unreadable one is an error and never skipped. */
  locks(places?: readonly LockPlace[]): Promise<readonly Lockfile[]>;
  /** Writes everything or nothing. Writing the same again changes nothing. */
  write(change: ProjectChange): Promise<void>;
  /** Identifies the content: it changes if and only if the content changes. */
  revision(): Promise<string>;
}

export interface LockPlace {
  readonly set: string;
  readonly architecture: string;
}

export interface ProjectChange {
  /** New and changed locks; the others stay. */
  readonly locks: readonly Lockfile[];
  /** Texts of locks that an earlier run rendered: a folder project writes them unchanged. */
  readonly rendered?: ReadonlyMap<Lockfile, string>;
  readonly manifestText?: string | undefined;
  /** The text before the edit: a manifest that has changed since then is not overwritten. */
  readonly editedFrom?: string | undefined;
  /** Included files with their text before the edit; `path` is relative to the manifest's directory. */
  readonly included?: readonly EditedFile[];
  /** Commit message, for projects with a history. */
  readonly message?: string | undefined;
}
