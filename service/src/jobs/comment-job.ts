/** One comment on a pull request with the difference of its lockfiles; the same comment is edited when the pull request changes. */
import {
  diffLockfiles,
  type ForgeKind,
  findMarker,
  openForge,
  originOf,
  parseRemoteUrl,
  placeOf,
  RpmDepsError,
  renderDiffMarkdown,
  renderMarker,
  startReading,
} from 'rpm-deps';
import type { Checkout, JobRun } from './checkout.ts';
import type { JobData, JobOutcome } from './job-messages.ts';
import { readLocksAt } from './read-locks.ts';

const MARKER = 'service-diff';

export async function commentJob(
  data: JobData,
  { clone, commit, revision }: Checkout,
  { signal, onProgress }: JobRun,
): Promise<JobOutcome> {
  const { project, job, secret, forgeApi, forgeRepository } = data;
  const number = Number(job.payload['number']);
  if (project.forge === 'none' || project.forge === 'branch' || secret === undefined) {
    throw new RpmDepsError('USAGE', `the project ${project.name} has no forge and credentials to comment with`);
  }
  onProgress({ stage: 'clone', text: `reading pull request ${number}` });
  const head = await clone.fetchPull(project.forge, number);
  // What the pull request changes, not what its base has got since it began.
  const base = await clone.mergeBase(commit, head);
  const [before, after] = [await readLocksAt(clone, base, project.lockfiles), await readLocksAt(clone, head, project.lockfiles)];
  const diff = diffLockfiles(before, after);
  const { sources, requests, added_locks, removed_locks, bases, replaced, erased } = diff;
  const isChanged = [sources, requests, added_locks, removed_locks, bases, replaced, erased].some((list) => list.length > 0);
  const kind: ForgeKind = project.forge;
  const env = { RPM_DEPS_TOKEN: secret };
  const place = placeOf(kind, parseRemoteUrl(project.clone_url), { env, apiUrl: forgeApi, repository: forgeRepository });
  const run = startReading({
    env: { NETRC: '/dev/null' },
    cacheDir: data.cacheDir,
    signal,
    network: { origins: [originOf(place.apiUrl)], publicHosts: false },
  });
  try {
    const forge = await openForge({ place, env, http: run.http, now: run.now, emit: run.emit, signal: run.signal });
    const marker = renderMarker({ key: MARKER, values: {} });
    const text = isChanged ? renderDiffMarkdown(diff) : 'The lockfiles are the same as on the base branch.';
    const body = `${marker}\n${text}`.slice(0, forge.limits.body - 100);
    const known = (await forge.comments(number)).find((comment) => findMarker(comment.body, MARKER) !== undefined);
    if (known === undefined && isChanged) await forge.comment(number, body);
    else if (known !== undefined && known.body !== body) await forge.editComment(number, known.id, body);
    return { result: { revision: head, changed: isChanged, summary: diff.summary, pull: number }, revision, state: undefined };
  } finally {
    await run.end();
  }
}
