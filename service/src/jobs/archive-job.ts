/** Copies the RPMs of a branch's lockfiles to the archive: after a merge, or on request. */
import { archiveLocks, type Manifest, RpmDepsError, startReading } from 'rpm-deps';
import { checkJob } from './check-job.ts';
import type { Checkout, JobRun } from './checkout.ts';
import { refuseForeignPlaces } from './foreign-places.ts';
import type { JobData, JobOutcome } from './job-messages.ts';

export async function archiveJob(data: JobData, checkout: Checkout, { signal, onProgress }: JobRun): Promise<JobOutcome> {
  const { manifest, revision, commit } = checkout;
  const { result, state } = checkJob(data, checkout);
  const target = archiveTarget(data, manifest);
  if (target === undefined) {
    // Merges start this job for every project, also for those without an archive.
    if (data.job.payload['merged'] !== undefined) return { result: { ...result, archived: null }, revision, state };
    throw new RpmDepsError('USAGE', `the project ${data.project.name} has no archive to copy to`, {
      hint: 'the operator sets `archive: {to: URL}` in the configuration, or the manifest `bot: {archive: URL}`',
    });
  }
  const run = startReading({
    env: { NETRC: '/dev/null' },
    cacheDir: data.cacheDir,
    network: data.network,
    signal,
    onEvent: (event) => {
      if (event.kind === 'stage') onProgress({ stage: event.stage, text: event.text });
    },
  });
  try {
    const env = { NETRC: '/dev/null', RPM_DEPS_ARCHIVE_TOKEN: target.token };
    const given = { locks: revision.locks, manifest };
    const kept = await archiveLocks(given, { to: target.to }, { ...run, cwd: data.workDir, env });
    const archived = { target: kept.target, total: kept.total, present: kept.present, copied: kept.copied.length };
    return { result: { ...result, revision: commit, changed: kept.copied.length > 0, archived }, revision, state };
  } finally {
    await run.end();
  }
}

/** The operator's archive; else that of the manifest, if the operator configured its server. */
function archiveTarget(data: JobData, manifest: Manifest): { readonly to: string; readonly token: string | undefined } | undefined {
  if (data.archive !== undefined) return data.archive;
  refuseForeignPlaces(manifest, data.network.origins);
  const to = manifest.bot?.archive;
  return to === undefined ? undefined : { to, token: undefined };
}
