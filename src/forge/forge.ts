/** What rpm-deps needs from a forge, under one set of names. Each forge has one file that implements it. */

export type ForgeKind = 'github' | 'gitlab' | 'gitea';

/** How long texts may be. The unit is the one that the forge counts in. */
export interface TextLimits {
  readonly title: number;
  readonly body: number;
  readonly unit: 'characters' | 'bytes';
}

export interface RepositoryState {
  /** Its present name on the forge: if it differs from the configured one, the repository was renamed. */
  readonly fullName: string;
  readonly defaultBranch: string;
  /** Nothing can be written. */
  readonly archived: boolean;
  /** Has no commit. */
  readonly empty: boolean;
  readonly hasIssues: boolean;
  /** False if the token may not push; undefined if the forge does not report it. */
  readonly canPush: boolean | undefined;
}

export interface TokenState {
  /** Name of the account, such as `octocat` or `github-actions[bot]`; undefined if the forge does not report it. */
  readonly login: string | undefined;
  readonly expiresAt: Date | undefined;
  /** Rights that the bot needs and the token lacks, as the forge calls them. */
  readonly missing: readonly string[];
  /** Pull requests opened with it start no checks. */
  readonly startsNoChecks: boolean;
}

/** A pull request, or a merge request. */
export interface PullRequest {
  readonly number: number;
  /** For people. */
  readonly url: string;
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly draft: boolean;
  readonly labels: readonly string[];
  readonly headSha: string;
  /** What the forge's own calls need besides the number. */
  readonly nodeId: string;
}

export interface NewPullRequest {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
}

export interface Comment {
  readonly id: number;
  readonly body: string;
  /** False if others than the account of the token and people of the project wrote it: anybody can copy a marker into a text. */
  readonly isTrusted: boolean;
}

export interface Issue {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed';
  /** As for comments. Only people of the project can give it a label. */
  readonly isTrusted: boolean;
}

/** Outcome of enabling automatic merging. `later`: not possible yet. */
export type MergeOutcome = { readonly kind: 'enabled' | 'merged' } | { readonly kind: 'refused' | 'later'; readonly reason: string };

/** What was found of a commit, shown beside it and on its pull request. */
export interface CommitCheck {
  /** A later report of the same name replaces an earlier one. */
  readonly name: string;
  readonly passed: boolean;
  /** One line. */
  readonly title: string;
  /** Markdown; only check runs of GitHub have room for it. */
  readonly summary: string;
  /** A page for people. */
  readonly url: string | undefined;
}

export interface GitLogin {
  readonly user: string;
  readonly password: string;
}

/**
 * One repository of a forge. Every call throws FORGE, FORGE_LIMIT or FORGE_DENIED where the forge did not do what was asked: an
 * answer that could not be read is never an empty list.
 */
export interface Forge {
  readonly kind: ForgeKind;
  readonly limits: TextLimits;
  /** `pull request` or `merge request`. */
  readonly noun: string;
  /** For git over HTTP, to the forge's own host only. */
  readonly gitLogin: () => Promise<GitLogin>;
  inspect(): Promise<RepositoryState>;
  inspectToken(): Promise<TokenState>;
  /** From this branch (of the fork, where there is one) to the base, open and closed, newest first. */
  findPulls(branch: string, base: string): Promise<readonly PullRequest[]>;
  /** All open ones whose branch starts with a prefix. */
  openPulls(prefix: string): Promise<readonly PullRequest[]>;
  /** Throws FORGE with `data.exists` where one is open already. */
  createPull(pull: NewPullRequest): Promise<PullRequest>;
  editPull(number: number, change: { readonly title?: string; readonly body?: string; readonly state?: 'closed' }): Promise<void>;
  addLabels(number: number, labels: readonly string[]): Promise<void>;
  removeLabel(number: number, label: string): Promise<void>;
  requestReviews(number: number, reviewers: readonly string[]): Promise<void>;
  isApproved(number: number): Promise<boolean>;
  /** Whether something must pass before a pull request may be merged into the branch. */
  hasRequiredChecks(branch: string): Promise<boolean>;
  mergeWhenChecked(pull: PullRequest): Promise<MergeOutcome>;
  comments(number: number): Promise<readonly Comment[]>;
  comment(number: number, body: string): Promise<void>;
  editComment(number: number, id: number, body: string): Promise<void>;
  /** As a check run where the token may write those (GitHub), else as a commit status. Reporting the same again changes nothing. */
  reportCheck(sha: string, check: CommitCheck): Promise<void>;
  /** Those with a label, and the ones that changed last. */
  findIssues(label: string): Promise<readonly Issue[]>;
  createIssue(issue: { readonly title: string; readonly body: string; readonly label: string }): Promise<Issue>;
  editIssue(number: number, change: { readonly title?: string; readonly body?: string; readonly state?: 'open' | 'closed' }): Promise<void>;
}
