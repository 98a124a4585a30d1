import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RpmDepsError } from '../../src/base/errors.ts';
import { imageBuild } from '../../src/commands/image-build.ts';
import { fakeWorld, type World } from './fake-engine.ts';

const TOOL = { sets: ['tools'], toolImage: 'quay.example/tool:1' };
const build = (world: World, input: Partial<Parameters<typeof imageBuild>[0]> = {}) =>
  imageBuild({ ...TOOL, ...input }, world.context, world.fetchLocked, world.services);

test('an image is built under another name, looked at, and then named', async () => {
  const world = fakeWorld();
  await build(world, { arch: ['s390x'] });
  const scratch = /--file=(\S+)\/tools-s390x\/Containerfile/.exec(world.calls()[0]!)![1]!;
  const digest = /lock-digest=(sha256:[0-9a-f]{64})/.exec(world.calls()[0]!)![1]!;
  expect(world.calls().map((call) => call.replaceAll(scratch, 'SCRATCH').replaceAll(String(process.pid), 'PID'))).toEqual([
    [
      'podman build --layers=false --timestamp=1736761412 --platform=linux/s390x --network=none --build-context=rpms=SCRATCH/rpms/tools',
      '--build-arg=ARCHITECTURE=s390x --build-arg=BUILDPLATFORM=linux/amd64 --build-arg=RPM_DATABASE=/var/lib/rpm',
      '--build-arg=RPM_FLAGS=--ignorearch --noscripts --build-arg=SOURCE_DATE_EPOCH=1736761412 --build-arg=TOOL_IMAGE=quay.example/tool:1',
      `--label=rpm-deps.architecture=s390x --label=rpm-deps.lock-digest=${digest} --label=rpm-deps.set=tools`,
      '--file=SCRATCH/tools-s390x/Containerfile --tag=localhost/rpm-deps-candidate/quay.example/kubevirt/tools:v1-s390x SCRATCH/tools-s390x',
    ].join(' '),
    'podman image inspect --format {{.Architecture}} localhost/rpm-deps-candidate/quay.example/kubevirt/tools:v1-s390x',
    'podman create --name=rpm-deps-PID-tools-s390x --pull=never localhost/rpm-deps-candidate/quay.example/kubevirt/tools:v1-s390x /nothing',
    'podman export --output=SCRATCH/tools-s390x.tar rpm-deps-PID-tools-s390x',
    'podman rm rpm-deps-PID-tools-s390x',
    [
      'podman run --rm --name=rpm-deps-PID-program --volume=SCRATCH/tools-s390x-database:/database',
      '--network=none --security-opt=label=disable --entrypoint=rpm quay.example/tool:1',
      '--dbpath /database -qa --qf %{NAME}\\t%{EPOCHNUM}\\t%{VERSION}\\t%{RELEASE}\\t%{ARCH}\\n',
    ].join(' '),
    'podman tag localhost/rpm-deps-candidate/quay.example/kubevirt/tools:v1-s390x quay.example/kubevirt/tools:v1-s390x',
    'podman image inspect --format {{.Id}} quay.example/kubevirt/tools:v1-s390x',
    'podman rmi localhost/rpm-deps-candidate/quay.example/kubevirt/tools:v1-s390x',
  ]);
});

test('a dry run returns the same commands, starts nothing and leaves no file', async () => {
  const world = fakeWorld();
  const before = readdirSync(world.directory);
  const dry = await build(world, { arch: ['amd64', 'arm64'], dryRun: true });
  expect(world.calls()).toEqual([]);
  expect(readdirSync(world.directory)).toEqual(before);
  const real = await build(world, { arch: ['amd64', 'arm64'] });
  const plain = (commands: readonly (readonly string[])[]) =>
    commands.map((argv) => argv.join(' ').replaceAll(/image-build-\w{6}/g, 'image-build'));
  expect(plain(dry.commands)).toEqual(plain(real.commands));
});

test('for the own architecture scriptlets run, unless they are not wanted', async () => {
  const world = fakeWorld();
  await build(world, { dryRun: true });
  const flags = async (input: Partial<Parameters<typeof imageBuild>[0]>) =>
    (await build(world, { ...input, dryRun: true })).commands.flat().find((argument) => argument.startsWith('--build-arg=RPM_FLAGS='));
  expect(await flags({})).toBe('--build-arg=RPM_FLAGS=');
  expect(await flags({ scripts: false })).toBe('--build-arg=RPM_FLAGS=--noscripts');
  expect(await flags({ nodeps: true })).toBe('--build-arg=RPM_FLAGS=--nodeps');
  expect(await flags({ base: 'quay.example/base:1' })).toBe('--build-arg=RPM_FLAGS=--replacepkgs');
});

test("podman's own lines are passed on, warnings too", async () => {
  const world = fakeWorld();
  await build(world);
  const lines = world.events.flatMap((event) => (event.kind === 'output' ? [event.text] : []));
  expect(lines).toContain('STEP 1/1: FROM scratch');
  expect(lines).toContain('a warning of the engine');
});

// docker puts the step before it.
test.each([
  ['podman', 'warning: %post(bash-5.1.8-9.el9.noarch) scriptlet failed, exit status 127', 'exit status 127'],
  ['podman', 'error: lua script failed: [string "%post(bash-5.1.8-9.el9.noarch)"]:1: no good', 'no good'],
  ['docker', '#9 0.512 warning: %post(bash-5.1.8-9.el9.noarch) scriptlet failed, exit status 127', 'exit status 127'],
  ['docker', '#9 12.25 error: lua script failed: [string "%post(bash-5.1.8-9.el9.noarch)"]:1: no good', 'no good'],
] as const)('a scriptlet that fails and does not stop rpm gives a warning (%s): %s', async (engine, FAKE_BUILD, reason) => {
  const world = fakeWorld({ FAKE_BUILD });
  await build(world, { engine });
  const text = `%post of bash-5.1.8-9.el9.noarch failed: ${reason}`;
  expect(world.events).toContainEqual({ kind: 'warning', code: 'SCRIPTLET_FAILED', text });
});

test('what stands behind -- goes to the engine; podman squashes only without its own --layers', async () => {
  const world = fakeWorld();
  await build(world, { rest: ['--squash', '--build-arg', 'TOKEN=xyzzy-plugh'] });
  expect(world.calls()[0]).toMatch(/^podman build --timestamp=\d+ .* --squash --build-arg=TOKEN=xyzzy-plugh --file=/);
  const failing = fakeWorld({ FAKE_FAIL: 'build*', FAKE_STDERR: 'Error: wget --header xyzzy-plugh' });
  const failed = build(failing, { rest: ['--build-arg', 'TOKEN=xyzzy-plugh', '--creds', 'bob:frobozz'] });
  expect((await build(world, { rest: ['--creds=bob:frobozz'], dryRun: true })).lines.join('\n')).not.toContain('frobozz');
  const { message, details, data } = await failed.then(unexpected, (error: RpmDepsError) => error);
  expect(JSON.stringify([message, details, data, failing.events])).not.toMatch(/xyzzy|frobozz/);
  expect(failing.calls()[0]).toContain(' --creds=bob:frobozz ');
});

test('what was built is written down for the next step', async () => {
  const world = fakeWorld();
  await build(world, { arch: ['amd64'] });
  expect(world.readRecord()).toMatchObject({
    images: [{ reference: 'quay.example/kubevirt/tools:v1-amd64', set: 'tools', architecture: 'amd64' }],
    latest: { 'quay.example/kubevirt/tools': 'v1' },
  });
});

test('an RPM that was altered in the store stops the build before it starts', async () => {
  const world = fakeWorld();
  const [file] = [...(await world.fetchLocked([], {}, world.context)).values()];
  writeFileSync(file!, 'something else');
  await expect(build(world)).rejects.toMatchObject({
    code: 'DIGEST_MISMATCH',
    message: 'bash-5.1.8-9.el9.noarch.rpm in the store is not the locked file',
  });
  expect(world.calls()).toEqual([]);
});

test('an RPM that nobody has stops the build before it starts', async () => {
  const world = fakeWorld();
  const none = () => Promise.resolve(new Map<string, string>());
  await expect(imageBuild(TOOL, world.context, none, world.services)).rejects.toMatchObject({ code: 'NETWORK' });
  expect(world.calls()).toEqual([]);
});

test('an image of another architecture than asked for is not named', async () => {
  const world = fakeWorld({ FAKE_ARCHITECTURE: 'amd64' });
  await expect(build(world, { arch: ['s390x'] })).rejects.toMatchObject({
    code: 'PODMAN',
    message: expect.stringContaining('is for amd64, not for s390x'),
  });
  expect(world.calls().filter((call) => call.startsWith('podman tag'))).toEqual([]);
  expect(world.calls().at(-1)).toBe('podman rmi localhost/rpm-deps-candidate/quay.example/kubevirt/tools:v1-s390x');
  expect(world.readRecord()).toBeUndefined();
});

test('an image that does not hold what the lock says is not named', async () => {
  const world = fakeWorld();
  world.install(['bash\t0\t5.1.8\t6.el9\tnoarch', 'cowsay\t0\t3\t1\tnoarch']);
  await expect(build(world)).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    details: [
      'other version: bash.noarch is 5.1.8-6.el9, locked is 5.1.8-9.el9',
      'missing: vim-minimal-2:8.2.2637-20.el9.noarch',
      'extra: cowsay-3-1.noarch',
    ],
  });
  expect(world.calls().filter((call) => call.startsWith('podman tag'))).toEqual([]);
});

test('a build that fails says so in words, and leaves no name behind', async () => {
  const world = fakeWorld({ FAKE_FAIL: 'build*', FAKE_STDERR: 'Error: no space left on device' });
  await expect(build(world)).rejects.toMatchObject({
    code: 'PODMAN',
    message: 'cannot build quay.example/kubevirt/tools:v1-amd64: the disk is full',
  });
  expect(world.calls().filter((call) => call.startsWith('podman tag'))).toEqual([]);
  expect(readdirSync(join(world.directory, 'cache'))).toEqual([]);
});

test('a set without a lock for the architecture is told with those that there are', async () => {
  const world = fakeWorld();
  await expect(build(world, { arch: ['riscv64'] })).rejects.toMatchObject({
    code: 'LOCKFILE_MISSING',
    hint: 'there is one for arm64, s390x, amd64',
  });
  await expect(build(world, { sets: ['nothing'] })).rejects.toMatchObject({ code: 'LOCKFILE_MISSING', hint: 'there are: tools' });
});

test('BUILD_ARCH names the architectures, and a flag wins over it', async () => {
  const world = fakeWorld({ BUILD_ARCH: 'aarch64' });
  expect((await build(world, { dryRun: true })).images.map(({ architecture }) => architecture)).toEqual(['arm64']);
  expect((await build(world, { dryRun: true, arch: ['x86_64,s390x'] })).images.map(({ architecture }) => architecture)).toEqual([
    'amd64',
    's390x',
  ]);
});

test('a Containerfile of the user gets the RPMs, the arguments and its own directory', async () => {
  const world = fakeWorld();
  writeFileSync(join(world.directory, 'mine'), 'FROM scratch\n');
  const { commands } = await build(world, { containerfile: 'mine', buildArg: ['COLOUR=blue'], dryRun: true });
  expect(commands[0]).toContain(`--file=${join(world.directory, 'mine')}`);
  expect(commands[0]).toContain('--build-arg=COLOUR=blue');
  expect(commands[0]!.at(-1)).toBe(world.directory);
  await expect(build(world, { buildArg: ['--privileged'] })).rejects.toMatchObject({ code: 'USAGE' });
});

test('docker gets flags that docker has', async () => {
  const world = fakeWorld({ KUBEVIRT_CRI: 'docker' });
  await build(world, { arch: ['arm64'] });
  expect(world.calls()[0]).toMatch(/^docker build --no-cache --provenance=false --platform=linux\/arm64 --network=none /);
  await expect(build(world, { authfile: 'auth.json' })).rejects.toMatchObject({ code: 'USAGE', message: 'docker has no --authfile' });
});

test("without a tool image one is made of this machine's rpm, its shell and their libraries", async () => {
  const world = fakeWorld();
  const bin = join(world.directory, 'bin');
  writeFileSync(join(bin, 'libfake.so.1'), 'a library');
  for (const program of ['bash', 'rm', 'mkdir', 'ln']) writeFileSync(join(bin, program), '', { mode: 0o755 });
  writeFileSync(join(bin, 'rpm'), `#!/bin/sh\nexec /bin/cat '${world.directory}/state/installed'\n`, { mode: 0o755 });
  writeFileSync(join(bin, 'ldd'), `#!/bin/sh\necho '\tlibfake.so.1 => ${bin}/libfake.so.1 (0x00007f)'\n`, { mode: 0o755 });
  // Programs without an environment of their own are looked for on the PATH of the test.
  const run: typeof world.services.run = (program, args, options) =>
    world.services.run(['rpm', 'ldd'].includes(program) ? join(bin, program) : program, args, options);
  await imageBuild({ sets: ['tools'] }, world.context, world.fetchLocked, { ...world.services, run });
  expect(world.calls()[0]).toMatch(/^podman load --input=\S+\/tool.tar$/);
  expect(world.calls()[1]).toContain('--pull=never');
  expect(world.calls()[1]).toContain('--build-arg=TOOL_IMAGE=localhost/rpm-deps-tool:latest');
});

test('without rpm anywhere it says what to do', async () => {
  const world = fakeWorld();
  await expect(build(world, { toolImage: undefined })).rejects.toMatchObject({
    code: 'PODMAN',
    hint: 'install rpm on this machine, or name an image that has it: --tool-image IMAGE',
  });
});

test('a lock may not lead out of the build directory', async () => {
  const world = fakeWorld();
  const path = join(world.directory, 'rpm-lockfiles/tools-x86_64.lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8')) as { packages: { filename: string }[] };
  lock.packages[0]!.filename = '../../../etc/evil.rpm';
  writeFileSync(path, JSON.stringify(lock));
  await expect(build(world)).rejects.toMatchObject({ code: 'LOCKFILE_INVALID' });
  expect(world.calls()).toEqual([]);
});

const BASE = { base: 'quay.example/base:1' };

test('the database of a base is used, wherever that is', async () => {
  const world = fakeWorld();
  mkdirSync(join(world.root, 'var/lib'), { recursive: true });
  renameSync(join(world.root, 'usr/lib/sysimage/rpm'), join(world.root, 'var/lib/rpm'));
  const { commands } = await build(world, BASE);
  expect(commands.flat()).toContain('--build-arg=RPM_DATABASE=/var/lib/rpm');
  expect(world.calls()[0]).toMatch(
    /^podman create --name=rpm-deps-\d+-tools-x86_64-base --platform=linux\/amd64 quay.example\/base:1 \/nothing$/,
  );
  await expect(build(world, { ...BASE, dbpath: '/usr/lib/sysimage/rpm' })).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringContaining('would create a second one') as string,
  });
});

test('a base with two databases is refused, one with a link to its database is not', async () => {
  const world = fakeWorld();
  mkdirSync(join(world.root, 'var/lib'), { recursive: true });
  symlinkSync('../../usr/lib/sysimage/rpm', join(world.root, 'var/lib/rpm'));
  await build(world, BASE);
  rmSync(join(world.root, 'var/lib/rpm'));
  cpSync(join(world.root, 'usr/lib/sysimage/rpm'), join(world.root, 'var/lib/rpm'), { recursive: true });
  await expect(build(world, BASE)).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    message: 'the base quay.example/base:1 has two rpm databases: /usr/lib/sysimage/rpm and /var/lib/rpm',
  });
  expect(world.calls().filter((call) => call.startsWith('podman build')).length).toBe(1);
});

test('a set with a base whose lock does not record it is not built on nothing', async () => {
  const world = fakeWorld();
  const manifest = 'architectures: [x86_64]\nsets: { tools: { packages: [bash], base: { image: "quay.example/base:1" } } }\n';
  writeFileSync(join(world.directory, 'rpm-packages.yaml'), manifest);
  await expect(build(world)).rejects.toMatchObject({ code: 'USAGE', hint: expect.stringContaining('--base') as string });
  expect(world.calls()).toEqual([]);
});

test('a base with another version of a locked package is refused before anything is built', async () => {
  const world = fakeWorld();
  world.install(['bash\t0\t5.1.8\t6.el9\tnoarch', 'zlib\t0\t1.2.11\t40.el9\tnoarch']);
  await expect(build(world, BASE)).rejects.toMatchObject({
    code: 'CHECK_FAILED',
    details: ['bash.noarch: the base has 5.1.8-6.el9, locked is 5.1.8-9.el9'],
  });
  expect(world.calls().filter((call) => call.startsWith('podman build'))).toEqual([]);
});

test('two builds at the same time both stand in the record', async () => {
  const world = fakeWorld();
  await Promise.all(['amd64', 'arm64', 's390x'].map((arch) => build(world, { arch: [arch] })));
  expect((world.readRecord() as { images: { architecture: string }[] }).images.map(({ architecture }) => architecture)).toEqual([
    'amd64',
    'arm64',
    's390x',
  ]);
  expect(readdirSync(join(world.directory, '_out'))).toEqual(['image-digests.json']);
});

test('the value of a build argument stands in no message, in no line of the engine, and in no command', async () => {
  const stderr = 'Error: wget --header xyzzy-plugh http://x:sesame@y/?frobozz failed with COLOUR=blueish';
  const world = fakeWorld({ FAKE_FAIL: 'build*', FAKE_STDERR: stderr, GITHUB_PAT: 'frobozz' });
  const failed = build(world, { buildArg: ['TOKEN=xyzzy-plugh', 'COLOUR=blueish', 'DB_PASS=sesame', 'GITHUB_PAT'] });
  const { message, details, data } = await failed.then(unexpected, (error: RpmDepsError) => error);
  expect(JSON.stringify([message, details, data, world.events])).not.toMatch(/xyzzy|blueish|sesame|frobozz/);
  expect(world.calls()[0]).toContain('--build-arg=TOKEN=xyzzy-plugh');
  const dry = await build(world, { buildArg: ['TOKEN=xyzzy-plugh'], dryRun: true });
  expect(JSON.stringify(dry)).not.toContain('xyzzy');
  expect(dry.lines.join('\n')).toContain('--build-arg=TOKEN="$TOKEN"');
  await expect(build(world, { buildArg: ['TO-KEN=xyzzy'] })).rejects.toMatchObject({
    message: expect.not.stringContaining('xyzzy') as string,
  });
});

const unexpected = (): never => {
  throw new Error('it should have failed');
};

test('secrets, SSH, labels, annotations and all behind -- go to the engine', async () => {
  const world = fakeWorld();
  await build(world, { secret: ['id=a,src=b'], ssh: ['default'], label: ['a=b c'], annotation: ['d=e'], rest: ['--squash', '--jobs=2'] });
  expect(world.calls()[0]).toContain(' --secret=id=a,src=b --ssh=default --label=a=b c --annotation=d=e --squash --jobs=2 --file=');
});

test('docker without buildx is told so before anything is done, with the line that installs it', async () => {
  const world = fakeWorld({
    KUBEVIRT_CRI: 'docker',
    FAKE_FAIL: 'buildx *',
    FAKE_STDERR: "docker: 'buildx' is not a docker command.\nSee 'docker --help'",
  });
  await expect(build(world)).rejects.toMatchObject({
    code: 'PODMAN',
    message: 'cannot build: docker has no buildx',
    hint: expect.stringContaining('apt install -y docker-buildx') as string,
  });
  expect(world.calls()).toEqual([]);
});

test('the revision is a commit that holds the lock, and says so where it is none', async () => {
  const world = fakeWorld({ PATH: `${process.env['PATH']}` });
  const bin = join(world.directory, 'bin');
  const context = { ...world.context, env: { ...world.context.env, PATH: `${bin}:${process.env['PATH']}`, GIT_CONFIG_NOSYSTEM: '1' } };
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      cwd: world.directory,
      encoding: 'utf8',
    }).trim();
  const revision = async () => {
    await imageBuild(TOOL, context, world.fetchLocked, world.services);
    return /image\.revision=(\S+)/.exec(world.calls().findLast((call) => call.startsWith('podman build'))!)?.[1];
  };
  expect(await revision()).toBeUndefined();
  git('init', '--quiet');
  git('commit', '--quiet', '--allow-empty', '--message', 'nothing');
  expect(await revision()).toBe(`${git('rev-parse', 'HEAD')}-dirty`);
  git('add', 'rpm-lockfiles');
  git('commit', '--quiet', '--message', 'locks');
  expect(await revision()).toBe(git('rev-parse', 'HEAD'));
  const path = join(world.directory, 'rpm-lockfiles/tools-x86_64.lock.json');
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n`);
  expect(await revision()).toBe(`${git('rev-parse', 'HEAD')}-dirty`);
});
