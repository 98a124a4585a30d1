import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BuiltProgram, buildProgram } from '../helpers/built.ts';
import { fixture } from '../helpers/fixtures.ts';

const BASE = `file://${fixture('mirror/9-stream/BaseOS')}/$basearch/os/`;
let folder: string;
let program: BuiltProgram;
beforeAll(() => {
  program = buildProgram();
  folder = mkdtempSync(join(tmpdir(), 'rpm-deps-odd-'));
  writeFileSync(
    join(folder, 'rpm-packages.yaml'),
    `architectures: [x86_64]\nrepositories: [{ id: r, baseurl: "${BASE}" }]\nsets: { s: { packages: [acl] } }\n`,
  );
});
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

test.skipIf(process.platform !== 'linux')('output that cannot be written is an error that says so', () => {
  const run = spawnSync(
    'sh',
    ['-c', `"$0" "$1" info acl --cache-dir c > /dev/full`, process.execPath, fileURLToPath(program.entry('cli/bin.js'))],
    { cwd: folder, encoding: 'utf8' },
  );
  expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('cannot write to standard output')]);
});

test.skipIf(process.platform !== 'linux').each(['update --dry-run --json', 'check', '--help'])('so it is for %s', (command) => {
  const run = spawnSync(
    'sh',
    ['-c', `"$0" "$1" ${command} --cache-dir c > /dev/full`, process.execPath, fileURLToPath(program.entry('cli/bin.js'))],
    { cwd: folder, encoding: 'utf8' },
  );
  expect([run.status, run.stderr]).toEqual([2, expect.stringContaining('cannot write to standard output')]);
});

test.each([
  ['that a program gives', process.execPath, ['bin']],
  ['of a pipe', 'sh', ['-c', `cat | "$0" "$@"`, process.execPath, 'bin']],
])('import - reads the standard input %s', (_, command, args) => {
  const words = args.map((word) => (word === 'bin' ? fileURLToPath(program.entry('cli/bin.js')) : word));
  const cwd = mkdtempSync(join(folder, 'piped-'));
  const run = spawnSync(command, [...words, 'import', '-', '--arch', 's390x'], { cwd, input: 'own: [acl, bash]\n', encoding: 'utf8' });
  expect([run.status, run.stderr]).toEqual([0, expect.stringContaining('1 set for s390x\nnext:\n  rpm-deps lock ')]);
  expect(readFileSync(join(cwd, 'rpm-packages.yaml'), 'utf8')).toContain('  own:\n    packages:\n      - acl\n');
});

describe('the library reads repositories in threads', () => {
  const script = (): string => `
    import { loadRepositories, resolve } from ${JSON.stringify(program.entry('index.js'))};
    const repositories = [{ id: 'r', baseurl: ${JSON.stringify(BASE.replace('$basearch', 'x86_64'))} }];
    const pool = await loadRepositories({ architecture: 'x86_64', repositories, cacheDir: process.env.CACHE });
    console.log(resolve(pool, { install: ['acl'] }).kind);`;

  test.each([
    ['with -e', ['--input-type=module', '-e']],
    ['from standard input', ['--input-type=module', '-']],
    ['with other options of Node', ['--no-warnings', '--input-type=module', '-e']],
  ])('%s', (name, options) => {
    const isInput = options.at(-1) === '-';
    const cache = join(folder, `cache ${name}`);
    mkdirSync(cache);
    const run = spawnSync(process.execPath, isInput ? options : [...options, script()], {
      encoding: 'utf8',
      ...(isInput ? { input: script() } : {}),
      env: { ...process.env, CACHE: cache },
    });
    expect([run.status, run.stdout, run.stderr]).toEqual([0, 'solved\n', '']);
  });
});
