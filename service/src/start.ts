import { readSettings, type ServeOptions } from './config/settings.ts';
import { Metrics } from './http/metrics.ts';
import { asServiceError } from './http/problem.ts';
import { allRoutes } from './http/routes/all.ts';
import { createServer, type Web } from './http/server.ts';
import type { Log, Service } from './service.ts';
import { Solvers } from './solving/solvers.ts';
import { openDatabase } from './store/open.ts';

const SOLVE_SECONDS = 30;
const DRAIN_MS = 10_000;
const REFRESH_MINUTES = 30;

/** Runs the service until the signal is raised; returns the exit code. */
export async function start(options: ServeOptions): Promise<number> {
  const settings = await readSettings(options);
  const log = jsonLog(options.log);
  const database = await openDatabase(settings, log);
  const metrics = new Metrics();
  const { sets: _, ...sources } = settings.sources;
  const solvers = new Solvers({
    data: { sources, cacheDir: settings.cacheDir, network: settings.network },
    threads: settings.role === 'worker' ? 0 : settings.solverThreads,
    deadlineMs: (settings.file.limits?.solve_seconds ?? SOLVE_SECONDS) * 1000,
    maxWaiting: 500,
    onSolved: (ms) => metrics.solveSeconds.observe(ms / 1000),
    onProblem: (error) => noteMirrorError(error),
  });
  const service: Service = { settings, database, solvers, metrics, log, now: () => new Date() };
  let web: Web | undefined;
  const refreshing = setInterval(() => refresh(), (settings.file.refresh_minutes ?? REFRESH_MINUTES) * 60_000);
  try {
    if (settings.role !== 'worker') {
      web = await createServer(service, allRoutes);
      await web.app.listen({ host: settings.host, port: settings.port });
      options.out(`listening on http://${addressOf(web, settings.host)}`);
      for (const architecture of settings.sources.architectures) solvers.refresh(architecture).catch(noteMirrorError);
    } else options.out('working');
    await aborted(options.signal);
    log('info', 'shutting down');
    return 0;
  } finally {
    clearInterval(refreshing);
    await web?.drain.close(DRAIN_MS);
    await solvers.close();
    await database.close();
  }

  function refresh(): void {
    for (const architecture of solvers.generations.keys()) solvers.refresh(architecture).catch(noteMirrorError);
  }

  function noteMirrorError(thrown: unknown): void {
    const { code, message } = asServiceError(thrown);
    metrics.mirrorErrors.inc({ code });
    log('warn', `the metadata could not be read: ${message}`, { code });
  }
}

function jsonLog(write: (line: string) => void): Log {
  return (level, message, data = {}) => write(JSON.stringify({ time: new Date().toISOString(), level, message, ...data }));
}

function addressOf({ app }: Web, host: string): string {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
