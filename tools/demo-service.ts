/**
 * `npm run demo:service`: starts a mirror made from fixtures/mirror, a project in a local git repository, a server with Gitea's API, and the
 * service on PGlite: registers the project, runs an update, and prints the pull request and the URL of its page. All on loopback, in .demo/.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFakeGitea } from '../test/helpers/fake-gitea.ts';
import { serveDirectory } from './serve-directory.ts';

const ROOT = resolve(import.meta.dirname, '..');
const demo = join(ROOT, '.demo/service');
const stays = process.argv.includes('--stay');
rmSync(demo, { recursive: true, force: true });
const [bare, tree, data] = ['project.git', 'tree', 'data'].map((name) => join(demo, name)) as [string, string, string];
for (const folder of [bare, tree, data]) mkdirSync(folder, { recursive: true });
const git = (cwd: string, ...args: string[]): string =>
  execFileSync('git', ['-c', 'user.name=Demo', '-c', 'user.email=demo@example.com', '-c', 'init.defaultBranch=main', ...args], {
    cwd,
    encoding: 'utf8',
  });

const mirror = await serveDirectory(join(ROOT, 'fixtures/mirror-next'));
const forge = await startFakeGitea();
git(bare, 'init', '--quiet', '--bare', '.');
forge.git = bare;
git(tree, 'init', '--quiet', '.');
writeFileSync(
  join(tree, 'rpm-packages.yaml'),
  readFileSync(join(ROOT, 'fixtures/rpm-packages.yaml'), 'utf8').replace(/^mirror: .*$/m, `mirror: ${mirror.url}`),
);
git(tree, 'add', '--all');
git(tree, 'commit', '--quiet', '--message', 'what the project needs');
git(tree, 'push', '--quiet', bare, 'HEAD:main');
console.log(`a mirror listens on ${mirror.url}, a forge on ${forge.apiUrl}, the project is in ${bare}`);

const config = join(demo, 'service.yaml');
writeFileSync(join(demo, 'bot-token'), `${forge.token}\n`, { mode: 0o600 });
writeFileSync(
  config,
  JSON.stringify({
    git: [bare],
    credentials: { bot: { file: join(demo, 'bot-token') } },
    network: { origins: [new URL(forge.apiUrl).origin] },
  }),
);
const serve = ['serve', '--data', data, '--config', config, '--manifest', join(tree, 'rpm-packages.yaml')];
const env = { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
const program = join(ROOT, 'dist/cli/bin.js');
console.log(`$ rpm-deps serve token create --data ${data} --name demo --scope operate`);
const token = execFileSync(process.execPath, [program, ...serve, 'token', 'create', '--name', 'demo', '--scope', 'operate', '--quiet'], {
  env,
  encoding: 'utf8',
}).trim();

console.log(`$ rpm-deps serve --data ${data} --config ${config}`);
const child = spawn(process.execPath, [program, ...serve, '--listen', '127.0.0.1:0', '--quiet'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
let exitCode = 1;
try {
  const url = await new Promise<string>((ready, failed) => {
    child.stdout.on('data', (chunk: Buffer) => {
      const match = /listening on (\S+)/.exec(chunk.toString());
      if (match !== null) ready(match[1]!);
    });
    child.once('exit', (code) => failed(new Error(`the service ended with ${code}`)));
  });
  console.log(`listening on ${url}`);
  const ask = async (method: string, path: string, body?: unknown): Promise<Record<string, never>> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const json = (await answer.json()) as Record<string, never>;
    if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(json)}`);
    return json;
  };
  await ask('POST', '/v1/projects', {
    name: 'demo',
    clone_url: bare,
    forge: 'gitea',
    credentials: 'bot',
    settings: { api_url: forge.apiUrl, repository: forge.repository },
    schedules: [{ kind: 'update', cron: '0 5 * * 1', time_zone: 'Europe/Prague' }],
  });
  console.log('the project is registered, with an update every Monday at 5 in Prague; one runs now');
  const { job } = (await ask('POST', '/v1/projects/demo/update', {})) as unknown as { job: { id: string } };
  let done: { state: string; result: { url?: string } | null; error: { message: string } | null };
  do {
    await sleep(300);
    ({ job: done } = (await ask('GET', `/v1/jobs/${job.id}`)) as unknown as { job: typeof done });
  } while (done.state === 'queued' || done.state === 'running');
  if (done.state !== 'succeeded') throw new Error(`the job ended as ${done.state}: ${done.error?.message}`);
  const pull = forge.pulls[0];
  if (pull === undefined) throw new Error('there is no pull request');
  console.log(`\npull request #${pull.number}: ${pull.title}\n${pull.body.split('\n').slice(0, 12).join('\n')}\n...\n`);
  console.log(`branch ${pull.branch}:\n${git(bare, 'show', '--stat', '--format=%s', pull.branch)}`);
  await ask('POST', '/v1/projects/demo/check', {});
  console.log(`the page of the project: ${url}/projects/demo\nthe page of the job: ${url}/jobs/${job.id}`);
  if (stays) {
    console.log(`log in with the token ${token}; Ctrl-C ends it`);
    await new Promise((interrupted) => process.once('SIGINT', interrupted));
  }
  exitCode = 0;
} finally {
  child.kill('SIGTERM');
  if (child.exitCode === null) await new Promise((ended) => child.once('exit', ended));
  await forge.close();
  mirror.server.close();
  mirror.server.closeAllConnections();
}
process.exitCode = exitCode;
