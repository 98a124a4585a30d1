import { type Dialect, FakeForge, type FakeIssue, type FakePull, page, type Reply } from './fake-forge.ts';

export const startFakeGitea = (): Promise<FakeForge> => FakeForge.start(gitea, 'gitea', '/api/v1');

/** No page is longer, whatever is asked for. */
const MOST = 50;

const gitea: Dialect = ({ method, path, query, body }, forge) => {
  if (path === '/user') return { status: 200, json: { login: forge.login } };
  const own = new RegExp(`^/repos/${forge.repository}(.*)$`).exec(path);
  if (own === null) return undefined;
  const rest = `${method} ${own[1]}`;
  if (rest === 'GET ') {
    const { fullName, archived, hasIssues, canPush } = forge;
    const json = {
      full_name: fullName,
      default_branch: 'main',
      archived,
      empty: false,
      has_issues: hasIssues,
      permissions: { push: canPush },
      default_merge_style: 'squash',
    };
    return { status: 200, json };
  }
  if (method !== 'GET' && forge.archived) return { status: 423, json: { message: 'the repository is archived' } };
  if (method !== 'GET' && forge.canPush === false)
    return { status: 403, json: { message: 'user should have a permission to write to the repo' } };
  if (rest === 'GET /pulls') {
    const state = query.get('state') ?? 'open';
    const chosen = [...forge.pulls].reverse().filter((pull) => state === 'all' || (state === 'open') === (pull.state === 'open'));
    // `head` is the bare name of the branch: what has an owner matches nothing.
    const head = query.get('head');
    return {
      status: 200,
      json: page(
        chosen.filter((pull) => head === null || pull.branch === head).map((pull) => shown(pull, forge)),
        query,
        MOST,
      ),
    };
  }
  if (rest === 'POST /pulls') return create(body, forge);
  if (rest === 'GET /labels')
    return {
      status: 200,
      json: page(
        forge.labels.map((name, i) => ({ id: i + 1, name })),
        query,
        MOST,
      ),
    };
  if (rest === 'POST /labels') {
    forge.labels.push(String(body['name']));
    return { status: 201, json: { id: forge.labels.length, name: body['name'] } };
  }
  const commit = /^(?:GET \/commits|POST \/statuses)\/([0-9a-f]{40})(?:\/statuses)?$/.exec(rest);
  if (commit !== null) return statuses(method, commit[1]!, { body, query, forge });
  if (rest.startsWith('GET /branches/')) {
    return {
      status: 200,
      json: { name: 'main', enable_status_check: forge.requiredChecks.length > 0, status_check_contexts: forge.requiredChecks },
    };
  }
  const pull = forge.pullIn(rest);
  if (pull !== undefined) return onPull(rest, pull, body, forge);
  return issues(rest, query, body, forge);
};

function onPull(rest: string, pull: FakePull, body: Record<string, unknown>, forge: FakeForge): Reply | undefined {
  if (/^PATCH \/pulls\/\d+$/.test(rest)) {
    if (Buffer.byteLength(String(body['body'] ?? '')) > 65_535) return { status: 422, json: { message: 'body is too long' } };
    if (body['title'] !== undefined) pull.title = String(body['title']);
    pull.draft = pull.title.startsWith('WIP:');
    if (body['body'] !== undefined) pull.body = String(body['body']);
    if (body['state'] === 'closed') pull.state = 'closed';
    return { status: 201, json: shown(pull, forge) };
  }
  if (rest.endsWith('/reviews'))
    return { status: 200, json: pull.reviews.map(({ state, user }) => ({ state, user: { login: user }, dismissed: false, stale: false })) };
  if (rest.endsWith('/requested_reviewers')) {
    const reviewers = (body['reviewers'] ?? []) as string[];
    if (reviewers.includes(forge.login)) return { status: 422, json: { message: "poster of pr can't be reviewer" } };
    pull.reviewers.push(...reviewers, ...((body['team_reviewers'] ?? []) as string[]).map((name) => `team ${name}`));
    return { status: 201, json: [] };
  }
  if (rest.endsWith('/merge')) {
    if (body['merge_when_checks_succeed'] !== true) return { status: 405, json: { message: 'Please try again later' } };
    pull.autoMerge = true;
    return { status: 201 };
  }
  if (/^POST .*\/labels$/.test(rest)) {
    const ids = body['labels'] as number[];
    if (ids.some((id) => typeof id !== 'number' || forge.labels[id - 1] === undefined))
      return { status: 422, json: { message: 'labels are numbers' } };
    pull.labels.push(...ids.map((id) => forge.labels[id - 1]!));
    return { status: 200, json: [] };
  }
  const unlabel = /^DELETE .*\/labels\/(\d+)$/.exec(rest);
  if (unlabel !== null) {
    pull.labels = pull.labels.filter((label) => label !== forge.labels[Number(unlabel[1]) - 1]);
    return { status: 204 };
  }
  return comments(rest, pull.number, body, forge);
}

function statuses(
  method: string,
  sha: string,
  { body, query, forge }: { body: Record<string, unknown>; query: URLSearchParams; forge: FakeForge },
): Reply {
  if (method === 'GET') {
    const found = forge.checks.filter((check) => check.sha === sha).reverse();
    const json = found.map(({ name, state, title, url }) => ({ context: name, status: state, description: title, target_url: url ?? '' }));
    return { status: 200, json: page(json, query, MOST) };
  }
  if (!['pending', 'success', 'error', 'failure'].includes(String(body['state']))) return { status: 422, json: { message: 'state' } };
  const { context, state, description, target_url } = body as Record<string, string>;
  forge.checks.push({ kind: 'status', sha, name: context!, state: state!, title: description!, url: target_url });
  return { status: 201, json: {} };
}

function comments(rest: string, number: number, body: Record<string, unknown>, forge: FakeForge): Reply | undefined {
  if (/^GET .*\/comments$/.test(rest))
    return {
      status: 200,
      json: forge.comments.filter(({ on }) => on === number).map((comment) => ({ ...comment, user: { login: comment.author } })),
    };
  if (/^POST .*\/comments$/.test(rest)) return { status: 201, json: forge.say(number, String(body['body'])) };
  return undefined;
}

function issues(rest: string, query: URLSearchParams, body: Record<string, unknown>, forge: FakeForge): Reply | undefined {
  const edit = /^PATCH \/issues\/comments\/(\d+)$/.exec(rest);
  if (edit !== null) {
    const comment = forge.comments.find(({ id }) => id === Number(edit[1]))!;
    comment.body = String(body['body']);
    return { status: 200, json: comment };
  }
  if (!forge.hasIssues) return { status: 404, json: { message: 'Not Found' } };
  const shownIssue = ({ number, title, body: text, state, author }: FakeIssue): unknown => ({
    number,
    user: { login: author },
    title,
    body: text,
    state,
    html_url: `http://gitea.test/i/${number}`,
  });
  if (rest === 'GET /issues') {
    const label = query.get('labels');
    return {
      status: 200,
      json: page(forge.issues.filter(({ labels }) => label === null || labels.includes(label)).map(shownIssue), query, MOST),
    };
  }
  if (rest === 'POST /issues') {
    const labels = (body['labels'] as number[]).map((id) => forge.labels[id - 1]!);
    return { status: 201, json: shownIssue(forge.openIssue({ title: String(body['title']), body: String(body['body']), labels })) };
  }
  const issue = forge.issues.find(({ number }) => rest === `PATCH /issues/${number}`);
  if (issue === undefined) return undefined;
  if (body['title'] !== undefined) issue.title = String(body['title']);
  if (body['body'] !== undefined) issue.body = String(body['body']);
  if (body['state'] !== undefined) issue.state = body['state'] as 'open' | 'closed';
  return { status: 201, json: shownIssue(issue) };
}

function create(body: Record<string, unknown>, forge: FakeForge): Reply {
  const head = String(body['head']);
  const [owner, name] = head.includes(':') ? head.split(/:(.*)/s) : [forge.repository.split('/')[0]!, head];
  const headRepository = owner === forge.repository.split('/')[0] ? forge.repository : `${owner}/project`;
  const base = String(body['base']);
  if (
    forge.pulls.some(
      (pull) => pull.state === 'open' && pull.branch === name && pull.base === base && pull.headRepository === headRepository,
    )
  ) {
    return { status: 409, json: { message: 'pull request already exists for these targets' } };
  }
  if (forge.tip(name!, headRepository) === undefined) return { status: 404, json: { message: 'The target could not be found.' } };
  const title = String(body['title']);
  const pull = forge.openPull({ branch: name!, base, headRepository, title, body: String(body['body']), draft: title.startsWith('WIP:') });
  return { status: 201, json: shown(pull, forge) };
}

function shown(pull: FakePull, forge: FakeForge): unknown {
  return {
    id: 900 + pull.number,
    number: pull.number,
    html_url: `http://gitea.test/owner/project/pulls/${pull.number}`,
    title: pull.title,
    body: pull.body,
    state: pull.state === 'open' ? 'open' : 'closed',
    merged: pull.state === 'merged',
    labels: pull.labels.map((name) => ({ name })),
    head: { ref: pull.branch, sha: forge.tip(pull.branch, pull.headRepository) ?? '', repo: { full_name: forge.nameOf(pull) } },
    base: { ref: pull.base },
  };
}
