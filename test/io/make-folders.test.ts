import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolders } from '../../src/io/make-folders.ts';

const folder = mkdtempSync(join(tmpdir(), 'make-folders-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('folders are made from the outside in, and the outermost new one is named', () => {
  expect(makeFolders(join(folder, 'a/b/c'))).toBe(join(folder, 'a'));
  expect(statSync(join(folder, 'a/b/c')).isDirectory()).toBe(true);
  expect(makeFolders(join(folder, 'a/b/c'))).toBeUndefined();
});

test('a file in the way is said', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolders(join(folder, 'file'))).toThrow('EEXIST');
  expect(() => makeFolders(join(folder, 'file/below'))).toThrow('ENOTDIR');
});

test.skipIf(!existsSync('/proc/self'))('a file system that makes no folders is an error, and not waited for', () => {
  expect(() => makeFolders('/proc/not-there/below')).toThrow('ENOENT');
});
