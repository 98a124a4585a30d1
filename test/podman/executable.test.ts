import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fixture } from '../helpers/fixtures.ts';
import { canRunPodman, openPodmanWorld, type PodmanWorld } from './podman-world.ts';

const ROOT = resolve(import.meta.dirname, '../..');

describe.runIf(canRunPodman() && process.arch === 'x64')('the single executable for linux-x64', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-executable-test-'));
  let world: PodmanWorld;
  let image = '';

  beforeAll(async () => {
    execFileSync('npx', ['tsx', 'tools/build-executable.ts', '--platform', 'linux-x64', '--output', directory], {
      cwd: ROOT,
      stdio: 'pipe',
    });
    const executable = join(directory, readdirSync(directory).find((file) => file.endsWith('linux-x64'))!);
    world = await openPodmanWorld();
    // podman refuses to run anything where the file of logins that it was given is not there.
    writeFileSync(world.env['REGISTRY_AUTH_FILE']!, '{}');
    // Nothing but the C and C++ libraries that Node itself is linked with: no Node, no shell, no git.
    const context = join(directory, 'context');
    const root = join(context, 'root');
    for (const library of librariesOf(executable)) {
      const path = join(root, library);
      mkdirSync(dirname(path), { recursive: true });
      copyFileSync(library, path);
    }
    mkdirSync(join(root, 'work'), { recursive: true });
    mkdirSync(join(root, 'tmp'), { recursive: true });
    copyFileSync(executable, join(root, 'rpm-deps'));
    cpSync(fixture('mirror'), join(root, 'mirror'), { recursive: true });
    copyFileSync(fixture('rpm-packages.yaml'), join(root, 'work/rpm-packages.yaml'));
    writeFileSync(
      join(context, 'Containerfile'),
      'FROM scratch\nCOPY root/ /\nENV HOME=/tmp RPM_DEPS_MIRROR=file:///mirror\nWORKDIR /work\n',
    );
    image = 'localhost/executable:test';
    world.podman('build', '--quiet', '--layers=false', '-t', image, context);
  }, 600_000);

  afterAll(async () => {
    await world?.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const run = (...args: readonly string[]): string =>
    world.podman(
      'run',
      '--rm',
      '--network=none',
      '-v',
      `${join(directory, 'state')}:/state:z`,
      image,
      '/rpm-deps',
      '--cache-dir',
      '/state/cache',
      ...args,
    );

  test('prints the commit that it was built from', () => {
    expect(world.podman('run', '--rm', '--network=none', image, '/rpm-deps', '--version')).toMatch(/^\d+\.\d+\.\d+ \([0-9a-f]{12}\)$/);
  });

  test('updates, fetches with signatures and compares in a container without Node', () => {
    mkdirSync(join(directory, 'state'), { recursive: true });
    const places = ['--lockfiles', '/state/locks', '--set', 'minimal', '--arch', 'x86_64'];
    run('update', ...places);
    expect(readdirSync(join(directory, 'state/locks'))).toEqual(['minimal-x86_64.lock.json']);
    run('fetch', ...places, '--output', '/state/rpms');
    expect(
      readdirSync(join(directory, 'state/rpms'), { recursive: true }).filter((name) => String(name).endsWith('.rpm')).length,
    ).toBeGreaterThan(10);
    mkdirSync(join(directory, 'state/empty'));
    expect(run('diff', '/state/empty', '/state/locks')).toContain('minimal');
  });
});

/** Of the program loader's list: files only, the loader among them. */
function librariesOf(program: string): string[] {
  const lines = execFileSync('ldd', [program], { encoding: 'utf8' }).split('\n');
  return lines.flatMap((line) => /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1] ?? []).filter((path) => basename(path) !== '');
}
