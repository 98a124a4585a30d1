import { ERROR_CODES, type ErrorCode, RpmDepsError } from '../base/errors.ts';
import type { Failure } from '../views/bot-report.ts';

/** What was thrown, as data. What is no error of ours is a bug and thrown on. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED' || error.code === 'INTERNAL') throw error;
  const { code, message, hint = null, details } = error;
  return { code, message, hint, details };
}

/** The most important exit code: first what people must correct, then what may pass by itself, last a stale lock. */
export function exitCodeOf(failures: readonly Failure[]): number {
  const order: readonly number[] = [2, 5, 3, 6, 4, 1];
  const codes = new Set(failures.map(({ code }) => ERROR_CODES[code].exit as number));
  return order.find((code) => codes.has(code)) ?? [...codes][0] ?? 0;
}

export const isCode = (error: unknown, ...codes: readonly ErrorCode[]): error is RpmDepsError =>
  error instanceof RpmDepsError && codes.includes(error.code);
