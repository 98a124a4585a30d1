import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readWithin } from '../../src/io/read-within.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rpm-deps-within-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a file is read up to the limit, and refused above it', async () => {
  const path = join(folder, 'file');
  writeFileSync(path, 'x'.repeat(1 << 20));
  expect((await readWithin(path, 1 << 20)).length).toBe(1 << 20);
  writeFileSync(path, 'x'.repeat((1 << 20) + 1));
  await expect(readWithin(path, 1 << 20)).rejects.toThrow('it is larger than 1 MiB');
});

test('a link to a device that never ends is refused at once, and the device itself at the limit', async () => {
  const link = join(folder, 'link');
  symlinkSync('/dev/zero', link);
  await expect(readWithin(link, 1 << 20)).rejects.toThrow('it is not a regular file');
  await expect(readWithin('/dev/zero', 1 << 20)).rejects.toThrow('it is larger than 1 MiB');
  expect((await readWithin('/dev/null', 1 << 20)).length).toBe(0);
});

test('a pipe that nobody writes to is refused at once', async () => {
  const path = join(folder, 'pipe');
  spawnSync('mkfifo', [path]);
  await expect(readWithin(path, 1 << 20)).rejects.toThrow('it is not a regular file');
});

test('what is not there has the error of the system', async () => {
  await expect(readWithin(join(folder, 'none'), 10)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(readWithin(folder, 1 << 20)).rejects.toMatchObject({ code: 'EISDIR' });
});
