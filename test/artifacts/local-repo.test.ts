import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeRepodata } from '../../src/artifacts/local-repo.ts';
import { fixture } from '../helpers/fixtures.ts';

const NAMES = ['passt-0^20241121.g238c69f-1.el9.s390x.rpm', 'swtpm-libs-0.9.0~rc2-1.el9.s390x.rpm'];
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rpm-deps-repo-'));
  for (const name of NAMES) cpSync(fixture(`mirror/9-stream/AppStream/s390x/os/Packages/${name}`), join(directory, name));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const repodata = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(directory, 'repodata')).map((name) => [name, readFileSync(join(directory, 'repodata', name), 'base64')]),
  );
const paths = NAMES.map((name) => () => join(directory, name));
const xmlOf = (type: string): string => {
  const name = Object.keys(repodata()).find((file) => file.includes(type))!;
  return gunzipSync(readFileSync(join(directory, 'repodata', name))).toString();
};

test('the metadata says what the headers say', async () => {
  await writeRepodata(
    directory,
    paths.map((path) => path()),
  );
  const primary = xmlOf('primary');
  expect(primary).toContain('<version epoch="0" ver="0^20241121.g238c69f" rel="1.el9"/>');
  expect(primary).toContain('<rpm:entry name="(passt-selinux = 0^20241121.g238c69f-1.el9 if selinux-policy-targeted)"/>');
  expect(primary).toContain(`<location href="${NAMES[0]}"/>`);
  expect(primary).toContain('<file>/usr/bin/passt</file>');
  expect(primary).not.toContain('rpmlib(');
  expect(primary).not.toContain('libswtpm_libtpms.so.0</file>');
  expect(xmlOf('filelists')).toContain('<file>/usr/lib64/swtpm/libswtpm_libtpms.so.0</file>');
});

test('order of arrival and file times leave no trace in the bytes', async () => {
  await writeRepodata(
    directory,
    paths.map((path) => path()),
  );
  const first = repodata();
  for (const path of paths) utimesSync(path(), 1, 1);
  await writeRepodata(directory, paths.map((path) => path()).reverse());
  expect(repodata()).toEqual(first);
});

test('files of an earlier run are removed, those of others stay', async () => {
  await writeRepodata(
    directory,
    paths.map((path) => path()),
  );
  writeFileSync(join(directory, 'repodata/notes.txt'), 'mine');
  await writeRepodata(directory, [paths[0]!()]);
  const names = Object.keys(repodata());
  expect(names).toHaveLength(5);
  expect(names).toContain('notes.txt');
  expect(xmlOf('primary')).not.toContain('swtpm');
});

test('a file that is no RPM stops it before anything is written', async () => {
  writeFileSync(join(directory, 'page.rpm'), '<html>404</html>');
  await expect(writeRepodata(directory, [join(directory, 'page.rpm')])).rejects.toMatchObject({ code: 'RPM_INVALID' });
  expect(readdirSync(directory)).not.toContain('repodata');
});
