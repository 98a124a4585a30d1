import { expect, test } from 'vitest';
import { botProject, NEW, topicOf, UPDATE } from '../helpers/bot-project.ts';

test('an update is pushed as one commit and proposed in one pull request', async () => {
  const project = await botProject();
  const report = await project.run();
  expect(report).toMatchObject({ exitCode: 0, failures: [], repository: 'owner/project' });
  expect(topicOf(report)).toMatchObject({ outcome: 'opened', branch: UPDATE, url: expect.stringContaining('/pull/1') });
  expect(project.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-2-1', 'bash-1-1', 'libc-2-1']);
  expect(project.git('rev-list', '--count', `main..${UPDATE}`)).toBe('1');
  expect(project.git('diff', '--name-only', 'main', UPDATE)).toBe(
    'rpm-lockfiles/tools-s390x.lock.json\nrpm-lockfiles/tools-x86_64.lock.json',
  );
  expect(project.forge.pulls).toMatchObject([
    { branch: UPDATE, base: 'main', title: 'rpm lockfiles: update acl, libc', body: expect.stringContaining('| `acl` |') },
  ]);
  expect(project.forge.violations).toEqual([]);
});

test('metadata with other dates and revisions is no reason for a pull request', async () => {
  const project = await botProject();
  await project.run();
  project.git('update-ref', 'refs/heads/main', UPDATE);
  await project.run();
  project.mirror([...NEW].reverse(), { timestamp: 1799000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'nothing', commit: null });
  expect(project.branches()).toEqual(['main']);
});

test('versions that differ between architectures are in the pull request', async () => {
  const project = await botProject();
  project.mirror([...NEW, 'acl-3-1.ARCH'], { architecture: 'x86_64', timestamp: 1738000000 });
  await project.run();
  const { body } = project.forge.pulls[0]!;
  expect(body).toMatch(/\| `acl` \| upgrade \| `1-1` \| `2-1` \| 1 \| tools-s390x/);
  expect(body).toMatch(/\| `acl` \| upgrade \| `1-1` \| `3-1` \| 1 \| tools-x86_64/);
});

test('a mirror that lags behind never makes a pull request', async () => {
  const project = await botProject();
  await project.run();
  project.git('update-ref', 'refs/heads/main', UPDATE);
  await project.run();
  project.mirror(['acl-1-1.ARCH', 'bash-1-1.ARCH requires: libc', 'libc-1-1.ARCH'], { timestamp: 1735000000 });
  const report = await project.run();
  expect(report.exitCode).toBe(4);
  expect(topicOf(report)).toMatchObject({ outcome: 'failed', commit: null });
  expect(project.branches()).toEqual(['main']);
});
