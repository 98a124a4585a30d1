/**
 * `npm run demo`: starts a mirror made from fixtures/mirror on loopback, runs `rpm-deps update --arch s390x` with it and shows the
 * written files. No network, no root, no files outside .demo/.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { serveDirectory } from './serve-directory.ts';

const project = resolve(import.meta.dirname, '..');
const demo = join(project, '.demo');
const lockfiles = join(demo, 'rpm-lockfiles');
rmSync(demo, { recursive: true, force: true });

const { url, server, requests } = await serveDirectory(join(project, 'fixtures/mirror'));
try {
  console.log(`a mirror made of fixtures/mirror listens on ${url}\n`);
  const options = [
    '--manifest',
    'fixtures/rpm-packages.yaml',
    '--mirror',
    url,
    '--lockfiles',
    '.demo/rpm-lockfiles',
    '--cache-dir',
    '.demo/cache',
  ];
  const update = ['update', '--arch', 's390x', ...options];
  const first = await run(update);
  if (first !== 0) throw new Error(`rpm-deps update ended with exit code ${first}`);
  show();
  const before = requests.length;
  console.log(`\nthe same again (${before} requests so far):`);
  const second = await run(update);
  if (second !== 0) throw new Error(`the second rpm-deps update ended with exit code ${second}`);
  console.log(`\n${requests.length - before} more requests, nothing downloaded that had not changed`);
} finally {
  server.close();
  server.closeAllConnections();
}

function run(args: readonly string[]): Promise<number | null> {
  console.log(`$ rpm-deps ${args.join(' ')}`);
  // Do not use a proxy of the environment for loopback.
  const env = { ...process.env, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1' };
  const child = spawn(process.execPath, [join(project, 'dist/cli/bin.js'), ...args], {
    cwd: project,
    stdio: ['ignore', 'inherit', 'inherit'],
    env,
  });
  return new Promise((done, failed) => child.on('error', failed).on('exit', done));
}

function show(): void {
  const names = existsSync(lockfiles) ? readdirSync(lockfiles).sort() : [];
  if (names.length === 0) throw new Error(`no lockfiles in ${lockfiles}`);
  console.log(`\n${names.length} lockfiles in ${relative(project, lockfiles)}/:`);
  for (const name of names) console.log(`  ${name}`);
  const name = names.find((file) => file.startsWith('launcher')) ?? names[0]!;
  const lines = readFileSync(join(lockfiles, name), 'utf8').split('\n');
  const firstPackageEnds = lines.indexOf('    },', lines.indexOf('  "packages": [')) + 1;
  console.log(`\nhead of ${name}:\n${lines.slice(0, firstPackageEnds).join('\n')}\n  ... ${lines.length - firstPackageEnds} more lines`);
}
