import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, apiOf, type JobShown } from '../helpers/api.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { type GitProject, gitProject, MANIFEST } from '../helpers/git-project.ts';
import { type RunningService, startService } from '../helpers/running-service.ts';

let project: GitProject;
let service: RunningService;
let api: Api;
let projectId: string;
/** A git server: the first request gets no answer, later ones are refused. */
let silent: Server;
let wasAsked: () => void;
/** A repository that never gets an answer was asked for. */
let isHeld: () => void;
const held = new Promise<void>((done) => {
  isHeld = done;
});
const asked = new Promise<void>((done) => {
  wasAsked = done;
});

beforeAll(async () => {
  project = gitProject();
  let requests = 0;
  silent = createServer(({ url }, response) => {
    if (url!.startsWith('/held')) isHeld();
    else if (requests++ === 0) wasAsked();
    else response.writeHead(404).end();
  });
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  const { data, token } = await createTokenIn(['operate']);
  service = await startService({ data, config: { git: [project.directory, silentUrl()] } });
  api = apiOf(service, token);
});
afterAll(async () => {
  await service?.stop();
  project?.remove();
  silent?.closeAllConnections();
  silent?.close();
});

const silentUrl = (): string => `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;

const jobs = async (): Promise<JobShown[]> => (await api.get<{ jobs: JobShown[] }>(`/v1/projects/${projectId}/jobs`)).body.jobs;

describe('a project', () => {
  test('is added, checked, and its missing lock is found', async () => {
    const { status, body } = await api.send<{ id: string }>('POST', '/v1/projects', { name: 'tools', clone_url: project.url });
    expect(status).toBe(201);
    projectId = body.id;
    const [first] = await jobs();
    expect(await api.ended(first!.id)).toMatchObject({ kind: 'check', state: 'succeeded', result: { ok: false } });
    expect((await api.get('/v1/projects/tools')).body).toMatchObject({ state: 'outdated', locks: 0, branch: 'main' });
  });

  test('cannot be added twice, nor from a server that the operator did not allow', async () => {
    expect(await api.send('POST', '/v1/projects', { name: 'tools', clone_url: project.url })).toMatchObject({
      status: 409,
      body: { code: 'CONFLICT' },
    });
    for (const clone_url of [
      'https://git.example.com/a.git',
      'ext::sh -c id',
      '--upload-pack=id',
      `${project.directory}/../../etc`,
      // What fetches makes dots of these.
      `${project.directory}/%2e%2E/../etc`,
      `${project.directory}/.%2e/etc`,
      'file:///etc',
    ]) {
      expect(await api.send('POST', '/v1/projects', { name: 'other', clone_url })).toMatchObject({
        status: 403,
        body: { code: 'HOST_REFUSED' },
      });
    }
  });

  test('is planned: the job has the diff', async () => {
    const { status, body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/update');
    expect(status).toBe(202);
    const job = await api.ended(body.job.id);
    expect(job).toMatchObject({ state: 'succeeded', attempt: 1, result: { changed: true, failures: [] } });
  });

  test('tells what was done as events, which go on after the last one seen', async () => {
    const [last] = await jobs();
    const text = await (await fetch(`${service.url}/v1/jobs/${last!.id}/events`)).text();
    const ids = [...text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1]!);
    expect(text).toContain('event: begin');
    expect(text).toContain('event: end\ndata: {"attempt":1,');
    const again = await (await fetch(`${service.url}/v1/jobs/${last!.id}/events`, { headers: { 'last-event-id': ids.at(-2)! } })).text();
    expect([...again.matchAll(/^id: (\d+)$/gm)].map((match) => match[1])).toEqual(ids.slice(-1));
  });

  test('with another server in its manifest is refused with the line to add', async () => {
    project.commit({ 'rpm-packages.yaml': MANIFEST.replace(/mirror: .*/, 'mirror: http://10.1.2.3') });
    const { body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/check');
    expect(await api.ended(body.job.id)).toMatchObject({
      state: 'failed',
      error: { code: 'HOST_REFUSED', hint: expect.stringContaining('origins: ["http://10.1.2.3"]') },
    });
    project.commit({ 'rpm-packages.yaml': MANIFEST });
  });

  test('with a broken manifest fails once and says where', async () => {
    project.commit({ 'rpm-packages.yaml': 'sets: [' });
    const { body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/check');
    expect(await api.ended(body.job.id)).toMatchObject({ state: 'failed', attempt: 1, error: { code: 'MANIFEST_INVALID' } });
    expect((await api.get('/v1/projects/tools')).body).toMatchObject({ state: 'broken' });
    project.commit({ 'rpm-packages.yaml': MANIFEST });
  });
});

describe('requests', () => {
  test('with the same Idempotency-Key start one job; with another body they are refused', async () => {
    const headers = { 'idempotency-key': 'once' };
    const one = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/check', {}, headers);
    const two = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/check', {}, headers);
    expect([one.status, two.status]).toEqual([202, 200]);
    expect(two.body.job.id).toBe(one.body.job.id);
    expect(await api.send('POST', '/v1/projects/tools/check', { names: ['bash'] }, headers)).toMatchObject({ status: 409 });
    await api.ended(one.body.job.id);
  });

  test('need no body to start a job', async () => {
    const { status, body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/check', '');
    expect(status).toBe(202);
    await api.ended(body.job.id);
  });

  test('without a token may look and not touch', async () => {
    expect((await fetch(`${service.url}/v1/projects`)).status).toBe(200);
    const response = await fetch(`${service.url}/v1/projects/tools/check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(response.status).toBe(401);
  });

  test('for schedules are checked: one that never runs is refused', async () => {
    const schedules = (cron: string, time_zone = 'Europe/Prague') => ({ schedules: [{ kind: 'update', cron, time_zone }] });
    const twice = { schedules: [...schedules('0 5 * * 1').schedules, ...schedules('0 5 * * 4').schedules] };
    expect(await api.send('PATCH', '/v1/projects/tools', twice)).toMatchObject({ status: 400, body: { code: 'USAGE' } });
    expect(await api.send('PATCH', '/v1/projects/tools', schedules('0 5 30 2 *'))).toMatchObject({ status: 400, body: { code: 'USAGE' } });
    expect(await api.send('PATCH', '/v1/projects/tools', schedules('every day'))).toMatchObject({ status: 400 });
    expect(await api.send('PATCH', '/v1/projects/tools', schedules('0 5 * * *', 'Mars/Base'))).toMatchObject({ status: 400 });
    expect((await api.send('PATCH', '/v1/projects/tools', schedules('0 5 * * 1'))).body).toMatchObject({
      schedules: [{ kind: 'update', cron: '0 5 * * 1' }],
    });
  });
});

describe('locks', () => {
  test('are kept at each revision, and found across projects', async () => {
    const { body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/update');
    await api.ended(body.job.id);
    const lockfile = {
      schema_version: '1.0',
      architecture: 'x86_64',
      package_set: 'tools',
      generated: '2025-01-13T00:00:00Z',
      generator: 'rpm-deps 0.1.0',
      packages: [
        {
          name: 'bash',
          epoch: '0',
          version: '5.1.8',
          release: '6.el9',
          arch: 'x86_64',
          sha256: 'a'.repeat(64),
          filename: 'bash-5.1.8-6.el9.x86_64.rpm',
        },
      ],
    };
    const revision = project.commit({
      'rpm-lockfiles/tools-x86_64.lock.json': `${JSON.stringify(lockfile, null, 2)}\n`,
      'other/more-x86_64.lock.json': JSON.stringify({ ...lockfile, package_set: 'more' }),
    });
    const setsIn = async (lockfiles: string): Promise<unknown> => {
      await api.send('PATCH', '/v1/projects/tools', { lockfiles });
      await api.ended((await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/check')).body.job.id);
      const { body } = await api.get<{ revision: string; locks: { package_set: string }[] }>('/v1/projects/tools/locks');
      return [body.revision, ...body.locks.map(({ package_set }) => package_set)];
    };
    expect(await setsIn('other')).toEqual([revision, 'more']);
    // The same revision has no locks of the directory that the project had before.
    expect(await setsIn('rpm-lockfiles')).toEqual([revision, 'tools']);
    expect((await api.get('/v1/locked?name=bash')).body).toMatchObject({ locked: [{ project: 'tools', version: '5.1.8' }] });
    expect((await api.get('/v1/locked?name=bash&older_than=5.1.8-9.el9')).body).toMatchObject({ locked: [{ project: 'tools' }] });
    expect((await api.get('/v1/locked?name=bash&older_than=5.1.8-6.el9')).body).toMatchObject({ locked: [] });
    expect((await api.get('/v1/packages?name=bash&architecture=x86_64')).body).toMatchObject({
      packages: [{ release: '9.el9' }, { release: '6.el9' }],
      locked: [{ project: 'tools' }],
    });
    const badge = await (await fetch(`${service.url}/v1/projects/tools/badge.svg`)).text();
    expect(badge).toContain('less than an hour old');
  });
});

test('a job that is cancelled while it waits never runs', async () => {
  const { body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/check');
  const second = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/update');
  await api.send('POST', `/v1/jobs/${second.body.job.id}/cancel`);
  expect(await api.ended(second.body.job.id)).toMatchObject({ state: 'cancelled' });
  expect(await api.ended(body.job.id)).toMatchObject({ state: 'succeeded' });
});

test('a running job is cancelled within seconds, and has not failed', async () => {
  const { body } = await api.send<{ id: string }>('POST', '/v1/projects', { name: 'held', clone_url: `${silentUrl()}held.git` });
  await held;
  const { body: listed } = await api.get<{ jobs: JobShown[] }>(`/v1/projects/${body.id}/jobs`);
  const { id } = listed.jobs[0]!;
  expect((await api.send('POST', `/v1/jobs/${id}/cancel`)).body).toMatchObject({ job: { state: 'running' } });
  expect(await api.ended(id)).toMatchObject({ state: 'cancelled', error: null });
  expect((await api.get('/v1/projects/held')).body).toMatchObject({ state: 'new' });
  const lines = service.lines.filter((line) => line.includes(id)).map((line) => (JSON.parse(line) as { message: string }).message);
  expect(lines).toEqual(['job begins', 'job cancelled']);
});

test('a process of a job that is killed costs the job an attempt, and the worker goes on', async () => {
  const { body } = await api.send<{ id: string }>('POST', '/v1/projects', { name: 'silent', clone_url: `${silentUrl()}a.git` });
  await asked;
  const pids = execFileSync('pgrep', ['-P', String(process.pid), '-f', 'job-process'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
  const { body: listed } = await api.get<{ jobs: JobShown[] }>(`/v1/projects/${body.id}/jobs`);
  const { id } = listed.jobs[0]!;
  expect(await api.ended(id)).toMatchObject({ state: 'failed', attempt: 2, error: { code: 'GIT' } });
  const { body: shown } = await api.get<{ attempts: { outcome: string }[] }>(`/v1/jobs/${id}`);
  expect(shown.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'failed']);
});

describe('lists', () => {
  test('are read page by page, each job once, the newest first', async () => {
    const { jobs: all } = (await api.get<{ jobs: JobShown[] }>('/v1/jobs?limit=200')).body;
    expect(all.length).toBeGreaterThan(3);
    for (const path of ['/v1/jobs', '/v1/projects/tools/jobs']) {
      const seen: string[] = [];
      let next: string | null = '';
      while (next !== null) {
        const { body }: { body: { jobs: JobShown[]; next: string | null } } = await api.get(`${path}?limit=2${next && `&next=${next}`}`);
        seen.push(...body.jobs.map(({ id }) => id));
        next = body.next;
      }
      expect(seen).toEqual(all.map(({ id }) => id).filter((id) => path === '/v1/jobs' || seen.includes(id)));
    }
    const revisions = async (query: string) =>
      (await api.get<{ revisions: unknown[]; next: string | null }>(`/v1/projects/tools/revisions${query}`)).body;
    const { revisions: known } = await revisions('');
    const first = await revisions('?limit=1');
    expect(first.revisions).toEqual(known.slice(0, 1));
    if (first.next !== null) expect((await revisions(`?next=${first.next}`)).revisions).toEqual(known.slice(1));
  });

  test('and the badge have a tag: what has not changed is not sent again', async () => {
    const names = ['/v1/projects', '/v1/projects/tools', '/v1/projects/tools/locks', '/v1/projects/tools/badge.svg', '/v1/jobs'];
    for (const path of names) {
      const one = await fetch(`${service.url}${path}`);
      const tag = one.headers.get('etag')!;
      expect([path, one.status, tag.length > 20]).toEqual([path, 200, true]);
      for (const known of [tag, `W/${tag}`, `"x", ${tag}`]) {
        const two = await fetch(`${service.url}${path}`, { headers: { 'if-none-match': known } });
        expect([two.status, two.headers.get('etag'), await two.text()]).toEqual([304, tag, '']);
      }
      expect((await fetch(`${service.url}${path}`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    }
    const { headers } = await fetch(`${service.url}/v1/projects`);
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  test('take the beginning of a revision, and nothing else for one', async () => {
    const { revision } = (await api.get<{ revision: string }>('/v1/projects/tools/locks')).body;
    expect((await api.get(`/v1/projects/tools/locks?revision=${revision.slice(0, 7)}`)).body).toMatchObject({ revision });
    expect((await api.get('/v1/projects/tools/locks?revision=ffffffff')).status).toBe(404);
    for (const wrong of ['%25', '____', 'main']) expect((await api.get(`/v1/projects/tools/locks?revision=${wrong}`)).status).toBe(400);
  });
});

test('a service that ends says that it is not ready while it still answers, and opens no streams', async () => {
  const { body } = await api.get<{ jobs: JobShown[] }>('/v1/jobs?limit=1');
  const ended = service.stop();
  const ready = await fetch(`${service.url}/readyz`);
  expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
  expect((await fetch(`${service.url}/v1/jobs/${body.jobs[0]!.id}/events`)).status).toBe(503);
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  expect(await ended).toBe(0);
  expect(service.lines.filter((line) => line.includes('"level":"error"') && line.includes('shutting down'))).toEqual([]);
});
