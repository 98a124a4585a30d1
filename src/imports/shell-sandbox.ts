/**
 * Runs a shell script of lists in a bash that can do nothing: restricted, without environment, programs or files to write, in an empty folder, with
 * limits on time, memory, processes and output. Where Linux permits it, in namespaces without network and with processes of its own; elsewhere a script is refused
 * that has what a connection or reading another file would take. Root's processes cannot be limited: root has the script run as a user that nobody is.
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
  /** What the prolog wrote: a kind and its fields. */
  readonly records: readonly { readonly kind: string; readonly fields: readonly string[] }[];
  /** Lines in which bash refused something. */
  readonly refused: readonly number[];
}

const SECONDS = 8;
const MAX_OUTPUT = 16 << 20;

/** Runs the first text; the others are files that it sources as `sourced-1`, `sourced-2` and so on. */
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

/** A list of packages is in the script itself; files of the machine do not belong in a manifest. */
function refuseRedirections(text: string, name: string): void {
  const line = text
    .split('\n')
    .findIndex((one) => !/^\s*#/.test(one) && /(?<!<)<(?![<(])/.test(one.replace(/\[\[.*?\]\]|\(\(.*?\)\)/g, '')));
  if (line < 0) return;
  throw new RpmDepsError('USAGE', `${shortPrintable(name)}:${line + 1} reads a file by a redirection, which an import does not do`, {
    hint: 'write the list into the script, or import the other file',
  });
}

/** Without namespaces bash could open a connection or read another file by a redirection. Comments may have the signs. */
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
/** A number that distributions give to nobody, within what containers without root have. */
const NOBODY = 65_533;

const isRoot = (): boolean => process.getuid?.() === 0;

/** How many processes the user may have: all of the user's are counted, but in namespaces only those of the script. */
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
    // Only to find bash itself; the prolog empties it.
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

/** The script may have started others. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // It has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Each field ends with a zero byte; a record has a kind, the number of its fields, and those. */
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

/** The script is in another folder than the file, with a name of its own in each run. */
const withoutFolder = (text: string): string => text.replace(/[^\s"']*\/rpm-deps-import-\w{6}\//g, '');

const refusedLines = (stderr: string): number[] => {
  const lines = [...stderr.matchAll(/^(?:\.\/)?script: line (\d+): .*(?:restricted|not found|cannot|bad substitution|syntax error)/gm)];
  return [...new Set(lines.map(([, line]) => Number(line)))];
};
