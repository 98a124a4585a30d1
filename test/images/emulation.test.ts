import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { imageBuild } from '../../src/commands/image-build.ts';
import { fakeWorld } from './fake-engine.ts';

/** A build with what the kernel says of programs of s390x. */
async function build(registered: string | undefined) {
  const binfmt = mkdtempSync(join(tmpdir(), 'rpm-deps-binfmt-'));
  onTestFinished(() => rmSync(binfmt, { recursive: true, force: true }));
  mkdirSync(binfmt, { recursive: true });
  if (registered !== undefined) writeFileSync(join(binfmt, 'qemu-s390x'), registered);
  const world = fakeWorld();
  const input = { sets: ['tools'], arch: ['s390x'], emulate: true, toolImage: 'quay.example/tool:1' };
  await imageBuild(input, world.context, world.fetchLocked, { ...world.services, binfmt });
  return world.calls().find((call) => call.startsWith('podman build'));
}

test('--emulate runs the scriptlets of foreign packages where qemu-user is registered', async () => {
  expect(await build('enabled\ninterpreter /usr/bin/qemu-s390x-static\nflags: F\n')).toContain(
    '--build-arg=RPM_FLAGS=--ignorearch --build-arg',
  );
});

test.each([
  [undefined, '--emulate: this machine does not run programs of s390x: qemu-s390x is not registered'],
  [
    'disabled\ninterpreter /usr/bin/qemu-s390x-static\nflags: F\n',
    '--emulate: this machine does not run programs of s390x: qemu-s390x is not registered',
  ],
  [
    'enabled\ninterpreter /usr/bin/qemu-s390x\nflags: \n',
    '--emulate: qemu-s390x is registered without the flag F, so that it does not work in containers',
  ],
])('without it, it is refused before anything is done: %s', async (registered, message) => {
  await expect(build(registered)).rejects.toMatchObject({
    code: 'USAGE',
    message,
    hint: expect.stringContaining('qemu-user-static') as string,
  });
});
