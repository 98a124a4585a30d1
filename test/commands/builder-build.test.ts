import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { builderBuild } from '../../src/commands/builder-build.ts';
import { builderPublish } from '../../src/commands/builder-publish.ts';
import { initBuilder } from '../../src/commands/init-builder.ts';
import { fakeWorld, type World } from '../images/fake-engine.ts';

const TOOL = { toolImage: 'quay.example/tool:1', set: 'tools' };
const build = (world: World, input: Partial<Parameters<typeof builderBuild>[0]> = {}) =>
  builderBuild({ ...TOOL, ...input }, world.context, world.fetchLocked, world.services);

async function builderWorld(env: Record<string, string> = {}): Promise<World> {
  const world = fakeWorld({ DOCKER_IMAGE: 'builder', ...env });
  await initBuilder({ set: 'tools' }, world.context);
  return world;
}

test('the builder is built of its locked set and tagged as the guide says', async () => {
  const world = await builderWorld();
  const { images, version } = await build(world, { arch: ['amd64', 'aarch64'] });
  expect(version).toBe('v1');
  expect(images.map(({ reference }) => reference)).toEqual([
    'quay.example/kubevirt/builder:v1-amd64',
    'quay.example/kubevirt/builder:v1-arm64',
  ]);
  expect(world.calls()[0]).toMatch(/^podman build .*--build-context=rpms=\S+ .*--label=rpm-deps.set=tools .* \S+\/builder$/);
});

test("without ARCH it is built for this machine's architecture, with ARCH for that one", async () => {
  const world = await builderWorld();
  expect((await build(world, { dryRun: true })).images.map(({ architecture }) => architecture)).toEqual(['amd64']);
  const other = await builderWorld({ ARCH: 's390x' });
  expect((await build(other, { dryRun: true })).images.map(({ architecture }) => architecture)).toEqual(['s390x']);
});

test("a Containerfile of the project's own is built with its directory and with the engine's network", async () => {
  const world = await builderWorld();
  writeFileSync(join(world.directory, 'builder/Containerfile'), 'FROM quay.io/centos/centos:stream9\nARG ARCH\nRUN dnf install -y gcc\n');
  await build(world, { arch: ['arm64'] });
  expect(world.calls()[0]).toBe(
    [
      'podman build --layers=false --platform=linux/arm64 --build-arg=ARCH=arm64',
      `--file=${world.directory}/builder/Containerfile --tag=localhost/rpm-deps-candidate/quay.example/kubevirt/builder:v1-arm64 ${world.directory}/builder`,
    ].join(' '),
  );
});

test('what is missing is named together, each with the line to export', async () => {
  const world = await builderWorld({ DOCKER_PREFIX: '', DOCKER_IMAGE: '' });
  await expect(build(world)).rejects.toMatchObject({
    code: 'USAGE',
    message: 'DOCKER_PREFIX and DOCKER_IMAGE are not set',
    details: ['export DOCKER_PREFIX="<your-registry-URL>/<your-kubevirt-namespace>"', 'export DOCKER_IMAGE="builder"'],
  });
});

test('flags win over the environment', async () => {
  const world = await builderWorld({ ARCH: 's390x' });
  const { images } = await build(world, { arch: ['amd64'], prefix: 'other.example/space/', image: 'tooling', tag: 'x', dryRun: true });
  expect(images[0]!.reference).toBe('other.example/space/tooling:x-amd64');
});

test('without VERSION it is the minute and the commit', async () => {
  const world = await builderWorld({ VERSION: '' });
  const run: typeof world.services.run = async (program, args, options) =>
    program === 'git' ? { exitCode: 0, stdout: '1a2b3c4\n', stderr: '' } : world.services.run(program, args, options);
  const { images } = await builderBuild({ ...TOOL, dryRun: true }, world.context, world.fetchLocked, { ...world.services, run });
  expect(images[0]!.reference).toBe('quay.example/kubevirt/builder:2501131210-1a2b3c4-amd64');
  await expect(build(world)).rejects.toMatchObject({ message: 'VERSION is not set', details: ['export VERSION="<your-docker-tag>"'] });
});

test('publishing pushes what was built and then the name without architecture', async () => {
  const world = await builderWorld({ ARCH: 'amd64' });
  await build(world, { arch: ['amd64', 's390x'] });
  const { images, manifests } = await builderPublish({}, world.context, world.services);
  expect(images.map(({ reference }) => reference)).toEqual([
    'quay.example/kubevirt/builder:v1-amd64',
    'quay.example/kubevirt/builder:v1-s390x',
  ]);
  expect(manifests).toMatchObject([{ reference: 'quay.example/kubevirt/builder:v1', architectures: ['amd64', 's390x'] }]);
});

test('a push that fails leaves the common name alone', async () => {
  const world = await builderWorld({ FAKE_FAIL: 'push *s390x' });
  await build(world, { arch: ['amd64', 's390x'] });
  await expect(builderPublish({}, world.context, world.services)).rejects.toMatchObject({ code: 'PODMAN' });
  expect(world.calls().filter((call) => call.startsWith('podman manifest'))).toEqual([]);
});

test("the guide's KUBEVIRT_BUILDER_IMAGE, with its slash, can be pulled afterwards", async () => {
  const world = await builderWorld({ KUBEVIRT_BUILDER_IMAGE: 'quay.example/kubevirt/builder/v1' });
  const { manifests } = await builderPublish({ arch: ['amd64'] }, world.context, world.services);
  expect(manifests.map(({ reference }) => reference)).toEqual([
    'quay.example/kubevirt/builder:v1',
    'quay.example/kubevirt/builder/v1:latest',
  ]);
});

test("somebody else's KUBEVIRT_BUILDER_IMAGE is not pushed over", async () => {
  const world = await builderWorld({ KUBEVIRT_BUILDER_IMAGE: 'quay.io/kubevirt/builder:2501' });
  const { manifests } = await builderPublish({ arch: ['amd64'] }, world.context, world.services);
  expect(manifests.map(({ reference }) => reference)).toEqual(['quay.example/kubevirt/builder:v1']);
  expect(world.events).toContainEqual({
    kind: 'warning',
    code: 'BUILDER_IMAGE_IGNORED',
    text: expect.stringContaining('quay.io/kubevirt/builder:2501') as string,
  });
});

test('without a Containerfile the command that writes one is named, and it never writes over one', async () => {
  const world = fakeWorld({ DOCKER_IMAGE: 'builder' });
  await expect(build(world)).rejects.toMatchObject({ code: 'USAGE', hint: expect.stringContaining('rpm-deps init --builder') as string });
  const { path } = await initBuilder({}, world.context);
  const text = readFileSync(path, 'utf8');
  await expect(initBuilder({}, world.context)).rejects.toMatchObject({ code: 'WRITE_FAILED', message: `\`${path}\` already exists` });
  expect(readFileSync(path, 'utf8')).toBe(text);
});
