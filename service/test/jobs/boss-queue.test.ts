import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createBossQueue } from '../../src/jobs/boss-queue.ts';
import { createJob } from '../../src/jobs/job-store.ts';
import { first } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open.ts';

const data = mkdtempSync(join(tmpdir(), 'rpm-deps-queue-'));
afterAll(() => rmSync(data, { recursive: true, force: true }));

test('a project with many jobs keeps no other project waiting', async () => {
  const database = await openDatabase({ data, database: undefined }, () => undefined);
  const queue = createBossQueue({ database, log: () => undefined, expireSeconds: 600, supervise: false });
  try {
    await queue.start();
    const names = new Map<string, string>();
    const add = async (name: string, count: number): Promise<void> => {
      const project = await first<{ id: string }>(
        database,
        "insert into project (name, clone_url, branch, manifest, lockfiles, forge) values ($1, '/x', 'main', 'm', 'l', 'none') returning id",
        [name],
      );
      for (let i = 0; i < count; i++) {
        const job = await createJob(database, queue, { kind: 'check', projectId: project!.id, createdBy: 'test', maxAttempts: 1 });
        names.set(job.id, `${name}${i}`);
      }
    };
    await add('busy', 4);
    await add('quiet', 1);
    await add('other', 2);
    const order: string[] = [];
    await new Promise<void>((done) => {
      void queue.work(
        async ({ jobId }) => {
          if (order.push(names.get(jobId)!) === 7) done();
        },
        { concurrency: 1 },
      );
    });
    expect(order).toEqual(['busy0', 'quiet0', 'other0', 'busy1', 'other1', 'busy2', 'busy3']);
  } finally {
    await queue.stop();
    await database.close();
  }
});
