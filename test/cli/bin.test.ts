import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { VERSION } from '../../src/base/version.ts';
import { loadedBy } from '../../tools/build-program.ts';
import { buildProgram } from '../helpers/built.ts';
import { fixture } from '../helpers/fixtures.ts';

const SRC = resolve(import.meta.dirname, '../../src');

test('starting the program loads the table of commands and none of their work', () => {
  const loaded = [...loadedBy('cli/bin.ts')];
  expect(loaded).toContain('cli/table/locking.ts');
  const plain =
    /^(cli\/(table\/)?[^/]+|environment|io\/printable|base\/[^/]+|views\/warnings-text|manifest\/(export|distribution)-names|lockfile\/lock-names)\.ts$/;
  expect(loaded.filter((file) => !plain.test(file))).toEqual([]);
});

test('an update with nothing to do loads neither the solver nor what reads packages', () => {
  const loaded = [...loadedBy('cli/actions/relock.ts')];
  expect(loaded).toContain('commands/unchanged.ts');
  expect(loaded.filter((file) => /^(solver|pool|resolution|containers|artifacts)\//.test(file))).toEqual([]);
  expect(loaded.filter((file) => file.includes('generated'))).toEqual([]);
});

test('what every command loads first imports no package', () => {
  const packages = [...loadedBy('cli/bin.ts')].flatMap((file) =>
    [...readFileSync(resolve(SRC, file), 'utf8').matchAll(/^import (?!type).*from '([^.][^']*)'/gm)].map((match) => match[1]!),
  );
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual([]);
});

test('what others import of the built program does not run the command line', async () => {
  const program = buildProgram();
  try {
    const importing = (entry: string): string =>
      execFileSync(
        process.execPath,
        ['--input-type=module', '-e', `console.log(Object.keys(await import(${JSON.stringify(entry)})).length)`],
        {
          encoding: 'utf8',
        },
      );
    expect(Number(importing(program.entry('index.js')))).toBeGreaterThan(10);
    expect(Number(importing(program.entry('rpm/vercmp.js')))).toBe(7);
    const { code, stdout } = await program.start(['--version'], { cwd: tmpdir() }).ended;
    expect([code, stdout]).toEqual([0, `${VERSION}\n`]);
  } finally {
    program.remove();
  }
});

test('bytecode is kept beside the program by a run of some length, used as long as it is whole, and made anew otherwise', async () => {
  const program = buildProgram();
  const cwd = mkdtempSync(join(tmpdir(), 'rpm-deps-start-'));
  // Long enough for bytecode to be kept, however fast the machine is.
  const server = createServer((_, response) => setTimeout(() => response.writeHead(404).end(), 400));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const folder = fileURLToPath(program.entry('cli/code-cache'));
  const kept = (): Map<string, string> =>
    new Map(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .map((path) => [path, readFileSync(path).toString('base64')]),
    );
  const run = async (): Promise<void> => {
    const argv = ['resolve', 'acl', '--arch', 'x86_64', '--mirror', `http://127.0.0.1:${port}`, '--cache-dir', 'cache'];
    const { code, stderr } = await program.start(argv, { cwd }).ended;
    expect([code, stderr]).toEqual([4, expect.stringContaining('404')]);
  };
  try {
    await program.start(['--version'], { cwd }).ended;
    await run();
    const first = kept();
    expect(first.size).toBeGreaterThan(0);
    await run();
    expect(kept()).toEqual(first);
    for (const path of first.keys()) writeFileSync(path, readFileSync(path).fill(7, 40, 400));
    const damaged = kept();
    await run();
    expect([...kept().keys()]).toEqual([...first.keys()]);
    expect(kept()).not.toEqual(damaged);
  } finally {
    server.close();
    program.remove();
    rmSync(cwd, { recursive: true, force: true });
  }
});

test.skipIf(process.platform !== 'linux')('where addresses are limited the message says so', () => {
  const program = buildProgram();
  const cwd = mkdtempSync(join(tmpdir(), 'rpm-deps-start-'));
  try {
    const baseurl = `${pathToFileURL(fixture('mirror')).href}/9-stream/BaseOS/$basearch/os/`;
    const manifest = { architectures: ['x86_64'], repositories: [{ id: 'baseos', baseurl }], sets: { a: { packages: ['bash'] } } };
    writeFileSync(join(cwd, 'rpm-packages.json'), JSON.stringify(manifest));
    const update = [process.execPath, fileURLToPath(program.entry('cli/bin.js')), 'update', '--cache-dir', join(cwd, 'cache')];
    const { status, stderr } = spawnSync('sh', ['-c', 'ulimit -v 8000000; exec "$@"', 'sh', ...update], { cwd, encoding: 'utf8' });
    // Newer versions of V8 make do with less.
    if (status === 0) expect(stderr).not.toContain('error');
    else expect(stderr).toMatch(/^error: cannot reserve address space for WebAssembly: .*\n\nhint: .*`ulimit -v`\)\n$/);
    expect([0, 2]).toContain(status);
  } finally {
    program.remove();
    rmSync(cwd, { recursive: true, force: true });
  }
});
