import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { withFileLock } from '../../src/io/file-lock.ts';
import { thisWriter } from '../../src/io/writer.ts';

const { signal } = new AbortController();

function lockPath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-lock-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return join(directory, 'deep/record.lock');
}

test('only one at a time has the lock, and nothing is left of it', async () => {
  const path = lockPath();
  let inside = 0;
  const work = () =>
    withFileLock(path, signal, async () => {
      inside++;
      await setImmediate();
      expect(inside).toBe(1);
      inside--;
    });
  await Promise.all(Array.from({ length: 8 }, work));
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('the lock of a process that is gone is removed, and work that fails gives it back', async () => {
  const path = lockPath();
  await withFileLock(path, signal, () => Promise.resolve());
  const [machine] = thisWriter().split('-');
  writeFileSync(path, `${machine}-999999999`);
  utimesSync(path, new Date(0), new Date(0));
  await expect(withFileLock(path, signal, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(await withFileLock(path, signal, () => Promise.resolve('mine'))).toBe('mine');
});

test('whoever is stopped does not wait for a lock', async () => {
  const path = lockPath();
  const stop = new AbortController();
  await withFileLock(path, signal, async () => {
    const waiting = withFileLock(path, stop.signal, () => Promise.resolve());
    stop.abort();
    await expect(waiting).rejects.toThrow();
  });
});
