import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { canRunPodman, openPodmanWorld, PASSWORD, type PodmanWorld, publishUpdate, USER } from './podman-world.ts';

const CHECKOUT = resolve(import.meta.dirname, '../..');
/** Every `sh` block of the guide, under the heading it stands below. */
const STEPS = stepsOf(readFileSync(join(CHECKOUT, 'docs/guide.md'), 'utf8'));

const MANIFEST = `schema_version: "1.0"
architectures: [x86_64, aarch64, s390x]
repositories:
  - { id: mini, baseurl: $mirror/$basearch/ }
sets:
  builder:
    packages: [mini-shell, mini-tools]
  launcherbase:
    packages: [mini-tools]
`;

describe.skipIf(!canRunPodman())('the guide', () => {
  let world: PodmanWorld;
  let project: string;

  beforeAll(async () => {
    world = await openPodmanWorld();
    project = join(world.directory, 'project');
    mkdirSync(join(project, 'node_modules/.bin'), { recursive: true });
    symlinkSync(CHECKOUT, join(project, 'node_modules/rpm-deps'));
    // What npm makes of `bin`, on the sources: the tests do not wait for a build.
    const command = join(project, 'node_modules/.bin/rpm-deps');
    writeFileSync(
      command,
      `#!/bin/sh\nexec '${process.execPath}' --import '${CHECKOUT}/node_modules/tsx/dist/loader.mjs' '${CHECKOUT}/src/cli/bin.ts' "$@"\n`,
    );
    chmodSync(command, 0o755);
    writeFileSync(join(project, 'rpm-packages.yaml'), MANIFEST);
    writeFileSync(join(project, '.gitignore'), 'node_modules\n_out\n');
    for (const args of [
      ['init', '--quiet'],
      ['add', '.'],
      ['commit', '--quiet', '--message', 'a project'],
    ])
      git(project, args);
    // What is the reader's own, and where the mirror and the cache are.
    writeFileSync(
      join(world.directory, 'environment'),
      Object.entries({
        ...world.env,
        ...GIT_IDENTITY,
        REGISTRY: world.registry,
        NAMESPACE: 'kubevirt',
        REGISTRY_USER: USER,
        REGISTRY_PASSWORD: PASSWORD,
        RPM_DEPS_MIRROR: world.mirror,
        RPM_DEPS_CACHE_DIR: join(world.directory, 'cache'),
      })
        .map(([name, value]) => `export ${name}='${value}'\n`)
        .join(''),
    );
  });
  afterAll(() => world?.close());

  test.each(STEPS)('$heading: $first', async ({ block }) => {
    if (block.includes('rpm-deps outdated')) publishUpdate(world);
    const { status, output } = await runStep(world, project, block);
    expect(status, output).toBe(0);
    for (const [part, expected] of EXPECTED) if (block.includes(part)) expect(output).toMatch(expected);
  });
});

/** What a step must have said: those whose exit code alone proves little. */
const EXPECTED: readonly (readonly [string, RegExp])[] = [
  ['builder build --dry-run', /podman build .*--tag=localhost\/rpm-deps-candidate\/\S+\/builder:/],
  ['rpm-deps image attach', /(\S+\/launcherbase:\S+ has the CycloneDX file sha256:[0-9a-f]{64}\n){3}$/],
  ['make builder-publish', /kubevirt\/builder:\S+ sha256:[0-9a-f]{64}/],
  ['"$KUBEVIRT_BUILDER_IMAGE"', /the builder runs/],
  ['rpm-deps diff', /mini-tools/],
  ['image verify', /launcherbase:\S+-s390x: 4 packages, as locked/],
  ['cat _out', /"package_name": "kubevirt-operatorhub"/],
];

const GIT_IDENTITY = {
  GIT_AUTHOR_NAME: 'a reader',
  GIT_AUTHOR_EMAIL: 'reader@example.org',
  GIT_COMMITTER_NAME: 'a reader',
  GIT_COMMITTER_EMAIL: 'reader@example.org',
  GIT_CONFIG_NOSYSTEM: '1',
};

function stepsOf(guide: string): { heading: string; first: string; block: string }[] {
  const steps: { heading: string; first: string; block: string }[] = [];
  let heading = '';
  for (const [, title, block] of guide.matchAll(/^##+ (.*)$|^```sh\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    if (block !== undefined) steps.push({ heading, first: block.split('\n')[0]!, block });
  }
  return steps;
}

/** Runs one block as a person would type it, in a shell that remembers what the blocks before it exported. */
function runStep(world: PodmanWorld, project: string, block: string): Promise<{ status: number | null; output: string }> {
  const environment = join(world.directory, 'environment');
  // `set -e` lets `a && b` fail in silence: its exit code is the last one.
  const script = `. '${environment}'\nset -e\ncd '${project}'\n${block}\nstatus=$?\nexport -p >'${environment}'\nexit $status\n`;
  // Not the synchronous spawn: the mirror is served by this process.
  const shell = spawn('bash', ['--noprofile', '--norc', '-c', script], {
    env: { PATH: world.env['PATH']! },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((done, failed) => shell.on('error', failed).on('close', (status) => done({ status, output })));
}

function git(cwd: string, args: readonly string[]): void {
  execFileSync('git', args, { cwd, env: { ...process.env, ...GIT_IDENTITY }, stdio: 'ignore' });
}
