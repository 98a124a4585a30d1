import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { botProject } from '../helpers/bot-project.ts';

test('the bot updates rpms.lock.yaml of rpms.in.yaml, which it finds by its name', async () => {
  const project = await botProject();
  project.commit('main', {
    'rpm-packages.yaml': null,
    'my.repo': `[base-$basearch-rpms]\nbaseurl=file://${project.directory}/mirror/$basearch\n`,
    'rpms.in.yaml': 'contentOrigin: { repofiles: [my.repo] }\npackages: [acl]\nnoSources: true\narches: [x86_64, s390x]\n',
  });
  const report = await project.run();
  const topic = report.projects[0]!.topics[0]!;
  expect([topic.outcome, topic.failures]).toEqual(['opened', []]);
  const lock = parse(project.file(topic.branch, 'rpms.lock.yaml')) as {
    arches: { arch: string; packages: { name: string; evr: string }[] }[];
  };
  expect(lock.arches.map(({ arch, packages }) => [arch, packages.map(({ name, evr }) => `${name} ${evr}`)])).toEqual([
    ['s390x', ['acl 2-1']],
    ['x86_64', ['acl 2-1']],
  ]);
  expect(project.git('diff', '--name-only', 'main', topic.branch)).toBe('rpms.lock.yaml');
});
