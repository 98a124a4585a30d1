/** GitHub and GitHub Enterprise. */
import { RpmDepsError } from '../base/errors.ts';
import { type Fields, fieldsOf } from '../base/fields.ts';
import { printable } from '../base/printable.ts';
import { flagIn, listOf, numberIn, textIn } from './fields.ts';
import type {
  Comment,
  CommitCheck,
  Forge,
  GitLogin,
  Issue,
  MergeOutcome,
  NewPullRequest,
  PullChange,
  PullRequest,
  RepositoryState,
  TokenState,
} from './forge.ts';
import { ForgeHttp, type ForgeHttpOptions, messagesOf } from './forge-http.ts';
import { requestReviewers } from './request-reviewers.ts';
import { isSameAccount } from './same-account.ts';

export interface GithubOptions extends Omit<ForgeHttpOptions, 'headers'> {
  /** `owner/name`. */
  readonly repository: string;
  /** `owner/name` of the fork that branches are pushed to. */
  readonly fork?: string | undefined;
  readonly token: () => Promise<string>;
}

const PAGE = 100;
/** Limit for check runs and commit statuses, in characters. */
const TITLE = 255;
const SUMMARY = 65_000;
const DESCRIPTION = 140;
const PEOPLE: ReadonlySet<string> = new Set(['OWNER', 'MEMBER', 'COLLABORATOR']);
type MergeMethod = 'merge' | 'squash' | 'rebase';

export class Github implements Forge {
  readonly kind = 'github';
  readonly noun = 'pull request';
  readonly limits = { title: 256, body: 65_536, unit: 'characters' } as const;
  readonly #http: ForgeHttp;
  readonly #options: GithubOptions;
  readonly #repo: string;
  #mergeMethod: MergeMethod = 'merge';
  #login: string | undefined;
  /** As the forge calls the repository now: it follows the old names of renamed and moved ones. */
  #fullName: string;

  constructor(options: GithubOptions) {
    this.#options = options;
    this.#fullName = options.repository;
    this.#repo = `/repos/${options.repository.split('/').map(encodeURIComponent).join('/')}`;
    const headers = async (): Promise<Record<string, string>> => ({
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      authorization: `Bearer ${await options.token()}`,
    });
    this.#http = new ForgeHttp({ ...options, headers });
  }

  readonly gitLogin = async (): Promise<GitLogin> => ({ user: 'x-access-token', password: await this.#options.token() });

  async inspect(): Promise<RepositoryState> {
    const fields = fieldsOf((await this.#http.call('GET', this.#repo)).json);
    if (flagIn(fields, 'disabled') === true) {
      throw new RpmDepsError('FORGE_DENIED', `the repository ${this.#options.repository} is disabled`);
    }
    this.#mergeMethod = mergeMethodOf(fields);
    this.#fullName = textIn(fields, 'full_name') || this.#fullName;
    return {
      fullName: textIn(fields, 'full_name'),
      defaultBranch: textIn(fields, 'default_branch'),
      archived: flagIn(fields, 'archived') === true,
      // GitHub reports the size in kilobytes, which is 0 for small repositories too; git detects an empty one.
      empty: false,
      hasIssues: flagIn(fields, 'has_issues') !== false,
      canPush: flagIn(fieldsOf(fields['permissions']), 'push'),
    };
  }

  async inspectToken(): Promise<TokenState> {
    const { json, headers } = await this.#graphql('query { viewer { login } }', {});
    const login = textIn(fieldsOf(fieldsOf(fieldsOf(json)['data'])['viewer']), 'login') || undefined;
    this.#login = login;
    const scopes = headers['x-oauth-scopes'];
    const names = (scopes ?? '').split(',').map((name) => name.trim());
    const lacks = scopes !== undefined && scopes !== '' && !names.some((name) => name === 'repo' || name === 'public_repo');
    return {
      login,
      expiresAt: dateOf(headers['github-authentication-token-expiration']),
      missing: lacks ? ['repo'] : [],
      startsNoChecks: login === 'github-actions' || login === 'github-actions[bot]',
    };
  }

  async findPulls(branch: string, base: string): Promise<readonly PullRequest[]> {
    const query = { state: 'all', head: `${this.#headOwner}:${branch}`, base, sort: 'created', direction: 'desc' };
    const found = await this.#http.list(`${this.#repo}/pulls`, { query, pageSize: PAGE, limit: PAGE });
    // Another repository of the same owner may have such a branch too, and old versions of Enterprise may not support `head`.
    return found
      .filter((pull) => this.#isOwn(pull))
      .map(pullRequest)
      .filter((pull) => pull.branch === branch && pull.base === base);
  }

  async openPulls(prefix: string): Promise<readonly PullRequest[]> {
    const found = await this.#http.list(`${this.#repo}/pulls`, { query: { state: 'open' }, pageSize: PAGE, limit: 2000 });
    return found
      .filter((pull) => this.#isOwn(pull))
      .map(pullRequest)
      .filter(({ branch }) => branch.startsWith(prefix));
  }

  async createPull({ branch, base, title, body, draft }: NewPullRequest): Promise<PullRequest> {
    const head = this.#options.fork === undefined ? branch : `${this.#headOwner}:${branch}`;
    const answer = await this.#http.call('POST', `${this.#repo}/pulls`, {
      body: { head, base, title, body, draft, maintainer_can_modify: true },
      accept: [422],
    });
    if (answer.status !== 422) return pullRequest(answer.json);
    const messages = messagesOf(answer.json);
    const exists = messages.some((text) => /already exists/i.test(text));
    throw new RpmDepsError(
      'FORGE',
      `GitHub refused to open a pull request for ${printable(branch)}: ${messages.join('; ') || 'no reason given'}`,
      {
        hint: exists ? 'it is open already' : 'check that the branch exists on the forge and differs from its base',
        data: { status: 422, exists, messages },
      },
    );
  }

  async editPull(number: number, { title, ...change }: PullChange): Promise<void> {
    const body = { ...change, ...(title === undefined ? {} : { title: title.text }) };
    await this.#http.call('PATCH', `${this.#repo}/pulls/${number}`, { body });
  }

  async addLabels(number: number, labels: readonly string[]): Promise<void> {
    if (labels.length > 0) await this.#http.call('POST', `${this.#repo}/issues/${number}/labels`, { body: { labels } });
  }

  async removeLabel(number: number, label: string): Promise<void> {
    await this.#http.call('DELETE', `${this.#repo}/issues/${number}/labels/${encodeURIComponent(label)}`, { accept: [404] });
  }

  requestReviews(number: number, reviewers: readonly string[]): Promise<void> {
    return requestReviewers(reviewers, (body) => this.#http.call('POST', `${this.#repo}/pulls/${number}/requested_reviewers`, { body }));
  }

  async isApproved(number: number): Promise<boolean> {
    const reviews = await this.#http.list(`${this.#repo}/pulls/${number}/reviews`, { pageSize: PAGE });
    const last = new Map<string, string>();
    for (const review of reviews.map(fieldsOf)) {
      const state = textIn(review, 'state');
      if (state !== 'COMMENTED' && state !== 'PENDING') last.set(textIn(fieldsOf(review['user']), 'login'), state);
    }
    const states = [...last.values()];
    return states.includes('APPROVED') && !states.includes('CHANGES_REQUESTED');
  }

  async hasRequiredChecks(branch: string): Promise<boolean> {
    const name = encodeURIComponent(branch);
    const rules = await this.#http.call('GET', `${this.#repo}/rules/branches/${name}`, { accept: [404] });
    if (listOf(rules.json).some((rule) => textIn(fieldsOf(rule), 'type') === 'required_status_checks')) return true;
    const { json } = await this.#http.call('GET', `${this.#repo}/branches/${name}`);
    const required = fieldsOf(fieldsOf(fieldsOf(json)['protection'])['required_status_checks']);
    const named = listOf(required['contexts']).length + listOf(required['checks']).length;
    return named > 0 && textIn(required, 'enforcement_level') !== 'off';
  }

  async mergeWhenChecked({ number, nodeId, headSha }: PullRequest): Promise<MergeOutcome> {
    const mutation =
      'mutation($id: ID!, $method: PullRequestMergeMethod!) { enablePullRequestAutoMerge(input: { pullRequestId: $id, mergeMethod: $method }) { clientMutationId } }';
    const { json } = await this.#graphql(mutation, { id: nodeId, method: this.#mergeMethod.toUpperCase() });
    const messages = messagesOf(json);
    if (messages.length === 0) return { kind: 'enabled' };
    if (!messages.some((text) => /clean status/i.test(text))) return { kind: 'refused', reason: messages.join('; ') };
    // Automatic merging is not possible if all requirements are already met: merge now.
    const merged = await this.#http.call('PUT', `${this.#repo}/pulls/${number}/merge`, {
      body: { sha: headSha, merge_method: this.#mergeMethod },
      accept: [405, 409],
    });
    if (merged.status === 200) return { kind: 'merged' };
    return { kind: 'refused', reason: messagesOf(merged.json).join('; ') };
  }

  async comments(number: number): Promise<readonly Comment[]> {
    const found = (await this.#http.list(`${this.#repo}/issues/${number}/comments`, { pageSize: PAGE })).map(fieldsOf);
    const isTrusted = await this.#trustIn(found);
    return found.map((comment) => ({ id: numberIn(comment, 'id'), body: textIn(comment, 'body'), isTrusted: isTrusted(comment) }));
  }

  async comment(number: number, body: string): Promise<void> {
    await this.#http.call('POST', `${this.#repo}/issues/${number}/comments`, { body: { body } });
  }

  async editComment(_number: number, id: number, body: string): Promise<void> {
    await this.#http.call('PATCH', `${this.#repo}/issues/comments/${id}`, { body: { body } });
  }

  /** Only Apps, including the token of Actions, may write check runs; other tokens write a commit status. */
  async reportCheck(sha: string, check: CommitCheck): Promise<void> {
    try {
      await this.#reportCheckRun(sha, check);
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code !== 'FORGE_DENIED') throw error;
      await this.#reportStatus(sha, check);
    }
  }

  async #reportCheckRun(sha: string, { name, passed, title, summary, url }: CommitCheck): Promise<void> {
    const { json } = await this.#http.call('GET', `${this.#repo}/commits/${sha}/check-runs`, { query: { check_name: name } });
    const known = listOf(fieldsOf(json)['check_runs']).map(fieldsOf);
    const own = known.find((run) => textIn(run, 'external_id') === name);
    const body = {
      name,
      external_id: name,
      status: 'completed',
      conclusion: passed ? 'success' : 'failure',
      output: { title: title.slice(0, TITLE), summary: summary.slice(0, SUMMARY) },
      ...(url === undefined ? {} : { details_url: url }),
    };
    if (own === undefined) await this.#http.call('POST', `${this.#repo}/check-runs`, { body: { ...body, head_sha: sha } });
    else await this.#http.call('PATCH', `${this.#repo}/check-runs/${numberIn(own, 'id')}`, { body });
  }

  async #reportStatus(sha: string, { name, passed, title, url }: CommitCheck): Promise<void> {
    const status = {
      context: name,
      state: passed ? 'success' : 'failure',
      description: title.slice(0, DESCRIPTION),
      ...(url === undefined ? {} : { target_url: url }),
    };
    // Sorted newest first.
    const known = await this.#http.list(`${this.#repo}/commits/${sha}/statuses`, { pageSize: PAGE });
    const last = known.map(fieldsOf).find((one) => textIn(one, 'context') === name);
    const isSame = last !== undefined && textIn(last, 'state') === status.state && textIn(last, 'description') === status.description;
    if (!isSame) await this.#http.call('POST', `${this.#repo}/statuses/${sha}`, { body: status });
  }

  async findIssues(label: string): Promise<readonly Issue[]> {
    const newest = { state: 'all', sort: 'updated', direction: 'desc' };
    const labelled = await this.#http.list(`${this.#repo}/issues`, { query: { ...newest, labels: label }, pageSize: PAGE });
    const recent = await this.#http.list(`${this.#repo}/issues`, { query: newest, pageSize: PAGE, limit: 2 * PAGE });
    const isIssue = (item: Fields): boolean => item['pull_request'] === undefined;
    const others = recent.map(fieldsOf).filter(isIssue);
    const isTrusted = await this.#trustIn(others);
    return [
      ...labelled
        .map(fieldsOf)
        .filter(isIssue)
        .map((item) => issueOf(item, true)),
      ...others.map((item) => issueOf(item, isTrusted(item))),
    ];
  }

  async createIssue({ title, body, label }: { readonly title: string; readonly body: string; readonly label: string }): Promise<Issue> {
    const answer = await this.#http.call('POST', `${this.#repo}/issues`, { body: { title, body, labels: [label] } });
    return issueOf(fieldsOf(answer.json), true);
  }

  async editIssue(
    number: number,
    change: { readonly title?: string; readonly body?: string; readonly state?: 'open' | 'closed' },
  ): Promise<void> {
    await this.#http.call('PATCH', `${this.#repo}/issues/${number}`, { body: change });
  }

  /** Trusted authors of comments and issues: the token's account, and users with permissions on the repository. */
  async #trustIn(items: readonly Fields[]): Promise<(item: Fields) => boolean> {
    const isOfProject = (item: Fields): boolean => PEOPLE.has(textIn(item, 'author_association'));
    if (this.#login === undefined && !items.every(isOfProject)) await this.inspectToken();
    return (item) => isOfProject(item) || isSameAccount(textIn(fieldsOf(item['user']), 'login'), this.#login);
  }

  get #headRepository(): string {
    return this.#options.fork ?? this.#fullName;
  }

  get #headOwner(): string {
    return this.#headRepository.split('/')[0]!;
  }

  #isOwn(pull: unknown): boolean {
    const head = textIn(fieldsOf(fieldsOf(fieldsOf(pull)['head'])['repo']), 'full_name').toLowerCase();
    const owner = head.split('/')[0]!;
    return head === '' || head === this.#headRepository.toLowerCase() || owner === this.#headOwner.toLowerCase();
  }

  /** Enterprise has it beside `/api/v3`. */
  #graphql(query: string, variables: Fields): Promise<{ readonly json: unknown; readonly headers: Readonly<Record<string, string>> }> {
    return this.#http.call('POST', `${this.#options.apiUrl.replace(/\/api\/v3$/, '/api')}/graphql`, { body: { query, variables } });
  }
}

function pullRequest(json: unknown): PullRequest {
  const fields = fieldsOf(json);
  const merged = textIn(fields, 'merged_at') !== '';
  return {
    number: numberIn(fields, 'number'),
    url: textIn(fields, 'html_url'),
    branch: textIn(fieldsOf(fields['head']), 'ref'),
    base: textIn(fieldsOf(fields['base']), 'ref'),
    title: textIn(fields, 'title'),
    body: textIn(fields, 'body'),
    state: merged ? 'merged' : textIn(fields, 'state') === 'open' ? 'open' : 'closed',
    draft: flagIn(fields, 'draft') === true,
    labels: listOf(fields['labels']).map((label) => textIn(fieldsOf(label), 'name')),
    headSha: textIn(fieldsOf(fields['head']), 'sha'),
    nodeId: textIn(fields, 'node_id'),
  };
}

function issueOf(fields: Fields, isTrusted: boolean): Issue {
  return {
    isTrusted,
    number: numberIn(fields, 'number'),
    url: textIn(fields, 'html_url'),
    title: textIn(fields, 'title'),
    body: textIn(fields, 'body'),
    state: textIn(fields, 'state') === 'open' ? 'open' : 'closed',
  };
}

function mergeMethodOf(fields: Fields): MergeMethod {
  const methods: readonly MergeMethod[] = ['merge', 'squash', 'rebase'];
  const keys = { merge: 'allow_merge_commit', squash: 'allow_squash_merge', rebase: 'allow_rebase_merge' } as const;
  return methods.find((method) => flagIn(fields, keys[method]) !== false) ?? 'merge';
}

/** Parses GitHub's format `2026-12-01 09:00:00 UTC`. */
function dateOf(text: string | undefined): Date | undefined {
  const time = Date.parse((text ?? '').replace(/^(\d{4}-\d\d-\d\d) (\S+) UTC$/, '$1T$2Z'));
  return Number.isNaN(time) ? undefined : new Date(time);
}
