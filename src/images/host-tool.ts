import { access, constants, readdir, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import type { RunProgram } from '../io/run-program.ts';

/** The programs of the install stage: rpm, a shell, and the commands of the stage's script. */
const PROGRAMS = ['rpm', 'bash', 'rm', 'mkdir', 'ln'];
/** Commands of the script that finishes a set, if installed here: one image serves all sets, because builds may run at the same time. */
const FINISHING = ['chown', 'chmod', 'setcap'];
/** rpm's configuration without its build tools. Missing files are skipped, because distributions differ. */
const CONFIGURATION = ['macros', 'macros.d', 'rpmrc', 'platform'];
const RPM_FOLDER = '/usr/lib/rpm';

/** Files of the tool image: rpm of the build machine, its shell and their libraries. */
export interface HostTool {
  /** Source file by path in the image. */
  readonly files: ReadonlyMap<string, string>;
}

/** Paths of the tool image's programs on this machine, by name; undefined if a required one is missing. */
export async function findHostTool(path: string | undefined): Promise<ReadonlyMap<string, string> | undefined> {
  const found = new Map<string, string>();
  for (const program of [...PROGRAMS, ...FINISHING]) {
    const file = await findOnPath(program, path);
    if (file !== undefined) found.set(program, file);
    else if (PROGRAMS.includes(program)) return undefined;
  }
  return (await findOnPath('ldd', path)) === undefined ? undefined : found;
}

/** Lists the files of an image that can install RPMs: `programs` of this machine and their libraries. */
export async function listHostTool(programs: readonly string[], run: RunProgram): Promise<HostTool> {
  const files = new Map<string, string>();
  for (const program of programs) {
    for (const file of [program, ...(await librariesOf(program, run))]) files.set(file, file);
    // In PATH of every image, independent of the directory on the host.
    files.set(`/usr/bin/${program.slice(program.lastIndexOf('/') + 1)}`, program);
    if (program.endsWith('/bash')) files.set('/bin/sh', program);
  }
  for (const name of CONFIGURATION) for (const file of await filesBelow(join(RPM_FOLDER, name))) files.set(file, file);
  return { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))) };
}

async function findOnPath(program: string, path: string | undefined): Promise<string | undefined> {
  for (const folder of (path ?? '').split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, program);
    try {
      await access(file, constants.X_OK);
      if ((await stat(file)).isFile()) return file;
    } catch {
      // Not in this directory of PATH.
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

/** The regular files below a path, links resolved; none if it does not exist. */
async function filesBelow(path: string): Promise<readonly string[]> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile() === true) return [path];
  if (info?.isDirectory() !== true) return [];
  const below = await Promise.all((await readdir(path)).map((name) => filesBelow(join(path, name))));
  return below.flat();
}
