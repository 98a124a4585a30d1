import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RpmDepsError } from '../../src/base/errors.ts';
import { runBot } from '../../src/bot/run-bot.ts';
import { botProject, MANIFEST, topicOf, UPDATE } from '../helpers/bot-project.ts';

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
  expect(await attempt()).toMatchObject({ code: 'FORGE_DENIED', message: expect.stringContaining('may not push') });
  project.forge.canPush = true;
  project.forge.archived = true;
  expect(await attempt()).toMatchObject({ code: 'FORGE_DENIED', message: expect.stringContaining('archived') });
  expect(project.branches()).toEqual(['main']);
});

test('a repository that was renamed works, with a warning', async () => {
  const project = await botProject();
  project.forge.fullName = 'owner/renamed';
  const report = await project.run();
  expect(topicOf(report).outcome).toBe('opened');
  expect(report.projects[0]!.warnings).toMatchObject([{ code: 'FORGE_RENAMED', text: expect.stringContaining('owner/renamed') }]);
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
  const seen: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const { authorization = '' } = request.headers;
    seen.push(authorization);
    const expected = `Basic ${Buffer.from(`x-access-token:${project.forge.token}`).toString('base64')}`;
    if (authorization !== expected) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const env = {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: project.directory,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: url.pathname.replace('/owner/project.git', '/origin.git'),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      REMOTE_USER: 'bot',
    };
    const child = spawn('git', ['http-backend'], { env });
    request.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', () => {
      const all = Buffer.concat(chunks);
      const end = all.indexOf('\r\n\r\n');
      const lines = all
        .toString('latin1', 0, end)
        .split('\r\n')
        .map((line) => line.split(/: (.*)/s));
      const status = Number(lines.find(([name]) => name === 'Status')?.[1]?.slice(0, 3) ?? 200);
      response.writeHead(status, Object.fromEntries(lines.filter(([name]) => name !== 'Status'))).end(all.subarray(end + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const host = `127.0.0.1:${port}`;
    // The API is elsewhere on the same machine: the host of git is what the token is for.
    execFileSync('git', ['-C', project.clone, 'remote', 'set-url', 'origin', `http://${host}/owner/project.git`]);
    execFileSync('git', ['-C', project.clone, 'config', `http.http://${host}/.extraheader`, 'Authorization: Basic d3Jvbmc=']);
    const api = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const target = `${project.forge.apiUrl.replace('/api/v3', '')}${request.url}`;
        const { host: _, connection: __, 'content-length': ___, ...headers } = request.headers as Record<string, string>;
        const body = Buffer.concat(chunks);
        const answer = await fetch(target, { method: request.method!, headers, ...(body.length > 0 ? { body } : {}) });
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(Buffer.from(await answer.arrayBuffer()));
      });
    });
    // One server for both, as real forges are: paths of the API go on to the fake.
    const [handler] = server.listeners('request') as [(request: unknown, response: unknown) => void];
    server.removeAllListeners('request');
    server.on('request', (request, response) =>
      request.url!.startsWith('/api/') ? api.emit('request', request, response) : handler(request, response),
    );
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
  } finally {
    server.closeAllConnections();
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
