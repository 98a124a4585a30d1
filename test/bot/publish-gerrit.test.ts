import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type BotProject, botProject, MANIFEST, NEW, topicOf } from '../helpers/bot-project.ts';
import { type FakeGerrit, startFakeGerrit } from '../helpers/fake-gerrit.ts';

const started: FakeGerrit[] = [];
afterEach(() => {
  for (const gerrit of started.splice(0)) gerrit.stop();
});

/** With the REST API where `api` says so, and a login where it may write. */
async function gerritProject({ api, bot = '' }: { readonly api: 'none' | 'read' | 'write'; readonly bot?: string }) {
  const project = await botProject({ bot });
  const gerrit = await startFakeGerrit(project);
  started.push(gerrit);
  project.env['RPM_DEPS_TOKEN'] = undefined;
  if (api !== 'none') Object.assign(project.env, { GERRIT_URL: gerrit.apiUrl });
  if (api === 'write') Object.assign(project.env, { GERRIT_USER: 'robot', GERRIT_TOKEN: gerrit.password });
  let days = 0;
  const newer = (): void => project.mirror([...NEW, `acl-${3 + days}-1.ARCH`], { timestamp: 1738000000 + days++ * 86_400 });
  return { project, gerrit, newer, run: () => project.run({ forge: 'gerrit' }) };
}

/** A patch set of somebody, with the same Change-Id. */
function amend({ origin, directory }: BotProject, commit: string): void {
  const work = join(directory, 'theirs');
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', work, '-c', 'user.name=P', '-c', 'user.email=person@example.com', ...args], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
  execFileSync('git', ['clone', '-q', origin, work]);
  git('fetch', '-q', 'origin', 'refs/changes/kept');
  git('checkout', '-q', commit);
  writeFileSync(join(work, 'README.md'), 'by hand\n');
  git('commit', '-q', '-a', '--amend', '--no-edit');
  git('push', '-q', 'origin', 'HEAD:refs/for/main');
}

test('one change with a stable Change-Id is pushed to refs/for/BASE, whatever happens to the base, until it is merged', async () => {
  const { project, gerrit, newer, run } = await gerritProject({
    api: 'none',
    bot: 'bot: { reviewers: [somebody@example.com], labels: [rpm] }\n',
  });
  expect(topicOf(await run())).toMatchObject({ outcome: 'opened' });
  expect(topicOf(await run())).toMatchObject({ outcome: 'unchanged' });
  newer();
  await run();
  // Somebody changes the manifest and the locks of the base, by another way than Gerrit.
  const lock = project.file('main', 'rpm-lockfiles/tools-x86_64.lock.json');
  project.git('config', 'core.hooksPath', '/dev/null');
  project.commit('main', {
    'rpm-packages.yaml': `${MANIFEST}bot: { reviewers: [somebody@example.com], labels: [rpm] }\n# more\n`,
    'rpm-lockfiles/tools-x86_64.lock.json': `${lock}\n`,
  });
  project.git('config', '--unset', 'core.hooksPath');
  await run();
  const [change, ...others] = gerrit.changes();
  expect(others).toEqual([]);
  expect(change!.id).toMatch(/^I[0-9a-f]{40}$/);
  expect(change!.patchSets).toHaveLength(3);
  expect(change!.targets[0]).toBe('refs/for/main%topic=rpm-deps%2Fmain%2Fupdate,r=somebody@example.com,hashtag=rpm,ready');
  project.git('update-ref', 'refs/heads/main', change!.patchSets.at(-1)!);
  gerrit.close(change!, 'MERGED');
  newer();
  expect(topicOf(await run())).toMatchObject({ outcome: 'opened' });
  expect(gerrit.changes()).toHaveLength(2);
  gerrit.close(gerrit.changes()[1]!, 'ABANDONED');
  newer();
  expect(topicOf(await run())).toMatchObject({ outcome: 'suppressed', reason: 'people closed the change' });
});

test('with the REST API the same content is not pushed again, an approved change stays, and an abandoned one stays closed', async () => {
  const { project, gerrit, newer, run } = await gerritProject({ api: 'read' });
  expect(topicOf(await run())).toMatchObject({ outcome: 'opened' });
  project.git('config', 'core.hooksPath', '/dev/null');
  project.commit('main', { 'README.md': 'moved\n' });
  project.git('config', '--unset', 'core.hooksPath');
  expect(topicOf(await run())).toMatchObject({ outcome: 'unchanged', url: expect.stringContaining('/+/1') });
  project.mirror(NEW, { timestamp: 1737500000 });
  expect(topicOf(await run())).toMatchObject({ outcome: 'unchanged' });
  newer();
  gerrit.changes()[0]!.isApproved = true;
  expect(topicOf(await run())).toMatchObject({ outcome: 'left_alone', reason: 'it is approved' });
  gerrit.changes()[0]!.isApproved = false;
  expect(topicOf(await run())).toMatchObject({ outcome: 'refreshed' });
  expect(gerrit.changes()).toMatchObject([{ patchSets: [expect.any(String), expect.any(String)] }]);
  gerrit.close(gerrit.changes()[0]!, 'ABANDONED');
  newer();
  expect(topicOf(await run())).toMatchObject({ outcome: 'suppressed', reason: 'people abandoned the change' });
  expect(gerrit.requests.every((request) => request.startsWith('GET /changes/'))).toBe(true);
});

test('reviewers, hashtags and work in progress are for a new change; a reviewer that Gerrit does not know is a warning', async () => {
  const { gerrit, newer, run } = await gerritProject({
    api: 'read',
    bot: 'bot: { reviewers: [ghost], labels: [rpm], draft: true }\n',
  });
  const first = await run();
  expect(topicOf(first)).toMatchObject({ outcome: 'opened' });
  expect(first.projects[0]!.warnings).toMatchObject([{ code: 'FORGE_DECLINED', text: expect.stringContaining('not found') }]);
  newer();
  expect(topicOf(await run())).toMatchObject({ outcome: 'refreshed' });
  const topic = 'refs/for/main%topic=rpm-deps%2Fmain%2Fupdate';
  expect(gerrit.changes().map(({ targets }) => targets)).toEqual([[`${topic},hashtag=rpm,wip`, topic]]);
});

test('a patch set of others stops it; it comments once, and goes on at a hashtag', async () => {
  const { project, gerrit, newer, run } = await gerritProject({ api: 'write' });
  await run();
  amend(project, gerrit.changes()[0]!.patchSets[0]!);
  newer();
  for (let i = 0; i < 2; i++)
    expect(topicOf(await run())).toMatchObject({ outcome: 'left_alone', reason: expect.stringContaining('person@example.com') });
  const [change] = gerrit.changes();
  expect(change).toMatchObject({ patchSets: { length: 2 }, messages: [expect.stringContaining('rpm-deps-take-over')] });
  change!.hashtags = ['rpm-deps-take-over', 'other'];
  expect(topicOf(await run())).toMatchObject({ outcome: 'refreshed' });
  expect(gerrit.changes()).toMatchObject([{ patchSets: { length: 3 }, hashtags: ['other'] }]);
});

test('when nothing is left it abandons its change; a wrong password and a server that fails are never read as no change', async () => {
  const { project, gerrit, run } = await gerritProject({ api: 'write' });
  await run();
  const { GERRIT_TOKEN: password } = project.env;
  project.env['GERRIT_TOKEN'] = 'wrong-password';
  const wrong = await run();
  expect(wrong).toMatchObject({ exitCode: 2 });
  expect(JSON.stringify(wrong)).not.toContain('wrong-password');
  project.env['GERRIT_TOKEN'] = password;
  project.env['GERRIT_URL'] = 'http://127.0.0.1:9';
  expect(await run()).toMatchObject({ exitCode: 4 });
  project.env['GERRIT_URL'] = gerrit.apiUrl;
  // The mirror is as the locks of the base are.
  project.mirror(['acl-1-1.ARCH', 'bash-1-1.ARCH requires: libc', 'libc-1-1.ARCH'], { timestamp: 1740000000 });
  expect(topicOf(await run())).toMatchObject({ outcome: 'closed', reason: 'nothing is left to propose' });
  expect(gerrit.changes()).toMatchObject([{ status: 'ABANDONED' }]);
  expect(topicOf(await run())).toMatchObject({ outcome: 'nothing' });
  // What it abandoned itself it restores, and what people abandoned only with another content.
  project.mirror([...NEW, 'acl-9-1.ARCH'], { timestamp: 1741000000 });
  expect(topicOf(await run())).toMatchObject({ outcome: 'refreshed' });
  gerrit.close(gerrit.changes()[0]!, 'ABANDONED');
  expect(topicOf(await run())).toMatchObject({ outcome: 'suppressed', reason: 'people abandoned the change' });
  project.mirror([...NEW, 'acl-10-1.ARCH'], { timestamp: 1742000000 });
  expect(topicOf(await run())).toMatchObject({ outcome: 'refreshed' });
  expect(gerrit.changes()).toMatchObject([{ status: 'NEW' }]);
});

test('the change of a topic that ended is abandoned, and no change of somebody else', async () => {
  const { project, gerrit, run } = await gerritProject({ api: 'write', bot: 'bot: { group_by: source }\n' });
  const report = await run();
  expect(report.projects[0]!.topics.map(({ topic, outcome }) => [topic, outcome])).toEqual([
    ['update-acl', 'opened'],
    ['update-libc', 'opened'],
  ]);
  const [acl] = gerrit.changes();
  amend(project, gerrit.changes()[1]!.patchSets[0]!);
  // The base has both updates now, by another way.
  project.mirror(['acl-1-1.ARCH', 'bash-1-1.ARCH requires: libc', 'libc-1-1.ARCH'], { timestamp: 1740000000 });
  const next = await run();
  expect(next.exitCode).toBe(0);
  expect(acl!.status).toBe('ABANDONED');
  expect(gerrit.changes()[1]!.status).toBe('NEW');
  expect(next.projects[0]!.topics).toMatchObject([
    { topic: 'update-acl', outcome: 'closed' },
    { topic: 'update-libc', outcome: 'left_alone', reason: expect.stringContaining('person@example.com') },
  ]);
});

test('without a login, the change of a topic that ended is reported', async () => {
  const { project, gerrit, run } = await gerritProject({ api: 'read', bot: 'bot: { group_by: source }\n' });
  await run();
  amend(project, gerrit.changes()[1]!.patchSets[0]!);
  project.mirror(['acl-1-1.ARCH', 'bash-1-1.ARCH requires: libc', 'libc-1-1.ARCH'], { timestamp: 1740000000 });
  const next = await run();
  expect(next.exitCode).toBe(0);
  expect(next.projects[0]!.topics).toMatchObject([
    { topic: 'update-acl', outcome: 'left_alone', url: expect.stringContaining('/1'), reason: expect.stringContaining('abandon it') },
    { topic: 'update-libc', outcome: 'left_alone', reason: expect.stringContaining('person@example.com') },
  ]);
  expect(gerrit.changes().map(({ status }) => status)).toEqual(['NEW', 'NEW']);
});
