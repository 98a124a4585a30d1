/** Projects that cannot work: each job ends with a reason, and the service goes on. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pigeons } from '../../../test/helpers/hard-worlds.ts';
import { writeRepository } from '../../../test/helpers/small-mirror.ts';
import { type Api, apiOf, type JobShown } from '../helpers/api.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { fixtureLocks, fixtureManifest } from '../helpers/fixture-locks.ts';
import { type GitProject, gitProject } from '../helpers/git-project.ts';
import { freePort } from '../helpers/postgres-server.ts';
import { type RunningService, startService } from '../helpers/running-service.ts';

const mirror = mkdtempSync(join(tmpdir(), 'rpm-deps-hard-'));
const repos: GitProject[] = [];
let denying: Server;
let asked: string[];
let service: RunningService;
let api: Api;
let down: string;

const project = (files: Readonly<Record<string, string>>): GitProject => {
  const made = gitProject(files);
  repos.push(made);
  return made;
};

beforeAll(async () => {
  asked = [];
  denying = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
  });
  await new Promise<void>((done) => denying.listen(0, '127.0.0.1', done));
  down = `http://127.0.0.1:${await freePort()}`;
  writeRepository(join(mirror, 'x86_64'), pigeons(11));
  const { data, token } = await createTokenIn(['operate']);
  writeFileSync(join(data, 'secret'), 'wrong-token-of-the-test');
  service = await startService({
    data,
    config: {
      git: ['/tmp', down, denyingUrl()],
      credentials: { bot: { file: join(data, 'secret') } },
      network: { origins: [`file://${mirror}`] },
      limits: { solve_seconds: 1 },
      jobs: { attempts: 2, concurrency: 4 },
    },
  });
  api = apiOf(service, token);
});
afterAll(async () => {
  await service?.stop();
  denying?.close();
  for (const { remove } of repos) remove();
  rmSync(mirror, { recursive: true, force: true });
});

const denyingUrl = (): string => `http://127.0.0.1:${(denying.address() as AddressInfo).port}`;

async function run(name: string, body: object, kind = 'check'): Promise<JobShown> {
  expect(await api.send('POST', '/v1/projects', { name, ...body })).toMatchObject({ status: 201 });
  const { body: started } = await api.send<{ job: JobShown }>('POST', `/v1/projects/${name}/${kind}`);
  return api.ended(started.job.id);
}

test('a git server that is down is tried again, and then the job is dead', async () => {
  expect(await run('down', { clone_url: `${down}/a.git` })).toMatchObject({ state: 'dead', attempt: 2, error: { code: 'NETWORK' } });
  expect((await api.get('/v1/projects/down')).body).toMatchObject({ state: 'broken' });
});

test('a manifest and a lockfile with what no database takes are broken, and not a failure of the service', async () => {
  const manifest = project({ 'rpm-packages.yaml': `${fixtureManifest()}# \0\n` });
  expect(await run('null', { clone_url: manifest.url })).toMatchObject({
    state: 'failed',
    attempt: 1,
    error: { code: 'MANIFEST_INVALID' },
  });
  const locks = await fixtureLocks('mirror');
  const [[path, text]] = Object.entries(locks) as [[string, string]];
  const lock = JSON.parse(text) as { packages: { summary?: string }[] };
  lock.packages[0]!.summary = 'half of \ud83d';
  const half = project({ 'rpm-packages.yaml': fixtureManifest(), ...locks, [path]: JSON.stringify(lock) });
  const job = await run('half', { clone_url: half.url });
  expect(job).toMatchObject({ state: 'succeeded', result: { ok: false } });
  expect(JSON.stringify(job)).toContain('has a null byte or half of a character in a text');
});

test('a wrong token fails at once, names the credentials, and is shown nowhere', async () => {
  const job = await run('denied', { clone_url: `${denyingUrl()}/a.git`, credentials: 'bot' });
  expect(job).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'GIT', hint: 'check the credentials of the project' } });
  expect(asked.join()).toContain(`Basic ${Buffer.from('x-access-token:wrong-token-of-the-test').toString('base64')}`);
  expect(JSON.stringify([service.lines, job])).not.toMatch(/wrong-token-of-the-test|eC1hY2Nlc3Mt/);
});

test('a manifest that takes for ever to solve ends at the limit, in a job and in a request', async () => {
  const manifest = `architectures: [x86_64]\nrepositories:\n  - { id: hard, baseurl: "file://${mirror}/$basearch" }\nsets:\n  hard: { packages: [all] }\n`;
  const { url } = project({ 'rpm-packages.yaml': manifest });
  const job = await run('hard', { clone_url: url }, 'update');
  expect(JSON.stringify(job)).toContain('SOLVER_BUDGET');
  expect(job.state).toBe('failed');
  const answer = await api.send('POST', '/v1/lock', { manifest });
  expect([503, 504]).toContain(answer.status);
  expect(answer.body).toMatchObject({ code: expect.stringMatching(/^(?:SOLVER_BUDGET|LIMIT)$/) });
  expect((await api.send('POST', '/v1/resolve', { architecture: 'x86_64', specs: ['bash'] })).status).toBe(200);
});

test('a lockfile that points at hosts of the inside makes nobody ask them', async () => {
  const locks = await fixtureLocks('mirror');
  const inside = Object.entries(locks).map(([path, text]) => [
    path,
    text.replaceAll(/"baseurl": "[^"]*"/g, `"baseurl": "${denyingUrl()}/inside/"`),
  ]);
  const { url } = project({ 'rpm-packages.yaml': fixtureManifest(), ...Object.fromEntries(inside) });
  asked = [];
  const job = await run('inside', { clone_url: url });
  expect(['succeeded', 'failed']).toContain(job.state);
  await run('inside-update', { clone_url: url }, 'update');
  expect(asked).toEqual([]);
});

test('a request of 100 MB is refused without being read to its end', async () => {
  const response = await fetch(`${service.url}/v1/resolve`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: new Uint8Array(100 << 20).fill(0x20),
  }).catch(() => undefined);
  // Refused with a problem, or cut off while it still sends.
  if (response !== undefined) expect([response.status, await response.json()]).toMatchObject([413, { code: 'TOO_LARGE' }]);
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
});
