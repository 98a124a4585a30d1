import type { Settings } from './config/settings.ts';
import type { Drain } from './http/drain.ts';
import type { Metrics } from './http/metrics.ts';
import type { Solvers } from './solving/solvers.ts';
import type { Database } from './store/database.ts';

/** State shared by the parts of a running service. */
export interface Service {
  readonly settings: Settings;
  readonly database: Database;
  readonly solvers: Solvers;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly now: () => Date;
}

export interface WebService extends Service {
  readonly drain: Drain;
}

/** Writes a line of the log: JSON, without secrets. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, data?: Readonly<Record<string, unknown>>) => void;
