/**
 * Reports the lockfile changes of a pull request: one comment, which is edited when the pull request changes, and one
 * status of its newest commit, which fails if the lockfiles are not up to date with the manifest.
 */
import {
  addChangelogs,
  checkLockfiles,
  commentChanges,
  describeChanges,
  type FoundLock,
  type Lockfile,
  type LockfileDiff,
  type Manifest,
  RpmDepsError,
  startReading,
} from 'rpm-deps';
import { checkSources } from '../config/check-sources.ts';
import type { Checkout, JobRun } from './checkout.ts';
import type { Clone } from './clone.ts';
import { withForge } from './forge-run.ts';
import type { JobData, JobOutcome } from './job-messages.ts';
import { readManifestAt } from './manifest-texts.ts';
import { readFound, readLocksAt } from './read-locks.ts';

/** Failures that only affect changelogs: the comment is written without them. */
const CHANGELOG_FAILURES: ReadonlySet<string> = new Set(['NETWORK', 'METADATA_INVALID', 'DIGEST_MISMATCH', 'HOST_REFUSED', 'LIMIT']);

export async function commentJob(data: JobData, { clone, commit, revision }: Checkout, run: JobRun): Promise<JobOutcome> {
  const { project, job, secret } = data;
  const number = Number(job.payload['number']);
  if (project.forge === 'none' || project.forge === 'branch' || secret === undefined) {
    throw new RpmDepsError('USAGE', `the project ${project.name} has no forge and credentials to comment with`, {
      hint: 'set `forge` and `credentials` of the project',
    });
  }
  run.onProgress({ stage: 'clone', text: `reading pull request ${number}` });
  const head = await clone.fetchPull(project.forge, number);
  // Compare with the merge base, not with later commits of the base branch.
  const base = await clone.mergeBase(commit, head);
  const before = await readLocksAt(clone, base, project.lockfiles);
  const found = await readFound(clone, head, project.lockfiles);
  const after = found.flatMap((lock) => ('lockfile' in lock ? [lock.lockfile] : []));
  const verdict = await judge(data, { clone, head, found });
  const diff = await changesOf({ before, after, manifest: verdict.manifest }, data, run);
  return withForge(data, project.forge, run, async (forge) => {
    const comment = await commentChanges(forge, number, diff, project.manifest);
    await forge.reportCheck(head, {
      name: `rpm-deps/${project.name}`,
      passed: verdict.mistakes.length === 0,
      title: verdict.mistakes[0] ?? 'the lockfiles are up to date with the manifest',
      summary: verdict.mistakes.map((line) => `- ${escaped(line)}`).join('\n') || 'The lockfiles are up to date with the manifest.',
      url: data.publicUrl === undefined ? undefined : `${data.publicUrl}/jobs/${job.id}`,
    });
    const result = { revision: head, changed: comment !== 'none', summary: diff.summary, pull: number, comment };
    return { result: { ...result, ok: verdict.mistakes.length === 0, mistakes: verdict.mistakes }, revision, state: undefined };
  });
}

interface Verdict {
  /** undefined if it could not be read. */
  readonly manifest: Manifest | undefined;
  readonly mistakes: readonly string[];
}

/** If a pull request's manifest is invalid, the job succeeds: the check reports it. */
async function judge(
  { project, network }: JobData,
  { clone, head, found }: { readonly clone: Clone; readonly head: string; readonly found: readonly FoundLock[] },
): Promise<Verdict> {
  try {
    const read = await readManifestAt(clone, head, project.manifest);
    if (read === undefined) return { manifest: undefined, mistakes: [`there is no manifest \`${project.manifest}\``] };
    const { manifest } = read;
    checkSources(manifest, { network });
    const findings = checkLockfiles(manifest, found, { today: new Date().toISOString().slice(0, 10), directory: project.lockfiles });
    return { manifest, mistakes: findings.map(({ file, message }) => `${file}: ${message}`) };
  } catch (error) {
    if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED' || error.code === 'GIT') throw error;
    return { manifest: undefined, mistakes: [error.message, ...error.details] };
  }
}

interface States {
  readonly before: readonly Lockfile[];
  readonly after: readonly Lockfile[];
  readonly manifest: Manifest | undefined;
}

async function changesOf({ manifest, ...states }: States, data: JobData, { signal, onProgress }: JobRun): Promise<LockfileDiff> {
  const { cacheDir, network } = data;
  const reading = startReading({ env: { NETRC: '/dev/null' }, cacheDir, network, signal });
  try {
    const diff = await describeChanges({ ...states, manifest }, reading);
    if (manifest === undefined) return diff;
    onProgress({ stage: 'download', text: 'reading changelogs' });
    return await addChangelogs(diff, { ...states, manifest }, reading).catch((error: unknown) => {
      if (error instanceof RpmDepsError && CHANGELOG_FAILURES.has(error.code)) return diff;
      throw error;
    });
  } finally {
    await reading.end();
  }
}

const escaped = (text: string): string => text.replace(/[\\`*_{}[\]<>#@!|~]/g, (character) => `\\${character}`);
