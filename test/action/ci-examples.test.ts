import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type BotProject, botProject, MANIFEST, UPDATE } from '../helpers/bot-project.ts';
import { type BuiltProgram, buildProgram } from '../helpers/built.ts';
import { type GitHttp, type GitHttpOptions, startGitHttp } from '../helpers/git-http.ts';
import { optIn } from '../helpers/opt-in.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const example = (path: string) => parse(readFileSync(join(ROOT, path), 'utf8'));

describe.skipIf(!optIn('ORACLE', ['git', 'bash']))('the examples for CI do what they say', () => {
  let program: BuiltProgram;
  let bin: string;
  const servers: GitHttp[] = [];

  beforeAll(() => {
    program = buildProgram();
    bin = mkdtempSync(join(tmpdir(), 'rpm-deps-ci-'));
    const put = (name: string, script: string): void => writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const main = fileURLToPath(program.entry('cli/bin.js'));
    put('rpm-deps', `exec '${process.execPath}' '${main}' "$@"`);
    // The package is not in a registry: what would be installed is the program that was just built.
    put('npm', '[ "$*" = "install --global rpm-deps" ] || { echo "unexpected: npm $*" >&2; exit 1; }');
    put('npx', '[ "$1 $2" = "--yes rpm-deps" ] || { echo "unexpected: npx $*" >&2; exit 1; }\nshift 2\nexec rpm-deps "$@"');
  });

  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  afterAll(() => {
    program.remove();
    rmSync(bin, { recursive: true });
  });

  const serve = async (project: BotProject, options: Partial<GitHttpOptions> = {}): Promise<GitHttp> => {
    const { token, apiUrl } = project.forge;
    const repositories = { '/owner/project.git': '/origin.git' };
    const server = await startGitHttp({ root: project.directory, repositories, login: `oauth2:${token}`, apiUrl, ...options });
    servers.push(server);
    return server;
  };

  const run = async (project: BotProject, command: readonly string[], env: Readonly<Record<string, string>>) => {
    const child = spawn(command[0]!, command.slice(1), {
      cwd: project.clone,
      env: {
        PATH: `${bin}:${process.env['PATH']}`,
        HOME: project.directory,
        GIT_CONFIG_NOSYSTEM: '1',
        RPM_DEPS_MIRROR: `file://${project.directory}/mirror`,
        RPM_DEPS_CACHE_DIR: join(project.directory, 'cache'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    const exitCode = await new Promise<number | null>((done) => child.once('close', done));
    return { exitCode, text };
  };

  test('GitLab: the schedule proposes, a merge request is checked and gets its comment', async () => {
    const jobs = example('docs/ci/gitlab-ci.yml');
    const project = await botProject({ kind: 'gitlab' });
    const { host } = await serve(project, { reader: 'gitlab-ci-token:token-of-the-job' });
    // As a runner clones: with the token of the job in the URL.
    const url = `http://gitlab-ci-token:token-of-the-job@${host}/owner/project.git`;
    execFileSync('git', ['-C', project.clone, 'remote', 'set-url', 'origin', url]);
    const env = {
      GITLAB_CI: 'true',
      CI_API_V4_URL: `http://${host}/api/v4`,
      CI_PROJECT_PATH: 'owner/project',
      CI_JOB_TOKEN: 'token-of-the-job',
    };
    const job = (name: string, more: Readonly<Record<string, string>>) => {
      const { before_script: before } = jobs[jobs[name].extends];
      return run(project, ['bash', '-eo', 'pipefail', '-c', [...before, jobs[name].script].flat().join('\n')], { ...env, ...more });
    };
    const token = { GITLAB_TOKEN: project.forge.token };
    const bot = await job('rpm-deps-bot', token);
    expect(bot).toMatchObject({ exitCode: 0 });
    const report = readFileSync(join(project.clone, jobs['rpm-deps-bot'].artifacts.paths[0]), 'utf8');
    expect(JSON.parse(report)).toMatchObject({ forge: 'gitlab', exit_code: 0 });
    expect(`${bot.text}${report}`).not.toMatch(new RegExp(`token-of-the-job|${project.forge.token}`));
    expect(project.forge.pulls).toMatchObject([{ branch: UPDATE, state: 'open' }]);

    expect(await job('rpm-deps-check', {})).toMatchObject({ exitCode: 0 });
    execFileSync('git', ['-C', project.clone, 'fetch', '-q', project.origin, UPDATE]);
    execFileSync('git', ['-C', project.clone, 'checkout', '-q', '--detach', 'FETCH_HEAD']);
    const merge = { CI_MERGE_REQUEST_IID: String(project.forge.pulls[0]!.number), CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' };
    expect(await job('rpm-deps-diff', { ...token, ...merge })).toMatchObject({ exitCode: 0 });
    expect(project.forge.comments).toMatchObject([{ body: expect.stringContaining('| `acl` |') }]);
    // A merge request from a fork has no token: the difference is in the log.
    expect(await job('rpm-deps-diff', merge)).toMatchObject({ exitCode: 0, text: expect.stringContaining('| `acl` |') });
    expect(project.forge.violations).toEqual([]);
  });

  test('Prow: one command proposes from a fork, with both topics', async () => {
    const { spec, extra_refs: refs } = example('docs/ci/prow.yaml').periodics[0];
    const [container] = spec.containers;
    const manifest = `${MANIFEST.replace('[acl, bash]', '["acl-${ACL}", bash]')}versions: { ACL: "0:1-1" }\n`;
    const project = await botProject({ manifest });
    execFileSync('git', ['clone', '-q', '--bare', project.origin, join(project.directory, 'fork.git')]);
    execFileSync('git', ['-C', project.clone, 'remote', 'remove', 'origin']);
    project.forge.forkGit = join(project.directory, 'fork.git');
    const { host } = await serve(project, {
      repositories: { '/owner/project.git': '/origin.git', '/robot/project.git': '/fork.git' },
      login: `x-access-token:${project.forge.token}`,
    });
    const token = join(project.directory, 'oauth');
    writeFileSync(token, `${project.forge.token}\n`);
    expect(container.env).toEqual([{ name: 'RPM_DEPS_TOKEN_FILE', value: '/etc/github/oauth' }]);
    const script = (container.args[0] as string)
      .replace(`https://github.com/${refs[0].org}/${refs[0].repo}.git`, `http://${host}/owner/project.git`)
      .replace('kubevirt-bot/kubevirt', 'robot/project');
    expect(script).toContain(host);
    const env = { RPM_DEPS_TOKEN_FILE: token, GITHUB_API_URL: `http://${host}/api/v3` };
    const ran = await run(project, [...container.command, script], env);
    // The locks of the test are older than `--max-age` allows: proposed all the same, and the job is red.
    expect(ran).toMatchObject({ exitCode: 1, text: expect.stringContaining('LOCK_STALE') });
    expect(ran.text).not.toContain(project.forge.token);
    expect(project.forge.pulls.map(({ branch, headRepository, labels }) => [branch, headRepository, labels])).toEqual([
      [UPDATE, 'robot/project', ['release-note-none']],
      ['rpm-deps/main/bump', 'robot/project', ['release-note-none']],
    ]);
    const message = execFileSync('git', ['-C', project.forge.forkGit, 'log', '-1', '--format=%an <%ae>%n%B', UPDATE], { encoding: 'utf8' });
    expect(message).toMatch(/^kubevirt-bot <(\S+)>\n.*\nSigned-off-by: kubevirt-bot <\1>\n/s);
    expect(project.branches()).toEqual(['main']);
  });

  test('Tekton: the step runs in the workspace, with the token of a secret and its parameters as arguments', async () => {
    const [step] = example('docs/ci/tekton.yaml').spec.steps;
    const project = await botProject();
    const secret = join(project.directory, 'secret');
    mkdirSync(secret);
    writeFileSync(join(secret, 'token'), project.forge.token);
    const fill = (text: string): string =>
      text.replace('$(workspaces.source.path)', project.clone).replace('$(workspaces.token.path)', secret);
    expect(fill(step.workingDir)).toBe(project.clone);
    expect(step.args).toEqual(['$(params.args[*])']);
    const env = Object.fromEntries(step.env.map(({ name, value }: { name: string; value: string }) => [name, fill(value)]));
    const args = ['--forge=github', '--label=it is; one $(argument)'];
    const ran = await run(project, [...step.command, ...args], {
      ...env,
      GITHUB_API_URL: project.forge.apiUrl,
      GITHUB_REPOSITORY: 'owner/project',
    });
    expect(ran).toMatchObject({ exitCode: 0 });
    expect(project.forge.pulls).toMatchObject([{ branch: UPDATE, labels: ['it is; one $(argument)'] }]);
  });

  test('pre-commit: the hook runs for manifests and lockfiles, and fails when they differ', async () => {
    const [hook] = example('.pre-commit-hooks.yaml');
    const [{ hooks }] = example('docs/ci/pre-commit.yaml').repos;
    expect(hooks).toEqual([{ id: hook.id }]);
    const matches = (path: string): boolean => new RegExp(hook.files).test(path);
    expect(['rpm-packages.yaml', 'images/rpm-packages.json', 'rpm-lockfiles/a-x86_64.lock.json'].filter(matches)).toHaveLength(3);
    expect(['README.md', 'my-rpm-packages.yaml', 'package-lock.json'].filter(matches)).toEqual([]);
    const project = await botProject();
    // No mirror: the hook is offline.
    const check = () => run(project, hook.entry.split(' '), { RPM_DEPS_MIRROR: 'http://127.0.0.1:9/' });
    expect(await check()).toMatchObject({ exitCode: 0 });
    writeFileSync(join(project.clone, 'rpm-packages.yaml'), MANIFEST.replace('[acl, bash]', '[acl, bash, curl]'));
    expect(await check()).toMatchObject({ exitCode: 1, text: expect.stringContaining('curl') });
  });

  test('pre-commit: what npm installs from git has the program', () => {
    const checkout = join(bin, 'checkout');
    const files = execFileSync('git', ['-C', ROOT, 'ls-files', '-z', '--', '.', ':!test', ':!service/test', ':!fixtures'], {
      encoding: 'utf8',
    });
    for (const file of files.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name)))) {
      cpSync(join(ROOT, file), join(checkout, file), { recursive: true });
    }
    symlinkSync(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    const { scripts } = example('package.json');
    expect(scripts.prepare).toBe('node tools/prepare.mjs');
    execFileSync(process.execPath, ['tools/prepare.mjs'], { cwd: checkout, stdio: 'pipe' });
    const version = execFileSync(process.execPath, ['dist/cli/bin.js', '--version'], { cwd: checkout, encoding: 'utf8' });
    expect(version).toContain(example('package.json').version);
  });

  test('GitHub: the workflow gives the action inputs that it has', () => {
    const { inputs } = example('action.yml');
    const { jobs } = example('docs/ci/github.yml');
    const steps = Object.values(jobs as Record<string, { steps: { uses: string; with?: Record<string, string> }[] }>).flatMap(
      (job) => job.steps,
    );
    const own = steps.filter(({ uses }) => uses.startsWith('OWNER/rpm-deps@'));
    expect(own.map((step) => step.with?.['mode'])).toEqual(['check', 'diff', 'bump']);
    for (const step of own) expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with ?? {})));
  });
});
