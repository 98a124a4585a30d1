import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { readImageLabels } from '../../src/installed/image-labels.ts';
import { startRun } from '../../src/run/start-run.ts';
import { type OciRegistry, PASSWORD, startOciRegistry, USER } from '../helpers/oci-registry.ts';

const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-labels-'));
const closers: (() => Promise<void>)[] = [];
let registry: OciRegistry;

beforeAll(async () => {
  registry = await startOciRegistry();
  const auth = Buffer.from(`${USER}:${PASSWORD}`).toString('base64');
  writeFileSync(join(directory, 'auth.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});
afterAll(async () => {
  await registry.close();
  rmSync(directory, { recursive: true, force: true });
});

async function read(name: string, architectures: readonly string[], more: { offline?: boolean; cache?: string } = {}) {
  const env = { REGISTRY_AUTH_FILE: join(directory, 'auth.json'), HOME: directory };
  const run = startRun({ env, cacheDir: join(directory, more.cache ?? 'cache'), offline: more.offline ?? false });
  closers.push(() => run.end());
  return readImageLabels(`${registry.host}/${name}`, architectures, { ...run, env });
}

test('the labels of each architecture come from its configuration, and no layer is read', async () => {
  const layers = [[{ path: 'etc/passwd', bytes: Buffer.from('root') }]];
  const labels = (architecture: string) => ({ version: '9.5', architecture, odd: 5 });
  await registry.push('ubi/many', '9', { amd64: layers, s390x: layers, arm64: layers }, { labels });
  const before = registry.requests.length;
  const found = await read('ubi/many:9', ['x86_64', 's390x', 'ppc64le']);
  expect([...found].sort((a, b) => (a['architecture']! < b['architecture']! ? -1 : 1))).toEqual([
    { version: '9.5', architecture: 'amd64' },
    { version: '9.5', architecture: 's390x' },
  ]);
  expect(registry.requests.slice(before).filter((request) => request.includes('/blobs/'))).toHaveLength(2);
  await expect(read('ubi/many:9', ['ppc64le'])).rejects.toMatchObject({
    code: 'IMAGE_NOT_FOUND',
    message: expect.stringContaining('ppc64le'),
  });
});

test('an image for one architecture alone has its labels for all of them', async () => {
  await registry.push('ubi/one', '9', { arm64: [] }, { index: false, labels: () => ({ version: '1' }) });
  expect(await read('ubi/one:9', ['x86_64'])).toEqual([{ version: '1' }]);
  await registry.push('ubi/bare', '9', { amd64: [] });
  expect(await read('ubi/bare:9', ['x86_64'])).toEqual([{}]);
});

test('labels of a digest need no network again, and a tag means without one what it meant last', async () => {
  const digest = await registry.push('ubi/kept', '1', { amd64: [] }, { labels: () => ({ version: '1' }) });
  expect(await read(`ubi/kept@${digest}`, ['x86_64'], { cache: 'digest' })).toEqual([{ version: '1' }]);
  const before = registry.requests.length;
  expect(await read(`ubi/kept@${digest}`, ['x86_64'], { cache: 'digest' })).toEqual([{ version: '1' }]);
  expect(registry.requests).toHaveLength(before);

  await expect(read('ubi/kept:1', ['x86_64'], { offline: true, cache: 'tag' })).rejects.toMatchObject({ code: 'OFFLINE' });
  await read('ubi/kept:1', ['x86_64'], { cache: 'tag' });
  expect(await read('ubi/kept:1', ['x86_64'], { offline: true, cache: 'tag' })).toEqual([{ version: '1' }]);
  await registry.push('ubi/kept', '1', { amd64: [] }, { labels: () => ({ version: '2' }) });
  expect(await read('ubi/kept:1', ['x86_64'], { cache: 'tag' })).toEqual([{ version: '2' }]);
  await expect(read('ubi/kept:2', ['x86_64'], { cache: 'tag' })).rejects.toMatchObject({ code: 'IMAGE_NOT_FOUND' });
});

test('a configuration that is not what its digest says is refused', async () => {
  const digest = await registry.push('ubi/damaged', '1', { amd64: [] }, { index: false, labels: () => ({ version: 'damaged' }) });
  const config = Buffer.from(JSON.stringify({ architecture: 'amd64', config: { Labels: { version: 'other' } } }));
  const { createHash } = await import('node:crypto');
  const original = JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: {}, config: { Labels: { version: 'damaged' } } });
  registry.alter(`sha256:${createHash('sha256').update(original).digest('hex')}`, config);
  await expect(read(`ubi/damaged@${digest}`, ['x86_64'])).rejects.toMatchObject({ code: expect.stringMatching(/MISMATCH/) });
});
