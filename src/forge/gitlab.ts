/** GitLab: gitlab.com and self-managed servers. */
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
import { isSameAccount } from './same-account.ts';

export interface GitlabOptions extends Omit<ForgeHttpOptions, 'headers'> {
  /** Path with its groups, or its id. */
  readonly repository: string;
  readonly fork?: string | undefined;
  readonly token: () => Promise<string>;
}

const PAGE = 100;
const DRAFT = 'Draft: ';
/** Maximum length of a status description. */
const DESCRIPTION = 255;
/** Minimum access level for pushing. */
const DEVELOPER = 30;

export class Gitlab implements Forge {
  readonly kind = 'gitlab';
  readonly noun = 'merge request';
  readonly limits = { title: 255, body: 1_048_576, unit: 'characters' } as const;
  readonly #http: ForgeHttp;
  readonly #options: GitlabOptions;
  readonly #project: string;
  #projectId: number | undefined;
  #login: string | undefined;

  constructor(options: GitlabOptions) {
    this.#options = options;
    this.#project = `/projects/${encodeURIComponent(options.repository)}`;
    const headers = async (): Promise<Record<string, string>> => ({ authorization: `Bearer ${await options.token()}` });
    this.#http = new ForgeHttp({ ...options, headers });
  }

  readonly gitLogin = async (): Promise<GitLogin> => ({ user: 'oauth2', password: await this.#options.token() });

  async inspect(): Promise<RepositoryState> {
    const fields = fieldsOf((await this.#http.call('GET', this.#project)).json);
    this.#projectId = numberIn(fields, 'id');
    const access = fieldsOf(fields['permissions']);
    const levels = ['project_access', 'group_access'].map((key) => numberIn(fieldsOf(access[key]), 'access_level'));
    const isAccessKnown = access['project_access'] !== undefined || access['group_access'] !== undefined;
    return {
      fullName: textIn(fields, 'path_with_namespace'),
      defaultBranch: textIn(fields, 'default_branch'),
      archived: flagIn(fields, 'archived') === true,
      empty: flagIn(fields, 'empty_repo') === true,
      hasIssues: textIn(fields, 'issues_access_level') !== 'disabled' && flagIn(fields, 'issues_enabled') !== false,
      // Administrators of the server have no access level and may push.
      canPush: isAccessKnown && levels.some((level) => level > 0) ? levels.some((level) => level >= DEVELOPER) : undefined,
    };
  }

  async inspectToken(): Promise<TokenState> {
    const self = await this.#http.call('GET', '/personal_access_tokens/self', { accept: [400, 401, 403, 404] });
    const user = await this.#http.call('GET', '/user', { accept: [401, 403, 404] });
    this.#login = textIn(fieldsOf(user.status === 200 ? user.json : undefined), 'username') || undefined;
    const fields = fieldsOf(self.status === 200 ? self.json : undefined);
    const scopes = listOf(fields['scopes']).filter((scope) => typeof scope === 'string');
    const expires = Date.parse(textIn(fields, 'expires_at'));
    return {
      login: this.#login,
      expiresAt: Number.isNaN(expires) ? undefined : new Date(expires),
      missing: scopes.length > 0 && !scopes.includes('api') ? ['api'] : [],
      startsNoChecks: false,
    };
  }

  async findPulls(branch: string, base: string): Promise<readonly PullRequest[]> {
    const query = { state: 'all', source_branch: branch, target_branch: base, order_by: 'created_at', sort: 'desc' };
    const found = await this.#http.list(`${this.#project}/merge_requests`, { query, pageSize: PAGE, limit: PAGE });
    const source = await this.#sourceId();
    return found.filter((request) => numberIn(fieldsOf(request), 'source_project_id') === source).map(mergeRequest);
  }

  async openPulls(prefix: string): Promise<readonly PullRequest[]> {
    const found = await this.#http.list(`${this.#project}/merge_requests`, { query: { state: 'opened' }, pageSize: PAGE, limit: 2000 });
    const source = await this.#sourceId();
    return found
      .filter((request) => numberIn(fieldsOf(request), 'source_project_id') === source)
      .map(mergeRequest)
      .filter(({ branch }) => branch.startsWith(prefix));
  }

  async createPull({ branch, base, title, body, draft }: NewPullRequest): Promise<PullRequest> {
    const { fork } = this.#options;
    const path = fork === undefined ? this.#project : `/projects/${encodeURIComponent(fork)}`;
    const answer = await this.#http.call('POST', `${path}/merge_requests`, {
      body: {
        source_branch: branch,
        target_branch: base,
        title: draftTitle(DRAFT, { text: title, draft }, this.limits.title),
        description: body,
        remove_source_branch: true,
        ...(fork === undefined ? {} : { target_project_id: await this.#id() }),
      },
      accept: [400, 409, 422],
    });
    if (answer.status < 300) return mergeRequest(answer.json);
    const messages = messagesOf(answer.json);
    throw new RpmDepsError(
      'FORGE',
      `GitLab refused to open a merge request for ${printable(branch)}: ${messages.join('; ') || 'no reason given'}`,
      {
        hint: answer.status === 409 ? 'it is open already' : 'check that the branch exists on the forge and differs from its base',
        data: { status: answer.status, exists: answer.status === 409, messages },
      },
    );
  }

  async editPull(number: number, { title, body, state }: PullChange): Promise<void> {
    await this.#http.call('PUT', `${this.#project}/merge_requests/${number}`, {
      body: {
        ...(title === undefined ? {} : { title: draftTitle(DRAFT, title, this.limits.title) }),
        ...(body === undefined ? {} : { description: body }),
        ...(state === undefined ? {} : { state_event: 'close' }),
      },
    });
  }

  async addLabels(number: number, labels: readonly string[]): Promise<void> {
    if (labels.length > 0) {
      await this.#http.call('PUT', `${this.#project}/merge_requests/${number}`, { body: { add_labels: labels.join(',') } });
    }
  }

  async removeLabel(number: number, label: string): Promise<void> {
    await this.#http.call('PUT', `${this.#project}/merge_requests/${number}`, { body: { remove_labels: label } });
  }

  /** Each call replaces all reviewers, so existing users are requested in one call. */
  async requestReviews(number: number, reviewers: readonly string[]): Promise<void> {
    const ids: number[] = [];
    const unknown: string[] = [];
    for (const username of reviewers) {
      const { json } = await this.#http.call('GET', '/users', { query: { username } });
      const id = numberIn(fieldsOf(listOf(json)[0]), 'id');
      if (id === 0) unknown.push(`\`${printable(username)}\``);
      else ids.push(id);
    }
    if (ids.length > 0) await this.#http.call('PUT', `${this.#project}/merge_requests/${number}`, { body: { reviewer_ids: ids } });
    if (unknown.length > 0) throw new RpmDepsError('FORGE', `GitLab knows no user ${unknown.join(', ')}`, { hint: 'edit `reviewers`' });
  }

  async isApproved(number: number): Promise<boolean> {
    // Editions without approvals do not have this path.
    const { json } = await this.#http.call('GET', `${this.#project}/merge_requests/${number}/approvals`, { accept: [404] });
    return listOf(fieldsOf(json)['approved_by']).length > 0;
  }

  async hasRequiredChecks(_branch: string): Promise<boolean> {
    const fields = fieldsOf((await this.#http.call('GET', this.#project)).json);
    return flagIn(fields, 'only_allow_merge_if_pipeline_succeeds') === true;
  }

  async mergeWhenChecked({ number, headSha }: PullRequest): Promise<MergeOutcome> {
    const answer = await this.#http.call('PUT', `${this.#project}/merge_requests/${number}/merge`, {
      // Both names: older servers support only the second, newer ones only the first.
      body: { auto_merge: true, merge_when_pipeline_succeeds: true, sha: headSha },
      accept: [405, 406, 409, 422],
    });
    if (answer.status === 409) return { kind: 'later', reason: 'GitLab does not know its newest commit yet; the next run tries again' };
    if (answer.status === 405) return { kind: 'later', reason: 'there is no pipeline for it yet; the next run tries again' };
    if (answer.status >= 300) return { kind: 'refused', reason: messagesOf(answer.json).join('; ') };
    return { kind: textIn(fieldsOf(answer.json), 'state') === 'merged' ? 'merged' : 'enabled' };
  }

  async comments(number: number): Promise<readonly Comment[]> {
    const notes = await this.#http.list(`${this.#project}/merge_requests/${number}/notes`, { query: { sort: 'asc' }, pageSize: PAGE });
    const isTrusted = await this.#trustIn(notes);
    return notes
      .map(fieldsOf)
      .filter((note) => note['system'] !== true)
      .map((note) => ({ id: numberIn(note, 'id'), body: textIn(note, 'body'), isTrusted: isTrusted(note) }));
  }

  async comment(number: number, body: string): Promise<void> {
    await this.#http.call('POST', `${this.#project}/merge_requests/${number}/notes`, { body: { body } });
  }

  async editComment(number: number, id: number, body: string): Promise<void> {
    await this.#http.call('PUT', `${this.#project}/merge_requests/${number}/notes/${id}`, { body: { body } });
  }

  async reportCheck(sha: string, { name, passed, title, url }: CommitCheck): Promise<void> {
    const answer = await this.#http.call('POST', `${this.#project}/statuses/${sha}`, {
      body: {
        name,
        state: passed ? 'success' : 'failed',
        description: title.slice(0, DESCRIPTION),
        ...(url === undefined ? {} : { target_url: url }),
      },
      accept: [400],
    });
    const messages = messagesOf(answer.json);
    // GitLab refuses to set the status that is already set.
    if (answer.status < 300 || messages.some((text) => /cannot transition status/i.test(text))) return;
    throw new RpmDepsError('FORGE', `GitLab refused a status for ${sha}: ${messages.join('; ') || 'no reason given'}`, {
      hint: 'check that the token may write to the project',
      data: { status: answer.status, messages },
    });
  }

  async findIssues(label: string): Promise<readonly Issue[]> {
    const newest = { order_by: 'updated_at', sort: 'desc', scope: 'all' };
    const labelled = await this.#http.list(`${this.#project}/issues`, { query: { ...newest, labels: label }, pageSize: PAGE });
    const recent = await this.#http.list(`${this.#project}/issues`, { query: newest, pageSize: PAGE, limit: 2 * PAGE });
    const isTrusted = await this.#trustIn(recent);
    return [
      ...labelled.map((item) => issueOf(fieldsOf(item), true)),
      ...recent.map(fieldsOf).map((item) => issueOf(item, isTrusted(item))),
    ];
  }

  async createIssue({ title, body, label }: { readonly title: string; readonly body: string; readonly label: string }): Promise<Issue> {
    const answer = await this.#http.call('POST', `${this.#project}/issues`, { body: { title, description: body, labels: label } });
    return issueOf(fieldsOf(answer.json), true);
  }

  async editIssue(
    number: number,
    { title, body, state }: { readonly title?: string; readonly body?: string; readonly state?: 'open' | 'closed' },
  ): Promise<void> {
    await this.#http.call('PUT', `${this.#project}/issues/${number}`, {
      body: {
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { description: body }),
        ...(state === undefined ? {} : { state_event: state === 'closed' ? 'close' : 'reopen' }),
      },
    });
  }

  async #trustIn(items: readonly unknown[]): Promise<(item: Fields) => boolean> {
    if (this.#login === undefined && items.length > 0) await this.inspectToken();
    return (item) => isSameAccount(textIn(fieldsOf(item['author']), 'username'), this.#login);
  }

  async #id(): Promise<number> {
    if (this.#projectId === undefined) await this.inspect();
    return this.#projectId!;
  }

  async #sourceId(): Promise<number> {
    const { fork } = this.#options;
    if (fork === undefined) return this.#id();
    return numberIn(fieldsOf((await this.#http.call('GET', `/projects/${encodeURIComponent(fork)}`)).json), 'id');
  }
}

function mergeRequest(json: unknown): PullRequest {
  const fields = fieldsOf(json);
  const state = textIn(fields, 'state');
  const title = textIn(fields, 'title');
  return {
    number: numberIn(fields, 'iid'),
    url: textIn(fields, 'web_url'),
    branch: textIn(fields, 'source_branch'),
    base: textIn(fields, 'target_branch'),
    title: title.replace(/^(?:Draft|WIP): ?/i, ''),
    body: textIn(fields, 'description'),
    state: state === 'opened' || state === 'locked' ? 'open' : state === 'merged' ? 'merged' : 'closed',
    draft: flagIn(fields, 'draft') ?? /^(?:Draft|WIP):/i.test(title),
    labels: listOf(fields['labels']).filter((label) => typeof label === 'string'),
    headSha: textIn(fields, 'sha'),
    nodeId: String(numberIn(fields, 'id')),
    endsAutoMerge: flagIn(fields, 'merge_when_pipeline_succeeds') === true,
  };
}

function issueOf(fields: Fields, isTrusted: boolean): Issue {
  return {
    isTrusted,
    number: numberIn(fields, 'iid'),
    url: textIn(fields, 'web_url'),
    title: textIn(fields, 'title'),
    body: textIn(fields, 'description'),
    state: textIn(fields, 'state') === 'opened' ? 'open' : 'closed',
  };
}
