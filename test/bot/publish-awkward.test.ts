import { expect, test } from 'vitest';
import { botProject, MANIFEST, NEW, topicOf, UPDATE } from '../helpers/bot-project.ts';

const NEWER = [...NEW, 'acl-3-1.ARCH'];
const LOCKS = ['rpm-lockfiles/tools-s390x.lock.json', 'rpm-lockfiles/tools-x86_64.lock.json'];

test('tags with the names of the base and the branch are no branches', async () => {
  const project = await botProject();
  for (const name of ['main', UPDATE]) project.git('tag', name, 'refs/heads/main');
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened' });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
  project.mirror(NEWER, { timestamp: 1738000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
});

test('a branch that git cannot keep beside that of the bot is named', async () => {
  const above = await botProject();
  above.git('branch', 'rpm-deps', 'main');
  const report = await above.run();
  expect(report.exitCode).toBe(2);
  expect(topicOf(report)).toMatchObject({ failures: [{ code: 'FORGE_DENIED', message: expect.stringContaining('`rpm-deps`') }] });
  const below = await botProject();
  below.git('branch', `${UPDATE}/old`, 'main');
  expect(topicOf(await below.run())).toMatchObject({ failures: [{ message: expect.stringContaining(`\`${UPDATE}/old\``) }] });
});

test('a remote that refuses forced pushes and deletions says so; what can be done is done', async () => {
  const project = await botProject();
  await project.run();
  for (const name of ['denyNonFastForwards', 'denyDeletes']) project.git('config', `receive.${name}`, 'true');
  project.mirror(NEWER, { timestamp: 1738000000 });
  const report = await project.run();
  expect(report.exitCode).toBe(2);
  expect(topicOf(report)).toMatchObject({ failures: [{ code: 'FORGE_DENIED', message: expect.stringContaining('non-fast-forward') }] });
  project.mirror(NEW, { timestamp: 1739000000 });
  project.git('update-ref', 'refs/heads/main', UPDATE);
  const closed = await project.run();
  expect(topicOf(closed)).toMatchObject({ outcome: 'closed' });
  expect(closed.projects[0]!.warnings).toMatchObject([{ code: 'FORGE_DECLINED', text: expect.stringContaining('was not deleted') }]);
});

test('a default branch that was renamed is missed where the manifest names it', async () => {
  const project = await botProject({ bot: 'bot: { base: [main] }\n' });
  project.git('branch', '-m', 'main', 'trunk');
  project.git('symbolic-ref', 'HEAD', 'refs/heads/trunk');
  expect(await project.run()).toMatchObject({
    exitCode: 2,
    projects: [{ base: 'main', failures: [{ message: 'there is no branch `main`', hint: expect.stringContaining('bot.base') }] }],
    issue: { state: 'opened' },
  });
});

test('after a squash merge on a base that moved there is nothing to do, with or without the branch; a revert is proposed again', async () => {
  const project = await botProject();
  await project.run();
  const old = Object.fromEntries(LOCKS.map((path) => [path, project.file('main', path)]));
  project.commit('main', { ...Object.fromEntries(LOCKS.map((path) => [path, project.file(UPDATE, path)])), 'README.md': 'moved\n' });
  project.forge.pulls[0]!.state = 'merged';
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'nothing' });
  expect(project.branches()).toEqual(['main']);
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'nothing' });
  project.commit('main', old);
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened' });
  expect(project.forge.pulls.map(({ state }) => state)).toEqual(['merged', 'open']);
});

test('what is merged while the bot works is not proposed again', async () => {
  const project = await botProject({ bot: 'bot: { limit: 5 }\n' });
  await project.run();
  project.forge.plan(/^GET .*\/pulls$/, () => {
    project.git('update-ref', 'refs/heads/main', UPDATE);
    project.forge.pulls[0]!.state = 'merged';
    return undefined;
  });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'nothing' });
  expect(project.forge.pulls).toHaveLength(1);
  expect(project.branches()).toEqual(['main']);
});

test('a base that moves while RPMs are stored and branches are pushed is computed again in the same run', async () => {
  const changed = { 'rpm-packages.yaml': MANIFEST.replace('[acl, bash]', '[acl]') };
  const pushed = await botProject();
  pushed.forge.plan(/^POST .*\/pulls$/, () => void pushed.commit('main', changed));
  expect(topicOf(await pushed.run())).toMatchObject({ outcome: 'opened' });
  expect(pushed.git('merge-base', UPDATE, 'main')).toBe(pushed.git('rev-parse', 'main'));
  expect(pushed.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-2-1']);
  expect(pushed.forge.pulls).toHaveLength(1);

  const merged = await botProject({ bot: 'bot: { labels: [rpm] }\n' });
  merged.forge.plan(/^POST .*\/labels$/, () => void merged.git('update-ref', 'refs/heads/main', UPDATE));
  expect(topicOf(await merged.run())).toMatchObject({ outcome: 'closed', reason: 'nothing is left to propose' });
  expect(merged.branches()).toEqual(['main']);
});

test('a plan without drafts, a reviewer who cannot be asked, labels and merging that are not allowed are warnings', async () => {
  const project = await botProject({ bot: 'bot: { draft: true, labels: [rpm], reviewers: [ghost], automerge: true }\n' });
  project.forge.requiredChecks = ['build'];
  const message = 'Draft pull requests are not supported in this repository.';
  project.forge.plan(/^POST .*\/pulls$/, { status: 422, json: { message: 'Validation Failed', errors: [{ code: 'custom', message }] } });
  project.forge.plan(/requested_reviewers$/, { status: 422, json: { message: 'Reviews may only be requested from collaborators.' } });
  project.forge.plan(/labels$/, { status: 403, json: { message: 'Resource not accessible by integration' } });
  project.forge.plan(/graphql$/, { status: 200, json: { data: { viewer: { login: 'robot' } } } });
  project.forge.plan(/graphql$/, { status: 200, json: { errors: [{ message: 'Auto merge is not allowed for this repository' }] } });
  const report = await project.run();
  expect(report.exitCode).toBe(0);
  expect(project.forge.pulls).toMatchObject([{ draft: false, state: 'open' }]);
  const texts = report.projects[0]!.warnings.map(({ text }) => text);
  expect(texts).toEqual(['not supported', 'not accessible', 'collaborators', 'not allowed'].map((part) => expect.stringContaining(part)));
});

test('what people add to the description stays until there is another text', async () => {
  const project = await botProject();
  await project.run();
  const [pull] = project.forge.pulls;
  pull!.body = `Do not merge before Monday.\n\n${pull!.body}`;
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
  expect(pull!.body).toContain('before Monday');
  project.mirror(NEWER, { timestamp: 1738000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
  expect(pull!.body).toContain('3-1');
});
