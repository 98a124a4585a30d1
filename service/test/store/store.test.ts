import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Lockfile } from 'rpm-deps';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '../../src/jobs/job.ts';
import { beginAttempt, createJob, endAttempt, recordProgress, requestCancel } from '../../src/jobs/job-store.ts';
import { saveOutcome } from '../../src/jobs/outcome.ts';
import { findProject } from '../../src/jobs/project-store.ts';
import { nextRun, runDueSchedules } from '../../src/jobs/scheduler.ts';
import { backup, restore } from '../../src/store/backup.ts';
import { type Database, first } from '../../src/store/database.ts';
import { forgetLockBodies } from '../../src/store/forget.ts';
import { migrate, readMigrations } from '../../src/store/migrate.ts';
import { openDatabase } from '../../src/store/open.ts';
import { createToken, findActor, revokeToken } from '../../src/store/tokens.ts';
import { notingQueue } from '../helpers/noting-queue.ts';

const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-store-'));
const open = (name: string): Promise<Database> => openDatabase({ data: join(directory, name), database: undefined }, () => undefined);
const sent: string[] = [];
const queue = notingQueue(sent);

let database: Database;
beforeAll(async () => {
  database = await open('one');
});
afterAll(async () => {
  await database?.close();
  rmSync(directory, { recursive: true, force: true });
});

const project = async (name: string): Promise<string> =>
  (await first<{ id: string }>(
    database,
    "insert into project (name, clone_url, branch, manifest, lockfiles, forge) values ($1, '/x', 'main', 'm', 'l', 'none') returning id",
    [name],
  ))!.id;
const newJob = (projectId: string, more: object = {}): Promise<Job> =>
  createJob(database, queue, { kind: 'check', projectId, createdBy: 'test', maxAttempts: 3, ...more });

describe('a job', () => {
  test('whose attempt was lost is not changed by its late finish', async () => {
    const { id } = await newJob(await project('fenced'));
    const one = await beginAttempt(database, id, 'first');
    const two = await beginAttempt(database, id, 'second');
    expect([one, two]).toMatchObject([{ job: { attempt: 1 } }, { job: { attempt: 2 } }]);
    expect(await recordProgress(database, { jobId: id, attempt: 1 }, { text: 'late' })).toBe(false);
    expect(await endAttempt(database, { jobId: id, attempt: 1 }, { state: 'succeeded', result: { from: 1 } })).toBe(false);
    expect(await endAttempt(database, { jobId: id, attempt: 2 }, { state: 'succeeded', result: { from: 2 } })).toBe(true);
    expect(await first(database, 'select state, result from job where id = $1', [id])).toMatchObject({
      state: 'succeeded',
      result: { from: 2 },
    });
    expect(await endAttempt(database, { jobId: id, attempt: 2 }, { state: 'failed' })).toBe(false);
  });

  test('of a project waits while another of the project runs', async () => {
    const projectId = await project('alone');
    const [a, b] = [await newJob(projectId), await newJob(projectId)];
    expect(await beginAttempt(database, a.id, 'w')).toMatchObject({ kind: 'begun' });
    expect(await beginAttempt(database, b.id, 'w')).toEqual({ kind: 'busy' });
    await endAttempt(database, { jobId: a.id, attempt: 1 }, { state: 'succeeded' });
    expect(await beginAttempt(database, b.id, 'w')).toMatchObject({ kind: 'begun' });
    await endAttempt(database, { jobId: b.id, attempt: 1 }, { state: 'succeeded' });
  });

  test('that kills every worker ends as dead', async () => {
    const { id } = await newJob(await project('killer'));
    for (let i = 0; i < 3; i++) expect(await beginAttempt(database, id, 'w')).toMatchObject({ kind: 'begun' });
    expect(await beginAttempt(database, id, 'w')).toEqual({ kind: 'over' });
    expect(await first(database, 'select state from job where id = $1', [id])).toEqual({ state: 'dead' });
  });

  test('with the key of one that waits is that one; of one that runs it is another', async () => {
    const projectId = await project('keyed');
    const one = await newJob(projectId, { dedupeKey: 'k' });
    expect((await newJob(projectId, { dedupeKey: 'k' })).id).toBe(one.id);
    await beginAttempt(database, one.id, 'w');
    expect((await newJob(projectId, { dedupeKey: 'k' })).id).not.toBe(one.id);
    await endAttempt(database, { jobId: one.id, attempt: 1 }, { state: 'succeeded' });
  });

  test('that is cancelled while it runs is told so and cannot begin again', async () => {
    const { id } = await newJob(await project('cancelled'));
    await beginAttempt(database, id, 'w');
    expect(await requestCancel(database, id)).toMatchObject({ state: 'running', cancel_requested_at: expect.any(Date) });
    expect(await beginAttempt(database, id, 'w')).toEqual({ kind: 'over' });
    expect(await first(database, 'select state from job where id = $1', [id])).toEqual({ state: 'cancelled' });
  });
});

describe('schedules', () => {
  test('two schedulers make one job a run over a day, however often runs were missed', async () => {
    const start = Date.parse('2026-03-28T00:00:00Z');
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) {
      const id = await project(`scheduled${i}`);
      ids.push(id);
      await database.query(
        "insert into schedule (project_id, kind, cron, time_zone, next_run_at) values ($1, 'check', $2, 'Europe/Prague', $3)",
        [id, `${i * 5} */6 * * *`, nextRun(`${i * 5} */6 * * *`, 'Europe/Prague', new Date(start))],
      );
    }
    let made = 0;
    // Nobody looks for hours at a time: what was missed then runs once.
    for (const hour of [1, 2, 5, 6, 7, 13, 14, 24]) {
      const now = new Date(start + hour * 3_600_000);
      const counts = await Promise.all([
        runDueSchedules(database, queue, { now, maxAttempts: 3 }),
        runDueSchedules(database, queue, { now, maxAttempts: 3 }),
      ]);
      made += counts[0]! + counts[1]!;
      await database.query("update job set state = 'succeeded', finished_at = now() where created_by = 'schedule'");
    }
    // 00:xx Prague is before the start; 06 and 12 and 18 and 00 of the next day are seen, 12 and 18 by the looks at 13 UTC and 24 UTC.
    const { rows } = await database.query<{ jobs: number }>(
      "select count(*)::int as jobs from job where created_by = 'schedule' group by project_id",
    );
    expect(new Set(rows.map(({ jobs }) => jobs)).size).toBe(1);
    expect(made).toBe(rows.length * rows[0]!.jobs);
    expect(rows).toHaveLength(ids.length);
  });

  test('follow the time zone through the days when clocks change', () => {
    const next = (after: string): string => nextRun('30 2 * * *', 'Europe/Prague', new Date(after))!.toISOString();
    // 02:30 does not exist on 29 March 2026, and exists twice on 25 October.
    expect(next('2026-03-28T12:00:00Z').slice(0, 10)).toBe('2026-03-29');
    expect(next('2026-10-24T12:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(next('2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z');
  });
});

describe('tokens', () => {
  test('are kept as hashes, expire and can be revoked', async () => {
    const { id, token } = await createToken(database, { name: 'ci', scopes: ['operate'], days: 1 });
    expect(await findActor(database, token)).toMatchObject({ name: 'ci', scopes: ['operate'], tokenId: id });
    const { rows } = await database.query('select * from token where id = $1', [id]);
    expect(JSON.stringify(rows)).not.toContain(token.slice(10));
    await database.query("update token set expires_at = now() - interval '1 second' where id = $1", [id]);
    await expect(findActor(database, token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    const other = await createToken(database, { name: 'x', scopes: ['read'], days: undefined });
    expect(await revokeToken(database, other.id)).toBe(true);
    expect(await revokeToken(database, other.id)).toBe(false);
    await expect(findActor(database, other.token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });
});

test('a project whose name is the id of another one does not take its place', async () => {
  const id = await project('named');
  await project(id);
  expect(await findProject(database, id)).toMatchObject({ id, name: 'named' });
});

test('lockfiles of a removed project are deleted, but for those that another project has too', async () => {
  const [one, two] = [await project('removed'), await project('stays')];
  const locksOf = (...names: readonly string[]): Lockfile[] =>
    names.map(
      (package_set): Lockfile => ({
        ...{
          schema_version: '1.1',
          architecture: 'x86_64',
          package_set,
          generated: '2025-01-13T00:00:00Z',
          generator: 'rpm-deps',
          packages: [],
        },
      }),
    );
  const save = (id: string, locks: readonly Lockfile[]): Promise<void> =>
    saveOutcome(database, id, {
      result: {},
      state: undefined,
      revision: { revision: 'a1', committedAt: undefined, manifest: { text: '', included: [] }, locks },
    });
  await save(one, locksOf('only', 'shared'));
  await save(two, locksOf('shared'));
  await database.query('delete from project where id = $1', [one]);
  await forgetLockBodies(database);
  const { rows } = await database.query("select body->>'package_set' as name from lock_body order by 1");
  expect(rows).toEqual([{ name: 'shared' }]);
});

describe('a backup', () => {
  test('carries all tables into an empty database, and into no other', async () => {
    const file = join(directory, 'backup.gz');
    const rows = await backup(database, file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const other = await open('two');
    try {
      expect(await restore(other, file)).toBe(rows);
      for (const table of ['project', 'job', 'event', 'token', 'schedule']) {
        const [a, b] = await Promise.all(
          [database, other].map((each) => each.query(`select to_jsonb(t) as row from ${table} t order by to_jsonb(t)::text`)),
        );
        expect(b!.rows).toEqual(a!.rows);
      }
      // New rows get new numbers.
      await other.query("insert into audit (actor, action, subject) values ('a', 'b', 'c')");
      await expect(restore(other, file)).rejects.toMatchObject({ code: 'CONFLICT' });
    } finally {
      await other.close();
    }
    const text = gunzipSync(readFileSync(file)).toString('utf8');
    const broken: Record<string, Buffer> = {
      cut: readFileSync(file).subarray(0, 200),
      'without-end': gzipSync(text.trimEnd().split('\n').slice(0, -1).join('\n')),
      foreign: gzipSync('{"a":1}\n'),
      newer: gzipSync(text.replace(/"migration":\d+/, '"migration":9999')),
      'of-another-table': gzipSync(`${text.split('\n')[0]}\n{"table":"pg_authid","values":[{}]}\n`),
      text: Buffer.from('nothing packed'),
    };
    const third = await open('three');
    try {
      for (const [name, content] of Object.entries(broken)) {
        writeFileSync(join(directory, name), content);
        await expect(restore(third, join(directory, name)), name).rejects.toMatchObject({ code: 'USAGE' });
      }
      expect(await third.query('select * from project')).toMatchObject({ count: 0 });
    } finally {
      await third.close();
    }
  });
});

describe('migrations', () => {
  test('are numbered without gaps, and the first one is as it was released', () => {
    const migrations = readMigrations();
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, i) => i + 1));
  });

  test('go from the first one to the newest, once, and refuse a database of a newer version or a changed file', async () => {
    const { openPglite } = await import('../../src/store/pglite.ts');
    const fresh = await openPglite(join(directory, 'old'));
    try {
      const migrations = readMigrations();
      expect(await migrate(fresh, migrations.slice(0, 1))).toEqual([migrations[0]!.name]);
      const filled = await fillFirstTables(fresh);
      const more = [
        ...migrations,
        { number: migrations.length + 1, name: '9999-more.sql', sql: 'alter table project add column more text;\n', sha256: 'x' },
      ];
      expect(await migrate(fresh, more)).toEqual(more.slice(1).map(({ name }) => name));
      expect(await migrate(fresh, more)).toEqual([]);
      expect(await first(fresh, 'select name, more from project')).toEqual({ name: 'kept', more: null });
      for (const [table, row] of Object.entries(filled)) {
        const kept = await first<{ row: object }>(fresh, `select to_jsonb(t) as row from ${table} t`);
        expect({ table, row: kept?.row }).toMatchObject({ table, row });
      }
      // A token of then lets in.
      expect(await findActor(fresh, FIRST_TOKEN)).toMatchObject({ name: 'ci', scopes: ['operate'] });
      await expect(migrate(fresh, migrations)).rejects.toMatchObject({
        code: 'DATABASE',
        message: expect.stringContaining('newer version'),
      });
      await expect(migrate(fresh, [{ ...migrations[0]!, sha256: 'changed' }, ...more.slice(1)])).rejects.toMatchObject({
        code: 'DATABASE',
      });
    } finally {
      await fresh.close();
    }
  });
});

const FIRST_TOKEN = `rpmdeps_${'a'.repeat(43)}`;

/** A row in every table that the first migration made, as a service of then wrote them; returns the rows by table. */
async function fillFirstTables(database: Database): Promise<Record<string, object>> {
  const project = '11111111-1111-4111-8111-111111111111';
  const job = '22222222-2222-4222-8222-222222222222';
  const token = '33333333-3333-4333-8333-333333333333';
  const at = '2026-03-01T10:00:00+00:00';
  const sha256 = createHash('sha256').update(FIRST_TOKEN).digest('hex');
  const set = { project_id: project, package_set: 'base', architecture: 'x86_64' };
  const attempt = { job_id: job, attempt: 1 };
  const rows: Record<string, object> = {
    token: {
      id: token,
      name: 'ci',
      sha256,
      scopes: ['operate'],
      project_id: null,
      created_at: at,
      expires_at: null,
      last_used_at: at,
      revoked_at: null,
    },
    audit: { actor: 'ci', action: 'create', subject: 'kept', data: { a: 1 }, at },
    project: {
      id: project,
      name: 'kept',
      clone_url: '/x',
      branch: 'main',
      manifest: 'm',
      lockfiles: 'l',
      forge: 'none',
      credentials_ref: 'bot',
      settings: { repository: 'a/b' },
      created_at: at,
      paused_at: null,
      revision: 'a1',
      state: 'current',
      state_text: '',
      checked_at: at,
    },
    schedule: {
      project_id: project,
      kind: 'update',
      cron: '0 5 * * 1',
      time_zone: 'Europe/Prague',
      enabled: true,
      next_run_at: at,
      last_job_id: job,
    },
    job: {
      id: job,
      kind: 'update',
      project_id: project,
      dedupe_key: null,
      payload: { names: ['bash'] },
      state: 'succeeded',
      attempt: 1,
      max_attempts: 5,
      worker: 'w',
      cancel_requested_at: null,
      progress: {},
      result: { changed: true },
      error: null,
      created_by: 'schedule',
      created_at: at,
      started_at: at,
      finished_at: at,
    },
    attempt: { ...attempt, worker: 'w', started_at: at, ended_at: at, outcome: 'succeeded' },
    event: { ...attempt, kind: 'end', data: { state: 'succeeded' }, at },
    effect: { key: 'pull', ...attempt, answer: { url: 'https://forge.example/1' }, at },
    lock_body: { digest: 'd1', body: { schema: 1 } },
    lock: { ...set, revision: 'a1', digest: 'd1', seen_at: at, committed_at: at },
    locked_package: {
      ...set,
      name: 'openssl-libs',
      epoch: '1',
      version: '3.0.7',
      release: '27.el9',
      arch: 'x86_64',
      source: 'openssl-3.0.7-27.el9.src.rpm',
    },
    delivery: { forge: 'github', id: 'd', at: '2999-01-01T00:00:00+00:00' },
    idempotency: { key: 'k', actor: 'ci', request_sha256: sha256, status: 202, body: { id: job }, at: '2999-01-01T00:00:00+00:00' },
    session: {
      sha256,
      token_id: token,
      name: 'ci',
      scopes: ['operate'],
      csrf: 'c',
      created_at: at,
      expires_at: '2999-01-01T00:00:00+00:00',
    },
  };
  const { rows: tables } = await database.query<{ name: string }>(
    "select table_name as name from information_schema.tables where table_schema = 'public' and table_name <> 'migration' order by table_name",
  );
  expect(Object.keys(rows).sort()).toEqual(tables.map(({ name }) => name));
  for (const [table, row] of Object.entries(rows)) {
    const columns = Object.keys(row).join(', ');
    await database.query(`insert into ${table} (${columns}) select ${columns} from jsonb_populate_record(null::${table}, $1::jsonb)`, [
      row,
    ]);
  }
  return rows;
}
