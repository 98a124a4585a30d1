import type { Run } from './run.ts';

/** A run of a command, with the environment of the user. Commands get it as their second argument and return plain data. */
export interface Context extends Run {
  /** Directory for relative paths. */
  readonly cwd: string;
  /** Relative paths in a manifest must stay within this folder; undefined: no limit. */
  readonly within?: string | undefined;
  /** Read once, by the command line. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
