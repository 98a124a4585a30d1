/**
 * `npm run check:package`, after `npm run build`: checks that the npm package is small and clean by publint and
 * are-the-types-wrong, and works in an empty project: the command, the manual page and the library's example as printed in the documentation.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { writeRepository } from '../test/helpers/small-mirror.ts';

const ROOT = resolve(import.meta.dirname, '..');
const MAX_BYTES = 3_000_000;

const work = mkdtempSync(join(tmpdir(), 'rpm-deps-package-'));
try {
  const packed = JSON.parse(run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', work], ROOT)) as {
    filename: string;
    unpackedSize: number;
    files: { path: string }[];
  }[];
  const { filename, unpackedSize, files } = packed[0]!;
  const tarball = join(work, filename);
  report(unpackedSize < MAX_BYTES, `${filename}: ${files.length} files, ${unpackedSize} bytes unpacked (less than ${MAX_BYTES})`);
  run('npx', ['publint', '--strict', tarball], ROOT);
  report(true, 'publint has no findings');
  // All modules are ECMAScript modules, and older resolution does not support `exports`.
  run('npx', ['attw', tarball, '--profile', 'esm-only'], ROOT);
  report(true, 'are-the-types-wrong has no findings');
  checkInstalled(tarball);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function checkInstalled(tarball: string): void {
  const project = join(work, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "fresh", "private": true, "type": "module" }\n');
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', tarball], project);
  writeRepository(join(work, 'mirror/x86_64'), ['server-1.0-1.x86_64 requires: libserver', 'libserver-1.0-1.x86_64']);
  const mirror = pathToFileURL(join(work, 'mirror')).href;
  const command = join(project, 'node_modules/.bin/rpm-deps');
  report(/^\d+\.\d+\.\d+/.test(run(command, ['--version'], project)), 'rpm-deps --version');
  writeFileSync(
    join(project, 'rpm-packages.yaml'),
    'architectures: [x86_64]\nrepositories: [{ id: base, baseurl: $mirror/$basearch/ }]\nsets: { web: { packages: [libserver] } }\n',
  );
  const options = ['--mirror', mirror, '--cache-dir', join(work, 'cache')];
  run(command, ['add', 'server', ...options], project);
  run(command, ['check'], project);
  report(run(command, ['diff'], project).includes('web-x86_64'), 'rpm-deps add, check and diff in an empty project');
  report(existsSync(join(project, 'node_modules/rpm-deps/docs/Makefile.rpm-deps')), 'the Makefile of docs/guide.md is in the package');
  const prefix = join(work, 'prefix');
  run('npm', ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', '--prefer-offline', tarball], work);
  const manualPage = gunzipSync(readFileSync(join(prefix, 'share/man/man1/rpm-deps.1.gz')));
  report(manualPage.includes('.TH'), 'npm install -g installs the manual page');
  const example = /```ts\n(.*?)```/s.exec(readFileSync(join(ROOT, 'docs/library.md'), 'utf8'))![1]!;
  writeFileSync(join(project, 'example.js'), example.replace('https://mirror.example.org', mirror));
  report(run(process.execPath, ['example.js'], project).includes('1 new lock'), 'the example of docs/library.md runs as it is printed');
}

function run(program: string, args: readonly string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function report(isRight: boolean, what: string): void {
  console.log(`${isRight ? 'ok' : 'WRONG'}: ${what}`);
  if (!isRight) process.exitCode = 1;
}
