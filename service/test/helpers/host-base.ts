/** A root file system with Node, npm, git and a shell, made of this machine's own: a base image without a registry. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PROGRAMS = ['bash', 'sh', 'env', 'git', 'ssh', 'mkdir', 'chown', 'rm', 'cat', 'id', 'uname'];
/** Certificates, host names and users as programs look them up. */
const FILES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/resolv.conf', '/etc/nsswitch.conf'];
const LOADED = ['libnss_dns.so.2', 'libnss_files.so.2'];

export function writeHostBase(root: string): void {
  for (const name of [...PROGRAMS, 'node']) {
    const path = name === 'node' ? process.execPath : execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    copyProgram(root, path, `/usr/bin/${name}`);
  }
  const gitCore = execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim();
  for (const name of readdirSync(gitCore).filter((file) => /^git-(?:remote|upload|receive|fetch|index|pack|sh-)/.test(file)))
    copyProgram(root, join(gitCore, name), join('/usr/lib/git-core', name));
  const npm = dirname(dirname(realpathSync(execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim())));
  cpSync(npm, join(root, 'usr/lib/node_modules/npm'), { recursive: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(root, 'usr/bin/npm'));
  for (const file of FILES) if (existsSync(file)) copyTo(root, realpathSync(file), file);
  for (const name of ['bin', 'sbin']) symlinkSync(`usr/${name === 'sbin' ? 'bin' : name}`, join(root, name));
  writeFileSync(join(root, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n');
  writeFileSync(join(root, 'etc/group'), 'root:x:0:\nnode:x:1000:\n');
  for (const folder of ['tmp', 'root', 'home/node', 'proc', 'sys', 'dev']) mkdirSync(join(root, folder), { recursive: true });
}

function copyProgram(root: string, from: string, to: string): void {
  copyTo(root, realpathSync(from), to);
  const libraries = librariesOf(from);
  for (const library of libraries) copyTo(root, realpathSync(library), library);
  const [folder] = libraries.filter((library) => library.includes('/libc.so')).map(dirname);
  for (const name of LOADED)
    if (folder !== undefined && existsSync(join(folder, name))) copyTo(root, join(folder, name), join(folder, name));
}

/** A script has none. */
function librariesOf(program: string): string[] {
  try {
    return execFileSync('ldd', [program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).match(/\/\S+(?= \()/g) ?? [];
  } catch {
    return [];
  }
}

function copyTo(root: string, from: string, to: string): void {
  const path = join(root, to);
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  copyFileSync(from, path);
}
