import type { Emit } from '../base/events.ts';
import type { HttpClient } from '../net/http-client.ts';

/** All that a command may touch of the world. Commands take it as their second argument and return plain data. */
export interface Context {
  /** Directory that relative paths start from. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cacheDir: string;
  readonly offline: boolean;
  readonly http: HttpClient;
  readonly now: () => Date;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}
