import { type Dialect, FakeForge, type FakePull, page, type Reply } from './fake-forge.ts';

export const startFakeGitlab = (): Promise<FakeForge> => FakeForge.start(gitlab, 'gitlab', '/api/v4');

const PROJECT_ID = 11;
const idOf = (repository: string): number => (repository === 'owner/project' ? PROJECT_ID : 100 + repository.length);

const gitlab: Dialect = ({ method, path, query, body }, forge) => {
  if (path === '/user') return { status: 200, json: { username: forge.login } };
  if (path === '/users')
    return { status: 200, json: query.get('username') === 'our/team' ? [] : [{ id: 40, username: query.get('username') }] };
  if (path === '/personal_access_tokens/self') return { status: 200, json: { scopes: ['api'], expires_at: forge.expires ?? null } };
  const project = /^\/projects\/([^/]+)(.*)$/.exec(path);
  if (project === null) return undefined;
  const name = decodeURIComponent(project[1]!);
  const headRepository = name === forge.repository || name === String(PROJECT_ID) ? forge.repository : name;
  const rest = `${method} ${project[2]}`;
  if (rest === 'GET ') {
    return {
      status: 200,
      json: {
        id: idOf(headRepository),
        path_with_namespace: headRepository === forge.repository ? forge.fullName : name,
        default_branch: 'main',
        archived: forge.archived,
        empty_repo: false,
        issues_access_level: forge.hasIssues ? 'enabled' : 'disabled',
        only_allow_merge_if_pipeline_succeeds: forge.requiredChecks.length > 0,
        permissions: { project_access: { access_level: forge.canPush === false ? 20 : 40 }, group_access: null },
      },
    };
  }
  if (method !== 'GET' && (forge.archived || forge.canPush === false)) return { status: 403, json: { message: '403 Forbidden' } };
  if (rest === 'GET /merge_requests') return { status: 200, json: page(listed(forge, query), query, 100) };
  if (rest === 'POST /merge_requests') return create(body, headRepository, forge);
  const commit = /^POST \/statuses\/([0-9a-f]{40})$/.exec(rest);
  if (commit !== null) {
    const { name: context, state, description, target_url } = body as Record<string, string>;
    const last = forge.checks.filter((check) => check.sha === commit[1] && check.name === context).at(-1);
    if (last?.state === state) return { status: 400, json: { message: `Cannot transition status via :enqueue from :${state}` } };
    forge.checks.push({ kind: 'status', sha: commit[1]!, name: context!, state: state!, title: description!, url: target_url });
    return { status: 201, json: {} };
  }
  const pull = forge.pullIn(rest);
  if (pull !== undefined) return onMergeRequest(rest, pull, { query, body, forge });
  return issues(rest, query, body, forge);
};

function onMergeRequest(
  rest: string,
  pull: FakePull,
  { query, body, forge }: { query: URLSearchParams; body: Record<string, unknown>; forge: FakeForge },
): Reply | undefined {
  if (/^PUT \/merge_requests\/\d+$/.test(rest)) {
    if (String(body['description'] ?? '').length > 1_048_576) return { status: 400, json: { message: { description: ['is too long'] } } };
    const title = String(body['title'] ?? pull.title);
    if (title.length > 255) return { status: 400, json: { message: { title: ['is too long (maximum is 255 characters)'] } } };
    pull.title = title;
    pull.draft = title.startsWith('Draft:');
    if (body['description'] !== undefined) pull.body = String(body['description']);
    if (body['state_event'] === 'close') pull.state = 'closed';
    if (body['add_labels'] !== undefined) pull.labels.push(...String(body['add_labels']).split(','));
    if (body['remove_labels'] !== undefined) pull.labels = pull.labels.filter((label) => label !== body['remove_labels']);
    if (body['reviewer_ids'] !== undefined) pull.reviewers = (body['reviewer_ids'] as number[]).map(String);
    return { status: 200, json: shown(pull, forge) };
  }
  if (rest.endsWith('/approvals')) {
    return {
      status: 200,
      json: { approved_by: pull.reviews.filter(({ state }) => state === 'APPROVED').map(({ user }) => ({ user: { username: user } })) },
    };
  }
  if (rest.endsWith('/merge')) {
    if (!forge.checksPending && body['sha'] !== forge.tip(pull.branch, pull.headRepository))
      return { status: 409, json: { message: 'SHA does not match' } };
    if (forge.checksPending) return { status: 405, json: { message: '405 Method Not Allowed' } };
    pull.autoMerge = true;
    pull.mergeOf = String(body['sha']);
    return { status: 200, json: shown(pull, forge) };
  }
  const on = forge.comments.filter((comment) => comment.on === pull.number);
  if (/^GET .*\/notes$/.test(rest)) {
    const notes = on.map(({ author, ...note }) => ({ ...note, author: { username: author } }));
    return { status: 200, json: page([{ id: 1, body: 'added 1 commit', system: true }, ...notes], query, 100) };
  }
  if (/^POST .*\/notes$/.test(rest)) return { status: 201, json: forge.say(pull.number, String(body['body'])) };
  const note = on.find(({ id }) => rest.endsWith(`/notes/${id}`));
  if (note === undefined) return undefined;
  note.body = String(body['body']);
  return { status: 200, json: note };
}

function issues(rest: string, query: URLSearchParams, body: Record<string, unknown>, forge: FakeForge): Reply | undefined {
  if (!forge.hasIssues) return { status: 403, json: { message: '403 Forbidden' } };
  const shownIssue = ({ number, title, body: description, state, author }: (typeof forge.issues)[number]): unknown => ({
    iid: number,
    author: { username: author },
    title,
    description,
    state: state === 'open' ? 'opened' : 'closed',
    web_url: `http://gitlab.test/i/${number}`,
  });
  if (rest === 'GET /issues') {
    const label = query.get('labels');
    return {
      status: 200,
      json: page(forge.issues.filter(({ labels }) => label === null || labels.includes(label)).map(shownIssue), query, 100),
    };
  }
  if (rest === 'POST /issues') {
    const made = forge.openIssue({
      title: String(body['title']),
      body: String(body['description']),
      labels: String(body['labels']).split(','),
    });
    return { status: 201, json: shownIssue(made) };
  }
  const issue = forge.issues.find(({ number }) => rest === `PUT /issues/${number}`);
  if (issue === undefined) return undefined;
  if (body['title'] !== undefined) issue.title = String(body['title']);
  if (body['description'] !== undefined) issue.body = String(body['description']);
  if (body['state_event'] !== undefined) issue.state = body['state_event'] === 'close' ? 'closed' : 'open';
  return { status: 200, json: shownIssue(issue) };
}

function listed(forge: FakeForge, query: URLSearchParams): unknown[] {
  const state = query.get('state') ?? 'all';
  const has = (key: string, value: string): boolean => query.get(key) === null || query.get(key) === value;
  return [...forge.pulls]
    .reverse()
    .filter((pull) => state === 'all' || (state === 'opened') === (pull.state === 'open'))
    .filter((pull) => has('source_branch', pull.branch) && has('target_branch', pull.base))
    .map((pull) => shown(pull, forge));
}

function create(body: Record<string, unknown>, headRepository: string, forge: FakeForge): Reply {
  const branch = String(body['source_branch']);
  const base = String(body['target_branch']);
  if (headRepository !== forge.repository && body['target_project_id'] !== PROJECT_ID)
    return { status: 400, json: { error: 'target_project_id is missing' } };
  const other = forge.pulls.find(
    (pull) => pull.state === 'open' && pull.branch === branch && pull.base === base && pull.headRepository === headRepository,
  );
  if (other !== undefined) {
    return { status: 409, json: { message: [`Another open merge request already exists for this source branch: !${other.number}`] } };
  }
  if (forge.tip(branch, headRepository) === undefined) return { status: 400, json: { message: ['Source branch does not exist'] } };
  const pull = forge.openPull({
    branch,
    base,
    headRepository,
    title: String(body['title']),
    body: String(body['description']),
    draft: String(body['title']).startsWith('Draft:'),
  });
  return { status: 201, json: shown(pull, forge) };
}

/** A push ends it. */
function merges(pull: FakePull, forge: FakeForge): boolean {
  pull.autoMerge &&= pull.mergeOf === forge.tip(pull.branch, pull.headRepository);
  return pull.autoMerge;
}

function shown(pull: FakePull, forge: FakeForge): unknown {
  return {
    id: 500 + pull.number,
    iid: pull.number,
    web_url: `http://gitlab.test/owner/project/-/merge_requests/${pull.number}`,
    title: pull.title,
    description: pull.body,
    draft: pull.draft,
    state: pull.state === 'open' ? 'opened' : pull.state,
    labels: pull.labels,
    source_branch: pull.branch,
    target_branch: pull.base,
    source_project_id: idOf(pull.headRepository),
    sha: forge.tip(pull.branch, pull.headRepository) ?? '',
    merge_when_pipeline_succeeds: merges(pull, forge),
  };
}
