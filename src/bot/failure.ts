import { ERROR_CODES, type ErrorCode, RpmDepsError } from '../base/errors.ts';
import { writeFailed } from '../io/atomic-file.ts';
import type { Failure } from '../views/bot-report.ts';
import { mapTexts } from './map-texts.ts';
import { withoutWorkspacePaths } from './workspace-paths.ts';

/** Errors of the machine when writing: reported as failures, because they are not bugs. */
const MACHINE: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EMFILE', 'ENFILE']);

/** Converts an error to data. Bugs and signals are thrown again. */
export function failureOf(thrown: unknown): Failure {
  const { code: errno, path } = (thrown ?? {}) as NodeJS.ErrnoException;
  const error = MACHINE.has(errno) ? writeFailed(path ?? 'a temporary file', thrown) : thrown;
  if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED' || error.code === 'INTERNAL') throw error;
  const { code, message, hint = null, details } = error;
  return mapTexts({ code, message, hint, details }, withoutWorkspacePaths);
}

/** The most important exit code: first failures that people must fix, then temporary ones, last a stale lock. */
export function exitCodeOf(failures: readonly Failure[]): number {
  const order: readonly number[] = [2, 5, 3, 6, 4, 1];
  const codes = new Set(failures.map(({ code }) => ERROR_CODES[code].exit as number));
  return order.find((code) => codes.has(code)) ?? [...codes][0] ?? 0;
}

export const isCode = (error: unknown, ...codes: readonly ErrorCode[]): error is RpmDepsError =>
  error instanceof RpmDepsError && codes.includes(error.code);
