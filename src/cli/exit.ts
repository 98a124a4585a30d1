import { ERROR_CODES, RpmDepsError } from '../base/errors.ts';
import { printableLines } from '../base/printable.ts';
import type { Printer } from './printer.ts';

/** Prints a failure on stderr and returns the exit code. */
export function reportFailure(thrown: unknown, printer: Printer): number {
  const error = asRpmDepsError(thrown);
  printer.complain(`${printer.style('red', 'error:')} ${printableLines(error.message)}`);
  for (const detail of error.details) printer.complain(indent(printableLines(detail)));
  if (error.code === 'INTERNAL') printer.complain(indent(printableLines(stackOf(thrown))));
  else if (printer.verbose)
    for (const line of causes(error)) printer.complain(printer.style('dim', `  caused by: ${printableLines(line)}`));
  if (error.hint !== undefined) printer.complain(`\n${printer.style('cyan', 'hint:')} ${printableLines(error.hint)}`);
  return ERROR_CODES[error.code].exit;
}

/** Converts any thrown value to an error with a code. An error without a code that the machine did not cause is a bug. */
export function asRpmDepsError(thrown: unknown): RpmDepsError {
  if (thrown instanceof RpmDepsError) return thrown;
  const { name, message, code, syscall, path } = (thrown ?? {}) as NodeJS.ErrnoException;
  if (name === 'AbortError') return new RpmDepsError('INTERRUPTED', 'stopped; nothing was written', { cause: thrown });
  if (syscall !== undefined && code !== undefined && Object.hasOwn(MACHINE, code)) {
    const where = path === undefined ? '' : ` \`${path}\``;
    return new RpmDepsError('WRITE_FAILED', `cannot ${syscall}${where}: ${code}`, { hint: MACHINE[code]!, cause: thrown });
  }
  return new RpmDepsError('INTERNAL', `internal error: ${message ?? String(thrown)}`, {
    hint: 'this is a bug in rpm-deps: please report it with the command line and the lines above',
    cause: thrown,
  });
}

/** Failures of the machine, which may occur anywhere. */
const MACHINE: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room and run the command again',
  EDQUOT: 'your quota is used up: make room and run the command again',
  EACCES: 'check the permissions',
  EPERM: 'check the permissions',
  EROFS: 'the file system is read-only',
  EMFILE: 'too many open files: raise the limit (ulimit -n)',
  ENFILE: 'too many open files on this machine',
};

const stackOf = (thrown: unknown): string => (thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));

function causes(error: Error): string[] {
  const texts: string[] = [];
  for (let cause = error.cause; cause instanceof Error && texts.length < 5; cause = cause.cause) texts.push(cause.message);
  return texts;
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');
