/** `lock` or `update` at a commit of a repository, with all files that these commands read. Nothing is written. */
import { RpmDepsError } from '../base/errors.ts';
import type { Warning } from '../base/warnings.ts';
import { relock } from '../commands/relock.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import type { PlanFailure } from '../locking/plan.ts';
import type { Context } from '../run/context.ts';
import { mapError } from './map-texts.ts';
import type { BotInput } from './run-bot.ts';
import { approvedManifest, openWorkspace, refuseBasesOutside } from './workspace.ts';
import { removeAbandonedWorkspaces, withoutWorkspacePaths } from './workspace-paths.ts';

export interface RelockRevisionInput extends Pick<BotInput, 'lockfiles' | 'approve'> {
  readonly commit: string;
  /** Path in the repository. */
  readonly manifest: string;
  readonly mode: 'update' | 'lock';
  /** With `update`: only packages with these names, and other packages that must change with them. */
  readonly names?: readonly string[] | undefined;
}

export interface RevisionChanges {
  /** Whether any lockfile would be written. */
  readonly isChanged: boolean;
  readonly diff: LockfileDiff;
  /** Sets that could not be solved. */
  readonly failures: readonly PlanFailure[];
  readonly warnings: readonly Warning[];
}

/** The context has the directory of the repository, and git's environment. */
export async function relockRevision(input: RelockRevisionInput, context: Context): Promise<RevisionChanges> {
  const { commit, mode, names } = input;
  await removeAbandonedWorkspaces(context.now());
  const place = { cwd: context.cwd, env: context.env, signal: context.signal };
  const workspace = await openWorkspace({ place, commit, manifest: input.manifest, lockfiles: input.lockfiles }, context);
  try {
    const project = { manifest: workspace.manifest, lockfiles: workspace.lockfiles };
    const manifest = await approvedManifest(workspace, input);
    refuseBasesOutside(manifest, workspace);
    const { sets, diff, failures } = await relock(
      { manifest, mode, names },
      { ...project, dryRun: true, keepGoing: true },
      workspace.context,
    );
    // If a mirror is down or a limit is reached, the result of those sets is unknown.
    const unread = failures.find(({ error }) => error !== undefined)?.error;
    if (unread !== undefined) throw unread;
    return { isChanged: sets.some(({ written }) => written), diff, failures, warnings: [...workspace.warnings] };
  } catch (error) {
    throw error instanceof RpmDepsError ? mapError(error, withoutWorkspacePaths) : error;
  } finally {
    await workspace.remove();
  }
}
