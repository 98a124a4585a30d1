import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { removeLeftovers, writeAllOrNothing, writeFileAtomic } from '../../src/io/atomic-file.ts';
import { thisWriter } from '../../src/io/writer.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rpm-deps-atomic-'));
});
const at = (name: string): string => join(folder, name);

describe('one file', () => {
  test('is written with its folders, and nothing else is left', async () => {
    expect(await writeFileAtomic(at('a/b/c.json'), 'text')).toBe(true);
    expect(readFileSync(at('a/b/c.json'), 'utf8')).toBe('text');
    expect(readdirSync(at('a/b'))).toEqual(['c.json']);
  });

  test('is left alone when it has this content', async () => {
    writeFileSync(at('a'), 'same');
    const { ino, mtimeMs } = statSync(at('a'));
    expect(await writeFileAtomic(at('a'), 'same')).toBe(false);
    expect(statSync(at('a'))).toMatchObject({ ino, mtimeMs });
  });

  test('keeps its mode, whatever the umask', async () => {
    writeFileSync(at('a'), 'old');
    chmodSync(at('a'), 0o666);
    await writeFileAtomic(at('a'), 'new');
    expect(statSync(at('a')).mode & 0o777).toBe(0o666);
  });

  test.each([
    ['a symbolic link', () => symlinkSync('/etc/hostname', at('x')), 'symbolic link'],
    ['a folder', () => mkdirSync(at('x')), 'is a folder'],
  ])('%s is not replaced', async (_, make, message) => {
    make();
    await expect(writeFileAtomic(at('x'), 'new')).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining(message),
    });
    expect(readdirSync(folder)).toEqual(['x']);
  });

  test('below a file is refused with the reason', async () => {
    writeFileSync(at('file'), '');
    await expect(writeFileAtomic(at('file/x'), 'new')).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      hint: expect.stringContaining('is a file'),
    });
  });
});

test('of several files none is changed where one cannot be', async () => {
  writeFileSync(at('a'), 'old');
  mkdirSync(at('b'));
  const files = [
    { path: at('a'), content: 'new' },
    { path: at('b'), content: 'new' },
  ];
  await expect(writeAllOrNothing(files)).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  expect(readFileSync(at('a'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['a', 'b']);
});

test('folders that were made for nothing go again', async () => {
  mkdirSync(at('b'));
  const files = [
    { path: at('new/deep/er/a'), content: 'new' },
    { path: at('b'), content: 'new' },
  ];
  await expect(writeAllOrNothing(files)).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  expect(readdirSync(folder)).toEqual(['b']);
});

test('only the files that changed are named', async () => {
  writeFileSync(at('a'), 'same');
  const files = [
    { path: at('a'), content: 'same' },
    { path: at('b'), content: 'new' },
  ];
  expect(await writeAllOrNothing(files)).toEqual([at('b')]);
});

test('what a dead process left is removed, not what a living one writes, nor what others called so', async () => {
  const machine = thisWriter().split('-')[0];
  const names = {
    dead: `.a.${machine}-4194304-${'0'.repeat(12)}.tmp`,
    living: `.a.${machine}-${process.pid}-${'1'.repeat(12)}.tmp`,
    elsewhere: `.a.${'0'.repeat(8)}-4194304-${'2'.repeat(12)}.tmp`,
    foreign: '.a.tmp',
  };
  for (const name of Object.values(names)) writeFileSync(at(name), '');
  await removeLeftovers(folder, Date.now() + 10_000);
  expect(readdirSync(folder).sort()).toEqual([names.living, names.elsewhere, names.foreign].sort());
});
