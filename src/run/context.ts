import type { Run } from './run.ts';

/** A run of a command, with what the person who started it sees: commands take it as their second argument and return plain data. */
export interface Context extends Run {
  /** Directory that relative paths start from. */
  readonly cwd: string;
  /** A manifest may not name files outside of this folder by a path that starts in its own; undefined: any file. */
  readonly within?: string | undefined;
  /** Read once, by the command line. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
