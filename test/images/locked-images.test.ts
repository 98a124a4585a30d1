import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { imageBuild } from '../../src/commands/image-build.ts';
import { imageManifest } from '../../src/commands/image-manifest.ts';
import { fakeWorld, type World } from './fake-engine.ts';

const references = async (world: World, input: Partial<Parameters<typeof imageBuild>[0]>) => {
  const all = { sets: [], toolImage: 'quay.example/tool:1', dryRun: true, ...input };
  return (await imageBuild(all, world.context, world.fetchLocked, world.services)).images.map(({ reference }) =>
    reference.split('/').at(-1),
  );
};

/** Locks of `tools` and of two more sets: the builder, and `small`, which is for amd64 only. */
function worldOfThree(env: Record<string, string> = {}): World {
  const world = fakeWorld(env);
  const path = (set: string, arch: string) => join(world.directory, 'rpm-lockfiles', `${set}-${arch}.lock.json`);
  const text = readFileSync(path('tools', 'x86_64'), 'utf8');
  for (const set of ['builder', 'small'])
    writeFileSync(path(set, 'x86_64'), text.replace('"package_set": "tools"', `"package_set": "${set}"`));
  return world;
}

test('without a set it is all but the builder, each for the architectures that it has', async () => {
  const world = worldOfThree();
  expect(await references(world, { arch: ['amd64', 's390x'] })).toEqual(['small:v1-amd64', 'tools:v1-amd64', 'tools:v1-s390x']);
  expect(await references(world, { sets: ['builder'], arch: ['amd64'] })).toEqual(['builder:v1-amd64']);
});

test('a named set without a lock for an architecture is an error', async () => {
  await expect(references(worldOfThree(), { sets: ['small'], arch: ['s390x'] })).rejects.toMatchObject({ code: 'LOCKFILE_MISSING' });
});

test('a list is of all architectures that have locks, or of those in BUILD_ARCH', async () => {
  const lists = async (world: World) =>
    (await imageManifest({ sets: [], dryRun: true }, world.context, world.services)).manifests.map(({ architectures }) => architectures);
  expect(await lists(worldOfThree())).toEqual([['amd64'], ['amd64', 'arm64', 's390x']]);
  expect(await lists(worldOfThree({ BUILD_ARCH: 'arm64,s390x' }))).toEqual([['arm64', 's390x']]);
});

test('another name is for one set only', async () => {
  await expect(references(worldOfThree(), { name: 'other' })).rejects.toMatchObject({ code: 'USAGE' });
  expect(await references(worldOfThree(), { sets: ['small'], name: 'other' })).toEqual(['other:v1-amd64']);
});

test('no lockfiles, and a lockfile under the wrong name, are told as such', async () => {
  const world = fakeWorld();
  const folder = join(world.directory, 'rpm-lockfiles');
  copyFileSync(join(folder, 'tools-x86_64.lock.json'), join(folder, 'tools-s390x.lock.json'));
  await expect(references(world, { arch: ['s390x'] })).rejects.toMatchObject({ code: 'LOCKFILE_INVALID' });
  rmSync(folder, { recursive: true });
  await expect(references(world, {})).rejects.toMatchObject({ code: 'LOCKFILE_MISSING', hint: '`rpm-deps update` creates them' });
});
