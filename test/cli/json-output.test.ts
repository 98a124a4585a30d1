/** `--json` of every command of the table, run for real, against its schema. A command without a case here fails the first test. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { COMMANDS } from '../../src/cli/program.ts';
import { schemaFile } from '../../src/views/view.ts';
import { type CliProject, cliProject, type Ran } from '../helpers/cli-project.ts';
import { fixture } from '../helpers/fixtures.ts';

const SCHEMAS = resolve(import.meta.dirname, '../../lockfiles/schemas');
const IMAGE = ['--prefix', 'quay.example/me', '--tag', 'v1', '--arch', 'amd64'];

/** What is run for each command, with its exit code; each run is held to the schema. */
const CASES: Readonly<Record<string, readonly (readonly [number, ...string[]])[]>> = {
  init: [
    [0, '--manifest', 'new.yaml'],
    [2, '--manifest', 'new.yaml'],
    [0, '--manifest', 'fedora.yaml', '--distribution', 'fedora'],
    [2, '--manifest', 'other.yaml', '--distribution', 'fedroa'],
    [2, '--builder'],
    [0, '--builder', '--containerfile', 'new/Containerfile'],
  ],
  add: [
    [0, 'tool', '--set', 'web'],
    [0, 'tool', '--set', 'web'],
    [2, 'tolo', '--set', 'web'],
  ],
  remove: [
    [0, 'app', '--dry-run'],
    [2, 'nothing'],
  ],
  update: [[0], [0, '--dry-run', '--timings'], [0, 'app'], [2, 'nothing'], [0, '--keep-going'], [2, '--set', 'none']],
  lock: [[0], [0, '--dry-run'], [0, '--offline']],
  bump: [[0], [0, 'LIB', '--dry-run'], [2, 'LIB', '--to', '9-9'], [2, 'nothing']],
  check: [[1], [1, '--online']],
  diff: [
    [0, 'HEAD'],
    [0, 'HEAD', '--changelog'],
    [2, 'no-such-revision'],
    [0, 'rpm-lockfiles', 'rpm-lockfiles', '--exit-code'],
  ],
  outdated: [[0], [1, '--exit-code']],
  why: [
    [0, 'lib'],
    [0, 'lib', '--all'],
    [1, 'lbi'],
  ],
  tree: [[0], [0, 'lib', '--invert'], [0, '--depth', '1'], [2, '--depth', 'x']],
  resolve: [
    [0, 'app', '--arch', 'amd64'],
    [0, 'app', '--arch', 'amd64', '--ignore', 'lib'],
    [3, 'nothing', 'app-9-9', '--arch', 's390x'],
    [6, 'app-9-9', '--arch', 's390x'],
    [2, 'app', '--repo', 'none'],
  ],
  search: [
    [0, 'app'],
    [0, '/usr/bin/app'],
    [0, 'a', '--limit', '1', '--no-summaries'],
    [1, 'nothing'],
    [2, 'app', '--limit', 'few'],
  ],
  info: [
    [0, 'app'],
    [1, 'nothing'],
  ],
  fetch: [
    [0, '--set', 'hello', '--output', 'rpms'],
    [0, '--set', 'hello', '--offline'],
    [4, '--offline'],
    [2, '--output', ''],
  ],
  verify: [
    [1, '--set', 'web'],
    [0, 'rpms', '--set', 'hello'],
    [1, 'rpms'],
    [1, 'no-such-directory'],
  ],
  archive: [[0, '--set', 'hello', '--to', 'archive'], [0, '--set', 'hello', '--to', 'archive', '--check'], [4, '--to', 'archive'], [2]],
  export: [
    [0, '--format', 'list'],
    [0, '--format', 'rpms.lock.yaml', '--output', 'out/rpms.lock.yaml'],
    [2, '--format', 'cyclonedx'],
  ],
  import: [
    [0, 'list-x86_64.json', '--manifest', 'imported.yaml'],
    [2, 'list-x86_64.json', '--manifest', 'imported.yaml'],
    [2, 'none.json'],
  ],
  migrate: [[0], [0, '--dry-run'], [2, '--set', 'none']],
  'cache info': [[0]],
  'cache clean': [
    [0, '--dry-run'],
    [0, '--max-size', '1GB'],
    [2, '--max-size', 'much'],
  ],
  bot: [[2], [0, '--forge', 'none', '--dry-run']],
  serve: [[2]],
  completion: [[0, 'bash'], [0, '--list', 'sets'], [2, 'tcsh'], [2]],
  'builder build': [[0, ...IMAGE, '--image', 'builder', '--dry-run'], [2]],
  'builder publish': [[0, ...IMAGE, '--image', 'builder', '--dry-run'], [2]],
  'image build': [
    [0, 'web', ...IMAGE, '--dry-run'],
    [2, 'web'],
  ],
  'image containerfile': [
    [0, 'web'],
    [2, 'none'],
  ],
  'image push': [
    [0, 'web', ...IMAGE, '--dry-run'],
    [0, 'web', ...IMAGE],
  ],
  'image attach': [[4, 'web', '--prefix', '127.0.0.1:1/me', '--tag', 'v1', '--arch', 'amd64'], [2, 'none'], [2]],
  'image manifest': [
    [0, 'web', ...IMAGE, '--dry-run'],
    [0, 'web', ...IMAGE],
  ],
  'image verify': [
    [0, 'web', ...IMAGE, '--dry-run'],
    [1, 'web', ...IMAGE],
  ],
};

test('every command has a case, a schema, and a view of its own name', async () => {
  const names = COMMANDS.map(({ name }) => name);
  expect(Object.keys(CASES).sort()).toEqual([...names].sort());
  const views = await Promise.all(COMMANDS.map(async ({ load }) => (await load()).view.command));
  expect(views).toEqual(names);
});

test.each(Object.entries(CASES))('%s --json is valid by its schema, in success and failure', async (name, cases) => {
  const made = lockedProject();
  const isValid = validator(name);
  await made.run('update');
  execFileSync('git', ['add', '-A'], { cwd: made.directory });
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@test', 'commit', '-qm', 'locked'], { cwd: made.directory });
  newerMirror(made);
  for (const [exitCode, ...argv] of cases) {
    const ran = await made.run(...name.split(' '), ...argv, '--json');
    const json = ran.json as Record<string, unknown>;
    expect({ argv, errors: isValid(json) ? [] : isValid.errors }).toEqual({ argv, errors: [] });
    expect({ argv, dialect: keysOf(json).filter((key) => !/^[a-z0-9]+(_[a-z0-9]+)*$/.test(key)) }).toEqual({ argv, dialect: [] });
    expect({ argv, absolute: pathsOf(ran, made) }).toEqual({ argv, absolute: [] });
    expect({ argv, exitCode: ran.exitCode }).toEqual({ argv, exitCode });
  }
});

test('a mistake in the command line is an object too', async () => {
  const made = cliProject();
  for (const argv of [['updaet'], ['update', '--archh', 'x'], ['update', '--keep-goin'], [], ['image']]) {
    const { exitCode, json } = await made.run(...argv, '--json');
    expect({ exitCode, json }).toMatchObject({
      exitCode: 2,
      json: { schema: 1, error: { code: 'USAGE', hint: expect.anything() }, warnings: [] },
    });
  }
});

test('--format json prints what --json prints', async () => {
  const made = lockedProject();
  await made.run('update');
  for (const argv of [
    ['diff', 'rpm-lockfiles', 'rpm-lockfiles'],
    ['tree', '--set', 'web', '--arch', 's390x'],
  ]) {
    expect((await made.run(...argv, '--format', 'json')).json).toEqual((await made.run(...argv, '--json')).json);
  }
});

function validator(name: string): ValidateFunction {
  const schema = JSON.parse(readFileSync(join(SCHEMAS, schemaFile(name)), 'utf8')) as object;
  return new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(schema);
}

const MANIFEST = `versions: { LIB: 1-1 }
sets:
  web: { packages: [app, "lib-\${LIB}"], ignore: [noise] }
holds:
  - { package: tool, version: 1*, reason: "2 is broken" }
`;

/** Lockfiles for two architectures, in git, with an engine that only writes down what it is told. */
function lockedProject(): CliProject {
  const made = cliProject(MANIFEST);
  const packages = ['app-1-1.ARCH requires: lib, tool, noise; files: /usr/bin/app', 'lib-1-1.ARCH', 'tool-1-1.noarch', 'noise-1-1.noarch'];
  for (const architecture of ['x86_64', 's390x'])
    made.mirror(
      architecture,
      packages.map((line) => line.replaceAll('ARCH', architecture)),
    );
  made.write('list-x86_64.json', '{ "web": ["app"] }');
  made.write('builder/Containerfile', 'FROM scratch\n');
  lockHello(made);
  made.write('.gitignore', '.cache\nmirror\nbin\nstate\n');
  const bin = join(made.directory, 'bin');
  for (const folder of [bin, join(made.directory, 'state')]) mkdirSync(folder);
  copyFileSync(resolve(import.meta.dirname, '../images/fake-podman.sh'), join(bin, 'podman'));
  chmodSync(join(bin, 'podman'), 0o755);
  made.env['PATH'] = `${bin}:${made.env['PATH']}`;
  made.env['FAKE_STATE'] = join(made.directory, 'state');
  execFileSync('git', ['init', '-q'], { cwd: made.directory });
  return made;
}

/** A lockfile of a real RPM that the mirror has; no set of the manifest asks for it. */
function lockHello(made: CliProject): void {
  const bytes = readFileSync(fixture('rpms/unsigned.rpm'));
  const filename = 'hello-1.0-1.el9.x86_64.rpm';
  const hello = {
    ...{ name: 'hello', epoch: '0', version: '1.0', release: '1.el9', arch: 'x86_64', source: 'hello-1.0-1.el9.src.rpm', filename },
    ...{ sha256: sha256(bytes), size: bytes.length, repository: 'base', location: `Packages/${filename}`, dependencies: [] },
  };
  const repository = { id: 'base', baseurl: `file://${made.directory}/mirror/x86_64`, revision: '1', repomd_sha256: '0'.repeat(64) };
  const lockfile = {
    ...{ schema_version: '1.1', architecture: 'x86_64', package_set: 'hello', generated: '2025-01-01T00:00:00Z', generator: 'a test' },
    ...{ manifest_digest: `sha256:${'0'.repeat(64)}`, requested: ['hello'], ignored: [], repositories: [repository], packages: [hello] },
  };
  made.write('rpm-lockfiles/hello-x86_64.lock.json', JSON.stringify(lockfile));
  for (const folder of ['mirror/x86_64/Packages', 'rpms/x86_64']) {
    mkdirSync(join(made.directory, folder), { recursive: true });
    writeFileSync(join(made.directory, folder, filename), bytes);
  }
}

/** The mirror a day later: something newer, something gone. */
function newerMirror(made: CliProject): void {
  const packages = [
    'app-2-1.ARCH requires: lib, tool; files: /usr/bin/app',
    'lib-1-1.ARCH',
    'lib-2-1.ARCH',
    'tool-2-1.noarch',
    'tool-1-1.noarch',
  ];
  for (const architecture of ['x86_64', 's390x']) {
    made.mirror(
      architecture,
      packages.map((line) => line.replaceAll('ARCH', architecture)),
      { timestamp: 1736100000 },
    );
  }
}

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...keysOf(item)]);
}

/** Texts with a path of this machine; a URL of the mirror is none. */
function pathsOf({ stdout }: Ran, { directory }: CliProject): string[] {
  return stdout.split('\n').filter((line) => line.replaceAll(`file://${directory}`, '').includes(directory));
}
