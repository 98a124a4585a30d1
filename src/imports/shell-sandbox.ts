/**
 * Runs a shell script with lists in a locked-down bash: restricted, without environment, programs or writable files, in an empty directory, with
 * limits on time, memory, processes and output. If Linux permits it, it runs in namespaces without network. Otherwise scripts are refused that
 * contain what is needed to open a connection or to read another file. Limits do not apply to root's processes, so root runs the script as an
 * unused user.
 */
import type { ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { countProcesses } from '../io/count-processes.ts';
import { runProgramForBytes } from '../io/run-program.ts';
import { SHELL_PROLOG } from './shell-prolog.ts';

export interface ShellRecords {
  /** Records of the prolog: a kind and its fields. */
  readonly records: readonly { readonly kind: string; readonly fields: readonly string[] }[];
  /** Numbers of the lines in which bash refused something. */
  readonly refused: readonly number[];
}

const SECONDS = 8;
const MAX_OUTPUT = 16 << 20;

/** Runs the first text; it sources the others as `sourced-1`, `sourced-2` and so on. */
export async function runShell(
  texts: readonly string[],
  name: string,
  architecture: string,
  signal: AbortSignal | undefined,
): Promise<ShellRecords> {
  for (const text of texts) refuseRedirections(text, name);
  const folder = await mkdtemp(join(tmpdir(), 'rpm-deps-import-'));
  try {
    for (const [i, text] of texts.entries()) await writeFile(join(folder, i === 0 ? 'script' : `sourced-${i}`), text, { mode: 0o644 });
    await chmod(folder, 0o755);
    const apart = await run({ folder, name, architecture }, signal, { inNamespaces: true });
    if (apart !== undefined) return apart;
    for (const text of texts) refuseWithoutNamespaces(text, name);
    const plain = await run({ folder, name, architecture }, signal, { inNamespaces: false });
    if (plain !== undefined) return plain;
    throw new RpmDepsError('USAGE', `\`${shortPrintable(name)}\` is a shell script, and bash cannot be started`, {
      hint: 'install bash, or write the lists into a JSON file: {"set": ["package"]}',
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Brackets in a text, as in `usage: script <set>` and `curl <= 8`. As redirections they could only read the script's empty directory. */
const HARMLESS = /\[\[.*?\]\]|\(\(.*?\)\)|<\w[\w .,|-]*>|<=? *\d[\w.~^:-]*(?![/\w])/g;

/** Lists must be in the script itself; files of the machine do not belong in a manifest. */
function refuseRedirections(text: string, name: string): void {
  const line = text.split('\n').findIndex((one) => !/^\s*#/.test(one) && /(?<!<)<(?![<(])/.test(one.replace(HARMLESS, '')));
  if (line < 0) return;
  throw new RpmDepsError('USAGE', `${shortPrintable(name)}:${line + 1} reads a file by a redirection, which an import does not do`, {
    hint: 'write the list into the script, or import the other file',
  });
}

/** Without namespaces, a redirection could open a connection or read another file. The characters are allowed in comments. */
function refuseWithoutNamespaces(text: string, name: string): void {
  const line = text.split('\n').findIndex((one) => !/^\s*#/.test(one) && /<|\\[0-9xuU]|\$'/.test(one));
  if (line < 0) return;
  throw new RpmDepsError(
    'USAGE',
    `${shortPrintable(name)}:${line + 1} has a redirection or an escaped character, which is read only on Linux`,
    {
      hint: 'import it on Linux with user namespaces, or write the lists into a JSON file: {"set": ["package"]}',
    },
  );
}

const MAX_PROCESSES = 64;
/** A user id that distributions do not assign, in the range of rootless containers. */
const NOBODY = 65_533;

const isRoot = (): boolean => process.getuid?.() === 0;

/** Maximum number of processes of the user: without namespaces all processes of the user count, otherwise only those of the script. */
async function processLimit(inNamespaces: boolean): Promise<string> {
  if (inNamespaces || isRoot()) return String(MAX_PROCESSES);
  const others = await countProcesses();
  return others === undefined ? '' : String(others + 4 * MAX_PROCESSES);
}

const NAMESPACES = ['--user', '--net', '--ipc', '--pid', '--fork', '--kill-child'];

/** Returns undefined if bash or the namespaces are not available. */
async function run(
  { folder, name, architecture }: { readonly folder: string; readonly name: string; readonly architecture: string },
  signal: AbortSignal | undefined,
  { inNamespaces }: { readonly inNamespaces: boolean },
): Promise<ShellRecords | undefined> {
  const bash = ['bash', '--noprofile', '--norc', '-c', SHELL_PROLOG, 'rpm-deps', architecture, await processLimit(inNamespaces)];
  const [program = '', ...rest] = inNamespaces ? ['unshare', ...NAMESPACES, '--', ...bash] : bash;
  const timeout = AbortSignal.timeout(SECONDS * 1000);
  const result = await runProgramForBytes(program, rest, {
    cwd: folder,
    // PATH only to find bash itself; the prolog empties it.
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C' },
    signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    ownGroup: true,
    ...(isRoot() ? { user: NOBODY } : {}),
    stop: killGroup,
    stdoutLimit: MAX_OUTPUT,
    stderrLimit: MAX_OUTPUT,
  }).catch((error: unknown) => {
    if (timeout.aborted && signal?.aborted !== true) throw withoutEnd(name, error);
    if (isRoot() && ['EPERM', 'EINVAL'].includes((error as NodeJS.ErrnoException).code ?? '')) throw onlyAsUser(error);
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'EACCES') return undefined;
    throw error;
  });
  const records = recordsOf(result?.stdout ?? Buffer.alloc(0));
  if (result === undefined || records[0]?.kind !== 'hello') return undefined;
  if (records.at(-1)?.kind !== 'end') throw withoutEnd(name);
  return { records, refused: refusedLines(result.stderr.toString('latin1')) };
}

const withoutEnd = (name: string, cause?: unknown): RpmDepsError =>
  new RpmDepsError('USAGE', `the script \`${shortPrintable(name)}\` did not finish`, {
    hint: `a script of lists may take at most ${SECONDS} seconds and run no programs; write the lists into a JSON file: {"set": ["package"]}`,
    cause,
  });

const onlyAsUser = (cause: unknown): RpmDepsError =>
  new RpmDepsError('USAGE', 'a shell script is not run as root, and this root cannot run it as another user', {
    hint: 'import it as a user who is not root, or write the lists into a JSON file: {"set": ["package"]}',
    cause,
  });

/** Kills the whole group, because the script may have started other processes. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // The process has already ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A record is a kind, the number of its fields, and the fields, each closed by a zero byte. */
function recordsOf(stdout: Buffer): { kind: string; fields: string[] }[] {
  const parts = stdout.toString('utf8').split('\0');
  const records: { kind: string; fields: string[] }[] = [];
  for (let i = 0; i + 1 < parts.length; ) {
    const count = Number(parts[i + 1]);
    if (!Number.isInteger(count) || count < 0 || i + 2 + count > parts.length) break;
    records.push({ kind: parts[i]!, fields: parts.slice(i + 2, i + 2 + count).map(withoutFolder) });
    i += 2 + count;
  }
  return records;
}

/** Removes the temporary directory of the script, which has another name in each run. */
const withoutFolder = (text: string): string => text.replace(/[^\s"']*\/rpm-deps-import-\w{6}\//g, '');

const refusedLines = (stderr: string): number[] => {
  const lines = [...stderr.matchAll(/^(?:\.\/)?script: line (\d+): .*(?:restricted|not found|cannot|bad substitution|syntax error)/gm)];
  return [...new Set(lines.map(([, line]) => Number(line)))];
};
