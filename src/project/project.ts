import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { EditedFile } from '../manifest/manifest-texts.ts';

/** A manifest with its lockfiles, wherever they are: a folder, a git revision, memory. What is planned is planned on what this reads. */
export interface Project {
  /** Read and checked. */
  manifest(): Promise<Manifest>;
  /** As it is written, for edits that keep comments and order. */
  manifestText(): Promise<string>;
  /** Lockfiles that are there: of these sets and architectures, or all. One that cannot be read is an error, never left out. */
  locks(places?: readonly LockPlace[]): Promise<readonly Lockfile[]>;
  /** All of it or nothing. Writing the same again changes nothing. */
  write(change: ProjectChange): Promise<void>;
  /** Names what is read from here: another text after every change, and only then. */
  revision(): Promise<string>;
}

export interface LockPlace {
  readonly set: string;
  readonly architecture: string;
}

export interface ProjectChange {
  /** New ones and those that replace others; the rest stays. */
  readonly locks: readonly Lockfile[];
  /** Texts of locks that an earlier run has rendered: a folder writes them as they are. */
  readonly rendered?: ReadonlyMap<Lockfile, string>;
  readonly manifestText?: string | undefined;
  /** What `manifestText` is an edit of: a manifest that is another by now is not overwritten. */
  readonly editedFrom?: string | undefined;
  /** Files that the manifest includes, with what they are an edit of; `path` is from its folder. */
  readonly included?: readonly EditedFile[];
  /** For a project that keeps a history. */
  readonly message?: string | undefined;
}
