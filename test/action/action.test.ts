import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BotProject, botProject, MANIFEST, UPDATE } from '../helpers/bot-project.ts';
import { type BuiltProgram, buildProgram } from '../helpers/built.ts';
import { optIn } from '../helpers/opt-in.ts';
import { type ActionRun, runAction } from '../helpers/run-action.ts';

describe.skipIf(!optIn('ORACLE', ['git', 'bash']))('the GitHub Action', () => {
  let program: BuiltProgram;
  let action: string;

  beforeAll(() => {
    program = buildProgram();
    action = mkdtempSync(join(tmpdir(), 'rpm-deps-action-'));
    copyFileSync(resolve(import.meta.dirname, '../../action.yml'), join(action, 'action.yml'));
    symlinkSync(dirname(dirname(fileURLToPath(program.entry('cli/bin.js')))), join(action, 'dist'));
  });

  afterAll(() => program.remove());

  const run = async (
    project: BotProject,
    inputs: Record<string, string>,
    { token = project.forge.token, pull = 7, isFork = false } = {},
  ): Promise<ActionRun> => {
    const env = {
      GITHUB_API_URL: project.forge.apiUrl,
      GITHUB_REPOSITORY: 'owner/project',
      GITHUB_BASE_REF: 'main',
      RPM_DEPS_MIRROR: `file://${project.directory}/mirror`,
      RPM_DEPS_CACHE_DIR: join(project.directory, 'cache'),
    };
    return runAction({
      action,
      inputs,
      workspace: project.clone,
      env,
      token,
      event: { number: pull, pull_request: { number: pull, head: { repo: { fork: isFork } } } },
    });
  };

  test('bump proposes updates, with a summary of the job', async () => {
    const project = await botProject();
    const ran = await run(project, { mode: 'bump', args: '--signoff\n--label=dependencies\n' });
    expect(ran).toMatchObject({ exitCode: 0, outputs: { 'exit-code': '0' }, summary: expect.stringContaining('| update | opened |') });
    expect(readFileSync(ran.outputs['report']!, 'utf8')).toContain('update opened');
    expect(project.forge.pulls).toMatchObject([{ branch: UPDATE, labels: ['dependencies'] }]);
    expect(`${ran.stdout}${ran.stderr}${ran.summary}`).not.toContain(project.forge.token);
  });

  test('check shows findings at file and line, and fails', async () => {
    const project = await botProject();
    writeFileSync(join(project.clone, 'rpm-packages.yaml'), MANIFEST.replace('[acl, bash]', '[acl, bash, curl]'));
    const ran = await run(project, { mode: 'check' });
    expect(ran).toMatchObject({ exitCode: 1, outputs: { 'exit-code': '1' } });
    expect(ran.stdout).toMatch(/^::error file=rpm-lockfiles\/tools-s390x\.lock\.json,line=\d+,title=rpm-deps check::/m);
    writeFileSync(join(project.clone, 'rpm-packages.yaml'), `${MANIFEST}setz: {}\n`);
    expect((await run(project, { mode: 'check' })).stdout).toMatch(
      /^::error file=rpm-packages\.yaml,line=8,col=1,title=rpm-deps check::.*setz/m,
    );
  });

  test('check asks no server that the manifest of a fork names', async () => {
    const project = await botProject();
    const asked: string[] = [];
    const server = createServer(({ url }, response) => {
      asked.push(url!);
      response.end('sets: { more: { packages: [curl] } }\n');
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    writeFileSync(join(project.clone, 'rpm-packages.yaml'), `include: http://127.0.0.1:${port}/more.yaml\n${MANIFEST}`);
    const ran = await run(project, { mode: 'check' }, { isFork: true });
    expect(ran).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('not in the cache') });
    expect(asked).toEqual([]);
    expect(await run(project, { mode: 'check' })).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('more-x86_64') });
    server.close();
  });

  test('diff keeps one comment up to date; without the right to write it is in the summary', async () => {
    const project = await botProject();
    const pull = project.forge.openPull({
      branch: 'topic',
      base: 'main',
      headRepository: 'fork/project',
      title: 't',
      body: '',
      draft: false,
    });
    execFileSync('git', ['-C', project.clone, 'checkout', '-q', '-b', 'topic']);
    const bot = await run(project, { mode: 'bump' });
    expect(bot.exitCode).toBe(0);
    execFileSync('git', ['-C', project.clone, 'fetch', '-q', 'origin', UPDATE]);
    execFileSync('git', ['-C', project.clone, 'reset', '-q', '--hard', 'FETCH_HEAD']);
    expect(await run(project, { mode: 'diff' }, { pull: pull.number })).toMatchObject({
      exitCode: 0,
      summary: expect.stringContaining('| `acl` |'),
    });
    await run(project, { mode: 'diff' }, { pull: pull.number });
    expect(project.forge.comments).toMatchObject([{ on: pull.number, body: expect.stringContaining('| `acl` |') }]);
    execFileSync('git', ['-C', project.clone, 'reset', '-q', '--hard', 'origin/main']);
    await run(project, { mode: 'diff' }, { pull: pull.number });
    expect(project.forge.comments).toMatchObject([{ body: expect.stringContaining('no changes') }]);
    project.forge.canPush = false;
    project.forge.comments.length = 0;
    execFileSync('git', ['-C', project.clone, 'reset', '-q', '--hard', 'FETCH_HEAD']);
    const fork = await run(project, { mode: 'diff' }, { pull: pull.number });
    expect(fork).toMatchObject({ exitCode: 0, summary: expect.stringContaining('| `acl` |') });
    expect(project.forge.comments).toEqual([]);
  });

  test('inputs are no part of a script', async () => {
    const project = await botProject();
    const ran = await run(project, { mode: 'check; touch /tmp/injected', args: '$(touch injected)' });
    expect(ran).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('mode must be') });
  });
});
