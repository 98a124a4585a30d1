import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type BotProject, botProject, MANIFEST, topicOf, UPDATE } from '../helpers/bot-project.ts';

const EXPORTS = 'bot: { exports: [{ format: list, path: out/rpms.txt }] }\n';
let project: BotProject;
let outside: string;

beforeEach(async () => {
  project = await botProject({ bot: EXPORTS });
  outside = join(project.directory, 'outside');
  mkdirSync(outside);
});

/** Links by path, committed on the base branch in place of what is there. */
function commitLinks(links: Readonly<Record<string, string>>): void {
  const work = join(project.directory, 'work');
  const git = (...args: string[]) => execFileSync('git', ['-C', work, '-c', 'user.name=p', '-c', 'user.email=p@e', ...args]);
  for (const [path, target] of Object.entries(links)) {
    git('rm', '-rq', '--ignore-unmatch', path);
    mkdirSync(dirname(join(work, path)), { recursive: true });
    symlinkSync(target, join(work, path));
  }
  git('add', '-A');
  git('commit', '-qm', 'links');
  git('push', '-q', 'origin', 'HEAD:main');
}

test.each([
  ['the folder of lockfiles', 'rpm-lockfiles', ''],
  ['a lockfile', 'rpm-lockfiles/tools-x86_64.lock.json', '/tools-x86_64.lock.json'],
  ['the manifest', 'rpm-packages.yaml', '/rpm-packages.yaml'],
  ['the target of an export', 'out/rpms.txt', '/rpms.txt'],
  ['the folder of an export', 'out', ''],
])('%s that is a link to the outside is refused, and nothing is written there', async (_, path, below) => {
  commitLinks({ [path]: `${outside}${below}` });
  const report = await project.run();
  expect(report).toMatchObject({ exitCode: 2 });
  const { failures, topics } = report.projects[0]!;
  expect([...failures, ...topics.flatMap((topic) => topic.failures)]).toMatchObject([
    { code: 'USAGE', message: expect.stringContaining(`\`${path}\` of the base branch is a link to the outside`) },
  ]);
  expect(readdirSync(outside)).toEqual([]);
  expect(project.branches()).toEqual(['main']);
});

test('an included file that is a link to the outside is missing', async () => {
  writeFileSync(join(outside, 'included.yaml'), 'sets: { secret: { packages: [libc] } }\n');
  project.commit('main', { 'rpm-packages.yaml': `include: more.yaml\n${MANIFEST}` });
  commitLinks({ 'more.yaml': join(outside, 'included.yaml') });
  const { failures } = (await project.run()).projects[0]!;
  expect(failures).toMatchObject([{ code: 'MANIFEST_INVALID' }]);
  expect(JSON.stringify(failures)).toMatch(/there is no file `more\.yaml`/);
});

test('links that reach the outside through other links, and to files that are not there yet, are found', async () => {
  // By its text `out/rpms.txt` stays inside: `near` leads to the top, and `..` to the folder above that.
  commitLinks({ 'deep/deeper/near': '../..', 'out/rpms.txt': '../deep/deeper/near/../new.txt' });
  expect(await project.run()).toMatchObject({ exitCode: 2 });
  commitLinks({ 'out/rpms.txt': 'second', 'out/second': `${outside}/not-there` });
  expect(await project.run()).toMatchObject({ exitCode: 2 });
  expect(existsSync(join(outside, 'not-there'))).toBe(false);
  expect(project.branches()).toEqual(['main']);
});

test('links that stay inside are followed, and other links to the outside stay in the commit', async () => {
  const locks = ['s390x', 'x86_64'].map((name) => `tools-${name}.lock.json`);
  project.commit('main', Object.fromEntries(locks.map((name) => [`locks/${name}`, project.file('main', `rpm-lockfiles/${name}`)])));
  commitLinks({
    'rpm-lockfiles': 'locks',
    'out/rpms.txt': '../lists/all.txt',
    'bazel-out': '/nonexistent/bazel',
    'lists/readme': '../README.md',
  });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened', failures: [] });
  expect(project.file(UPDATE, 'locks/tools-x86_64.lock.json')).toContain('acl-2-1.x86_64.rpm');
  expect(project.file(UPDATE, 'lists/all.txt')).toContain('acl-0:2-1');
  expect(project.git('ls-tree', UPDATE, 'out/rpms.txt')).toMatch(/^120000/);
  expect(project.git('diff', '--name-only', 'main', UPDATE)).not.toContain('bazel-out');
  expect(project.git('ls-tree', UPDATE, 'bazel-out')).toMatch(/^120000/);
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
  expect(readFileSync(join(project.directory, 'work/README.md'), 'utf8')).toBe('readme\n');
});

test('a manifest that is a link within the repository, or in a folder that is one, is worked with, and the links stay', async () => {
  project.commit('main', { 'rpm/packages.yaml': MANIFEST });
  commitLinks({ 'rpm-packages.yaml': 'rpm/packages.yaml', images: 'rpm' });
  expect(topicOf(await project.run())).toMatchObject({
    outcome: 'opened',
    files: expect.arrayContaining(['rpm-lockfiles/tools-x86_64.lock.json']),
  });
  const below = await project.run({ manifest: 'images/packages.yaml', dryRun: true });
  expect(topicOf(below)).toMatchObject({
    outcome: 'would_propose',
    files: expect.arrayContaining(['rpm-lockfiles/tools-x86_64.lock.json']),
  });
});
