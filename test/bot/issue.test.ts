import { expect, test } from 'vitest';
import type { ForgeKind } from '../../src/forge/forge.ts';
import { botProject, NEW, topicOf } from '../helpers/bot-project.ts';

const BROKEN = ['bash-1-1.ARCH requires: nowhere'];

test.each(['github', 'gitlab', 'gitea'] satisfies ForgeKind[])(
  'on %s a run that could do nothing opens one issue, keeps it, closes it after a good run and opens it again',
  async (kind) => {
    const project = await botProject({ kind });
    project.mirror(BROKEN, { timestamp: 1738000000 });
    expect(await project.run()).toMatchObject({ exitCode: 3, issue: { state: 'opened' } });
    expect(project.forge.issues).toMatchObject([{ state: 'open', body: expect.stringContaining('acl'), labels: ['rpm-deps'] }]);
    expect(await project.run()).toMatchObject({ issue: { state: 'unchanged' } });
    project.mirror(['acl-2-1.ARCH', ...BROKEN], { timestamp: 1738000001 });
    expect(await project.run()).toMatchObject({ issue: { state: 'updated' } });
    project.mirror(NEW, { timestamp: 1738000002 });
    expect(await project.run()).toMatchObject({ exitCode: 0, issue: { state: 'closed' } });
    project.mirror(BROKEN, { timestamp: 1738000003 });
    expect(await project.run()).toMatchObject({ issue: { state: 'opened' } });
    expect(project.forge.issues).toMatchObject([{ state: 'open' }]);
    expect(project.forge.violations).toEqual([]);
  },
);

test('a label that people took off the issue does not make a second one', async () => {
  const project = await botProject();
  project.mirror(BROKEN, { timestamp: 1738000000 });
  await project.run();
  project.forge.issues[0]!.labels = [];
  await project.run();
  expect(project.forge.issues).toHaveLength(1);
});

test.each(['github', 'gitlab', 'gitea'] satisfies ForgeKind[])(
  'on %s an issue of an outsider with the marker is not edited',
  async (kind) => {
    const project = await botProject({ kind });
    const body = '<!-- rpm-deps:issue -->\nmine';
    project.forge.openIssue({ title: 'mine', body, labels: [] }, 'outsider');
    project.mirror(BROKEN, { timestamp: 1738000000 });
    expect(await project.run()).toMatchObject({ issue: { state: 'opened' } });
    expect(project.forge.issues).toMatchObject([{ title: 'mine', body, state: 'open' }, { labels: ['rpm-deps'] }]);
    expect(await project.run()).toMatchObject({ issue: { state: 'unchanged' } });
  },
);

test('issues that are switched off are a warning; the exit code stays that of the failure', async () => {
  const project = await botProject();
  project.forge.hasIssues = false;
  project.mirror(BROKEN, { timestamp: 1738000000 });
  const report = await project.run();
  expect(report).toMatchObject({ exitCode: 3, issue: null });
  expect(report.projects[0]!.warnings).toContainEqual({
    code: 'ISSUE_NOT_OPENED',
    text: expect.stringMatching(/only in this report: .* answered 410: .*; switch on issues, or set `bot\.issue: false`$/),
  });
});

test('no issue is opened where the manifest switches it off', async () => {
  const project = await botProject({ bot: 'bot: { issue: false }\n' });
  project.mirror(BROKEN, { timestamp: 1738000000 });
  await project.run();
  expect(project.forge.issues).toEqual([]);
});

test('a text out of a repository commands nobody in an issue', async () => {
  const project = await botProject();
  project.mirror(['acl-1-1.ARCH requires: @everyone', 'bash-1-1.ARCH requires: fixes#12'], { timestamp: 1738000000 });
  const report = await project.run();
  expect(topicOf(report).outcome).toBe('failed');
  expect(project.forge.issues[0]!.body).not.toMatch(/@everyone|fixes ?#12/);
});
