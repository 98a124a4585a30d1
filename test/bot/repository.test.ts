import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type BotInput, runBot } from '../../src/bot/run-bot.ts';
import { type BotProject, botProject, MANIFEST, NEW, topicOf, UPDATE } from '../helpers/bot-project.ts';

const LOCKS = ['rpm-lockfiles/tools-s390x.lock.json', 'rpm-lockfiles/tools-x86_64.lock.json'];
const changed = ({ git }: BotProject): string[] => git('diff', '--name-only', 'main', UPDATE).split('\n');

function git(cwd: string, ...args: readonly string[]): string {
  const env = { PATH: process.env['PATH'], HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' };
  const settings = ['-c', 'user.name=P', '-c', 'user.email=p@e', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', ['-C', cwd, ...settings, ...args], { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] }).trimEnd();
}

function runIn(project: BotProject, cwd: string, env: Readonly<Record<string, string>> = {}) {
  const input = { forge: 'github', mirror: `file://${project.directory}/mirror` } as const;
  return runBot(input, { ...project.context(), cwd, env: { ...project.env, ...env } });
}

test('settings and variables of a person run no program, push nothing else, and change no byte', async () => {
  const project = await botProject();
  const ran = join(project.directory, 'ran');
  const program = join(project.directory, 'program');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >>${ran}\n`);
  chmodSync(program, 0o755);
  const settings = {
    ...{
      'core.fsmonitor': program,
      'core.pager': program,
      'diff.external': program,
      'gpg.program': program,
      'core.hooksPath': project.directory,
    },
    ...{ 'alias.push': '!false', 'alias.ls-remote': '!false', 'color.ui': 'always', 'color.push': 'always', 'log.showSignature': 'true' },
    ...{ 'push.followTags': 'true', 'push.recurseSubmodules': 'on-demand', 'push.default': 'nothing', 'remote.origin.mirror': 'true' },
    ...{ 'remote.origin.tagOpt': '--tags', 'fetch.prune': 'true', 'core.splitIndex': 'true', 'core.sparseCheckout': 'true' },
    ...{ 'core.autocrlf': 'true', 'core.safecrlf': 'true', 'i18n.commitEncoding': 'ISO-8859-1', 'i18n.logOutputEncoding': 'UTF-16' },
    ...{ 'user.name': 'Zoë Prénom', 'user.email': 'zoe@example.com', 'format.pretty': 'oneline', 'submodule.recurse': 'true' },
  };
  for (const [key, value] of Object.entries(settings)) git(project.clone, 'config', key, value);
  writeFileSync(join(project.clone, '.git/info/sparse-checkout'), '/docs/\n');
  git(project.clone, 'tag', '-a', '-m', 'a tag', 'v1');
  const env = { GIT_GLOB_PATHSPECS: '1', GIT_COMMITTER_DATE: 'nonsense', LC_ALL: 'xx', GIT_PAGER: program, GIT_EXTERNAL_DIFF: program };
  expect(topicOf(await runIn(project, project.clone, env))).toMatchObject({ outcome: 'opened' });
  expect(changed(project)).toEqual(LOCKS);
  expect(project.git('cat-file', 'commit', UPDATE)).toContain('author Zoë Prénom <zoe@example.com>');
  expect(project.git('tag')).toBe('');
  expect(existsSync(ran)).toBe(false);
  expect(topicOf(await runIn(project, project.clone, env))).toMatchObject({ outcome: 'unchanged' });
});

test.each(['2.30.2', '1.8.3.1'])('git %s is refused before anything is done', async (version) => {
  const project = await botProject();
  const bin = join(project.directory, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "git version ${version}"\n`);
  chmodSync(join(bin, 'git'), 0o755);
  const old = runIn(project, project.clone, { PATH: bin });
  await expect(old).rejects.toMatchObject({ code: 'GIT', message: `git ${version} is too old`, hint: expect.stringContaining('2.31') });
});

test('every kind of clone does: worktree, partial, sparse, bare, without a branch or a checkout, with a rewritten URL', async () => {
  const project = await botProject();
  const url = `file://${project.origin}`;
  const at = (kind: string): string => join(project.directory, `a "${kind}" clone`);
  git(project.clone, 'worktree', 'add', '-q', '--detach', at('worktree'));
  git(project.directory, 'clone', '-q', '--filter=blob:none', '--no-checkout', url, at('partial'));
  git(project.directory, 'clone', '-q', '--sparse', url, at('sparse'));
  git(at('sparse'), 'sparse-checkout', 'set', '--sparse-index', 'docs');
  git(project.directory, 'clone', '-q', '--bare', url, at('bare'));
  git(project.directory, 'init', '-q', at('empty'));
  git(at('empty'), 'remote', 'add', 'origin', 'short:origin.git');
  git(at('empty'), 'config', `url.file://${project.directory}/.insteadOf`, 'short:');
  expect(topicOf(await runIn(project, at('worktree')))).toMatchObject({ outcome: 'opened' });
  const tip = project.git('rev-parse', UPDATE);
  expect(changed(project)).toEqual(LOCKS);
  for (const kind of ['partial', 'sparse', 'bare', 'empty'])
    expect(topicOf(await runIn(project, at(kind))), kind).toMatchObject({ outcome: 'unchanged', commit: tip });
});

test('a clone of another user is said as that', async () => {
  const project = await botProject();
  await expect(runIn(project, project.clone, { GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' })).rejects.toMatchObject({
    code: 'GIT',
    message: expect.stringContaining('belongs to another user'),
    hint: expect.stringContaining('safe.directory'),
  });
});

test('a key that cannot sign and a remote that lacks a feature are no reason to try again later', async () => {
  const project = await botProject();
  git(project.clone, 'config', 'push.pushOption', 'ci.skip');
  const unsupported = await project.run();
  expect(topicOf(unsupported)).toMatchObject({ failures: [{ code: 'GIT', message: expect.stringContaining('push options') }] });
  git(project.clone, 'config', '--unset', 'push.pushOption');
  git(project.clone, 'config', 'commit.gpgsign', 'true');
  const report = await project.run();
  expect(report.exitCode).toBe(2);
  expect(topicOf(report)).toMatchObject({ failures: [{ code: 'GIT', hint: expect.stringContaining('user.signingkey') }] });
});

test('LFS that is not installed, submodules, CRLF and attributes keep nothing from being committed, and change no other file', async () => {
  const files = {
    '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n*.json text eol=crlf\n* ident\n',
    'large.bin': 'version https://git-lfs.github.com/spec/v1\n',
  };
  const project = await botProject({ files, manifest: MANIFEST.replaceAll('\n', '\r\n') });
  for (const name of ['clean', 'smudge', 'process']) git(project.clone, 'config', `filter.lfs.${name}`, 'no-such-program');
  git(project.clone, 'config', 'filter.lfs.required', 'true');
  const work = join(project.directory, 'work');
  git(work, 'submodule', 'add', '-q', project.origin, 'sub');
  git(work, 'commit', '-q', '-m', 'submodule');
  git(work, 'push', '-q', 'origin', 'HEAD:main');
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened' });
  expect(changed(project)).toEqual(LOCKS);
  project.mirror([...NEW, 'acl-3-1.ARCH'], { timestamp: 1738000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
});

test('the lockfiles of a manifest that an option names are where every command has them, those of `manifests` beside each', async () => {
  const project = await botProject();
  project.commit('main', { 'rpm-packages.yaml': null, 'images/rpm-packages.yaml': MANIFEST });
  const files = async (input: BotInput, folder = ''): Promise<readonly string[]> => {
    const options = { forge: 'github', mirror: `file://${project.directory}/mirror`, dryRun: true, ...input } as const;
    return topicOf(await runBot(options, { ...project.context(), cwd: join(project.clone, folder) })).files;
  };
  mkdirSync(join(project.clone, 'images'));
  const manifest = 'images/rpm-packages.yaml';
  expect(await files({ manifest })).toEqual(LOCKS);
  expect(await files({ manifest, lockfiles: join(project.clone, 'rpm-lockfiles') })).toEqual(LOCKS);
  expect(await files({ lockfiles: '../rpm-lockfiles' }, 'images')).toEqual(LOCKS);
  expect(await files({}, 'images')).toEqual(LOCKS.map((path) => `images/${path}`));
  expect(await files({ manifests: [manifest] })).toEqual(LOCKS.map((path) => `images/${path}`));
  await expect(files({ manifest, lockfiles: '../locks' })).rejects.toThrow('outside of the git repository');
});
