import { posix } from 'node:path';
import { first, type Queries } from '../store/database.ts';

/** `none` only plans, `branch` pushes a branch but opens no pull request. */
export const FORGES = ['none', 'branch', 'github', 'gitlab', 'gitea'] as const;
type ProjectForge = (typeof FORGES)[number];
export type ProjectState = 'new' | 'ok' | 'outdated' | 'broken';

/** A row of `project`. */
export interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly clone_url: string;
  readonly branch: string;
  /** Path of the manifest in the repository, and of the directory of its lockfiles; both relative to the root. */
  readonly manifest: string;
  readonly lockfiles: string;
  readonly forge: ProjectForge;
  /** A name in `credentials` of the configuration. */
  readonly credentials_ref: string | null;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly created_at: Date;
  readonly paused_at: Date | null;
  /** The commit that was read last. */
  readonly revision: string | null;
  readonly state: ProjectState;
  readonly state_text: string;
  readonly checked_at: Date | null;
}

/** By id or by name; a name may look like the id of another one. */
export function findProject(queries: Queries, idOrName: string): Promise<ProjectRow | undefined> {
  return first<ProjectRow>(queries, 'select * from project where id::text = $1 or name = $1 order by id::text <> $1', [idOrName]);
}

/** In the library's form: relative to the directory of the manifest. */
export const lockfilesFrom = ({ manifest, lockfiles }: ProjectRow): string => posix.relative(posix.dirname(manifest), lockfiles) || '.';
