import { expect, test } from 'vitest';
import { botProject, topicOf, UPDATE } from '../helpers/bot-project.ts';

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
