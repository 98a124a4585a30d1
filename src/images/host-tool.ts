import { access, chmod, constants, cp, mkdir, realpath, stat } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import type { RunProgram } from '../io/run-program.ts';
import { shellCommand } from './shell-quote.ts';

/** What the install stage runs: rpm, a shell, and what clears away what differs between two builds and links the database. */
const PROGRAMS = ['rpm', 'bash', 'rm', 'mkdir', 'ln'];
/** rpm's configuration without its build tools. Missing ones are left out: distributions differ. */
const CONFIGURATION = ['macros', 'macros.d', 'rpmrc', 'platform'];

const FOLDERS = ['bin', 'dev', 'etc', 'proc', 'tmp', 'usr/bin', 'usr/lib/rpm'];

/** Where this machine has what the tool image is made of; undefined without one of them. */
export async function findHostTool(path: string | undefined, more: readonly string[] = []): Promise<readonly string[] | undefined> {
  const found = await Promise.all([...PROGRAMS, ...more, 'ldd'].map((program) => findOnPath(program, path)));
  return found.every((file) => file !== undefined) ? found.slice(0, -1) : undefined;
}

/** Copies rpm, bash and their libraries into `directory`: the content of an image that can install RPMs, made without network. */
export async function copyHostTool(programs: readonly string[], directory: string, run: RunProgram): Promise<void> {
  for (const folder of FOLDERS) await mkdir(join(directory, folder), { recursive: true });
  const files = new Set<string>(programs);
  for (const program of programs) for (const library of await librariesOf(program, run)) files.add(library);
  for (const file of files) await copyFollowing(file, join(directory, file));
  const bash = programs.find((program) => program.endsWith('/bash'));
  if (bash !== undefined) await copyFollowing(bash, join(directory, 'bin/sh'));
  // In PATH of every image, wherever the host keeps them.
  for (const program of programs) await copyFollowing(program, join(directory, 'usr/bin', program.slice(program.lastIndexOf('/') + 1)));
  for (const name of CONFIGURATION) {
    const from = join('/usr/lib/rpm', name);
    if (await exists(from)) await cp(from, join(directory, from), { recursive: true, dereference: true });
  }
}

/** What `copyHostTool` does, as lines for a shell; `$TOOL` stands for the directory. */
export async function hostToolScript(programs: readonly string[], run: RunProgram): Promise<readonly string[]> {
  const files = new Set<string>(programs);
  for (const program of programs) for (const library of await librariesOf(program, run)) files.add(library);
  const bash = programs.find((program) => program.endsWith('/bash')) ?? '/bin/bash';
  const present = [];
  for (const name of CONFIGURATION) if (await exists(join('/usr/lib/rpm', name))) present.push(join('/usr/lib/rpm', name));
  return [
    `mkdir -p ${FOLDERS.map((folder) => `$TOOL/${folder}`).join(' ')}`,
    `cp -L --parents ${shellCommand([...files])} $TOOL`,
    `cp -L ${shellCommand(programs)} $TOOL/usr/bin`,
    `cp -L ${shellCommand([bash])} $TOOL/bin/sh`,
    ...(present.length > 0 ? [`cp -rL ${shellCommand(present)} $TOOL/usr/lib/rpm`] : []),
  ];
}

export const HOST_TOOL_CONTAINERFILE = `# rpm of the machine that builds, its shell and their libraries: enough to install RPMs into a directory.
FROM scratch
COPY . /
`;

async function findOnPath(program: string, path: string | undefined): Promise<string | undefined> {
  for (const folder of (path ?? '').split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, program);
    try {
      await access(file, constants.X_OK);
      if ((await stat(file)).isFile()) return file;
    } catch {
      // Not in this folder of PATH.
    }
  }
  return undefined;
}

async function librariesOf(program: string, run: RunProgram): Promise<readonly string[]> {
  const { exitCode, stdout } = await run('ldd', [program]);
  if (exitCode !== 0 || /=> not found/.test(stdout)) {
    throw new RpmDepsError('PODMAN', `cannot make an image from this machine's rpm: ldd does not find the libraries of ${program}`, {
      hint: 'name an image that has rpm in it: --tool-image IMAGE',
    });
  }
  // `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x...)` and `/lib64/ld-linux-x86-64.so.2 (0x...)`; the vdso has no file.
  return [...stdout.matchAll(/(?:=> |^\s*)(\/\S+) \(0x/gm)].map((match) => match[1]!);
}

async function copyFollowing(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await cp(await realpath(from), to);
  await chmod(to, 0o755);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
