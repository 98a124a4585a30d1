/** Gitea and Forgejo. */
import { RpmDepsError } from '../base/errors.ts';
import { type Fields, fieldsOf } from '../base/fields.ts';
import { printable } from '../base/printable.ts';
import { draftTitle } from './draft-title.ts';
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

export interface GiteaOptions extends Omit<ForgeHttpOptions, 'headers'> {
  /** `owner/name`. */
  readonly repository: string;
  readonly fork?: string | undefined;
  readonly token: () => Promise<string>;
}

/** Maximum page size of all servers. */
const PAGE = 50;
const DRAFT = 'WIP: ';
/** Maximum length of a check's description. */
const DESCRIPTION = 140;

export class Gitea implements Forge {
  readonly kind = 'gitea';
  readonly noun = 'pull request';
  /** Gitea accepts more; GitHub's limit keeps texts readable. */
  readonly limits = { title: 255, body: 65_535, unit: 'bytes' } as const;
  readonly #http: ForgeHttp;
  readonly #options: GiteaOptions;
  readonly #repo: string;
  #mergeStyle = 'merge';
  #login: string | undefined;
  /** As the forge calls the repository now: it follows the old names of renamed and moved ones. */
  #fullName: string;

  constructor(options: GiteaOptions) {
    this.#options = options;
    this.#fullName = options.repository;
    this.#repo = `/repos/${segments(options.repository)}`;
    const headers = async (): Promise<Record<string, string>> => ({ authorization: `token ${await options.token()}` });
    this.#http = new ForgeHttp({ ...options, headers });
  }

  readonly gitLogin = async (): Promise<GitLogin> => ({ user: 'oauth2', password: await this.#options.token() });

  async inspect(): Promise<RepositoryState> {
    const fields = fieldsOf((await this.#http.call('GET', this.#repo)).json);
    this.#mergeStyle = textIn(fields, 'default_merge_style') || 'merge';
    this.#fullName = textIn(fields, 'full_name') || this.#fullName;
    return {
      fullName: textIn(fields, 'full_name'),
      defaultBranch: textIn(fields, 'default_branch'),
      archived: flagIn(fields, 'archived') === true,
      empty: flagIn(fields, 'empty') === true,
      hasIssues: flagIn(fields, 'has_issues') !== false,
      canPush: flagIn(fieldsOf(fields['permissions']), 'push'),
    };
  }

  async inspectToken(): Promise<TokenState> {
    // A token may have all required permissions and still not be allowed to read its own user.
    const { status, json } = await this.#http.call('GET', '/user', { accept: [403, 404] });
    const login = status === 200 ? textIn(fieldsOf(json), 'login') || undefined : undefined;
    this.#login = login;
    return { login, expiresAt: undefined, missing: [], startsNoChecks: login === 'gitea-actions' || login === 'forgejo-actions' };
  }

  /** The parameter `head` of Gitea's list has no effect, so all pull requests are read. */
  async findPulls(branch: string, base: string): Promise<readonly PullRequest[]> {
    const found = await this.#pulls('all');
    return found.filter((pull) => pull.branch === branch && pull.base === base).sort((a, b) => b.number - a.number);
  }

  async openPulls(prefix: string): Promise<readonly PullRequest[]> {
    return (await this.#pulls('open')).filter(({ branch }) => branch.startsWith(prefix));
  }

  async createPull({ branch, base, title, body, draft }: NewPullRequest): Promise<PullRequest> {
    const { fork } = this.#options;
    const head = fork === undefined ? branch : `${fork.split('/')[0]}:${branch}`;
    const answer = await this.#http.call('POST', `${this.#repo}/pulls`, {
      body: { head, base, title: draftTitle(DRAFT, { text: title, draft }, this.limits.title), body },
      accept: [409, 422],
    });
    if (answer.status < 300) return pullRequest(answer.json);
    const messages = messagesOf(answer.json);
    const exists = answer.status === 409;
    throw new RpmDepsError(
      'FORGE',
      `Gitea refused to open a pull request for ${printable(branch)}: ${messages.join('; ') || 'no reason given'}`,
      {
        hint: exists ? 'it is open already' : 'check that the branch exists on the forge and differs from its base',
        data: { status: answer.status, exists, messages },
      },
    );
  }

  async editPull(number: number, { title, ...change }: PullChange): Promise<void> {
    const body = { ...change, ...(title === undefined ? {} : { title: draftTitle(DRAFT, title, this.limits.title) }) };
    await this.#http.call('PATCH', `${this.#repo}/pulls/${number}`, { body });
  }

  async addLabels(number: number, labels: readonly string[]): Promise<void> {
    if (labels.length > 0)
      await this.#http.call('POST', `${this.#repo}/issues/${number}/labels`, { body: { labels: await this.#labelIds(labels) } });
  }

  async removeLabel(number: number, label: string): Promise<void> {
    const known = (await this.#labels()).find(({ name }) => name === label);
    if (known !== undefined) await this.#http.call('DELETE', `${this.#repo}/issues/${number}/labels/${known.id}`, { accept: [404] });
  }

  requestReviews(number: number, reviewers: readonly string[]): Promise<void> {
    return requestReviewers(reviewers, (body) => this.#http.call('POST', `${this.#repo}/pulls/${number}/requested_reviewers`, { body }));
  }

  async isApproved(number: number): Promise<boolean> {
    const reviews = await this.#http.list(`${this.#repo}/pulls/${number}/reviews`, { pageSize: PAGE, sizeName: 'limit' });
    const verdicts = reviews.map(fieldsOf).filter((review) => /^(?:APPROVED|REQUEST_CHANGES)$/.test(textIn(review, 'state')));
    // The list is oldest first: the last verdict of a reviewer replaces earlier ones.
    const last = new Map(verdicts.map((review) => [textIn(fieldsOf(review['user']), 'login'), review]));
    const counted = [...last.values()].filter((review) => review['dismissed'] !== true && review['stale'] !== true);
    const states = counted.map((review) => textIn(review, 'state'));
    return states.includes('APPROVED') && !states.includes('REQUEST_CHANGES');
  }

  async hasRequiredChecks(branch: string): Promise<boolean> {
    const fields = fieldsOf((await this.#http.call('GET', `${this.#repo}/branches/${segments(branch)}`)).json);
    return flagIn(fields, 'enable_status_check') === true && listOf(fields['status_check_contexts']).length > 0;
  }

  async mergeWhenChecked({ number, headSha }: PullRequest): Promise<MergeOutcome> {
    const answer = await this.#http.call('POST', `${this.#repo}/pulls/${number}/merge`, {
      body: { Do: this.#mergeStyle, merge_when_checks_succeed: true, head_commit_id: headSha },
      accept: [405, 409],
    });
    const said = messagesOf(answer.json).join('; ');
    if (answer.status === 409 && /already scheduled/i.test(said)) return { kind: 'enabled' };
    // Of a new pull request, Gitea first checks for conflicts.
    if (answer.status === 405 && /try again later/i.test(said))
      return { kind: 'later', reason: 'Gitea still checks it for conflicts; the next run tries again' };
    if (answer.status >= 300) return { kind: 'refused', reason: said || `it answered ${answer.status}` };
    return { kind: answer.status === 201 ? 'enabled' : 'merged' };
  }

  async comments(number: number): Promise<readonly Comment[]> {
    // This list is not paged.
    const { json } = await this.#http.call('GET', `${this.#repo}/issues/${number}/comments`);
    const found = listOf(json).map(fieldsOf);
    const isTrusted = await this.#trustIn(found);
    return found.map((comment) => ({ id: numberIn(comment, 'id'), body: textIn(comment, 'body'), isTrusted: isTrusted(comment) }));
  }

  async comment(number: number, body: string): Promise<void> {
    await this.#http.call('POST', `${this.#repo}/issues/${number}/comments`, { body: { body } });
  }

  async editComment(_number: number, id: number, body: string): Promise<void> {
    await this.#http.call('PATCH', `${this.#repo}/issues/comments/${id}`, { body: { body } });
  }

  async reportCheck(sha: string, { name, passed, title, url }: CommitCheck): Promise<void> {
    const status = {
      context: name,
      state: passed ? 'success' : 'failure',
      description: title.slice(0, DESCRIPTION),
      ...(url === undefined ? {} : { target_url: url }),
    };
    const known = await this.#http.list(`${this.#repo}/commits/${sha}/statuses`, {
      query: { sort: 'recentupdate' },
      pageSize: PAGE,
      sizeName: 'limit',
    });
    const last = known.map(fieldsOf).find((one) => textIn(one, 'context') === name);
    // Gitea returns `state` of the request as the field `status`.
    const isSame = last !== undefined && textIn(last, 'status') === status.state && textIn(last, 'description') === status.description;
    if (!isSame) await this.#http.call('POST', `${this.#repo}/statuses/${sha}`, { body: status });
  }

  async findIssues(label: string): Promise<readonly Issue[]> {
    const list = { pageSize: PAGE, sizeName: 'limit' } as const;
    const query = { state: 'all', type: 'issues' };
    const labelled = await this.#http.list(`${this.#repo}/issues`, { query: { ...query, labels: label }, ...list });
    const recent = await this.#http.list(`${this.#repo}/issues`, { query, ...list, limit: 4 * PAGE });
    const isTrusted = await this.#trustIn(recent);
    return [
      ...labelled.map((item) => issueOf(fieldsOf(item), true)),
      ...recent.map(fieldsOf).map((item) => issueOf(item, isTrusted(item))),
    ];
  }

  async createIssue({ title, body, label }: { readonly title: string; readonly body: string; readonly label: string }): Promise<Issue> {
    const labels = await this.#labelIds([label]);
    return issueOf(fieldsOf((await this.#http.call('POST', `${this.#repo}/issues`, { body: { title, body, labels } })).json), true);
  }

  async editIssue(
    number: number,
    change: { readonly title?: string; readonly body?: string; readonly state?: 'open' | 'closed' },
  ): Promise<void> {
    await this.#http.call('PATCH', `${this.#repo}/issues/${number}`, { body: change });
  }

  async #trustIn(items: readonly unknown[]): Promise<(item: Fields) => boolean> {
    if (this.#login === undefined && items.length > 0) await this.inspectToken();
    return (item) => isSameAccount(textIn(fieldsOf(item['user']), 'login'), this.#login);
  }

  async #pulls(state: 'open' | 'all'): Promise<readonly PullRequest[]> {
    const query = { state, sort: 'recentupdate' };
    const found = await this.#http.list(`${this.#repo}/pulls`, { query, pageSize: PAGE, sizeName: 'limit', limit: 2000 });
    const source = (this.#options.fork ?? this.#fullName).toLowerCase();
    return found
      .filter((pull) => {
        const head = textIn(fieldsOf(fieldsOf(fieldsOf(pull)['head'])['repo']), 'full_name').toLowerCase();
        return head === '' || head === source;
      })
      .map(pullRequest);
  }

  async #labels(): Promise<readonly { readonly id: number; readonly name: string }[]> {
    const found = await this.#http.list(`${this.#repo}/labels`, { pageSize: PAGE, sizeName: 'limit' });
    return found.map((label) => ({ id: numberIn(fieldsOf(label), 'id'), name: textIn(fieldsOf(label), 'name') }));
  }

  /** Ids of labels by name; creates missing ones. */
  async #labelIds(names: readonly string[]): Promise<readonly number[]> {
    const known = new Map((await this.#labels()).map(({ id, name }) => [name, id]));
    const ids: number[] = [];
    for (const name of names) {
      const id = known.get(name) ?? (await this.#makeLabel(name));
      ids.push(id);
    }
    return ids;
  }

  async #makeLabel(name: string): Promise<number> {
    const { json } = await this.#http.call('POST', `${this.#repo}/labels`, { body: { name, color: '#ededed' } });
    return numberIn(fieldsOf(json), 'id');
  }
}

/** Slashes stay separators, as in names of branches. */
const segments = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

function pullRequest(json: unknown): PullRequest {
  const fields = fieldsOf(json);
  const title = textIn(fields, 'title');
  const isOpen = textIn(fields, 'state') === 'open';
  return {
    number: numberIn(fields, 'number'),
    url: textIn(fields, 'html_url'),
    branch: textIn(fieldsOf(fields['head']), 'ref'),
    base: textIn(fieldsOf(fields['base']), 'ref'),
    title: title.startsWith(DRAFT) ? title.slice(DRAFT.length) : title,
    body: textIn(fields, 'body'),
    state: flagIn(fields, 'merged') === true ? 'merged' : isOpen ? 'open' : 'closed',
    draft: title.startsWith(DRAFT) || flagIn(fields, 'draft') === true,
    labels: listOf(fields['labels']).map((label) => textIn(fieldsOf(label), 'name')),
    headSha: textIn(fieldsOf(fields['head']), 'sha'),
    nodeId: String(numberIn(fields, 'id')),
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
