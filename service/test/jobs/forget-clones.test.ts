import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { forgetClones } from '../../src/jobs/forget-clones.ts';
import type { Queries } from '../../src/store/database.ts';

test('clones of removed projects are removed a day after their last use, and nothing else', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-clones-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [project, removed, unfinished, recent] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const database = {
    query: async (_: string, [ids]: readonly [readonly string[]]) => {
      const rows = ids.filter((id) => id === project).map((id) => ({ id }));
      return { rows, count: rows.length };
    },
  } as unknown as Queries;
  const now = new Date('2030-01-03T00:00:00Z');
  await forgetClones(database, directory, now);
  for (const name of [project, removed, unfinished, recent, 'of-somebody']) {
    const clone = join(directory, 'clones', name);
    mkdirSync(clone, { recursive: true });
    if (name !== unfinished) writeFileSync(join(clone, 'FETCH_HEAD'), '');
    const used = new Date(name === recent ? '2030-01-02T12:00:00Z' : '2030-01-01T12:00:00Z');
    if (name !== unfinished) utimesSync(join(clone, 'FETCH_HEAD'), used, used);
    utimesSync(clone, used, used);
  }
  await forgetClones(database, directory, now);
  expect(readdirSync(join(directory, 'clones')).sort()).toEqual([project, recent, 'of-somebody'].sort());
});
