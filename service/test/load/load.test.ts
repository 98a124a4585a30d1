/** Much at once, and time that does not pass as it should. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createBossQueue } from '../../src/jobs/boss-queue.ts';
import { beginAttempt, createJob, endAttempt } from '../../src/jobs/job-store.ts';
import { mendSchedules, nextRun, runDueSchedules } from '../../src/jobs/scheduler.ts';
import { type Database, first } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open.ts';
import { type Api, apiOf, type JobShown } from '../helpers/api.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { type GitProject, gitProject } from '../helpers/git-project.ts';
import { notingQueue } from '../helpers/noting-queue.ts';
import { optInService } from '../helpers/opt-in.ts';
import { postgresServer } from '../helpers/postgres-server.ts';
import { type RunningService, startService } from '../helpers/running-service.ts';

describe('200 streams of one job', () => {
  let git: GitProject;
  let service: RunningService;
  let api: Api;
  beforeAll(async () => {
    git = gitProject();
    const { data, token } = await createTokenIn(['operate']);
    service = await startService({ data, config: { git: [git.directory], limits: { streams: 210 } } });
    api = apiOf(service, token);
    await api.send('POST', '/v1/projects', { name: 'tools', clone_url: git.url });
  });
  afterAll(async () => {
    await service?.stop();
    git?.remove();
  });

  interface Stream {
    readonly response: IncomingMessage;
    text: string;
    readonly ended: Promise<void>;
  }
  const open = (id: string): Promise<Stream> =>
    new Promise((resolve, reject) => {
      get(`${service.url}/v1/jobs/${id}/events`, { agent: false }, (response) => {
        const stream: Stream = { response, text: '', ended: new Promise((done) => response.once('close', done)) };
        response.setEncoding('utf8').on('data', (chunk: string) => {
          stream.text += chunk;
        });
        resolve(stream);
      }).once('error', reject);
    });

  test('all see the job to its end, while others are answered; more than the limit are refused', async () => {
    const { body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/update');
    const streams = await Promise.all(Array.from({ length: 200 }, () => open(body.job.id)));
    expect(streams.map(({ response }) => response.statusCode)).toEqual(Array(200).fill(200));
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    await Promise.all(streams.map(({ ended }) => ended));
    // Who came later has seen the same: events are read from the first one on.
    const events = new Set(streams.map(({ text }) => [...text.matchAll(/^id: (\d+)$/gm)].map((match) => match[1]).join(' ')));
    expect(events.size).toBe(1);
    expect(streams[0]!.text).toContain('"state":"succeeded"');
    expect(await (await fetch(`${service.url}/metrics`)).text()).toMatch(/^rpm_deps_event_streams 0$/m);
  });

  test('a drain ends them all', async () => {
    const waiting = await Promise.all(
      Array.from({ length: 12 }, async () => (await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/update')).body.job.id),
    );
    // Jobs of one project wait for each other: the last one is open for long.
    const streams = await Promise.all(Array.from({ length: 200 }, () => open(waiting.at(-1)!)));
    const extra = await Promise.all(Array.from({ length: 11 }, () => open(waiting.at(-1)!)));
    expect(extra.map(({ response }) => response.statusCode).sort()).toEqual([...Array(10).fill(200), 429]);
    expect(await service.stop()).toBe(0);
    await Promise.all([...streams, ...extra].map(({ ended }) => ended));
  });
});

describe('a simulated clock', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-clock-'));
  let database: Database;
  const sent: string[] = [];
  const queue = notingQueue(sent);
  beforeAll(async () => {
    mkdirSync(join(directory, 'data'));
    database = await openDatabase({ data: join(directory, 'data'), database: undefined }, () => undefined);
  });
  afterAll(async () => {
    await database?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const addProjects = async (count: number, cron: (i: number) => string, start: Date): Promise<void> => {
    for (let i = 0; i < count; i++) {
      await database.query(
        `with p as (insert into project (name, clone_url, branch, manifest, lockfiles, forge) values ($1, '/x', 'main', 'm', 'l', 'none') returning id)
         insert into schedule (project_id, kind, cron, time_zone, next_run_at) select id, 'update', $2, 'Europe/Prague', $3 from p`,
        [`${start.getTime()}-${i}`, cron(i), nextRun(cron(i), 'Europe/Prague', start)],
      );
    }
  };
  const tick = (now: Date): Promise<number> => runDueSchedules(database, queue, { now, maxAttempts: 3 });
  const finish = async (): Promise<void> => {
    const { rows } = await database.query<{ id: string }>("select id from job where state = 'queued'");
    for (const { id } of rows) {
      const begun = await beginAttempt(database, id, 'test');
      if (begun.kind === 'begun') await endAttempt(database, { jobId: id, attempt: begun.job.attempt }, { state: 'succeeded' });
    }
  };

  test("a day of 500 projects' schedules: two schedulers make each job once, and each is done once", async () => {
    const start = new Date('2026-06-01T22:00:00Z');
    // Each once a day, spread over the day in Prague.
    await addProjects(500, (i) => `${i % 60} ${i % 24} * * *`, start);
    let made = 0;
    for (let minutes = 30; minutes <= 1440; minutes += 30) {
      const now = new Date(start.getTime() + minutes * 60_000);
      const counts = await Promise.all([tick(now), tick(now)]);
      made += counts[0]! + counts[1]!;
      await finish();
    }
    expect(made).toBe(500);
    const { rows } = await database.query<{ jobs: number; projects: number; ends: number }>(
      `select count(*)::int as jobs, count(distinct project_id)::int as projects,
         (select count(*)::int from event where kind = 'end') as ends from job where state = 'succeeded'`,
    );
    expect(rows).toEqual([{ jobs: 500, projects: 500, ends: 500 }]);
  });

  test('a clock that is set back makes nothing twice, and one that is set ahead makes one job of what was missed', async () => {
    await database.query('delete from project');
    const start = new Date('2026-06-10T00:00:00Z');
    await addProjects(1, () => '0 * * * *', start);
    const at = (hours: number): Date => new Date(start.getTime() + hours * 3_600_000 + 60_000);
    expect(await tick(at(1))).toBe(1);
    await finish();
    expect([await tick(at(-5)), await tick(at(0)), await tick(at(1))]).toEqual([0, 0, 0]);
    expect(await tick(at(2))).toBe(1);
    await finish();
    expect(await tick(at(24 * 365))).toBe(1);
    await finish();
    const { next_run_at } = (await first<{ next_run_at: Date }>(database, 'select next_run_at from schedule'))!;
    expect(new Date(next_run_at).getTime()).toBeGreaterThan(at(24 * 365).getTime());
    // Back from a far future it would wait a year.
    expect(await tick(at(3))).toBe(0);
    expect([await mendSchedules(database, at(3)), await mendSchedules(database, at(3))]).toEqual([1, 0]);
    expect(await tick(at(4))).toBe(1);
    await finish();
    // A small step back is no reason to run again.
    expect(await mendSchedules(database, new Date(at(4).getTime() - 120_000))).toBe(0);
  });

  test('a project that is paused or removed has no jobs made', async () => {
    await database.query('delete from project');
    const start = new Date('2026-07-10T00:00:00Z');
    await addProjects(2, () => '0 * * * *', start);
    await database.query("update project set paused_at = now() where name like '%-0'");
    expect(await tick(new Date(start.getTime() + 3_600_000))).toBe(1);
    await database.query('delete from project');
    expect(await tick(new Date(start.getTime() + 7_200_000))).toBe(0);
    await sleep(0);
    await expect(
      createJob(database, queue, { kind: 'check', projectId: '00000000-0000-4000-8000-000000000000', createdBy: 't', maxAttempts: 1 }),
    ).rejects.toThrow(/foreign key/);
  });
});

test.skipIf(!optInService())(
  '500 schedules of one minute, two schedulers and two workers on the real queue: each is done once',
  async () => {
    const server = await postgresServer();
    onTestFinished(() => server.remove());
    const open = () => openDatabase({ data: undefined, database: server.url }, () => undefined);
    const workers = [await open(), await open()].map((database) => {
      const queue = createBossQueue({ database, log: () => undefined, expireSeconds: 600, supervise: true });
      return { database, queue };
    });
    const [{ database }] = workers as [(typeof workers)[number]];
    const begun: string[] = [];
    try {
      await database.query(
        `with p as (insert into project (name, clone_url, branch, manifest, lockfiles, forge)
         select 'p' || i, '/x', 'main', 'm', 'l', 'none' from generate_series(1, 500) i returning id)
       insert into schedule (project_id, kind, cron, time_zone, next_run_at) select id, 'update', '0 5 * * *', 'UTC', '2026-06-02T05:00:00Z' from p`,
      );
      await Promise.all(workers.map(({ queue }) => queue.start()));
      for (const { database: own, queue } of workers) {
        const work = async ({ jobId }: { readonly jobId: string }): Promise<void> => {
          const beginning = await beginAttempt(own, jobId, 'test');
          if (beginning.kind !== 'begun') return;
          begun.push(jobId);
          await endAttempt(own, { jobId, attempt: beginning.job.attempt }, { state: 'succeeded' });
        };
        await queue.work(work, { concurrency: 4 });
      }
      const now = new Date('2026-06-02T05:00:30Z');
      const made = await Promise.all(workers.map(({ database: own, queue }) => runDueSchedules(own, queue, { now, maxAttempts: 3 })));
      expect(made[0]! + made[1]!).toBe(500);
      const isOver = async () => (await first(database, "select from job where state <> 'succeeded' limit 1")) === undefined;
      while (!(await isOver())) await sleep(200);
      expect([begun.length, new Set(begun).size]).toEqual([500, 500]);
    } finally {
      await Promise.all(workers.map(({ queue }) => queue.stop()));
      await Promise.all(workers.map(({ database: own }) => own.close()));
    }
  },
);
