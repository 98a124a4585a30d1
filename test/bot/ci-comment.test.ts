import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commentDiff } from '../../src/bot/ci-comment.ts';
import type { ForgeKind } from '../../src/forge/forge.ts';
import { botProject, UPDATE } from '../helpers/bot-project.ts';

async function onPullRequest(kind: ForgeKind) {
  const project = await botProject({ kind });
  await project.run({ forge: 'none' });
  const pull = project.forge.openPull({
    branch: 'topic',
    base: 'main',
    headRepository: 'owner/project',
    title: 't',
    body: '',
    draft: false,
  });
  project.commit('topic', {}, { from: UPDATE });
  const git = (...args: string[]): string => execFileSync('git', ['-C', project.clone, ...args], { encoding: 'utf8' });
  git('fetch', '-q', '--depth=1', `file://${project.origin}`, 'topic');
  git('checkout', '-q', '--detach', 'FETCH_HEAD');
  const event = join(project.directory, 'event.json');
  writeFileSync(event, JSON.stringify({ pull_request: { number: pull.number } }));
  Object.assign(
    project.env,
    kind === 'gitlab'
      ? { GITLAB_CI: 'true', CI_MERGE_REQUEST_IID: String(pull.number), CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' }
      : {
          GITHUB_ACTIONS: 'true',
          GITHUB_EVENT_PATH: event,
          GITHUB_BASE_REF: 'main',
          ...(kind === 'gitea' ? { GITEA_ACTIONS: 'true' } : {}),
        },
  );
  return { project, git, run: () => commentDiff({}, project.context()) };
}

test.each(['github', 'gitlab', 'gitea'] satisfies ForgeKind[])('on %s one comment is kept up to date', async (kind) => {
  const { project, git, run } = await onPullRequest(kind);
  expect(await run()).toMatchObject({ comment: 'written', markdown: expect.stringContaining('| `acl` |') });
  expect(await run()).toMatchObject({ comment: 'unchanged' });
  git('checkout', '-q', 'main');
  expect(await run()).toMatchObject({ comment: 'edited' });
  expect(project.forge.comments).toMatchObject([{ body: expect.stringContaining('no changes') }]);
  expect(project.forge.violations).toEqual([]);
});

/** A branch that parted from `main` before that got the update, in a clone as a job has it. */
async function onOldBranch(kind: ForgeKind, what: 'head' | 'merge', depth: readonly string[]) {
  const { project, git, run } = await onPullRequest(kind);
  const start = project.git('rev-parse', 'main');
  const head = project.commit('old', { 'README.md': 'old\n' }, { from: 'main' });
  project.git('update-ref', 'refs/heads/main', UPDATE);
  const base = project.git('rev-parse', 'main');
  const merge = project.git(
    '-c',
    'user.name=m',
    '-c',
    'user.email=m@x',
    'commit-tree',
    '-p',
    base,
    '-p',
    head,
    '-m',
    'm',
    `${base}^{tree}`,
  );
  project.git('update-ref', 'refs/pull/1/merge', merge);
  git('fetch', '-q', ...depth, `file://${project.origin}`, what === 'merge' ? 'refs/pull/1/merge' : 'old');
  git('checkout', '-q', '--detach', 'FETCH_HEAD');
  const pull = { number: 1, head: { sha: head } };
  writeFileSync(project.env['GITHUB_EVENT_PATH'] ?? join(project.directory, 'event.json'), JSON.stringify({ pull_request: pull }));
  // Whatever is merged after the job has begun.
  project.commit('main', { 'rpm-lockfiles/tools-s390x.lock.json': null });
  return { project, run, start, pull };
}

test.each([
  ['of the merge that GitHub makes', 'github', 'merge', ['--depth=1'], () => ({})],
  ['of a branch with its history', 'github', 'head', [], () => ({})],
  ['that GitLab names', 'gitlab', 'head', ['--depth=1'], (start: string) => ({ CI_MERGE_REQUEST_DIFF_BASE_SHA: start })],
  ['that Gitea names', 'gitea', 'head', ['--depth=1'], () => ({})],
] as const)('what the base got since is no change of a pull request: the start %s', async (_, kind, what, depth, more) => {
  const { project, run, start, pull } = await onOldBranch(kind, what, depth);
  Object.assign(project.env, more(start));
  if (kind === 'gitea') writeFileSync(project.env['GITHUB_EVENT_PATH']!, JSON.stringify({ pull_request: { ...pull, merge_base: start } }));
  expect(await run()).toMatchObject({ comment: 'none', markdown: expect.stringContaining('no changes') });
});

test('a start that the remote does not have leaves the tip of the base', async () => {
  const { project, run } = await onOldBranch('gitlab', 'head', ['--depth=1']);
  project.env['CI_MERGE_REQUEST_DIFF_BASE_SHA'] = '1'.repeat(40);
  expect(await run()).toMatchObject({ comment: 'written', markdown: expect.stringContaining('`acl`') });
});

test('a comment of an outsider with the marker is not taken for its own', async () => {
  const { project, run } = await onPullRequest('github');
  await run();
  const { on, body } = project.forge.comments.pop()!;
  project.forge.say(on, body, 'outsider');
  expect(await run()).toMatchObject({ comment: 'written' });
  expect(await run()).toMatchObject({ comment: 'unchanged' });
  expect(project.forge.comments.map(({ author }) => author)).toEqual(['outsider', project.forge.login]);
});

test('a token that may not write, and none at all, leave the text to whoever asked', async () => {
  const { project, run } = await onPullRequest('github');
  project.forge.canPush = false;
  expect(await run()).toMatchObject({ comment: 'not_allowed', markdown: expect.stringContaining('| `acl` |') });
  project.env['RPM_DEPS_TOKEN'] = '';
  expect(await run()).toMatchObject({ comment: 'not_allowed' });
});

test('a manifest of a fork gets no variable, and no server is asked but the forge', async () => {
  const { project, run } = await onPullRequest('github');
  project.env['HOST'] = 'secret.example.com';
  writeFileSync(
    join(project.clone, 'rpm-packages.yaml'),
    'repositories: [{ id: x, baseurl: "http://127.0.0.1:1/${HOST}" }]\nversions: { HOST: "1" }\nsets: { tools: { packages: ["a-${HOST}"] } }\n',
  );
  expect(await run()).toMatchObject({ comment: 'written' });
  expect(JSON.stringify(project.forge.comments)).not.toContain('secret.example.com');
});

test.each([
  'include: SERVER/more.yaml\n',
  'repofiles: [SERVER/extra.repo]\n',
  'variables: { C: { value: a, list: SERVER/list } }\nrepositories: [{ id: x, baseurl: SERVER/$C }]\n',
])('a manifest of a fork with `%s` makes it ask no server', async (line) => {
  const { project, run } = await onPullRequest('github');
  const asked: string[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url!);
    response.end('');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const manifest = `${line.replaceAll('SERVER', `http://127.0.0.1:${port}`)}sets: { tools: { packages: [acl] } }\n`;
  writeFileSync(join(project.clone, 'rpm-packages.yaml'), manifest);
  expect(await run()).toMatchObject({ comment: 'written' });
  expect(asked).toEqual([]);
});
