/** The operations that rpm-deps needs from a forge, with common names. Each forge has one file that implements them. */

export type ForgeKind = 'github' | 'gitlab' | 'gitea';

/** Maximum lengths of texts, in the unit that the forge uses. */
export interface TextLimits {
  readonly title: number;
  readonly body: number;
  readonly unit: 'characters' | 'bytes';
}

export interface RepositoryState {
  /** Current name on the forge: if it differs from the configured one, the repository was renamed. */
  readonly fullName: string;
  readonly defaultBranch: string;
  /** Read-only. */
  readonly archived: boolean;
  /** It has no commit. */
  readonly empty: boolean;
  readonly hasIssues: boolean;
  /** False if the token may not push; undefined if the forge does not report it. */
  readonly canPush: boolean | undefined;
}

export interface TokenState {
  /** Name of the account, such as `octocat` or `github-actions[bot]`; undefined if the forge does not report it. */
  readonly login: string | undefined;
  readonly expiresAt: Date | undefined;
  /** Required permissions that the token lacks, named as on the forge. */
  readonly missing: readonly string[];
  /** Pull requests that are opened with it start no checks. */
  readonly startsNoChecks: boolean;
}

/** A pull request or merge request. */
export interface PullRequest {
  readonly number: number;
  /** URL of its page. */
  readonly url: string;
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly headSha: string;
  /** Id that the forge's own calls need besides the number. */
  readonly nodeId: string;
  /** Automatic merging is enabled, and the forge disables it at the next push. */
  readonly endsAutoMerge?: boolean;
}

export interface NewPullRequest {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

export interface PullChange {
  /** With `draft` as it is, because some forges record drafts in the title. */
  readonly title?: { readonly text: string; readonly draft: boolean };
  readonly body?: string;
  readonly state?: 'closed';
}

export interface Comment {
  readonly id: number;
  readonly body: string;
  /** Written by the token's account or a project member: others could copy a marker into a text. */
  readonly isTrusted: boolean;
}

export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  /** As for comments. Only project members can add a label. */
  readonly isTrusted: boolean;
}

/** Result of enabling automatic merging. `later`: not possible yet. */
export type MergeOutcome = { readonly kind: 'enabled' | 'merged' } | { readonly kind: 'refused' | 'later'; readonly reason: string };

/** A result for a commit, shown beside it and on its pull request. */
export interface CommitCheck {
  /** A later report with the same name replaces an earlier one. */
  readonly name: string;
  readonly passed: boolean;
  /** One line. */
  readonly title: string;
  /** Markdown; only check runs of GitHub show it. */
  readonly summary: string;
  /** URL of a page with details. */
  readonly url: string | undefined;
}

export interface GitLogin {
  readonly user: string;
  readonly password: string;
}

/**
 * One repository of a forge. Every call throws FORGE, FORGE_LIMIT or FORGE_DENIED if the forge did not fulfil it: an
 * unreadable response is never treated as an empty list.
 */
export interface Forge {
  readonly kind: ForgeKind;
  readonly limits: TextLimits;
  /** `pull request` or `merge request`. */
  readonly noun: string;
  /** Login for git over HTTP, only to the forge's host. */
  readonly gitLogin: () => Promise<GitLogin>;
  inspect(): Promise<RepositoryState>;
  inspectToken(): Promise<TokenState>;
  /** Pull requests from this branch (in the fork, if there is one) to the base, open and closed, newest first. */
  findPulls(branch: string, base: string): Promise<readonly PullRequest[]>;
  /** All open pull requests whose branch starts with a prefix. */
  openPulls(prefix: string): Promise<readonly PullRequest[]>;
  /** Throws FORGE with `data.exists` if one is already open. */
  createPull(pull: NewPullRequest): Promise<PullRequest>;
  editPull(number: number, change: PullChange): Promise<void>;
  addLabels(number: number, labels: readonly string[]): Promise<void>;
  removeLabel(number: number, label: string): Promise<void>;
  requestReviews(number: number, reviewers: readonly string[]): Promise<void>;
  isApproved(number: number): Promise<boolean>;
  /** Whether the branch has required checks for pull requests. */
  hasRequiredChecks(branch: string): Promise<boolean>;
  mergeWhenChecked(pull: PullRequest): Promise<MergeOutcome>;
  comments(number: number): Promise<readonly Comment[]>;
  comment(number: number, body: string): Promise<void>;
  editComment(number: number, id: number, body: string): Promise<void>;
  /** As a check run if the token has the permission (GitHub), else as a commit status. Reporting the same again changes nothing. */
  reportCheck(sha: string, check: CommitCheck): Promise<void>;
  /** Issues with a label, and the most recently changed ones. */
  findIssues(label: string): Promise<readonly Issue[]>;
  createIssue(issue: { readonly title: string; readonly body: string; readonly label: string }): Promise<Issue>;
  editIssue(number: number, change: { readonly title?: string; readonly body?: string; readonly state?: 'open' | 'closed' }): Promise<void>;
}
