/** The implementation of each kind of job, with functions of the library. */
import { join } from 'node:path';
import { type LockfileDiff, type ProgressEvent, RpmDepsError, relockRevision, renderDiffMarkdown, startReading } from 'rpm-deps';
import { checkSources } from '../config/check-sources.ts';
import { archiveJob } from './archive-job.ts';
import { botJob } from './bot-job.ts';
import { checkJob } from './check-job.ts';
import type { Checkout, JobRun } from './checkout.ts';
import { Clone } from './clone.ts';
import { commentJob } from './comment-job.ts';
import { withAppToken } from './forge-run.ts';
import type { JobData, JobOutcome } from './job-messages.ts';
import { readManifestAt } from './manifest-texts.ts';
import { lockfilesFrom } from './project-store.ts';
import { readFound } from './read-locks.ts';

/** Minimum time between writes of progress to the database. */
const PROGRESS_MS = 300;

export async function runJob(given: JobData, run: JobRun): Promise<JobOutcome> {
  const data = await withAppToken(given, run);
  const { kind } = data.job;
  const checkout = await readProject(data, run);
  const { forge } = data.project;
  if (kind === 'comment') return commentJob(data, checkout, run);
  if (kind === 'archive') return archiveJob(data, checkout, run);
  if (forge !== 'none' && (kind === 'update' || kind === 'bump')) return botJob(data, checkout, run);
  if (kind === 'lock' || kind === 'update') return planJob(data, checkout, run);
  if (kind === 'bump') {
    throw new RpmDepsError(
      'USAGE',
      `the project ${data.project.name} has no forge: versions that the manifest pins are moved by a proposal`,
      {
        hint: 'set `forge` of the project; `branch` pushes a branch and opens no pull request',
      },
    );
  }
  return checkJob(data, checkout);
}

async function readProject(data: JobData, { signal, onProgress }: JobRun): Promise<Checkout> {
  const { project, git, network, workDir, secret, path } = data;
  onProgress({ stage: 'clone', text: `reading the branch ${project.branch}` });
  const clone = new Clone({
    ...{ url: project.clone_url, branch: project.branch, allowed: git, network, secret, path, signal },
    directory: join(workDir, 'clones', project.id),
  });
  const commit = await clone.update([project.manifest, project.lockfiles]);
  const read = await readManifestAt(clone, commit, project.manifest);
  if (read === undefined) {
    throw new RpmDepsError('MANIFEST_MISSING', `the branch \`${project.branch}\` has no \`${project.manifest}\``, {
      hint: 'correct the path of the manifest in the project',
    });
  }
  const { manifest, texts } = read;
  checkSources(manifest, data);
  const found = await readFound(clone, commit, project.lockfiles);
  const locks = found.flatMap((lock) => ('lockfile' in lock ? [lock.lockfile] : []));
  const revision = { revision: commit, committedAt: await clone.changedAt(commit, project.lockfiles), manifest: texts, locks };
  return { clone, commit, manifest, found, revision };
}

async function planJob(data: JobData, { clone, commit, revision }: Checkout, { signal, onProgress }: JobRun): Promise<JobOutcome> {
  const { project, job } = data;
  // Without proxies and logins of the user that runs the service.
  const env = { ...clone.environment(), NETRC: '/dev/null' };
  const run = startReading({ env, cacheDir: data.cacheDir, network: data.network, signal, onEvent: throttled(onProgress) });
  try {
    const { isChanged, diff, failures, warnings } = await relockRevision(
      {
        commit,
        manifest: project.manifest,
        lockfiles: lockfilesFrom(project),
        mode: job.kind === 'lock' ? 'lock' : 'update',
        names: job.payload['names'] as readonly string[] | undefined,
        approve: (manifest) => checkSources(manifest, data),
      },
      { ...run, solverSeconds: data.solveSeconds, cwd: clone.directory, env },
    );
    return {
      result: {
        revision: commit,
        changed: isChanged,
        summary: diff.summary,
        failures: failures.map(({ target, problems }) => ({ package_set: target.set.name, architecture: target.architecture, problems })),
        notes: warnings,
        markdown: isChanged ? markdownOf(diff) : '',
      },
      revision,
      state: failures.length > 0 ? { state: 'broken', text: failures[0]!.problems[0]?.text ?? 'a set cannot be solved' } : undefined,
    };
  } finally {
    await run.end();
  }
}

/** Maximum length for a row of the database and a page. */
const MARKDOWN = 200_000;
const markdownOf = (diff: LockfileDiff): string => renderDiffMarkdown(diff).slice(0, MARKDOWN);

function throttled(onProgress: JobRun['onProgress']): (event: ProgressEvent) => void {
  let last = 0;
  return (event) => {
    if (event.kind !== 'stage' && event.kind !== 'progress') return;
    const now = performance.now();
    if (event.kind === 'progress' && now - last < PROGRESS_MS) return;
    last = now;
    onProgress(
      event.kind === 'stage'
        ? { stage: event.stage, text: event.text }
        : { stage: event.stage, text: event.text, done: event.done, total: event.total },
    );
  };
}
