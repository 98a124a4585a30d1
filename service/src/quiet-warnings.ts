import type { Log } from './service.ts';

const QUIET_MS = 60_000;
const MAX_KNOWN = 1000;

/** The same log, where a warning is said once a minute: a database that is away for an hour is looked for thousands of times. */
export function quietWarnings(log: Log, now: () => number): Log {
  const saidAt = new Map<string, number>();
  return (level, message, data) => {
    if (level === 'warn') {
      const line = JSON.stringify([message, data]);
      const before = saidAt.get(line);
      if (before !== undefined && now() - before < QUIET_MS) return;
      if (saidAt.size >= MAX_KNOWN) saidAt.clear();
      saidAt.set(line, now());
    }
    log(level, message, data);
  };
}
