import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { EXPORT_FORMATS } from '../../src/manifest/export-names.ts';
import { botView } from '../../src/views/bot.ts';
import { outputSchema } from '../../src/views/view.ts';
import { botProject, NEW, UPDATE } from '../helpers/bot-project.ts';
import { runCli } from '../helpers/cli-project.ts';

async function cliOf(options: Parameters<typeof botProject>[0] = {}) {
  const project = await botProject(options);
  const { RPM_DEPS_TOKEN: _, ...env } = project.env;
  const world = {
    cwd: project.clone,
    env: { ...env, RPM_DEPS_CACHE_DIR: join(project.directory, 'cache'), RPM_DEPS_MIRROR: `file://${project.directory}/mirror` },
    now: () => project.now,
  };
  const run = (...argv: string[]) => runCli(['bot', ...argv], world);
  const withToken = (...argv: string[]) => runCli(['bot', ...argv], { ...world, env: { ...world.env, GITHUB_TOKEN: project.forge.token } });
  return { project, world, run, withToken };
}

test('a dry run needs no token, writes nothing, and prints what a run commits and proposes', async () => {
  const { project, run, withToken } = await cliOf();
  const dry = await run('--forge', 'github', '--dry-run');
  expect(dry).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('update would be proposed: rpm lockfiles: update acl, libc') });
  expect(dry.stdout).toContain('rpm-lockfiles/tools-x86_64.lock.json');
  expect(project.branches()).toEqual(['main']);
  expect(project.forge.requests).toEqual([]);
  const planned = (await run('--forge', 'github', '--dry-run', '--json')).json as Report;
  const done = (await withToken('--forge', 'github', '--json')).json as Report;
  const { title, body, commit, message, files } = planned.projects[0]!.topics[0]!;
  expect(done.projects[0]!.topics[0]).toMatchObject({ title, body, commit, message, files, outcome: 'opened' });
  expect(project.forge.pulls).toMatchObject([{ title, body }]);
  expect(project.git('rev-parse', UPDATE)).toBe(commit);
});

interface Report {
  readonly projects: readonly { readonly topics: readonly Record<string, unknown>[] }[];
}

test('--json follows its schema, also of a run that fails', async () => {
  const { project, withToken } = await cliOf();
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(outputSchema(botView));
  expect(validate((await withToken('--forge', 'github', '--json', '--max-age', '1d')).json)).toBe(true);
  project.mirror(['acl-3-1.ARCH requires: nowhere']);
  const bad = await withToken('--forge', 'github', '--json');
  expect(validate(bad.json)).toBe(true);
  expect(bad.exitCode).not.toBe(0);
});

test('the job summary says what was proposed, and why a run could not start', async () => {
  const { project, world } = await cliOf();
  const summary = join(project.directory, 'summary.md');
  const env = { ...world.env, GITHUB_STEP_SUMMARY: summary };
  await runCli(['bot', '--forge', 'github'], { ...world, env: { ...env, GITHUB_TOKEN: project.forge.token } });
  expect(readFileSync(summary, 'utf8')).toContain('| `main` | `rpm-packages.yaml` | update | opened | [rpm lockfiles: update acl, libc]');
  const without = await runCli(['bot', '--forge', 'github'], { ...world, env });
  expect(without).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no token') });
  expect(readFileSync(summary, 'utf8')).toContain('**FORGE_DENIED**');
});

test('--forge none ends after the push and needs no token', async () => {
  const { project, run } = await cliOf();
  expect(await run('--forge', 'none')).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('update opened') });
  expect(project.branches()).toEqual(['main', UPDATE]);
  expect((await run('--forge', 'none')).stdout).toContain('update is up to date');
  expect(project.forge.requests).toEqual([]);
});

test('options do what the keys of the section do', async () => {
  const { project, withToken } = await cliOf({ bot: 'bot: { branch_prefix: other, ignore: [acl] }\n' });
  const people = ['--author', 'Robot <robot@example.com>', '--committer', 'Runner <runner@example.com>', '--signoff'];
  const texts = ['--branch-prefix', 'bots/rpm', '--title-prefix', 'deps: ', '--body', '/release-note-none'];
  const options = ['--forge', 'github', '--ignore', 'lib*', '--skip-label', 'keep', ...people, ...texts];
  const { apiUrl } = project.forge;
  expect(await withToken(...options, '--forge-url', apiUrl, '--repository', 'owner/project')).toMatchObject({ exitCode: 0 });
  expect(project.forge.pulls).toMatchObject([
    {
      branch: 'bots/rpm/main/update',
      title: 'deps: rpm lockfiles: update acl to 2-1',
      body: expect.stringContaining('\n/release-note-none\n'),
    },
  ]);
  const commit = project.git('log', '-1', '--format=%an %cn%n%B', 'bots/rpm/main/update');
  expect(commit).toMatch(/^Robot Runner\n.*\nSigned-off-by: Robot <robot@example\.com>$/s);
  project.forge.pulls[0]!.labels.push('keep');
  expect((await withToken(...options)).stdout).toContain('update left alone');
  expect(await withToken('--branch-prefix', '../x')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('prefix of branches') });
});

test('manifests, schedule, exports, labels and issues can be given as options as well', async () => {
  const { project, withToken } = await cliOf();
  const manifests = ['--manifests', 'rpm-packages.yaml', '--manifests', 'missing.yaml'];
  const options = ['--forge', 'github', ...manifests, '--export', 'list=rpms.txt', '--no-issue', '--take-over-label', 'go-on'];
  const closed = await withToken(...options, '--schedule', 'update=sunday', '--json');
  expect(closed.json).toMatchObject({ projects: [{ topics: [{ outcome: 'suppressed' }] }, { manifest: 'missing.yaml' }], issue: null });
  expect(project.forge.issues).toEqual([]);
  await withToken(...options, '--schedule', 'update=saturday,sunday,monday,tuesday,wednesday,thursday,friday');
  expect(project.git('diff', '--name-only', 'main', UPDATE)).toContain('rpms.txt');
  project.commit(UPDATE, { 'README.md': 'by hand\n' });
  project.forge.labels.push('go-on');
  project.forge.pulls[0]!.labels.push('go-on');
  expect((await withToken(...options)).stdout).toContain('update refreshed');
  for (const wrong of [
    ['--schedule', 'update=someday'],
    ['--schedule', 'other=monday'],
    ['--export', 'nothing=x'],
    ['--export', 'list'],
  ])
    expect(await withToken('--forge', 'github', ...wrong)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(wrong[1]!) });
  const formats = EXPORT_FORMATS.join(', ');
  expect(await withToken('--forge', 'github', '--export', 'lst=x')).toMatchObject({ stderr: expect.stringContaining(formats) });
});

test('a flag can also switch off what the section switches on', async () => {
  const bot = 'bot: { signoff: true, sign: true, draft: true, automerge: true, update_approved: true }\n';
  const { project, withToken } = await cliOf({ bot });
  const off = ['--no-signoff', '--no-sign', '--no-draft', '--no-automerge', '--no-update-approved', '--issue'];
  const options = ['--forge', 'github', ...off];
  expect(await withToken(...options)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('update opened') });
  expect(project.forge.pulls).toMatchObject([{ draft: false, autoMerge: false }]);
  expect(project.git('log', '-1', '--format=%B', UPDATE)).not.toContain('Signed-off-by');
  project.forge.pulls[0]!.reviews.push({ user: 'somebody', state: 'APPROVED' });
  project.mirror([...NEW, 'acl-3-1.ARCH'], { timestamp: 1738000000 });
  expect((await withToken(...options)).stdout).toContain('update left alone');
  // What the section says: there is no key to sign with.
  expect(await withToken('--forge', 'github')).toMatchObject({ exitCode: 2 });
});

test('an export of one set and architecture can be given as an option', async () => {
  const { project, withToken } = await cliOf();
  expect(await withToken('--forge', 'github', '--export', 'list:tools:s390x=rpms.txt')).toMatchObject({ exitCode: 0 });
  expect(project.file(UPDATE, 'rpms.txt')).toMatch(/^acl-0:2-1\.s390x\n/);
  expect(project.file(UPDATE, 'rpms.txt')).not.toContain('x86_64');
});

test('wrong durations and numbers are usage', async () => {
  const { run } = await cliOf();
  expect(await run('--minimum-age', '3 days')).toMatchObject({ exitCode: 2 });
  expect(await run('--limit', '0')).toMatchObject({ exitCode: 2 });
  expect(await run('--forge', 'none', '--base', 'nowhere')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('nowhere') });
});
