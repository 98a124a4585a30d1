import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { botProject, MANIFEST, topicOf, UPDATE } from '../helpers/bot-project.ts';

test('author, committer and sign-off are as configured, and the sign-off equals the author', async () => {
  const project = await botProject({
    bot: 'bot: { author: "RPM Bot <bot@example.com>", committer: "CI <ci@example.com>", signoff: true }\n',
  });
  await project.run();
  expect(project.git('log', '-1', '--format=%an <%ae>|%cn <%ce>', UPDATE)).toBe('RPM Bot <bot@example.com>|CI <ci@example.com>');
  expect(project.git('log', '-1', '--format=%(trailers:key=Signed-off-by,valueonly)', UPDATE).trim()).toBe('RPM Bot <bot@example.com>');
});

test('without a configured author it is the one of git', async () => {
  const project = await botProject();
  execFileSync('git', ['-C', project.clone, 'config', 'user.name', 'Local']);
  execFileSync('git', ['-C', project.clone, 'config', 'user.email', 'local@example.com']);
  await project.run({ signoff: true });
  expect(project.git('log', '-1', '--format=%an <%ae>%n%(trailers:key=Signed-off-by,valueonly)', UPDATE).trim().split('\n')).toEqual([
    'Local <local@example.com>',
    'Local <local@example.com>',
  ]);
});

const HAS_SSH = spawnSync('ssh-keygen', ['-?']).error === undefined;

test.skipIf(!HAS_SSH)('commits are signed as git is configured', async () => {
  const project = await botProject();
  const key = join(project.directory, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  for (const [name, value] of [
    ['gpg.format', 'ssh'],
    ['user.signingkey', `${key}.pub`],
    ['commit.gpgsign', 'yes'],
  ])
    execFileSync('git', ['-C', project.clone, 'config', name!, value!]);
  await project.run();
  expect(project.git('cat-file', 'commit', UPDATE)).toContain('-----BEGIN SSH SIGNATURE-----');
  expect(topicOf(await project.run()).outcome).toBe('unchanged');
});

test('the same base, locks and people make the same commit', async () => {
  const one = await botProject();
  expect(topicOf(await one.run()).commit).toBe(topicOf(await one.run({ dryRun: true })).commit);
});

test('names from repositories mention no people and are no commands in commit, title and description', async () => {
  const project = await botProject({
    packages: ['acl-1-1.ARCH', 'bash-1-1.ARCH requires: libc', 'libc-1-1.ARCH source: @everyone'],
    manifest: MANIFEST,
  });
  project.mirror(['acl-1-1.ARCH', 'bash-1-1.ARCH requires: libc', 'libc-2-1.ARCH source: @everyone', 'libc-1-1.ARCH source: @everyone'], {
    timestamp: 1738000000,
  });
  const report = await project.run();
  const { title, body, message } = topicOf(report);
  expect(title).not.toMatch(/[@#]/);
  expect(message).not.toMatch(/@everyone/);
  expect(body).not.toMatch(/(?<!`)@everyone/);
});

test('a base beside the default one and a manifest in a folder are in the title', async () => {
  const project = await botProject({ folder: 'images', bot: 'bot: { title_prefix: "chore: " }\n' });
  project.commit('release-1.0', {}, { from: 'main' });
  mkdirSync(join(project.directory, 'x'));
  writeFileSync(join(project.directory, 'x/y'), '');
  const report = await project.run({ bases: ['release-1.0'] });
  expect(topicOf(report).title).toBe('chore: images: rpm lockfiles: update acl, libc (release-1.0)');
});
