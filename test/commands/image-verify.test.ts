import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { imageVerify } from '../../src/commands/image-verify.ts';
import { fakeWorld, type World } from '../images/fake-engine.ts';

const INPUT = { sets: ['tools'], arch: ['s390x'], toolImage: 'quay.example/tool:1' };
const LOCKED = ['bash\t0\t5.1.8\t9.el9\tnoarch', 'vim-minimal\t2\t8.2.2637\t20.el9\tnoarch'];
const verify = (world: World, input: Partial<Parameters<typeof imageVerify>[0]> = {}) =>
  imageVerify({ ...INPUT, ...input }, world.context, world.fetchLocked, world.services);

test('an image with exactly the locked packages is equal, imported keys aside', async () => {
  const world = fakeWorld();
  world.install([...LOCKED, 'gpg-pubkey\t0\t8483c65d\t5ccc5b19\tnone'.replace('none', '(none)')]);
  expect(await verify(world)).toMatchObject({
    equal: true,
    images: [{ image: 'quay.example/kubevirt/tools:v1-s390x', locked: 2, equal: true }],
  });
});

test('missing, extra and other versions are told apart, epochs included', async () => {
  const world = fakeWorld();
  world.install(['vim-minimal\t0\t8.2.2637\t20.el9\tnoarch', 'zlib\t0\t1.2.11\t40.el9\ts390x']);
  const { equal, images } = await verify(world);
  expect(equal).toBe(false);
  expect(images[0]).toMatchObject({
    missing: ['bash-5.1.8-9.el9.noarch'],
    extra: ['zlib-1.2.11-40.el9.s390x'],
    otherVersion: [{ name: 'vim-minimal', arch: 'noarch', locked: '2:8.2.2637-20.el9', installed: '8.2.2637-20.el9' }],
  });
});

test('several versions of one package are matched one to one', async () => {
  const world = fakeWorld();
  world.install([...LOCKED, 'bash\t0\t5.1.8\t6.el9\tnoarch']);
  expect((await verify(world)).images[0]).toMatchObject({ missing: [], extra: ['bash-5.1.8-6.el9.noarch'], otherVersion: [] });
});

test('a pulled image under any name can be compared, if it is for the architecture', async () => {
  const world = fakeWorld({ FAKE_ARCHITECTURE: 's390x' });
  expect(await verify(world, { image: 'quay.example/pulled:latest' })).toMatchObject({ equal: true });
  const other = fakeWorld({ FAKE_ARCHITECTURE: 'amd64' });
  await expect(verify(other, { image: 'quay.example/pulled:latest' })).rejects.toMatchObject({ code: 'PODMAN' });
  await expect(verify(world, { image: '--privileged' })).rejects.toMatchObject({ code: 'USAGE' });
});

test('an image without an rpm database does not match the lockfile', async () => {
  const world = fakeWorld();
  rmSync(join(world.root, 'usr'), { recursive: true });
  await expect(verify(world)).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    message: 'quay.example/kubevirt/tools:v1-s390x has no rpm database',
  });
  expect(world.calls().at(-1)).toMatch(/^podman rm /);
});

test('a database that holds escape sequences is refused', async () => {
  const world = fakeWorld();
  world.install(['ba\u001b[31msh\t0\t5.1.8\t9.el9\tnoarch']);
  await expect(verify(world)).rejects.toMatchObject({ code: 'PODMAN', message: expect.not.stringContaining('\u001b') as string });
});

test('an image that is not here is named', async () => {
  const world = fakeWorld({ FAKE_FAIL: 'image inspect*', FAKE_STDERR: 'Error: quay.example/kubevirt/tools:v1-s390x: image not known' });
  await expect(verify(world)).rejects.toMatchObject({
    code: 'PODMAN',
    message: expect.stringContaining('the image is not on this machine') as string,
  });
});

test('the script of a dry run reads the database that it takes out of the image, with the rpm that was asked for', async () => {
  const world = fakeWorld();
  const { lines } = await verify(world, { dryRun: true });
  expect(lines.filter((line) => line.includes('podman run'))).toEqual([
    expect.stringContaining(
      'podman run --rm --volume="$database":/database --network=none --security-opt=label=disable --entrypoint=rpm quay.example/tool:1 ' +
        "--dbpath /database -qa --qf '%{NEVRA}\\n' | ",
    ),
  ]);
  expect(lines).toContain('vim-minimal-2:8.2.2637-20.el9.noarch');
});
