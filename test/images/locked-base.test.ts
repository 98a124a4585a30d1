import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { imageBuild } from '../../src/commands/image-build.ts';
import { imageVerify } from '../../src/commands/image-verify.ts';
import { installedDigest } from '../../src/installed/base-image.ts';
import { parseNevra } from '../../src/rpm/nevra.ts';
import { fakeWorld, type World } from './fake-engine.ts';

const INPUT = { sets: ['tools'], arch: ['amd64'], toolImage: 'quay.example/tool:1' };
const DIGEST = `sha256:${'a'.repeat(64)}`;
const BASE = ['bash-0:5.1.8-6.el9.noarch', 'ed-0:1.14-12.el9.noarch', 'zlib-0:1.2.11-40.el9.noarch'];
const LOCKED = ['bash-0:5.1.8-9.el9.noarch', 'vim-minimal-2:8.2.2637-20.el9.noarch'];

/** The lock of `tools` was made on an image with BASE: it upgrades bash, adds vim-minimal and removes ed. */
function worldOnBase({ base = {}, removed = ['ed-0:1.14-12.el9.noarch'] }: { base?: object; removed?: readonly string[] } = {}): World {
  const world = fakeWorld();
  const path = join(world.directory, 'rpm-lockfiles/tools-x86_64.lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: { name: string; replaces?: string[] }[] };
  lock.packages[0]!.replaces = ['bash-0:5.1.8-6.el9.noarch'];
  const installed = installedDigest(BASE.map((text) => parseNevra(text)!));
  const locked = { image: 'quay.example:5000/os/base:9', digest: DIGEST, installed_digest: installed, removed, ...base };
  writeFileSync(path, JSON.stringify({ ...lock, schema_version: '1.2', base: locked }));
  holds(world, 'installed-base', BASE);
  holds(world, 'installed', [...LOCKED, BASE[2]!]);
  return world;
}

function holds(world: World, file: string, packages: readonly string[]): void {
  const lines = packages.map((text) => {
    const { name, epoch, version, release, arch } = parseNevra(text)!;
    return [name, epoch, version, release, arch].join('\t');
  });
  writeFileSync(join(world.root, '..', file), `${lines.join('\n')}\n`);
}

const build = (world: World, input: Partial<Parameters<typeof imageBuild>[0]> = {}) =>
  imageBuild({ ...INPUT, ...input }, world.context, world.fetchLocked, world.services);
const verify = (world: World, input: Partial<Parameters<typeof imageVerify>[0]> = {}) =>
  imageVerify({ ...INPUT, ...input }, world.context, world.fetchLocked, world.services);

test('a lock that was made on an image is installed on that image, by its digest', async () => {
  const world = worldOnBase();
  const { commands } = await build(world, { verify: false });
  const words = commands.flat();
  expect(words).toContain(`--build-arg=BASE=quay.example:5000/os/base@${DIGEST}`);
  expect(words).toContain('--build-arg=RPM_REMOVED=ed-1.14-12.el9.noarch');
  expect(words).toContain('--build-arg=RPM_BESIDE=');
  expect(words).toContain(`--label=org.opencontainers.image.base.digest=${DIGEST}`);
});

test('what the base says of its containers is kept, and rpm upgrades', async () => {
  const { lines } = await build(worldOnBase(), { dryRun: true });
  const text = lines.join('\n');
  expect(text).toContain('-U --oldpackage /rpms/*.rpm');
  expect(text).toContain('FROM scratch\nCOPY --from=install /rootfs/ /');
});

test('another base than the lock was made on is refused before anything is built', async () => {
  const world = worldOnBase();
  holds(world, 'installed-base', BASE.slice(1));
  await expect(build(world, { base: 'quay.example/other:1' })).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    details: ['not in the base: bash-0:5.1.8-6.el9.noarch'],
  });
  holds(world, 'installed-base', [...BASE, 'nano-0:5.6-1.noarch']);
  await expect(build(world)).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    message: expect.stringContaining('does not have the packages that') as string,
  });
  expect(world.calls().filter((call) => call.startsWith('podman build'))).toEqual([]);
});

test('a package that replaces nothing is installed beside the version that the base has', async () => {
  const world = worldOnBase();
  const path = join(world.directory, 'rpm-lockfiles/tools-x86_64.lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: { name: string; replaces?: string[] }[] };
  delete lock.packages[0]!.replaces;
  writeFileSync(path, JSON.stringify(lock));
  const { commands } = await build(world, { verify: false });
  expect(commands.flat()).toContain('--build-arg=RPM_BESIDE=bash-5.1.8-9.el9.noarch.rpm');
});

test('a lock on a folder or a list needs the image to be named, and no lock gives rpm an option', async () => {
  const onFolder = worldOnBase({ base: { image: undefined, digest: undefined, rpmdb: 'root' } });
  await expect(build(onFolder)).rejects.toMatchObject({ code: 'USAGE', hint: expect.stringContaining('--base') as string });
  await build(onFolder, { base: 'quay.example/os:1', verify: false });
  await expect(build(worldOnBase({ removed: ['--root=/-0:1-1.noarch'] }), { dryRun: true })).rejects.toMatchObject({
    code: 'LOCKFILE_INVALID',
  });
});

test('an image is compared with the lock and all of the base that stays', async () => {
  const world = worldOnBase();
  const packagesOf = async (): Promise<object> => {
    const { missing, extra, otherVersion } = (await verify(world)).images[0]!;
    return { missing, extra, otherVersion };
  };
  expect(await packagesOf()).toEqual({ missing: [], extra: [], otherVersion: [] });
  holds(world, 'installed', [...LOCKED, BASE[1]!]);
  expect(await packagesOf()).toEqual({ missing: ['zlib-1.2.11-40.el9.noarch'], extra: ['ed-1.14-12.el9.noarch'], otherVersion: [] });
});
