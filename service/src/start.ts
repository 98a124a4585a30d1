import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { RpmDepsError } from 'rpm-deps';
import { actionOf } from './actions.ts';
import { readSettings, type ServeOptions, type Settings, SOLVE_SECONDS } from './config/settings.ts';
import { Metrics } from './http/metrics.ts';
import { asServiceError } from './http/problem.ts';
import { createServer, type Web } from './http/server.ts';
import { createBossQueue } from './jobs/boss-queue.ts';
import { forgetClones } from './jobs/forget-clones.ts';
import { MAX_ATTEMPTS } from './jobs/job.ts';
import { sendMissing } from './jobs/job-store.ts';
import type { JobQueue } from './jobs/queue.ts';
import { mendSchedules, runDueSchedules } from './jobs/scheduler.ts';
import { JobWorker } from './jobs/worker.ts';
import { setUpForLongRun } from './long-run.ts';
import { failurePage } from './pages/failure-page.ts';
import { quietWarnings } from './quiet-warnings.ts';
import { allRoutes } from './routes.ts';
import type { Log, Service } from './service.ts';
import { Solvers } from './solving/solvers.ts';
import { databaseDirectory } from './store/directory-lock.ts';
import { forgetOld } from './store/forget.ts';
import { openDatabase } from './store/open.ts';

const GRACE_MS = 5000;
const DRAIN_MS = 5000;
/** Time for load balancers to notice that the service is not ready, even if no job runs. */
const NOTICE_MS = 1000;
/** Minimum time for late requests. */
const LAST_MS = 1000;
const REFRESH_MINUTES = 30;
const JOB_MINUTES = 30;
const DRAIN_SECONDS = 5;
const TICK_MS = 5000;
const CLEAN_MS = 60_000;

/** Runs the service until the signal is raised, or runs another action; returns the exit code. */
export async function start(options: ServeOptions): Promise<number> {
  const action = options.words.length > 0 ? actionOf(options) : undefined;
  const settings = await readSettings(options);
  const log = quietWarnings(jsonLog(options.log), () => performance.now());
  if (action === undefined) setUpForLongRun({ solves: settings.role !== 'worker' });
  if (action?.needsRows === true && settings.data !== undefined && !existsSync(databaseDirectory(settings.data))) {
    throw new RpmDepsError('USAGE', `there is no database in \`${settings.data}\``, {
      hint: 'name the directory of the service with --data',
    });
  }
  const database = await openDatabase(settings, log);
  if (action !== undefined) {
    try {
      return await action.run(database);
    } finally {
      await database.close();
    }
  }
  const metrics = new Metrics();
  const noteMirrorError = (thrown: unknown): void => {
    const { code, message } = asServiceError(thrown);
    metrics.mirrorErrors.inc({ code });
    log('warn', `the metadata could not be read: ${message}`, { code });
  };
  const { sets: _, ...sources } = settings.sources;
  const solveSeconds = settings.file.limits?.solve_seconds ?? SOLVE_SECONDS;
  const solvers = new Solvers({
    data: { sources, cacheDir: settings.cacheDir, network: settings.network, solveSeconds },
    threads: settings.role === 'worker' ? 0 : settings.solverThreads,
    // The solver normally stops at its own time limit; otherwise its thread is terminated.
    deadlineMs: solveSeconds * 1000 + GRACE_MS,
    maxWaiting: 500,
    onSolved: (ms) => metrics.solveSeconds.observe(ms / 1000),
    onProblem: noteMirrorError,
  });
  const service: Service = { settings, database, solvers, metrics, log, now: () => new Date() };
  const expireSeconds = (settings.file.limits?.job_minutes ?? JOB_MINUTES) * 60 + 60;
  const queue = createBossQueue({ database, log, expireSeconds, supervise: settings.role !== 'web' });
  const timers: NodeJS.Timeout[] = [];
  let web: Web | undefined;
  let worker: JobWorker | undefined;
  try {
    await queue.start();
    if (settings.role !== 'web') {
      worker = new JobWorker(service, queue, { concurrency: settings.file.jobs?.concurrency ?? 2, retrySeconds: 2 });
      await worker.start();
      timers.push(...startClocks(service, queue));
    }
    if (settings.role !== 'worker') {
      web = await createServer(service, { makeRoutes: (webService) => allRoutes(webService, queue), failurePage });
      await listen(web, settings);
      for (const architecture of settings.sources.architectures) solvers.refresh(architecture).catch(noteMirrorError);
      const minutes = settings.file.refresh_minutes ?? REFRESH_MINUTES;
      timers.push(
        setInterval(() => {
          for (const architecture of solvers.generations.keys()) solvers.refresh(architecture).catch(noteMirrorError);
        }, minutes * 60_000),
      );
      const url = `http://${addressOf(web, settings.host)}`;
      options.result({ url }, `listening on ${url}`);
    } else options.result({ role: settings.role }, 'working');
    const broken = await Promise.race([aborted(options.signal), database.broken]);
    // The service manager restarts the process, which then opens the database with all acknowledged data.
    if (broken instanceof Error) throw broken;
    log('info', 'shutting down');
    return 0;
  } finally {
    for (const timer of timers) clearInterval(timer);
    // Readiness probes fail from now on, while jobs are finished or requeued.
    const began = performance.now();
    web?.drain.begin();
    await Promise.all([worker?.drain((settings.file.jobs?.drain_seconds ?? DRAIN_SECONDS) * 1000), web && sleep(NOTICE_MS)]);
    await web?.drain.close(Math.max(LAST_MS, DRAIN_MS - (performance.now() - began)));
    await queue.stop().catch((error: Error) => log('warn', `the queue did not stop cleanly: ${error.message}`));
    await solvers.close();
    await database.close();
  }
}

/** Timers for schedules and maintenance. If the database is temporarily unavailable, the process must not end. */
function startClocks(service: Service, queue: JobQueue): NodeJS.Timeout[] {
  const { database, log, settings } = service;
  const maxAttempts = settings.file.jobs?.attempts ?? MAX_ATTEMPTS;
  const guarded = (what: string, work: () => Promise<unknown>): (() => void) => {
    let isRunning = false;
    return () => {
      if (isRunning) return;
      isRunning = true;
      work()
        .catch((error: Error) => log('warn', `${what}: ${error.message}`))
        .finally(() => {
          isRunning = false;
        });
    };
  };
  const tick = guarded('schedules could not be looked at', () => runDueSchedules(database, queue, { now: service.now(), maxAttempts }));
  const clean = guarded('jobs could not be looked after', async () => {
    await sendMissing(database, queue);
    const mended = await mendSchedules(database, service.now());
    if (mended > 0) log('warn', 'the clock was set back: schedules wait for their next time again', { schedules: mended });
    await forgetOld(database);
    await forgetClones(database, settings.workDir, service.now());
  });
  tick();
  return [setInterval(tick, TICK_MS), setInterval(clean, CLEAN_MS)];
}

async function listen({ app }: Web, { host, port }: Settings): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new RpmDepsError('USAGE', `cannot listen on ${hostText(host)}:${port}: ${code}`, {
      hint:
        code === 'EADDRINUSE'
          ? 'another process uses the port: choose another one with --listen'
          : 'check the address of --listen or `listen`',
      cause,
    });
  }
}

function jsonLog(write: (line: string) => void): Log {
  return (level, message, data = {}) => write(JSON.stringify({ time: new Date().toISOString(), level, message, ...data }));
}

function addressOf({ app }: Web, host: string): string {
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return `${hostText(host)}:${port}`;
}

const hostText = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((done) => signal.addEventListener('abort', () => done(), { once: true }));
}
