import { checkLockfiles } from 'rpm-deps';
import type { Checkout } from './checkout.ts';
import type { JobData, JobOutcome } from './job-messages.ts';

/** Whether the lockfiles of the branch are up to date with its manifest. */
export function checkJob({ project }: JobData, { commit, manifest, found, revision }: Checkout): JobOutcome {
  const today = new Date().toISOString().slice(0, 10);
  const findings = checkLockfiles(manifest, found, { today, directory: project.lockfiles });
  const ok = findings.length === 0;
  const text = ok ? '' : `${findings[0]!.file}: ${findings[0]!.message}`;
  return {
    result: { revision: commit, ok, checked: found.length, findings },
    revision,
    state: { state: ok ? 'ok' : 'outdated', text },
  };
}
