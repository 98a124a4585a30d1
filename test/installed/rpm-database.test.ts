import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readInstalled } from '../../src/installed/rpm-database.ts';
import { fixture } from '../helpers/fixtures.ts';

const FORMATS = [
  ['sqlite', 'rpmdb.sqlite'],
  ['ndb', 'Packages.db'],
  ['bdb', 'Packages'],
] as const;
const database = (file: string): Uint8Array => gunzipSync(readFileSync(fixture(`rpmdb/${file}.gz`)));
const root = (files: Readonly<Record<string, Uint8Array>>) => async (path: string) => files[path];
const names = (packages: readonly { name: string; epoch: string; version: string; release: string; arch: string }[]) =>
  packages.map(({ name, version, release, arch }) => `${name}-${version}-${release}.${arch}`);

describe.each(FORMATS)('a database in the format %s', (format, file) => {
  test('gives every package with its relations and files', async () => {
    const found = await readInstalled(root({ [`var/lib/rpm/${file}`]: database(file) }), 'the image x');
    expect(found).toMatchObject({ folder: 'var/lib/rpm', format });
    expect(names(found.packages)).toEqual([
      'acl-2.3.1-4.el9.x86_64',
      'basesystem-11-13.el9.noarch',
      'centos-gpg-keys-9.0-26.el9.noarch',
      'libselinux-3.6-1.el9.x86_64',
      'libstdc++-11.5.0-4.el9.x86_64',
      'tzdata-2024b-2.el9.noarch',
    ]);
    const acl = found.packages[0]!;
    expect(acl.relations.provides.map(({ name }) => name)).toContain('acl');
    expect(acl.relations.requires.map(({ name }) => name)).toContain('libacl(x86-64)');
    expect(acl.files.map(({ path }) => path)).toContain('/usr/bin/getfacl');
    expect(acl.source).toBe('acl-2.3.1-4.el9.src.rpm');
  });

  test.each(['usr/lib/sysimage/rpm', 'usr/share/rpm'])('is found in /%s', async (folder) => {
    expect((await readInstalled(root({ [`${folder}/${file}`]: database(file) }), 'x')).folder).toBe(folder);
  });

  test('that is damaged anywhere is read or refused, and never throws anything else', async () => {
    const whole = database(file);
    for (let i = 0; i < 200; i++) {
      const bytes = Uint8Array.from(whole);
      const at = (i * 7919 * 31) % bytes.length;
      bytes.fill(i % 256, at, Math.min(bytes.length, at + 1 + (i % 40)));
      const outcome = await readInstalled(root({ [`var/lib/rpm/${file}`]: i % 5 === 0 ? bytes.subarray(0, at) : bytes }), 'x').catch(
        (error: unknown) => error,
      );
      if (outcome instanceof Error) expect(outcome).toMatchObject({ code: 'RPMDB_INVALID' });
    }
  });
});

test('two databases that differ are refused by name, two that are the same are one', async () => {
  const one = database('Packages.db');
  const same = await readInstalled(root({ 'var/lib/rpm/Packages': database('Packages'), 'usr/lib/sysimage/rpm/Packages.db': one }), 'x');
  expect(same.folder).toBe('var/lib/rpm');
  const slots = Uint8Array.from(one);
  slots.fill(0, 32 + 4, 32 + 12);
  const other = readInstalled(
    root({ 'var/lib/rpm/Packages': database('Packages'), 'usr/lib/sysimage/rpm/Packages.db': slots }),
    'the image x',
  );
  await expect(other).rejects.toMatchObject({
    code: 'RPMDB_INVALID',
    message: 'the image x has two rpm databases that differ: var/lib/rpm and usr/lib/sysimage/rpm',
  });
});

test('a root file system without a database is refused with the way out', async () => {
  await expect(readInstalled(root({}), 'the image x')).rejects.toMatchObject({
    code: 'RPMDB_INVALID',
    message: 'the image x has no rpm database',
    hint: expect.stringContaining('packages'),
  });
});

test('a view in place of the table is not run', async () => {
  const { createRequire } = await import('node:module');
  const { Database } = createRequire(import.meta.url)('node-sqlite3-wasm') as typeof import('node-sqlite3-wasm');
  const { mkdtempSync, rmSync } = await import('node:fs');
  const { tmpdir } = await import('node:os');
  const directory = mkdtempSync(`${tmpdir()}/rpm-deps-view-`);
  try {
    const hostile = new Database(`${directory}/rpmdb.sqlite`);
    hostile.exec(
      'CREATE VIEW Packages AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS hnum, i AS blob FROM n',
    );
    hostile.close();
    const bytes = readFileSync(`${directory}/rpmdb.sqlite`);
    await expect(readInstalled(root({ 'var/lib/rpm/rpmdb.sqlite': bytes }), 'x')).rejects.toMatchObject({ code: 'RPMDB_INVALID' });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
