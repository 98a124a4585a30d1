import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fromPlainError, RpmDepsError } from 'rpm-deps';
import { SOLVE_SECONDS } from '../config/settings.ts';
import type { Service } from '../service.ts';
import { startJobProcess } from '../start-process.ts';
import { readForgeSecret, readSecret } from './credentials.ts';
import type { Job } from './job.ts';
import { type JobData, type JobMessage, type JobOrder, type JobOutcome, tooLate } from './job-messages.ts';
import type { ProjectRow } from './project-store.ts';

const JOB_MINUTES = 30;
const OLD_MB = 2048;
/** Size of V8's young generation. Jobs create few new objects besides pools: a fourth of the default saves 15 MiB and is not slower. */
const YOUNG_MB = 12;
/** Time for a process and its children to end after an abort. */
const GRACE_MS = 3000;

export interface ProcessRun {
  readonly job: Job;
  readonly project: ProjectRow;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: object) => Promise<unknown>;
}

/** Runs a job until it ends, the signal is raised, or the deadline passes. */
export async function runInProcess({ settings }: Service, { job, project, signal, onProgress }: ProcessRun): Promise<JobOutcome> {
  const { network, cacheDir, workDir, file } = settings;
  const { sets: _, ...sources } = settings.sources;
  const data: JobData = {
    job: { id: job.id, kind: job.kind, payload: job.payload, attempt: job.attempt },
    project,
    sources,
    ...{ network, cacheDir, workDir },
    git: file.git ?? [],
    ...(await readForgeSecret(file, project.credentials_ref, settings.env)),
    forgeApi: textOf(project.settings['api_url']),
    forgeRepository: textOf(project.settings['repository']),
    archive:
      file.archive === undefined
        ? undefined
        : { to: file.archive.to, token: await readSecret(file, file.archive.credentials ?? null, settings.env) },
    solveSeconds: file.limits?.solve_seconds ?? SOLVE_SECONDS,
    publicUrl: file.public_url?.replace(/\/+$/, ''),
    path: settings.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
  };
  // In the work directory: the system's temporary directory may be small, in memory, or not writable in a container.
  const temporary = join(workDir, 'tmp');
  mkdirSync(temporary, { recursive: true, mode: 0o700 });
  const env = { ...settings.env, TMPDIR: temporary };
  const child = startJobProcess({ env, maxOldSpaceMb: OLD_MB, maxYoungSpaceMb: YOUNG_MB });
  // A process that has ended cannot receive messages; its end is a separate event.
  const send = (order: JobOrder): void => void (child.connected && child.send(order, () => undefined));
  let last: Promise<unknown> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let fail: (error: unknown) => void = () => undefined;
  const outcome = new Promise<JobOutcome>((resolve, reject) => {
    fail = reject;
    child.on('message', (message: JobMessage) => {
      if (message.kind === 'progress') last = last.then(() => onProgress(message.progress)).catch(() => undefined);
      else if (message.kind === 'done') resolve(message.outcome);
      else reject(fromPlainError(message.error));
    });
    child.on('error', reject);
    child.on('exit', (code, killedBy) => reject(new RpmDepsError('INTERNAL', `the process of the job ended with ${code ?? killedBy}`)));
    const stop = (): void => {
      send('stop');
      timer = setTimeout(() => reject(new RpmDepsError('INTERRUPTED', 'the job was stopped')), GRACE_MS);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  const minutes = file.limits?.job_minutes ?? JOB_MINUTES;
  const deadline = setTimeout(() => {
    send('late');
    // A busy process does not handle messages, so it is killed.
    timer = setTimeout(() => fail(tooLate()), GRACE_MS);
  }, minutes * 60_000);
  try {
    send(data);
    const ended = await outcome;
    await last;
    return ended;
  } finally {
    clearTimeout(timer);
    clearTimeout(deadline);
    child.kill('SIGKILL');
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
