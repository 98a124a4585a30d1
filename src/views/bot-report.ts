/** The result of a run of the bot: plain data for people, programs and the next run. */
import type { ErrorCode } from '../base/errors.ts';
import type { Warning } from '../base/warnings.ts';
import type { BotForge } from '../manifest/bot-section.ts';

export type TopicOutcome =
  /** A pull request (or a change, or a branch) was opened. */
  | 'opened'
  | 'refreshed'
  /** It is as it should be already. */
  | 'unchanged'
  /** Nothing is left: its pull request was closed, its branch deleted. */
  | 'closed'
  | 'nothing'
  /** With --dry-run. */
  | 'would_propose'
  /** Commits of others, an approval, a label: it is left alone. */
  | 'left_alone'
  /** People closed the same, the limit, the schedule. */
  | 'suppressed'
  | 'failed';

export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
  readonly details: readonly string[];
}

/** An update that is there and was not proposed. */
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
  /** Why it is left alone or suppressed. */
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
  /** Commit of the base that it was worked out from. */
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
  /** Of the run as a whole: the forge, the token, the remote. */
  readonly failures: readonly Failure[];
  /** The issue that reports failures, if this run changed it. */
  readonly issue: { readonly url: string; readonly state: 'opened' | 'updated' | 'unchanged' | 'closed' } | null;
  /** When the bot ran here before; null where that is not known. */
  readonly lastRun: string | null;
  readonly exitCode: number;
}
