import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runBot } from '../../src/bot/run-bot.ts';
import type { ForgeKind } from '../../src/forge/forge.ts';
import { type BotProject, botProject, MANIFEST, NEW, topicOf, UPDATE } from '../helpers/bot-project.ts';

const NEWER = [...NEW, 'acl-3-1.ARCH'];
const writes = ({ forge }: BotProject): string[] =>
  forge.requests
    .filter(({ method, path }) => method !== 'GET' && !path.endsWith('/graphql'))
    .map(({ method, path }) => `${method} ${path}`);

describe('on GitHub', () => {
  const kind = 'github';
  test('a second run finds everything as it should be, and neither pushes nor writes', async () => {
    const project = await botProject({ kind });
    await project.run();
    const tip = project.git('rev-parse', UPDATE);
    const written = writes(project).length;
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged', url: expect.any(String) });
    expect(project.git('rev-parse', UPDATE)).toBe(tip);
    expect(writes(project)).toHaveLength(written);
    expect(project.forge.violations).toEqual([]);
  });

  test('newer versions refresh the one pull request in place, with one commit', async () => {
    const project = await botProject({ kind });
    await project.run();
    project.mirror(NEWER, { timestamp: 1738000000 });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
    expect(project.forge.pulls).toHaveLength(1);
    expect(project.forge.pulls[0]!.body).toContain('3-1');
    expect(project.locked(UPDATE, 'tools-x86_64')).toContain('acl-3-1');
    expect(project.git('rev-list', '--count', `main..${UPDATE}`)).toBe('1');
  });

  test('when nothing is left it closes its own pull request with a reason and deletes the branch', async () => {
    const project = await botProject({ kind });
    await project.run();
    project.git('update-ref', 'refs/heads/main', UPDATE);
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'closed', reason: expect.stringContaining('nothing is left') });
    expect(project.forge.pulls).toMatchObject([{ state: 'closed' }]);
    expect(project.forge.comments.map(({ body }) => body)).toEqual([expect.stringContaining('Nothing is left to propose')]);
    expect(project.branches()).toEqual(['main']);
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'nothing' });
    expect(project.forge.comments).toHaveLength(1);
    expect(project.forge.violations).toEqual([]);
  });

  test('commits of others stop it; it comments once, and takes over when the box is ticked', async () => {
    const project = await botProject({ kind });
    await project.run();
    const theirs = project.commit(UPDATE, { 'README.md': 'fixed by hand\n' });
    project.mirror(NEWER, { timestamp: 1738000000 });
    for (let i = 0; i < 2; i++)
      expect(topicOf(await project.run())).toMatchObject({ outcome: 'left_alone', reason: expect.stringContaining('person@example.com') });
    expect(project.git('rev-parse', UPDATE)).toBe(theirs);
    expect(project.forge.comments).toHaveLength(1);
    const [comment] = project.forge.comments;
    comment!.body = comment!.body.replace('- [ ]', '- [x]');
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
    expect(project.forge.comments).toMatchObject([{ body: expect.stringContaining('has taken over again') }]);
    expect(project.git('rev-list', '--count', `main..${UPDATE}`)).toBe('1');
    project.commit(UPDATE, { 'README.md': 'again\n' });
    await project.run();
    expect(project.forge.comments).toHaveLength(2);
  });

  test('a comment of an outsider with a ticked box lets it overwrite nothing', async () => {
    const project = await botProject({ kind });
    await project.run();
    const theirs = project.commit(UPDATE, { 'README.md': 'fixed by hand\n' });
    await project.run();
    const [comment] = project.forge.comments;
    project.forge.say(comment!.on, comment!.body.replace('- [ ]', '- [x]'), 'outsider');
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'left_alone' });
    expect(project.git('rev-parse', UPDATE)).toBe(theirs);
    expect(project.forge.comments).toHaveLength(2);
  });

  test('a label lets it take over as well, and is taken away', async () => {
    const project = await botProject({ kind });
    await project.run();
    project.commit(UPDATE, { 'README.md': 'fixed by hand\n' });
    project.forge.labels.push('rpm-deps-take-over');
    project.forge.pulls[0]!.labels.push('rpm-deps-take-over');
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
    expect(project.forge.pulls[0]!.labels).toEqual([]);
  });

  test('what people closed is not opened again with the same content, and is with another', async () => {
    const project = await botProject({ kind });
    await project.run();
    project.forge.pulls[0]!.state = 'closed';
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'suppressed', reason: 'people closed the same proposal' });
    // The mirror is published again, with the same packages.
    project.mirror(NEW, { timestamp: 1737500000 });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'suppressed', reason: 'people closed the same proposal' });
    expect(project.forge.pulls).toHaveLength(1);
    project.mirror(NEWER, { timestamp: 1738000000 });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened' });
    expect(project.forge.pulls.map(({ state }) => state)).toEqual(['closed', 'open']);
    project.forge.pulls[1]!.state = 'closed';
    project.mirror(NEW, { timestamp: 1739000000 });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'suppressed', url: expect.stringMatching(/\/1$/) });
    expect(project.forge.pulls).toHaveLength(2);
  });

  test('a mirror that publishes the same packages again is no reason for a push', async () => {
    const project = await botProject({ kind, bot: 'bot: { exports: [{ format: list, path: rpms.txt }] }\n' });
    await project.run();
    const tip = project.git('rev-parse', UPDATE);
    const { body } = project.forge.pulls[0]!;
    project.mirror([...NEW].reverse(), { timestamp: 1737500000 });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
    expect(project.git('rev-parse', UPDATE)).toBe(tip);
    expect(project.forge.pulls[0]!.body).toBe(body);
    // What the commit changes besides still counts.
    const manifest = project.file('main', 'rpm-packages.yaml').replace('path: rpms.txt', 'path: other.txt');
    project.commit('main', { 'rpm-packages.yaml': manifest });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
    expect(project.file(UPDATE, 'other.txt')).toContain('acl');
  });

  test('an approved pull request is left alone unless `update_approved` is set', async () => {
    const project = await botProject({ kind });
    await project.run();
    project.forge.pulls[0]!.reviews.push({ user: 'a', state: 'APPROVED' });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
    project.mirror(NEWER, { timestamp: 1738000000 });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'left_alone', reason: 'it is approved' });
    expect(topicOf(await project.run({ updateApproved: true }))).toMatchObject({ outcome: 'refreshed' });
  });

  test('the forge that goes down after the push, before the pull request, is exit 4, and the next run opens it once', async () => {
    const project = await botProject({ kind });
    project.forge.plan(/^POST .*\/(?:pulls|merge_requests)$/, 'break');
    const report = await project.run();
    expect(report.exitCode).toBe(4);
    expect(topicOf(report)).toMatchObject({ outcome: 'failed', failures: [{ code: 'FORGE' }] });
    expect(project.branches()).toContain(UPDATE);
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    expect(project.forge.pulls).toHaveLength(1);
  });

  test('a pull request that was opened though the answer got lost is found by its branch', async () => {
    const project = await botProject({ kind });
    await project.run();
    project.mirror(NEWER, { timestamp: 1738000000 });
    project.forge.plan(/^GET .*\/(?:pulls|merge_requests)$/, { status: 200, json: [] });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
    expect(project.forge.pulls).toHaveLength(1);
    expect(project.forge.pulls[0]!.body).toContain('3-1');
  });

  test('labels, reviewers and drafts are for new pull requests; what was cut off is finished by the next run', async () => {
    const bot = 'bot: { labels: [dependencies], reviewers: [somebody], draft: true }\n';
    const project = await botProject({ kind, bot });
    project.forge.plan(/(?:labels$|merge_requests\/\d+$)/, 'break');
    expect((await project.run()).projects[0]!.warnings).toMatchObject([{ code: 'FORGE_DECLINED' }]);
    const other = await botProject({ kind, bot });
    await other.run();
    expect(other.forge.pulls).toMatchObject([{ labels: ['dependencies'], draft: true, reviewers: [expect.any(String)] }]);
    expect(other.forge.pulls[0]!.body).not.toContain('rpm-deps:setup');
    expect(other.forge.violations).toEqual([]);
  });

  test('automatic merging is asked for only behind required checks', async () => {
    const project = await botProject({ kind, bot: 'bot: { automerge: true }\n' });
    expect((await project.run()).projects[0]!.warnings).toMatchObject([
      { code: 'FORGE_DECLINED', text: expect.stringContaining('no required checks') },
    ]);
    expect(project.forge.pulls).toMatchObject([{ autoMerge: false }]);
    const other = await botProject({ kind, bot: 'bot: { automerge: true }\n' });
    other.forge.requiredChecks = ['build'];
    await other.run();
    expect(other.forge.pulls).toMatchObject([{ autoMerge: true }]);
  });

  test('branches can be pushed to a fork', async () => {
    const project = await botProject({ kind });
    const fork = join(project.directory, 'fork.git');
    execFileSync('git', ['init', '-q', '--bare', fork]);
    project.forge.forkGit = fork;
    const bot = `${MANIFEST}bot: { fork: robot/project, fork_url: "${fork}" }\n`;
    project.commit('main', { 'rpm-packages.yaml': bot });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened' });
    expect(project.branches()).toEqual(['main']);
    expect(project.forge.pulls).toMatchObject([{ headRepository: 'robot/project', branch: UPDATE }]);
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
    expect(project.forge.violations).toEqual([]);
  });
});

test('a base that moved elsewhere is no reason to push', async () => {
  const project = await botProject();
  await project.run();
  const tip = project.git('rev-parse', UPDATE);
  project.commit('main', { 'README.md': 'other\n' });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
  expect(project.git('rev-parse', UPDATE)).toBe(tip);
});

test('a base whose locks moved is computed again, on top of it', async () => {
  const project = await botProject();
  await project.run();
  project.commit('main', { 'rpm-packages.yaml': MANIFEST.replace('[acl, bash]', '[acl]') });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
  expect(project.git('merge-base', UPDATE, 'main')).toBe(project.git('rev-parse', 'main'));
  expect(project.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-2-1']);
  expect(project.forge.pulls).toHaveLength(1);
});

test('a branch that somebody force-pushed to is not overwritten', async () => {
  const project = await botProject();
  await project.run();
  const theirs = project.commit(UPDATE, { 'README.md': 'mine\n' }, { force: true, from: 'main' });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'left_alone' });
  expect(project.git('rev-parse', UPDATE)).toBe(theirs);
});

test.each(['github', 'none'] as const)(
  '%s: branches of topics that ended are deleted, merged ones too, and none of somebody else',
  async (forge) => {
    const project = await botProject({ bot: 'bot: { group_by: source }\n' });
    await project.run({ forge });
    expect(project.branches()).toEqual(['main', 'rpm-deps/main/update-acl', 'rpm-deps/main/update-libc']);
    project.git('update-ref', 'refs/heads/main', 'rpm-deps/main/update-libc');
    for (const pull of project.forge.pulls) if (pull.branch === 'rpm-deps/main/update-libc') pull.state = 'merged';
    project.commit('rpm-deps/main/update-bash', {}, { from: 'main' });
    const { topics } = (await project.run({ forge })).projects[0]!;
    expect(topics.map(({ topic }) => topic)).toEqual(['update-acl']);
    expect(project.branches()).toEqual(['main', 'rpm-deps/main/update-acl', 'rpm-deps/main/update-bash']);
  },
);

test('an amended commit of the bot is somebody else’s', async () => {
  const project = await botProject();
  await project.run();
  const work = join(project.directory, 'work');
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', work, '-c', 'user.name=P', '-c', 'user.email=p@e', ...args], { encoding: 'utf8' });
  git('fetch', '-q', 'origin');
  git('checkout', '-q', '-B', 'x', `origin/${UPDATE}`);
  writeFileSync(join(work, 'README.md'), 'amended\n');
  git('commit', '-q', '-a', '--amend', '--no-edit', '--author=rpm-deps <rpm-deps@localhost>');
  git('push', '-q', '-f', 'origin', `HEAD:${UPDATE}`);
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'left_alone' });
});

test('commits of bots that count as its own are no reason to stop', async () => {
  const project = await botProject({ bot: 'bot: { own_authors: [other-bot@example.com] }\n' });
  await project.run();
  const tip = project.commit(UPDATE, { 'BUILD.bazel': 'made\n' }, { who: 'Other <other-bot@example.com>' });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
  expect(project.git('rev-parse', UPDATE)).toBe(tip);
  project.mirror(NEWER, { timestamp: 1738000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
});

test('a pull request with a label that says so is left alone', async () => {
  const project = await botProject({ bot: 'bot: { skip_labels: [do-not-touch] }\n' });
  await project.run();
  project.forge.pulls[0]!.labels.push('do-not-touch');
  project.mirror(NEWER, { timestamp: 1738000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'left_alone', reason: 'it has the label `do-not-touch`' });
});

test('a title that people gave it stays, while the text is refreshed', async () => {
  const project = await botProject();
  await project.run();
  project.forge.pulls[0]!.title = 'our own title';
  project.mirror(NEWER, { timestamp: 1738000000 });
  await project.run();
  expect(project.forge.pulls).toMatchObject([{ title: 'our own title', body: expect.stringContaining('3-1') }]);
});

test('a text that the forge gave other line ends is the same text', async () => {
  const project = await botProject();
  await project.run();
  const [pull] = project.forge.pulls;
  pull!.body = pull!.body.replaceAll('\n', '\r\n');
  const before = writes(project).length;
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
  expect(writes(project)).toHaveLength(before);
});

test('a protected branch is a refusal in the words of the remote, and nothing is opened', async () => {
  const project = await botProject();
  mkdirSync(join(project.origin, 'hooks'), { recursive: true });
  const hook = join(project.origin, 'hooks/pre-receive');
  writeFileSync(hook, '#!/bin/sh\necho "GH006: Protected branch update failed" >&2\nexit 1\n');
  chmodSync(hook, 0o755);
  const report = await project.run();
  expect(report.exitCode).toBe(2);
  expect(topicOf(report)).toMatchObject({
    outcome: 'failed',
    failures: [{ code: 'FORGE_DENIED', message: expect.stringContaining('GH006: Protected branch') }],
  });
  expect(project.forge.pulls).toEqual([]);
});

test('two bots at once open one pull request and lose nothing', async () => {
  const project = await botProject();
  const other = join(project.directory, 'other-clone');
  execFileSync('git', ['clone', '-q', project.origin, other]);
  const context = { ...project.context(), cwd: other, cacheDir: join(project.directory, 'other-cache') };
  const reports = await Promise.all([project.run(), runBot({ forge: 'github', mirror: `file://${project.directory}/mirror` }, context)]);
  expect(reports.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
  expect(project.forge.pulls).toHaveLength(1);
  expect(project.git('rev-list', '--count', `main..${UPDATE}`)).toBe('1');
});

test('a shallow clone does as well', async () => {
  const project = await botProject();
  project.commit('main', { 'README.md': 'second\n' });
  const shallow = join(project.directory, 'shallow');
  execFileSync('git', ['clone', '-q', '--depth=1', `file://${project.origin}`, shallow]);
  const run = () => runBot({ forge: 'github', mirror: `file://${project.directory}/mirror` }, { ...project.context(), cwd: shallow });
  expect(topicOf(await run())).toMatchObject({ outcome: 'opened' });
  project.commit('main', { 'README.md': 'third\n' });
  expect(topicOf(await run())).toMatchObject({ outcome: 'unchanged' });
  project.mirror(NEWER, { timestamp: 1738000000 });
  project.commit('main', { 'README.md': 'fourth\n' });
  expect(topicOf(await run())).toMatchObject({ outcome: 'refreshed' });
  expect(project.git('rev-list', '--count', `main..${UPDATE}`)).toBe('1');
  // A fork that is behind takes no commit whose history nobody has here.
  const fork = join(project.directory, 'fork.git');
  execFileSync('git', ['init', '-q', '--bare', fork]);
  execFileSync('git', ['clone', '-q', '--depth=1', `file://${project.origin}`, `${shallow}-2`]);
  Object.assign(project.forge, { forkGit: fork });
  const report = await runBot(
    { forge: 'github', mirror: `file://${project.directory}/mirror`, fork: 'robot/project', forkUrl: `file://${fork}` },
    { ...project.context(), cwd: `${shallow}-2` },
  );
  expect(topicOf(report)).toMatchObject({ failures: [{ code: 'FORGE_DENIED', hint: expect.stringContaining('--depth') }] });
});

test('the clone is left as it was: branch, index, files and refs', async () => {
  const project = await botProject();
  writeFileSync(join(project.clone, 'README.md'), 'work in progress\n');
  writeFileSync(join(project.clone, 'rpm-packages.yaml'), 'broken: [');
  const state = (): string =>
    ['status --porcelain', 'for-each-ref refs/heads refs/tags', 'rev-parse HEAD', 'config --local --list']
      .map((line) => execFileSync('git', ['-C', project.clone, ...line.split(' ')], { encoding: 'utf8' }))
      .join('---');
  const before = state();
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened' });
  expect(state()).toBe(before);
});

test('limits of the forge leave the rest for the next run: exit 4, and everything as it was', async () => {
  const project = await botProject();
  await project.run();
  project.mirror(NEWER, { timestamp: 1738000000 });
  project.forge.plan(/^GET .*\/pulls$/, { status: 403, headers: { 'retry-after': '3600' }, json: { message: 'secondary rate limit' } });
  const before = JSON.stringify([project.forge.pulls, project.forge.issues, project.git('for-each-ref')]);
  const report = await project.run();
  expect(report).toMatchObject({ exitCode: 4, failures: [{ code: 'FORGE_LIMIT' }] });
  expect(JSON.stringify([project.forge.pulls, project.forge.issues, project.git('for-each-ref')])).toBe(before);
});

test('an API failure is never read as nothing to do, and closes nothing', async () => {
  const project = await botProject();
  await project.run();
  project.git('update-ref', 'refs/heads/main', UPDATE);
  for (let i = 0; i < 4; i++) project.forge.plan(/^GET .*\/pulls$/, { status: 500 });
  expect(await project.run()).toMatchObject({ exitCode: 4 });
  expect(project.forge.pulls).toMatchObject([{ state: 'open' }]);
  expect(project.branches()).toContain(UPDATE);
});

test('a mirror that is down is no reason to close a pull request', async () => {
  const project = await botProject();
  await project.run();
  project.mirror([], {});
  const report = await project.run({ mirror: `file://${project.directory}/nowhere` });
  expect(report.exitCode).toBe(4);
  expect(project.forge.pulls).toMatchObject([{ state: 'open' }]);
});

test.each(['gitlab', 'gitea'] satisfies ForgeKind[])(
  'on %s a pull request lives the same life: opened with labels, refreshed, stopped, taken over, closed',
  async (kind) => {
    const project = await botProject({
      kind,
      bot: 'bot: { labels: [dependencies], reviewers: [somebody], draft: true, automerge: true }\n',
    });
    project.forge.requiredChecks = ['build'];
    project.forge.checksPending = false;
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened' });
    expect(project.forge.pulls).toMatchObject([
      { labels: ['dependencies'], draft: true, autoMerge: true, reviewers: [expect.any(String)] },
    ]);
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
    project.commit(UPDATE, { 'README.md': 'by hand\n' });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'left_alone' });
    project.forge.comments[0]!.body = project.forge.comments[0]!.body.replace('[ ]', '[x]');
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
    project.git('update-ref', 'refs/heads/main', UPDATE);
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'closed' });
    expect(project.forge.pulls).toMatchObject([{ state: 'closed' }]);
    expect(project.branches()).toEqual(['main']);
    expect(project.forge.violations).toEqual([]);
  },
);

test('on GitLab a merge request without a pipeline gets automatic merging from the next run', async () => {
  const project = await botProject({ kind: 'gitlab', bot: 'bot: { automerge: true }\n' });
  project.forge.requiredChecks = ['build'];
  expect((await project.run()).projects[0]!.warnings).toMatchObject([
    { code: 'FORGE_DECLINED', text: expect.stringContaining('next run') },
  ]);
  expect(project.forge.pulls).toMatchObject([{ autoMerge: false }]);
  project.forge.checksPending = false;
  expect((await project.run()).projects[0]!.warnings).toEqual([]);
  expect(project.forge.pulls).toMatchObject([{ autoMerge: true, body: expect.not.stringContaining('rpm-deps:setup') }]);
});

test.each(['gitlab', 'gitea'] satisfies ForgeKind[])('on %s a draft stays a draft when its title changes', async (kind) => {
  const project = await botProject({ kind, bot: 'bot: { draft: true }\n' });
  await project.run();
  const { title } = project.forge.pulls[0]!;
  project.mirror([...NEWER, 'bash-2-1.ARCH'], { timestamp: 1738000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
  expect(project.forge.pulls).toMatchObject([{ draft: true, title: expect.not.stringMatching(title) }]);
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
});

test('on GitLab a push ends automatic merging, and the bot asks for it again; what people switched off stays off', async () => {
  const bot = 'bot: { automerge: true, labels: [rpm], reviewers: [somebody] }\n';
  const project = await botProject({ kind: 'gitlab', bot });
  const { forge } = project;
  const [merges, pending] = [/^PUT .*\/merge$/, { status: 405, json: { message: '405 Method Not Allowed' } }] as const;
  forge.requiredChecks = ['build'];
  await project.run();
  const [pull] = forge.pulls;
  expect(pull).toMatchObject({ autoMerge: false, labels: ['rpm'], body: expect.stringContaining('rpm-deps:setup') });
  pull!.labels = [];
  pull!.reviewers = ['99'];
  forge.checksPending = false;
  project.mirror(NEWER, { timestamp: 1738000000 });
  expect(await project.run()).toMatchObject({ projects: [{ warnings: [], topics: [{ outcome: 'refreshed' }] }] });
  expect(pull).toMatchObject({ autoMerge: true, labels: [], reviewers: ['99'], body: expect.not.stringContaining('rpm-deps:setup') });

  project.mirror([...NEWER, 'libc-4-1.ARCH'], { timestamp: 1739000000 });
  forge.plan(merges, pending);
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
  expect(pull!.body).toContain('rpm-deps:setup');
  expect((await project.run()).projects[0]!.warnings).toEqual([]);
  expect(pull).toMatchObject({ autoMerge: true, mergeOf: project.git('rev-parse', UPDATE) });
  expect(pull!.body).not.toContain('rpm-deps:setup');

  pull!.autoMerge = false;
  project.mirror([...NEWER, 'libc-5-1.ARCH'], { timestamp: 1740000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
  expect(pull!.autoMerge).toBe(false);
  expect(forge.violations).toEqual([]);
});

test('on Gitea automatic merging waits for the check for conflicts, and what is scheduled already is enough', async () => {
  const project = await botProject({ kind: 'gitea', bot: 'bot: { automerge: true }\n' });
  const { forge } = project;
  forge.requiredChecks = ['build'];
  forge.plan(/^POST .*\/merge$/, { status: 405, json: { message: 'Please try again later' } });
  expect((await project.run()).projects[0]!.warnings).toMatchObject([{ text: expect.stringContaining('next run') }]);
  expect(forge.pulls).toMatchObject([{ autoMerge: false }]);
  expect((await project.run()).projects[0]!.warnings).toEqual([]);
  expect(forge.pulls).toMatchObject([{ autoMerge: true, body: expect.not.stringContaining('rpm-deps:setup') }]);

  const message = 'pull request is already scheduled to auto merge when checks succeed [pull_id: 1]';
  const other = await botProject({ kind: 'gitea', bot: 'bot: { automerge: true }\n' });
  other.forge.requiredChecks = ['build'];
  other.forge.plan(/^POST .*\/merge$/, { status: 409, json: { message } });
  expect((await other.run()).projects[0]!.warnings).toEqual([]);
});

test('on Gitea the last verdict of each reviewer counts', async () => {
  const project = await botProject({ kind: 'gitea' });
  await project.run();
  const [pull] = project.forge.pulls;
  const verdict = (user: string, state: string) => pull!.reviews.push({ user, state });
  verdict('ann', 'REQUEST_CHANGES');
  verdict('ann', 'APPROVED');
  verdict('ann', 'COMMENT');
  project.mirror(NEWER, { timestamp: 1738000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'left_alone', reason: 'it is approved' });
  verdict('ben', 'REQUEST_CHANGES');
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
});

test('a reviewer who is the author is a warning, and the pull request stays', async () => {
  const project = await botProject({ bot: 'bot: { reviewers: [rpm-bot] }\n' });
  const report = await project.run();
  expect(report).toMatchObject({
    exitCode: 0,
    projects: [{ warnings: [{ code: 'FORGE_DECLINED', text: expect.stringContaining('author') }] }],
  });
  expect(await project.run()).toMatchObject({ projects: [{ warnings: [] }] });
  expect(project.forge.pulls).toHaveLength(1);
});

test.each(['gitlab', 'gitea'] satisfies ForgeKind[])(
  'on %s what people closed stays closed, what was cut off is finished, and forks work',
  async (kind) => {
    const project = await botProject({ kind });
    project.forge.plan(/^POST .*\/(?:pulls|merge_requests)$/, 'break');
    expect(await project.run()).toMatchObject({ exitCode: 4 });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened' });
    project.forge.pulls[0]!.state = 'closed';
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'suppressed' });
    const fork = join(project.directory, 'fork.git');
    execFileSync('git', ['init', '-q', '--bare', fork]);
    project.forge.forkGit = fork;
    project.commit('main', { 'rpm-packages.yaml': `${MANIFEST}bot: { fork: robot/project, fork_url: "${fork}" }\n` });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened' });
    expect(project.forge.pulls.at(-1)).toMatchObject({ headRepository: 'robot/project' });
    expect(project.forge.violations).toEqual([]);
  },
);
