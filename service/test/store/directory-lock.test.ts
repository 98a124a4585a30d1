import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lockDirectory } from '../../src/store/directory-lock.ts';

const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-lock-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('of many that find a directory whose holder was killed, one gets it, and the others hear who it is', async () => {
  const script = 'require("node:net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  for (let round = 0; round < 5; round++) {
    expect(spawnSync(process.execPath, ['-e', script, join(directory, 'lock')]).signal).toBe('SIGKILL');
    const outcomes = await Promise.allSettled(Array.from({ length: 4 }, () => lockDirectory(directory)));
    const locks = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(locks).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason.message).toContain(`in use by process ${process.pid}`);
    // It is still the holder's after the others have looked.
    await expect(lockDirectory(directory)).rejects.toMatchObject({ code: 'DATABASE' });
    await locks[0]!.release();
  }
  expect(readdirSync(directory)).toEqual([]);
});
