import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/store/open.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { type Api, apiOf, type JobShown } from '../helpers/api.ts';
import { type BuiltService, builtService, type ServiceProcess } from '../helpers/built-service.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { type GitProject, gitProject } from '../helpers/git-project.ts';
import { optInService } from '../helpers/opt-in.ts';
import { type PostgresServer, postgresPrograms, postgresServer } from '../helpers/postgres-server.ts';

const KILLS = Number(process.env['RPM_DEPS_SERVICE_KILLS'] ?? 20);
const JOBS = Number(process.env['RPM_DEPS_SERVICE_JOBS'] ?? 200);
const PROJECTS = 10;
const seed = Number(process.env['RPM_DEPS_SEED'] ?? randomInt(1_000_000));
const isOn = optInService() && postgresPrograms() !== undefined;

/** Small and the same on every machine: mulberry32. */
function random(state: number): () => number {
  let a = state;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

describe.runIf(isOn)(`crashes, seed ${seed}`, () => {
  let built: BuiltService;
  let git: GitProject[];
  beforeAll(async () => {
    built = await builtService();
    git = Array.from({ length: PROJECTS }, () => gitProject());
  });
  afterAll(() => {
    built?.remove();
    for (const project of git ?? []) project.remove();
  });
  const config = () => ({ git: git.map(({ directory }) => directory), jobs: { concurrency: 3, attempts: 20 }, solver_threads: 1 });

  async function addJobs(api: Api, count: number): Promise<string[]> {
    const ids: string[] = [];
    for (const [i, { url }] of git.entries()) {
      const { status } = await api.send('POST', '/v1/projects', { name: `p${i}`, clone_url: url, paused: false });
      expect([201, 409]).toContain(status);
    }
    for (let i = 0; ids.length < count; i++) {
      const { body } = await api.send<{ job: JobShown }>(
        'POST',
        `/v1/projects/p${i % git.length}/check`,
        {},
        { 'idempotency-key': `job-${i}` },
      );
      ids.push(body.job.id);
    }
    return ids;
  }

  /** What has to be true in the end: each job done once, by one attempt, and no two of a project at a time. */
  async function examine(url: string, ids: readonly string[]): Promise<void> {
    const database = openPostgres(url, () => undefined);
    try {
      await examineTables(database, ids);
    } finally {
      await database.close();
    }
  }

  test('200 jobs, two workers and a web process on PostgreSQL: 20 kills and a restart of PostgreSQL lose and double nothing', {
    timeout: 600_000,
  }, async () => {
    const chance = random(seed);
    const server: PostgresServer = await postgresServer();
    const processes: ServiceProcess[] = [];
    try {
      const { token } = await createTokenIn(['operate'], server.url);
      const begin = (role: string): Promise<ServiceProcess> =>
        built.start(['--database', server.url, '--role', role, '--listen', '127.0.0.1:0'], config());
      const [web, ...workers] = await Promise.all([begin('web'), begin('worker'), begin('worker')]);
      processes.push(web!, ...workers);
      const api = apiOf(web!, token);
      const ids = await addJobs(api, JOBS);
      for (let i = 0; i < KILLS; i++) {
        await sleep(300 + chance() * 1200);
        const at = Math.floor(chance() * workers.length);
        workers[at]!.child.kill('SIGKILL');
        if (i === Math.floor(KILLS / 2)) {
          await server.stop('immediate');
          await sleep(1000);
          await server.start();
        }
        workers[at] = await begin('worker');
        processes.push(workers[at]!);
      }
      await waitForAll(server.url, ids);
      await examine(server.url, ids);
      // Whoever is asked to end does so in order, whatever it has been through.
      const codes = await Promise.all([web!, ...workers].map((process) => process.terminate()));
      expect(codes).toEqual([0, 0, 0]);
    } finally {
      for (const { child } of processes) child.kill('SIGKILL');
      await server.remove();
    }
  });

  test('kill -9 of the one process with PGlite loses nothing that was acknowledged', { timeout: 400_000 }, async () => {
    const chance = random(seed + 1);
    const { data, token } = await createTokenIn(['operate']);
    const ids: string[] = [];
    let process: ServiceProcess | undefined;
    for (let round = 0; round < 5; round++) {
      process = await built.start(['--data', data, '--listen', '127.0.0.1:0'], config());
      const api = apiOf(process, token);
      if (round === 0) ids.push(...(await addJobs(api, 30)));
      else {
        const { body } = await api.send<{ job: JobShown }>('POST', `/v1/projects/p${round}/check`);
        ids.push(body.job.id);
      }
      if (round < 4) {
        await sleep(500 + chance() * 3000);
        process.child.kill('SIGKILL');
        await process.ended;
      }
    }
    const api = apiOf(process!, token);
    for (const id of ids) expect(await api.ended(id)).toMatchObject({ state: 'succeeded' });
    expect(await process!.terminate()).toBe(0);
    const database = await openDatabase({ data, database: undefined }, () => undefined);
    await examineTables(database, ids).finally(() => database.close());
  });

  test('a database that is away for a while and comes back: no process ends, and jobs go on', async () => {
    const server = await postgresServer();
    const { token } = await createTokenIn(['operate'], server.url);
    const process = await built.start(['--database', server.url, '--listen', '127.0.0.1:0'], config());
    try {
      const api = apiOf(process, token);
      const [id] = await addJobs(api, 1);
      await api.ended(id!);
      await server.stop('fast');
      expect((await fetch(`${process.url}/readyz`)).status).toBe(503);
      expect((await fetch(`${process.url}/healthz`)).status).toBe(200);
      const answer = await fetch(`${process.url}/v1/jobs`);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'DATABASE' });
      await sleep(8000);
      await server.start();
      let status = 0;
      for (let i = 0; i < 50 && status !== 200; i++) {
        await sleep(200);
        status = (await fetch(`${process.url}/readyz`)).status;
      }
      expect(status).toBe(200);
      const { body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/p0/check');
      expect(await api.ended(body.job.id)).toMatchObject({ state: 'succeeded' });
      expect(await process.terminate()).toBe(0);
    } finally {
      process.child.kill('SIGKILL');
      await server.remove();
    }
  });
});

async function waitForAll(url: string, ids: readonly string[]): Promise<void> {
  const database = openPostgres(url, () => undefined);
  try {
    for (;;) {
      const { rows } = await database.query<{ open: number }>(
        "select count(*)::int as open from job where id = any($1::uuid[]) and state in ('queued', 'running')",
        [ids],
      );
      if (rows[0]!.open === 0) return;
      await sleep(500);
    }
  } finally {
    await database.close();
  }
}

async function examineTables(database: Pick<ReturnType<typeof openPostgres>, 'query'>, ids: readonly string[]): Promise<void> {
  const one = async (text: string): Promise<unknown[]> => [...(await database.query(text, [ids])).rows];
  expect(await one('select state, count(*)::int as jobs from job where id = any($1::uuid[]) group by state')).toEqual([
    { state: 'succeeded', jobs: ids.length },
  ]);
  expect(
    await one("select job_id from event where job_id = any($1::uuid[]) and kind = 'end' group by job_id having count(*) <> 1"),
  ).toEqual([]);
  expect(
    await one("select job_id from attempt where job_id = any($1::uuid[]) and outcome = 'succeeded' group by job_id having count(*) <> 1"),
  ).toEqual([]);
  expect(
    await one(
      'select id from job where id = any($1::uuid[]) and attempt <> (select max(a.attempt) from attempt a where a.job_id = job.id)',
    ),
  ).toEqual([]);
  expect(
    await one(
      `select a.job_id from attempt a join job ja on ja.id = a.job_id join attempt b on (b.job_id, b.attempt) <> (a.job_id, a.attempt)
       join job jb on jb.id = b.job_id and jb.project_id = ja.project_id
       where a.job_id = any($1::uuid[]) and a.outcome = 'succeeded' and b.outcome = 'succeeded' and a.started_at < b.ended_at and b.started_at < a.ended_at`,
    ),
  ).toEqual([]);
}
