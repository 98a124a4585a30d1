import type { Run } from './run.ts';

/** A run of a command, with what the person who started it sees: commands take it as their second argument and return plain data. */
export interface Context extends Run {
  /** Directory that relative paths start from. */
  readonly cwd: string;
  /** Read once, by the command line. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
