import { type Dialect, FakeForge, type FakeIssue, type FakePull, page, type Reply } from './fake-forge.ts';

export const startFakeGithub = (): Promise<FakeForge> => FakeForge.start(github, 'github', '/api/v3');

const UNPROCESSABLE = (message: string, errors: readonly unknown[]): Reply => ({ status: 422, json: { message, errors } });

const github: Dialect = ({ method, path, query, body }, forge) => {
  const route = `${method} ${path}`;
  if (route === 'POST /api/graphql') return graphql(body, forge);
  if (/^GET \/repos\/[^/]+\/[^/]+\/installation$/.test(route)) return { status: 200, json: { id: 7 } };
  if (route === 'POST /app/installations/7/access_tokens') return appToken(body, forge);
  const own = new RegExp(`^/repos/${forge.repository}(.*)$`).exec(path);
  if (own === null) return undefined;
  const rest = `${method} ${own[1]}`;
  const pull = forge.pullIn(rest);
  const headers = forge.expires === undefined ? {} : { 'github-authentication-token-expiration': forge.expires };
  if (rest === 'GET ') {
    const { archived, hasIssues, fullName, canPush } = forge;
    const permissions = canPush === undefined ? {} : { permissions: { push: canPush } };
    return { status: 200, headers, json: { full_name: fullName, default_branch: 'main', archived, has_issues: hasIssues, ...permissions } };
  }
  if (rest === 'GET /pulls') return { status: 200, json: page(listed(forge, query), query, 100) };
  if (method !== 'GET' && forge.archived) return { status: 403, json: { message: 'Repository was archived so is read-only.' } };
  if (method !== 'GET' && forge.canPush === false) return { status: 403, json: { message: 'Resource not accessible by integration' } };
  if (rest === 'POST /pulls') return create(body, forge);
  if (/^PATCH \/pulls\/\d+$/.test(rest) && pull !== undefined) {
    if (String(body['body'] ?? '').length > 65_536)
      return UNPROCESSABLE('Validation Failed', [{ message: 'body is too long (maximum is 65536 characters)' }]);
    if (body['title'] !== undefined) pull.title = String(body['title']);
    if (body['body'] !== undefined) pull.body = String(body['body']);
    if (body['state'] !== undefined) pull.state = 'closed';
    return { status: 200, json: shownPull(pull, forge) };
  }
  if (/^GET \/pulls\/\d+\/reviews$/.test(rest)) {
    return { status: 200, json: (pull?.reviews ?? []).map(({ user, state }) => ({ user: { login: user }, state })) };
  }
  if (/^POST \/pulls\/\d+\/requested_reviewers$/.test(rest) && pull !== undefined) {
    const reviewers = (body['reviewers'] ?? []) as string[];
    if (reviewers.includes(forge.login)) return UNPROCESSABLE('Review cannot be requested from pull request author.', []);
    pull.reviewers.push(...reviewers, ...((body['team_reviewers'] ?? []) as string[]).map((name) => `team ${name}`));
    return { status: 201, json: shownPull(pull, forge) };
  }
  if (/^PUT \/pulls\/\d+\/merge$/.test(rest) && pull !== undefined) {
    if (forge.checksPending) return { status: 405, json: { message: 'Required status check is expected.' } };
    pull.state = 'merged';
    return { status: 200, json: { merged: true } };
  }
  if (/^POST \/issues\/\d+\/labels$/.test(rest) && pull !== undefined) {
    pull.labels = [...new Set([...pull.labels, ...(body['labels'] as string[])])];
    return { status: 200, json: [] };
  }
  const unlabel = /^DELETE \/issues\/\d+\/labels\/(.+)$/.exec(rest);
  if (unlabel !== null && pull !== undefined) {
    pull.labels = pull.labels.filter((label) => label !== decodeURIComponent(unlabel[1]!));
    return { status: 200, json: [] };
  }
  if (rest === 'GET /rules/branches/main' || rest.startsWith('GET /rules/branches/')) return { status: 200, json: [] };
  if (rest.startsWith('GET /branches/')) {
    const protection = {
      enabled: true,
      required_status_checks: { enforcement_level: 'everyone', contexts: forge.requiredChecks, checks: [] },
    };
    return { status: 200, json: { name: 'main', protected: true, protection } };
  }
  return checks(rest, query, body, forge) ?? issuesOrComments(rest, query, body, forge);
};

function checks(rest: string, query: URLSearchParams, body: Record<string, unknown>, forge: FakeForge): Reply | undefined {
  const listed = /^GET \/commits\/([0-9a-f]{40})\/(check-runs|statuses)$/.exec(rest);
  if (listed !== null) {
    const kind = listed[2] === 'statuses' ? 'status' : 'check run';
    const found = forge.checks.filter((check) => check.sha === listed[1] && check.kind === kind).reverse();
    if (kind === 'status') {
      const json = found.map(({ name, state, title }) => ({ context: name, state, description: title }));
      return { status: 200, json: page(json, query, 100) };
    }
    const runs = found.map((check) => ({ id: forge.checks.indexOf(check), name: check.name, external_id: check.name }));
    return { status: 200, json: { total_count: runs.length, check_runs: runs } };
  }
  const status = /^POST \/statuses\/([0-9a-f]{40})$/.exec(rest);
  if (status !== null) {
    const { context, state, description, target_url } = body as Record<string, string>;
    if ((description ?? '').length > 140) return UNPROCESSABLE('Validation Failed', [{ message: 'description is too long' }]);
    forge.checks.push({ kind: 'status', sha: status[1]!, name: context!, state: state!, title: description!, url: target_url });
    return { status: 201, json: {} };
  }
  const run = /^(POST|PATCH) \/check-runs(?:\/(\d+))?$/.exec(rest);
  if (run === null) return undefined;
  if (!forge.mayWriteCheckRuns) return { status: 403, json: { message: 'You must authenticate via a GitHub App.' } };
  const { name, head_sha: sha, conclusion, details_url: url } = body as Record<string, string>;
  const { title } = body['output'] as { title: string };
  if (run[1] === 'POST') forge.checks.push({ kind: 'check run', sha: sha!, name: name!, state: conclusion!, title, url });
  else Object.assign(forge.checks[Number(run[2])]!, { state: conclusion, title, url });
  return { status: run[1] === 'POST' ? 201 : 200, json: {} };
}

function issuesOrComments(rest: string, query: URLSearchParams, body: Record<string, unknown>, forge: FakeForge): Reply | undefined {
  const number = Number(/\/issues\/(\d+)/.exec(rest)?.[1]);
  if (/^GET \/issues\/\d+\/comments$/.test(rest))
    return {
      status: 200,
      json: page(
        forge.comments.filter(({ on }) => on === number).map((comment) => ({ ...comment, user: { login: comment.author } })),
        query,
        100,
      ),
    };
  if (/^POST \/issues\/\d+\/comments$/.test(rest)) return { status: 201, json: forge.say(number, String(body['body'])) };
  const edit = /^PATCH \/issues\/comments\/(\d+)$/.exec(rest);
  if (edit !== null) {
    const comment = forge.comments.find(({ id }) => id === Number(edit[1]))!;
    comment.body = String(body['body']);
    return { status: 200, json: comment };
  }
  if (!forge.hasIssues && /^(?:POST|PATCH) \/issues/.test(rest))
    return { status: 410, json: { message: 'Issues are disabled for this repo' } };
  if (rest === 'GET /issues') {
    const label = query.get('labels');
    const pulls = forge.pulls.map((pull) => ({ ...pull, html_url: 'x', pull_request: {} }));
    const issues = [...forge.issues].reverse().filter(({ labels }) => label === null || labels.includes(label));
    return { status: 200, json: page([...issues.map(shownIssue), ...(label === null ? pulls : [])], query, 100) };
  }
  if (rest === 'POST /issues') {
    const made = forge.openIssue({ title: String(body['title']), body: String(body['body']), labels: (body['labels'] ?? []) as string[] });
    return { status: 201, json: shownIssue(made) };
  }
  const issue = forge.issues.find((candidate) => candidate.number === number);
  if (/^PATCH \/issues\/\d+$/.test(rest) && issue !== undefined) {
    if (body['title'] !== undefined) issue.title = String(body['title']);
    if (body['body'] !== undefined) issue.body = String(body['body']);
    if (body['state'] !== undefined) issue.state = body['state'] as 'open' | 'closed';
    return { status: 200, json: shownIssue(issue) };
  }
  return undefined;
}

function listed(forge: FakeForge, query: URLSearchParams): unknown[] {
  const state = query.get('state') ?? 'open';
  const [owner, branch] = (query.get('head') ?? '').split(/:(.*)/s);
  return [...forge.pulls]
    .reverse()
    .filter((pull) => state === 'all' || (state === 'open') === (pull.state === 'open'))
    .filter((pull) => query.get('base') === null || pull.base === query.get('base'))
    .filter((pull) => branch === undefined || (pull.branch === branch && forge.nameOf(pull).startsWith(`${owner}/`)))
    .map((pull) => shownPull(pull, forge));
}

function create(body: Record<string, unknown>, forge: FakeForge): Reply {
  const head = String(body['head']);
  const [owner, name] = head.includes(':') ? head.split(/:(.*)/s) : [forge.repository.split('/')[0]!, head];
  const headRepository = owner === forge.repository.split('/')[0] ? forge.repository : `${owner}/project`;
  const branch = name!;
  const base = String(body['base']);
  if (
    forge.pulls.some(
      (pull) => pull.state === 'open' && pull.branch === branch && pull.base === base && pull.headRepository === headRepository,
    )
  ) {
    return UNPROCESSABLE('Validation Failed', [
      { resource: 'PullRequest', code: 'custom', message: `A pull request already exists for ${owner}:${branch}.` },
    ]);
  }
  const tip = forge.tip(branch, headRepository);
  if (tip === undefined || (forge.git !== undefined && tip === forge.tip(base))) {
    return UNPROCESSABLE('Validation Failed', [{ resource: 'PullRequest', field: 'head', code: 'invalid' }]);
  }
  if (String(body['body']).length > 65_536)
    return UNPROCESSABLE('Validation Failed', [{ message: 'body is too long (maximum is 65536 characters)' }]);
  const pull = forge.openPull({
    branch,
    base,
    headRepository,
    title: String(body['title']),
    body: String(body['body']),
    draft: body['draft'] === true,
  });
  return { status: 201, json: shownPull(pull, forge) };
}

function shownPull(pull: FakePull, forge: FakeForge): unknown {
  const { number, title, body, draft, labels, state } = pull;
  return {
    number,
    node_id: `PR_${number}`,
    html_url: `http://github.test/owner/project/pull/${number}`,
    title,
    body,
    draft,
    state: state === 'open' ? 'open' : 'closed',
    merged_at: state === 'merged' ? '2026-01-01T00:00:00Z' : null,
    labels: labels.map((name) => ({ name })),
    head: { ref: pull.branch, sha: forge.tip(pull.branch, pull.headRepository) ?? '', repo: { full_name: forge.nameOf(pull) } },
    base: { ref: pull.base },
  };
}

const shownIssue = ({ number, title, body, state, author }: FakeIssue): unknown => ({
  number,
  user: { login: author },
  title,
  body,
  state,
  html_url: `http://github.test/i/${number}`,
});

function graphql(body: Record<string, unknown>, forge: FakeForge): Reply {
  const query = String(body['query']);
  const headers = forge.expires === undefined ? {} : { 'github-authentication-token-expiration': forge.expires };
  if (query.includes('viewer')) return { status: 200, headers, json: { data: { viewer: { login: forge.login } } } };
  const { id, method } = body['variables'] as Record<string, string>;
  const pull = forge.pulls.find(({ number }) => id === `PR_${number}`);
  if (pull === undefined || !/^(MERGE|SQUASH|REBASE)$/.test(method ?? '')) forge.violations.push('graphql: wrong variables');
  if (!forge.checksPending) return { status: 200, json: { data: null, errors: [{ message: 'Pull request is in clean status' }] } };
  pull!.autoMerge = true;
  return { status: 200, json: { data: { enablePullRequestAutoMerge: { clientMutationId: null } } } };
}

function appToken(body: Record<string, unknown>, forge: FakeForge): Reply {
  if (body['permissions'] === undefined || body['repositories'] === undefined) forge.violations.push('the token is not narrowed');
  return {
    status: 201,
    json: { token: forge.token, expires_at: new Date(Date.now() + 3_600_000).toISOString(), permissions: body['permissions'] },
  };
}
