import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readBaseImage } from '../../src/installed/base-image.ts';
import { startRun } from '../../src/run/start-run.ts';
import { fixture } from '../helpers/fixtures.ts';
import { IDENTITY_TOKEN, type OciRegistry, PASSWORD, startOciRegistry, USER } from '../helpers/oci-registry.ts';

const DATABASE = gunzipSync(readFileSync(fixture('rpmdb/rpmdb.sqlite.gz')));
const NDB = gunzipSync(readFileSync(fixture('rpmdb/Packages.db.gz')));
const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-base-'));
const closers: (() => Promise<void>)[] = [];
let registry: OciRegistry;

beforeAll(async () => {
  registry = await startOciRegistry();
  logIn(PASSWORD);
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(async () => {
  await registry.close();
  rmSync(directory, { recursive: true, force: true });
});

function logIn(password: string): void {
  const auth = Buffer.from(`${USER}:${password}`).toString('base64');
  writeFileSync(join(directory, 'auth.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
}

async function read(name: string, architecture = 'x86_64', more: { offline?: boolean; cache?: string } = {}) {
  const env = { REGISTRY_AUTH_FILE: join(directory, 'auth.json'), HOME: directory };
  const run = startRun({ env, cacheDir: join(directory, more.cache ?? 'cache'), offline: more.offline ?? false });
  closers.push(() => run.end());
  return readBaseImage(`${registry.host}/${name}`, architecture, { ...run, env });
}

test('the database of each architecture is read out of its layers, with the login of podman', async () => {
  const base = [
    { path: 'var/lib/rpm/rpmdb.sqlite', bytes: DATABASE },
    { path: 'etc/passwd', bytes: Buffer.from('root') },
  ];
  const digest = await registry.push('ubi/base', '9', { amd64: [base, [{ path: 'etc/other' }]], s390x: [base] });
  for (const architecture of ['x86_64', 's390x']) {
    const image = await read('ubi/base:9', architecture);
    expect(image).toMatchObject({ digest, databaseFolder: 'var/lib/rpm' });
    expect(image.packages).toHaveLength(6);
  }
});

test('what was read by digest needs no network again', async () => {
  const digest = await registry.push('ubi/kept', '1', { amd64: [[{ path: 'var/lib/rpm/rpmdb.sqlite', bytes: DATABASE }]] });
  const first = await read(`ubi/kept@${digest}`);
  const before = registry.requests.length;
  expect(await read(`ubi/kept@${digest}`, 'x86_64', { offline: true })).toEqual(first);
  expect(registry.requests).toHaveLength(before);
  await expect(read(`ubi/kept@${digest}`, 'x86_64', { offline: true, cache: 'empty' })).rejects.toMatchObject({ code: 'OFFLINE' });
});

test('layers replace, remove and link as the image specification says', async () => {
  const lower = [{ path: 'var/lib/rpm/rpmdb.sqlite', bytes: DATABASE }, { path: 'usr/lib/sysimage/rpm/' }];
  const moved = [
    { path: 'var/lib/.wh.rpm' },
    { path: './usr/lib/sysimage/rpm/Packages.db', bytes: NDB },
    { path: 'var/lib/rpm', symlink: '../../usr/lib/sysimage/rpm' },
  ];
  await registry.push('layers/moved', '1', { amd64: [lower, moved] });
  expect(await read('layers/moved:1')).toMatchObject({ databaseFolder: 'var/lib/rpm' });
  await registry.push('layers/opaque', '1', {
    amd64: [lower, [{ path: 'var/lib/.wh..wh..opq' }, { path: 'usr/share/rpm/rpmdb.sqlite', bytes: DATABASE }]],
  });
  expect(await read('layers/opaque:1')).toMatchObject({ databaseFolder: 'usr/share/rpm' });
  await registry.push('layers/hard', '1', {
    amd64: [lower, [{ path: 'usr/share/rpm/rpmdb.sqlite', hardlink: 'var/lib/rpm/rpmdb.sqlite' }, { path: 'var/.wh.lib' }]],
  });
  expect(await read('layers/hard:1')).toMatchObject({ databaseFolder: 'usr/share/rpm' });
});

test('a database that is a hard link to an object of ostree in the same layer is read', async () => {
  const object = 'sysroot/ostree/repo/objects/ab/cd.file';
  await registry.push('layers/ostree', '1', {
    amd64: [
      [
        { path: object, bytes: DATABASE },
        { path: 'usr/share/rpm/rpmdb.sqlite', hardlink: object },
        { path: 'usr/lib/sysimage/rpm', symlink: '../../share/rpm' },
      ],
    ],
  });
  expect((await read('layers/ostree:1')).packages).toHaveLength(6);
  await registry.push('layers/lost', '1', { amd64: [[{ path: 'usr/share/rpm/rpmdb.sqlite', hardlink: object }]] });
  await expect(read('layers/lost:1')).rejects.toMatchObject({ code: 'RPMDB_INVALID' });
});

test('a token that docker login keeps instead of a password is exchanged', async () => {
  await registry.push('ubi/token', '1', { amd64: [[{ path: 'var/lib/rpm/rpmdb.sqlite', bytes: DATABASE }]] });
  writeFileSync(join(directory, 'auth.json'), JSON.stringify({ auths: { [registry.host]: { identitytoken: IDENTITY_TOKEN } } }));
  expect((await read('ubi/token:1')).packages).toHaveLength(6);
  logIn(PASSWORD);
});

test('an image for one architecture without an index is read for that one only', async () => {
  await registry.push('single/arm', '1', { arm64: [[{ path: 'var/lib/rpm/rpmdb.sqlite', bytes: DATABASE }]] }, { index: false });
  expect((await read('single/arm:1', 'aarch64')).packages).toHaveLength(6);
  await expect(read('single/arm:1', 's390x')).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND', hint: expect.stringContaining('aarch64') });
});

test('what cannot be a base is refused by name', async () => {
  await registry.push('bad/scratch', '1', { amd64: [[{ path: 'app' }]] });
  await expect(read('bad/scratch:1')).rejects.toMatchObject({ code: 'RPMDB_INVALID' });
  await expect(read('bad/scratch:1', 'ppc64le')).rejects.toMatchObject({
    code: 'IMAGE_NOT_FOUND',
    hint: expect.stringContaining('x86_64'),
  });
  await expect(read('bad/none:1')).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND', message: expect.stringContaining('bad/none') });
  await registry.push('bad/damaged', '1', { amd64: [[{ path: 'var/lib/rpm/rpmdb.sqlite', bytes: DATABASE.subarray(0, 5000) }]] });
  await expect(read('bad/damaged:1')).rejects.toMatchObject({ code: 'RPMDB_INVALID' });
  const digest = await registry.push('bad/altered', '1', { amd64: [[{ path: 'a' }]] });
  registry.alter(digest, Buffer.from('{"manifests":[]}'));
  await expect(read(`bad/altered@${digest}`)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
});

test('a wrong login is refused with the command that logs in, and never printed', async () => {
  logIn('wrong-secret');
  const error = await read('ubi/base:9', 'x86_64', { cache: 'other' }).catch((cause: unknown) => cause as Error & { hint?: string });
  logIn(PASSWORD);
  expect(error).toMatchObject({ code: 'IMAGE_NOT_FOUND', hint: expect.stringContaining(`podman login ${registry.host}`) });
  expect(`${(error as Error).message} ${(error as { hint?: string }).hint}`).not.toContain('wrong-secret');
});
