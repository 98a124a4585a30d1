import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type BuiltProgram, buildProgram } from '../helpers/built.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';
import { pigeons } from '../helpers/hard-worlds.ts';
import { writeRepository } from '../helpers/small-mirror.ts';
import { fakeWorld } from '../images/fake-engine.ts';

let program: BuiltProgram;
let server: FaultyServer;
let cwd: string;
beforeAll(() => {
  program = buildProgram();
});
afterAll(() => program.remove());

/** A mirror that gives everything but the last primary.xml, of which the second half never comes. */
beforeEach(async () => {
  server = await startFaultyServer();
  cwd = mkdtempSync(join(tmpdir(), 'rpm-deps-interrupt-'));
  const root = fixture('mirror');
  for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\/s390x\/.*\.(xml|yaml|gz|zst|xz)$/.test(file),
  )) {
    const isStalled = name.includes('AppStream') && name.includes('primary');
    server.serve(`/${name}`, readFileSync(join(root, name)), { kind: isStalled ? 'stall' : 'good' });
  }
  const repositories = ['BaseOS', 'AppStream'].map((id) => `  - { id: ${id}, baseurl: $mirror/9-stream/${id}/$basearch/os/ }`).join('\n');
  writeFileSync(
    join(cwd, 'rpm-packages.yaml'),
    `architectures: [s390x]\nmirror: ${server.url}\nrepositories:\n${repositories}\nsets: { a: { packages: [acl] } }\n`,
  );
});
afterEach(async () => {
  await server.close();
  rmSync(cwd, { recursive: true, force: true });
});

const untilStalled = async (): Promise<void> => {
  while (!server.seen.some(({ path }) => path.includes('AppStream') && path.includes('primary'))) {
    await new Promise((done) => setTimeout(done, 10));
  }
};

describe('Ctrl-C in the middle of an update', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 130, a word, and nothing written', async (signal) => {
    const { child, ended } = program.start(['update', '--cache-dir', 'cache'], { cwd });
    await untilStalled();
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: '', stderr: 'error: stopped; nothing was written\n' });
    expect(readdirSync(cwd).sort()).toEqual(['cache', 'rpm-packages.yaml']);
  });

  test('the next update finishes what was begun', async () => {
    const first = program.start(['update', '--cache-dir', 'cache'], { cwd });
    await untilStalled();
    first.child.kill('SIGINT');
    await first.ended;
    for (const [path, content] of [...server.files].filter(([path]) => path.includes('primary'))) server.serve(path, content);
    const { code } = await program.start(['update', '--cache-dir', 'cache'], { cwd }).ended;
    expect(code).toBe(0);
    expect(readdirSync(join(cwd, 'rpm-lockfiles'))).toEqual(['a-s390x.lock.json']);
    expect(readdirSync(cwd).sort()).toEqual(['cache', 'rpm-lockfiles', 'rpm-packages.yaml']);
  });
});

/** A set that no solver refuses within a minute. */
function writeHopelessProject(): void {
  writeRepository(join(cwd, 'repo'), pigeons(12));
  const repository = `{ id: r, baseurl: "file://${join(cwd, 'repo')}/" }`;
  writeFileSync(
    join(cwd, 'rpm-packages.yaml'),
    `architectures: [s390x]\nrepositories: [${repository}]\nsets: { a: { packages: [all] } }\n`,
  );
}

test('Ctrl-C ends an update that is in the middle of a solve that takes for ever', async () => {
  writeHopelessProject();
  const { child, ended } = program.start(['update', '--cache-dir', 'cache', '-v'], { cwd });
  await new Promise<void>((done) => {
    child.stderr!.on('data', (text: Buffer) => {
      if (text.includes('solving')) done();
    });
  });
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr).toContain('error: stopped; nothing was written');
});

test('--solver-seconds ends it with SOLVER_BUDGET', async () => {
  writeHopelessProject();
  const args = ['resolve', '--repo', 'r', '--cache-dir', 'cache', '--solver-seconds', '0.2', '--json', 'all'];
  const { code, stdout } = await program.start(args, { cwd }).ended;
  expect({ code, error: JSON.parse(stdout).error.code }).toEqual({ code: 3, error: 'SOLVER_BUDGET' });
});

/** Makes a container, prints a line once `held` gives it one, and then exports for ever. */
const SLOW_PODMAN = `#!/bin/sh
PATH=/usr/bin:/bin
case "$1 $2" in
  'info '*) echo 5.4 ;;
  'image inspect') echo s390x ;;
  'create '*) : >container; read -r line <held; echo "$line" ;;
  'export '*) read -r line <never ;;
  'rm '*) rm container ;;
esac
`;

test('a reader of both outputs that goes away ends image verify without a container', async () => {
  const { directory } = fakeWorld();
  writeFileSync(join(directory, 'bin/podman'), SLOW_PODMAN);
  execFileSync('mkfifo', ['held', 'never'], { cwd: directory });
  const args = ['image', 'verify', 'tools', '--arch', 's390x', '--offline', '--tool-image', 'quay.example/t:1', '--cache-dir', 'cache'];
  const env = { PATH: join(directory, 'bin'), DOCKER_PREFIX: 'quay.example/k', VERSION: 'v1' };
  const { child, ended } = program.start(args, { cwd: directory, env });
  while (!existsSync(join(directory, 'container'))) await new Promise((done) => setTimeout(done, 10));
  child.stdout!.destroy();
  child.stderr!.destroy();
  writeFileSync(join(directory, 'held'), 'made\n');
  expect((await ended).code).toBe(0);
  expect(readdirSync(directory)).not.toContain('container');
  expect(readdirSync(join(directory, 'cache')).filter((name) => name.startsWith('image-build-'))).toEqual([]);
});
