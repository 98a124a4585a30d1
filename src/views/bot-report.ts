/** The result of a run of the bot: plain data for users, programs and the next run. */
import type { ErrorCode } from '../base/errors.ts';
import type { Warning } from '../base/warnings.ts';
import type { BotForge } from '../manifest/bot-section.ts';

export type TopicOutcome =
  /** A pull request (or a change, or a branch) was opened. */
  | 'opened'
  | 'refreshed'
  /** Nothing to change. */
  | 'unchanged'
  /** No changes remain: its pull request was closed, its branch deleted. */
  | 'closed'
  | 'nothing'
  /** With --dry-run. */
  | 'would_propose'
  /** The bot does not change it because of commits of others, an approval or a label. */
  | 'left_alone'
  /** Not proposed because of the same closed pull request, the limit or the schedule. */
  | 'suppressed'
  | 'failed';

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly string[];
}

/** An available update that was not proposed. */
export interface Suppressed {
  readonly source: string;
  readonly to: string;
  readonly reason: 'ignored' | 'hold' | 'minimum_age' | 'not_security' | 'no_common_version';
  readonly text: string;
}

export interface TopicReport {
  readonly topic: string;
  readonly outcome: TopicOutcome;
  readonly branch: string;
  readonly title: string | null;
  readonly body: string | null;
  readonly commit: string | null;
  /** Message of the commit. */
  readonly message: string | null;
  readonly files: readonly string[];
  readonly url: string | null;
  readonly security: boolean;
  /** Why it was left alone or suppressed. */
  readonly reason: string | null;
  readonly failures: readonly Failure[];
}

export interface LockAge {
  readonly set: string;
  readonly architecture: string;
  readonly generated: string;
  readonly days: number;
  readonly stale: boolean;
}

/** One manifest on one base branch. */
export interface ProjectReport {
  readonly base: string;
  readonly manifest: string;
  /** Commit of the base branch that the run used. */
  readonly commit: string | null;
  readonly topics: readonly TopicReport[];
  readonly suppressed: readonly Suppressed[];
  readonly locks: readonly LockAge[];
  readonly failures: readonly Failure[];
  readonly warnings: readonly Warning[];
}

export interface BotReport {
  readonly forge: BotForge;
  readonly repository: string | null;
  readonly dryRun: boolean;
  readonly projects: readonly ProjectReport[];
  /** Failures of the whole run: the forge, the token, the remote. */
  readonly failures: readonly Failure[];
  /** The issue that reports failures, if this run changed it. */
  readonly issue: { readonly url: string; readonly state: 'opened' | 'updated' | 'unchanged' | 'closed' } | null;
  /** Time of the bot's previous run; null if unknown. */
  readonly lastRun: string | null;
  readonly exitCode: number;
}
