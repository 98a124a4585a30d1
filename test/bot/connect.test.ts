import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RpmDepsError } from '../../src/base/errors.ts';
import { runBot } from '../../src/bot/run-bot.ts';
import { botProject, MANIFEST, topicOf, UPDATE } from '../helpers/bot-project.ts';
import { startGitHttp } from '../helpers/git-http.ts';

const failure = (promise: Promise<unknown>): Promise<RpmDepsError> =>
  promise.then(
    () => new Error('no failure') as RpmDepsError,
    (error) => error,
  );

test('no token, a wrong token, no right, an archived repository: exit 2, each said', async () => {
  const project = await botProject();
  const attempt = () => failure(project.run());
  const { RPM_DEPS_TOKEN: token } = project.env;
  project.env['RPM_DEPS_TOKEN'] = '';
  expect(await attempt()).toMatchObject({ code: 'FORGE_DENIED', message: expect.stringContaining('no token') });
  project.env['RPM_DEPS_TOKEN'] = 'wrong-but-secret';
  const wrong = await attempt();
  expect(wrong).toMatchObject({ code: 'FORGE_DENIED', message: expect.stringContaining('401') });
  expect(JSON.stringify(wrong)).not.toContain('wrong-but-secret');
  project.env['RPM_DEPS_TOKEN'] = token;
  project.forge.canPush = false;
  expect(await attempt()).toMatchObject({ code: 'FORGE_DENIED', message: expect.stringContaining('does not allow push') });
  project.forge.canPush = true;
  project.forge.archived = true;
  expect(await attempt()).toMatchObject({ code: 'FORGE_DENIED', message: expect.stringContaining('archived') });
  expect(project.branches()).toEqual(['main']);
});

test.each([
  ['github', 'owner/renamed'],
  ['github', 'new-owner/project'],
  ['gitlab', 'new-owner/renamed'],
  ['gitea', 'new-owner/renamed'],
] as const)('on %s a repository that was renamed or moved to %s works, with a warning', async (kind, fullName) => {
  const project = await botProject({ kind });
  project.forge.fullName = fullName;
  const report = await project.run();
  expect(topicOf(report).outcome).toBe('opened');
  expect(topicOf(await project.run()).outcome).toBe('unchanged');
  expect(report.projects[0]!.warnings).toMatchObject([{ code: 'FORGE_RENAMED', text: expect.stringContaining(fullName) }]);
});

test('a token that expires soon, lacks a right or starts no checks is a warning', async () => {
  const project = await botProject();
  project.forge.login = 'github-actions[bot]';
  project.forge.expires = '2026-12-01 09:00:00 UTC';
  const { warnings } = (await project.run()).projects[0]!;
  expect(warnings.map(({ text }) => text)).toEqual([
    expect.stringContaining('expires on 2026-12-01'),
    expect.stringContaining('starts no checks'),
  ]);
});

test('no git repository and no remote are usage', async () => {
  const project = await botProject();
  expect(await failure(runBot({ forge: 'none' }, { ...project.context(), cwd: project.directory }))).toMatchObject({ code: 'GIT' });
  execFileSync('git', ['-C', project.clone, 'remote', 'remove', 'origin']);
  expect(await failure(project.run())).toMatchObject({ code: 'USAGE', message: expect.stringContaining('remote') });
  expect(topicOf(await project.run({ dryRun: true })).outcome).toBe('would_propose');
});

test('no git is said as that', async () => {
  const project = await botProject();
  project.env['PATH'] = '/nonexistent';
  expect(await failure(project.run())).toMatchObject({ code: 'GIT', message: expect.stringContaining('not installed') });
});

test('neither tokens nor other variables reach a manifest', async () => {
  const manifest = MANIFEST.replace('[acl, bash]', '["acl-${RPM_DEPS_TOKEN}", bash]');
  const project = await botProject({
    manifest: `${manifest}versions: { RPM_DEPS_TOKEN: "0:1-1" }\n`,
    env: { RPM_DEPS_VERSION_RPM_DEPS_TOKEN: '9' },
  });
  const report = await project.run();
  expect(report).toMatchObject({ exitCode: 0 });
  expect(JSON.stringify(report)).not.toContain(project.forge.token);
  expect(project.file(UPDATE, 'rpm-lockfiles/tools-x86_64.lock.json')).toContain('"acl-0:1-1"');
});

test('a remote that is down is exit 4, and says no login', async () => {
  const project = await botProject();
  execFileSync('git', ['-C', project.clone, 'remote', 'set-url', 'origin', 'http://user:hidden-word@127.0.0.1:1/owner/project.git']);
  const error = await failure(project.run());
  expect(error).toMatchObject({ code: 'FORGE' });
  expect(JSON.stringify({ ...error, message: error.message })).not.toContain('hidden-word');
});

test('over HTTP git logs in with the token, to the forge’s host only; it is in no argument, URL, configuration or output', async () => {
  const project = await botProject();
  execFileSync('git', ['-C', project.origin, 'config', 'http.receivepack', 'true']);
  const { token, apiUrl } = project.forge;
  const server = await startGitHttp({
    root: project.directory,
    repositories: { '/owner/project.git': '/origin.git' },
    login: `x-access-token:${token}`,
    apiUrl,
  });
  try {
    const { host, seen } = server;
    execFileSync('git', ['-C', project.clone, 'remote', 'set-url', 'origin', `http://${host}/owner/project.git`]);
    // As actions/checkout leaves it.
    execFileSync('git', ['-C', project.clone, 'config', `http.http://${host}/.extraheader`, 'Authorization: Basic d3Jvbmc=']);
    project.env['GITHUB_API_URL'] = `http://${host}/api/v3`;
    const report = await project.run();
    expect(topicOf(report)).toMatchObject({ outcome: 'opened' });
    expect(new Set(seen)).toEqual(new Set([`Basic ${Buffer.from(`x-access-token:${project.forge.token}`).toString('base64')}`]));
    expect(project.branches()).toContain(UPDATE);
    const config = readFileSync(join(project.clone, '.git/config'), 'utf8');
    for (const text of [
      config,
      JSON.stringify(report),
      project.git('log', '-1', '--format=%B', UPDATE),
      ...project.forge.pulls.map(({ body }) => body),
    ]) {
      expect(text).not.toContain(project.forge.token);
    }
    // The key of a GitHub App reads the private base as well.
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    Object.assign(project.env, { RPM_DEPS_TOKEN: '', RPM_DEPS_GITHUB_APP_ID: '1', RPM_DEPS_GITHUB_APP_KEY: key });
    expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
    project.env['RPM_DEPS_GITHUB_APP_KEY'] = 'no key';
    expect(await failure(project.run())).toMatchObject({ code: 'FORGE_DENIED' });
  } finally {
    server.close();
  }
});

test('git’s arguments hold no secret, and its environment no more than its own login', async () => {
  const project = await botProject();
  const log = join(project.directory, 'git.log');
  const bin = join(project.directory, 'bin');
  execFileSync('mkdir', ['-p', bin]);
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n{ echo "$@"; env; } >>${log}\nexec ${real} "$@"\n`, { mode: 0o755 });
  project.env['PATH'] = `${bin}:${process.env['PATH']}`;
  project.env['GITHUB_TOKEN'] = 'another-secret-of-the-job';
  await project.run();
  const text = readFileSync(log, 'utf8');
  expect(text).toContain('push');
  expect(text).not.toContain(project.forge.token);
  expect(text).not.toContain('another-secret-of-the-job');
});
