import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lockfileName } from '../../src/lockfile/lock-archive.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { listLockfiles, readLockfiles } from '../../src/lockfile/lockfile-dir.ts';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.ts';
import { readLockfile } from '../../src/lockfile/read.ts';
import { renderLockfile } from '../../src/lockfile/write.ts';
import { corpus } from '../helpers/corpus.ts';
import { lock, lockedPackage, oldLock } from '../helpers/small-locks.ts';

const GOOD = lock('a-x86_64', ['bash'], [lockedPackage('bash 5.1.8-9.el9')]);
const change = (edit: (value: Record<string, unknown>) => void): string => {
  const value = structuredClone(GOOD) as unknown as Record<string, unknown>;
  edit(value);
  return JSON.stringify(value);
};
const changePackage = (edit: (value: Record<string, unknown>) => void): string =>
  change((value) => edit((value['packages'] as Record<string, unknown>[])[0]!));

describe('parseLockfile', () => {
  test('reads what renderLockfile wrote', () => {
    expect(parseLockfile(renderLockfile(GOOD), 'a-x86_64.lock.json')).toEqual(GOOD);
  });

  test('does not quote what is no JSON: it may be a link to a file that is secret', () => {
    for (const text of ['password hunter2', '{"a": hunter2}', `{"a": "${'x'.repeat(100)}", hunter2}`]) {
      expect(() => parseLockfile(text, 'x')).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('hunter2') as string }),
      );
    }
  });

  test('reads schema 1.0 and makes nothing up', () => {
    const old = oldLock(GOOD);
    expect(parseLockfile(JSON.stringify(old), 'x')).toEqual(old);
  });

  test.each([
    ['nothing', '', 'is empty'],
    ['no JSON', 'hello', 'is not valid JSON'],
    ['a list', '[]', 'is not a lockfile'],
    ['something else', '{"name": "x"}', '`schema_version` is missing'],
    ['a newer schema', change((value) => (value['schema_version'] = '1.9')), 'has schema 1.9; this rpm-deps knows 1.0, 1.1, 1.2'],
    ['a newer major schema', '{"schema_version": "2.0"}', 'has schema 2.0'],
    ['a missing digest', change((value) => delete value['manifest_digest']), 'is not a valid lockfile'],
    ['a number for an epoch', changePackage((value) => (value['epoch'] = 0)), 'is not a valid lockfile'],
    ['a checksum that is none', changePackage((value) => (value['sha256'] = 'abc')), 'is not a valid lockfile'],
    ['a file name with a path', changePackage((value) => (value['filename'] = '../../x.rpm')), 'is not a valid lockfile'],
    ['a location that turns back', changePackage((value) => (value['location'] = 'a/../../x.rpm')), 'is not a valid lockfile'],
    ['a location that is rooted', changePackage((value) => (value['location'] = '/etc/x.rpm')), 'is not a valid lockfile'],
    ['a location with a login', changePackage((value) => (value['location'] = 'https://u:p@evil.test/x.rpm')), 'is not a valid lockfile'],
    ['a location of another scheme', changePackage((value) => (value['location'] = 'ftp://evil.test/x.rpm')), 'is not a valid lockfile'],
    ['a set name with a path', change((value) => (value['package_set'] = '../x')), 'is not a valid lockfile'],
    ['an escape sequence in a name', changePackage((value) => (value['name'] = 'a\u001b[31m')), 'is not a valid lockfile'],
    ['half of a surrogate pair', change((value) => (value['requested'] = ['a\ud800'])), 'is not a valid lockfile'],
    ['a text that turns round', change((value) => (value['requested'] = ['a\u202eb'])), 'is not a valid lockfile'],
    ['a negative size', changePackage((value) => (value['size'] = -1)), 'is not a valid lockfile'],
    ['a null for a package', change((value) => (value['packages'] = [null])), 'is not a valid lockfile'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parseLockfile(text, 'a.lock.json')).toThrow(
      expect.objectContaining({ code: 'LOCKFILE_INVALID', message: expect.stringContaining(message) }),
    );
  });

  test('restoring is the way out only for what may be a lockfile', () => {
    const hintFor = (name: string): string | undefined => {
      try {
        parseLockfile('hello', name);
      } catch (error) {
        return (error as { hint?: string }).hint;
      }
      return undefined;
    };
    expect(hintFor('web-x86_64.lock.json')).toContain('git checkout -- web-x86_64.lock.json');
    expect(hintFor('rpm-packages.yaml')).toBe('name a lockfile: `rpm-deps update` writes them as SET-ARCH.lock.json');
  });

  test('names the line of a merge conflict marker', () => {
    const text = renderLockfile(GOOD).replace('  "generated"', '<<<<<<< HEAD\n  "generated"');
    expect(() => parseLockfile(text, 'a.lock.json')).toThrow('`a.lock.json` has merge conflict markers (line 5)');
  });

  test('names the place of a violation', () => {
    expect(() =>
      parseLockfile(
        changePackage((value) => (value['epoch'] = 0)),
        'x',
      ),
    ).toThrow(expect.objectContaining({ details: ['/packages/0/epoch must be string'] }));
  });
});

test('a lockfile that is not there is its own error', async () => {
  await expect(readLockfile('/nowhere/a.lock.json')).rejects.toMatchObject({ code: 'LOCKFILE_MISSING' });
});

test('a directory that is not there has no lockfiles', async () => {
  expect(await listLockfiles('/nowhere')).toEqual([]);
});

test.each([['../a'], ['a/b'], ['.hidden'], ['']])('%s makes no file name', (set) => {
  expect(() => lockfileName(set, 'x86_64')).toThrow(expect.objectContaining({ code: 'LOCKFILE_INVALID' }));
});

describe('published lockfiles of schema 1.0', () => {
  const folder = corpus() && join(corpus()!, 'kubevirt/rpm-lockfiles-2026-02-03');

  test.skipIf(!folder)('are all read, and written back byte for byte', async () => {
    const locks = await readLockfiles(folder!);
    expect(locks).toHaveLength(28);
    const different = locks.filter(({ file, lockfile }: { file: string; lockfile: Lockfile }) => {
      return renderLockfile(lockfile) !== readFileSync(join(folder!, file), 'utf8');
    });
    expect(different.map(({ file }) => file)).toEqual([]);
  });
});
