import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { builderPublish } from '../../src/commands/builder-publish.ts';
import { imageManifest } from '../../src/commands/image-manifest.ts';
import { imagePush } from '../../src/commands/image-push.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import { fakeWorld } from './fake-engine.ts';

const SETS = { sets: ['tools'] };
const ALL = ['amd64', 'arm64', 's390x'];

test('images are pushed with an explicit destination and their digests in the registry are written down', async () => {
  const world = fakeWorld({ QUAY_REPOSITORY: 'kubevirt', PACKAGE_NAME: 'kubevirt-operatorhub' });
  const { images } = await imagePush({ ...SETS, arch: ['arm64'], authfile: 'auth.json', tlsVerify: false }, world.context, world.services);
  expect(world.calls().map((call) => call.replace(/--digestfile=\S+/, '--digestfile=F'))).toEqual([
    'podman push --authfile=auth.json --tls-verify=false --digestfile=F quay.example/kubevirt/tools:v1-arm64 docker://quay.example/kubevirt/tools:v1-arm64',
  ]);
  expect(images[0]!.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(world.readRecord()).toMatchObject({
    quay_repository: 'kubevirt',
    package_name: 'kubevirt-operatorhub',
    images: [{ reference: 'quay.example/kubevirt/tools:v1-arm64', digest: images[0]!.digest }],
  });
});

test('a manifest list is made one by one of pushed digests, counted, pushed, and removed here', async () => {
  const world = fakeWorld();
  const { images } = await imagePush({ ...SETS, arch: ALL }, world.context, world.services);
  const before = world.calls().length;
  const { manifests } = await imageManifest(SETS, world.context, world.services);
  const list = 'localhost/rpm-deps-manifest/quay.example/kubevirt/tools:v1';
  expect(
    world
      .calls()
      .slice(before)
      .map((call) => call.replace(/--digestfile=\S+/, '--digestfile=F')),
  ).toEqual([
    `podman manifest rm ${list}`,
    `podman manifest create ${list}`,
    ...images.map(({ digest }) => `podman manifest add ${list} docker://quay.example/kubevirt/tools@${digest}`),
    `podman manifest inspect ${list}`,
    `podman manifest push --all --digestfile=F ${list} docker://quay.example/kubevirt/tools:v1`,
    `podman manifest rm ${list}`,
  ]);
  expect(manifests).toEqual([
    { reference: 'quay.example/kubevirt/tools:v1', architectures: ALL, digest: `sha256:${'7'.padStart(64, '0')}` },
  ]);
  expect(world.readRecord()).toMatchObject({ manifests });
});

test('images that another machine pushed are listed by their tag', async () => {
  const world = fakeWorld();
  await imageManifest({ ...SETS, arch: ['s390x'] }, world.context, world.services);
  expect(world.calls()).toContain(
    'podman manifest add localhost/rpm-deps-manifest/quay.example/kubevirt/tools:v1 docker://quay.example/kubevirt/tools:v1-s390x',
  );
});

test('where one architecture is not in the registry no list is pushed', async () => {
  const world = fakeWorld({ FAKE_FAIL: 'manifest add *-s390x', FAKE_STDERR: 'Error: reading manifest: manifest unknown' });
  await expect(imageManifest(SETS, world.context, world.services)).rejects.toMatchObject({
    code: 'PODMAN',
    message: 'cannot put s390x into the manifest list of quay.example/kubevirt/tools:v1: the image is not in the registry',
  });
  expect(world.calls().filter((call) => call.includes('manifest push'))).toEqual([]);
  expect(world.calls().at(-1)).toBe('podman manifest rm localhost/rpm-deps-manifest/quay.example/kubevirt/tools:v1');
});

test('a list with an entry of the wrong architecture is not pushed', async () => {
  const world = fakeWorld({ FAKE_FAIL: 'manifest inspect*', FAKE_STDERR: '' });
  await expect(imageManifest(SETS, world.context, world.services)).rejects.toMatchObject({ code: 'PODMAN' });
  const other = fakeWorld();
  const run: typeof other.services.run = async (program, args, options) =>
    args[1] === 'inspect'
      ? { exitCode: 0, stdout: '{"manifests":[{"platform":{"architecture":"amd64"}},null]}', stderr: '' }
      : other.services.run(program, args, options);
  await expect(imageManifest(SETS, other.context, { ...other.services, run })).rejects.toMatchObject({
    message: 'the manifest list of quay.example/kubevirt/tools:v1 has amd64, unknown and should have amd64, arm64, s390x',
  });
  expect([...world.calls(), ...other.calls()].filter((call) => call.includes('manifest push'))).toEqual([]);
});

test('an interrupted push stops before the next image and the list', async () => {
  const world = fakeWorld({ FAKE_FAIL: 'push *arm64', FAKE_STDERR: 'Error: writing blob: connection reset by peer' });
  await expect(imagePush({ ...SETS, arch: ALL }, world.context, world.services)).rejects.toMatchObject({
    code: 'PODMAN',
    message: 'cannot push quay.example/kubevirt/tools:v1-arm64: the registry does not answer',
  });
  expect(world.readRecord()).toMatchObject({ images: [{ architecture: 'amd64' }] });
  expect(world.calls().filter((call) => call.includes('s390x'))).toEqual([]);
});

test.each([
  ['dial tcp 127.0.0.1:5: connect: connection refused', 'the registry does not answer'],
  ['unauthorized: authentication required', 'the registry does not accept the credentials'],
  ['http: server gave HTTP response to HTTPS client', 'the registry uses plain HTTP instead of TLS'],
  ['x509: certificate signed by unknown authority', 'the certificate of the registry is not trusted'],
  ['Error: something else', 'podman failed with exit code 125'],
])('a push that ends with "%s" is explained, with the words of podman below', async (words, cause) => {
  const world = fakeWorld({ FAKE_FAIL: 'push*', FAKE_STDERR: words });
  await expect(imagePush({ ...SETS, arch: ['amd64'] }, world.context, world.services)).rejects.toMatchObject({
    code: 'PODMAN',
    message: `cannot push quay.example/kubevirt/tools:v1-amd64: ${cause}`,
    details: [words, expect.stringMatching(/^command: podman push /)],
  });
});

test('credentials that are refused are answered with the login to type', async () => {
  const world = fakeWorld({ FAKE_FAIL: 'push*', FAKE_STDERR: 'unauthorized: authentication required' });
  await expect(imagePush({ ...SETS, arch: ['amd64'] }, world.context, world.services)).rejects.toMatchObject({
    hint: 'log in with `podman login quay.example`, or name the file with the credentials: --authfile or REGISTRY_AUTH_FILE',
  });
});

test('docker pushes and tells digests in its own way', async () => {
  const world = fakeWorld({ KUBEVIRT_CRI: 'docker' });
  const { images } = await imagePush({ ...SETS, arch: ['amd64', 's390x'] }, world.context, world.services);
  expect(images.every(({ digest }) => /^sha256:[0-9a-f]{64}$/.test(digest ?? ''))).toBe(true);
  expect(world.calls()[0]).toBe('docker push quay.example/kubevirt/tools:v1-amd64');
  await imageManifest({ ...SETS, arch: ['amd64', 's390x'] }, world.context, world.services).catch(() => undefined);
  expect(world.calls()).toContain(
    `docker manifest create quay.example/kubevirt/tools:v1 ${images.map(({ digest }) => `quay.example/kubevirt/tools@${digest}`).join(' ')}`,
  );
});

test('the version built last is pushed when none is named', async () => {
  const world = fakeWorld();
  await imagePush({ ...SETS, arch: ['amd64'], tag: 'v7' }, world.context, world.services);
  const { VERSION: _, ...env } = world.context.env;
  const { images } = await imagePush(SETS, { ...world.context, env }, world.services);
  expect(images.map(({ reference }) => reference)).toEqual(['quay.example/kubevirt/tools:v7-amd64']);
});

test('a list that would lose an architecture that this machine has listed is refused', async () => {
  const world = fakeWorld();
  const list = (arch: string[]) => imageManifest({ sets: ['tools'], arch }, world.context, world.services);
  await imagePush({ sets: ['tools'], arch: ['amd64', 's390x'] }, world.context, world.services);
  await list(['amd64', 's390x']);
  await expect(list(['amd64'])).rejects.toMatchObject({
    code: 'USAGE',
    message: 'quay.example/kubevirt/tools:v1 also exists for s390x, which the new list would lack',
    hint: expect.stringContaining('--arch amd64,s390x') as string,
  });
});

test.each(['podman', 'docker'])('%s does not replace a list of the registry that has another architecture', async (engine) => {
  const asked: string[] = [];
  const server = createServer(({ url, headers }, response) => {
    asked.push(`${url} ${headers.authorization}`);
    if (headers.authorization === undefined) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
    const manifests = [{ platform: { architecture: 'arm64' } }, { platform: { architecture: 'unknown' } }];
    response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' }).end(JSON.stringify({ manifests }));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  const registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world = fakeWorld({ DOCKER_PREFIX: `${registry}/kubevirt` });
  const auth = JSON.stringify({ auths: { [registry]: { auth: Buffer.from('me:secret').toString('base64') } } });
  writeFileSync(join(world.directory, 'config.json'), auth);
  const http = createHttpClient({ env: {} });
  const context = { ...world.context, offline: false, http, env: { ...world.context.env, DOCKER_CONFIG: world.directory } };
  const access = engine === 'podman' ? { authfile: join(world.directory, 'config.json') } : {};
  const input = { ...SETS, ...access, engine, arch: ['amd64', 's390x'], tlsVerify: false };
  await expect(imageManifest(input, context, world.services)).rejects.toMatchObject({
    code: 'USAGE',
    message: `${registry}/kubevirt/tools:v1 also exists for arm64, which the new list would lack`,
  });
  expect(asked.at(-1)).toBe(`/v2/kubevirt/tools/manifests/v1 Basic ${Buffer.from('me:secret').toString('base64')}`);
  expect(world.calls()).toEqual([]);
  await http.close();
});

test('--sbom of a dry run prints the line that attaches the bill of materials', async () => {
  const world = fakeWorld();
  const dry = { ...SETS, arch: ['arm64', 's390x'], sbom: true, dryRun: true, tlsVerify: false };
  const { lines } = await imagePush(dry, world.context, world.services);
  expect(lines).toContain(
    'rpm-deps image attach tools --arch arm64,s390x --tag v1 --prefix quay.example/kubevirt --name tools --tls-verify false',
  );
  const published = await builderPublish({ ...dry, image: 'builder' }, world.context, world.services);
  expect(published.lines.join('\n')).toContain('rpm-deps image attach builder --arch arm64,s390x --tag v1');
});
