import { expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode, RpmDepsError } from '../../src/base/errors.ts';
import { reportFailure } from '../../src/cli/exit.ts';
import { createPrinter } from '../../src/cli/printer.ts';

function report(error: unknown, options: { json?: boolean; isTTY?: boolean; env?: Record<string, string> } = {}) {
  let stdout = '';
  let stderr = '';
  const printer = createPrinter({
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: (text) => (stderr += text), isTTY: options.isTTY ?? false },
    env: options.env ?? {},
    json: options.json ?? false,
    quiet: true,
    verbose: false,
  });
  return { exitCode: reportFailure(error, printer), stdout, stderr };
}

const ERROR = new RpmDepsError('UNSOLVABLE', 'the request cannot be resolved', {
  details: ['one\ntwo'],
  hint: 'give up',
  data: { failed: [1] },
});

test('a failure is a message, details and a hint after a blank line, also with --quiet', () => {
  expect(report(ERROR)).toEqual({
    exitCode: 3,
    stdout: '',
    stderr: 'error: the request cannot be resolved\n  one\n  two\n\nhint: give up\n',
  });
});

test('every code ends with its own exit code', () => {
  for (const code of Object.keys(ERROR_CODES) as ErrorCode[]) {
    expect(report(new RpmDepsError(code, 'x')).exitCode).toBe(ERROR_CODES[code].exit);
  }
});

test('a bug is 70, shows where it is and asks to be reported', () => {
  const { exitCode, stderr } = report(new TypeError('x is not a function'));
  expect(exitCode).toBe(70);
  expect(stderr).toMatch(/^error: internal error: x is not a function\n {2}TypeError: .*\n {6}at /);
  expect(stderr).toContain('please report it');
});

test('a full disk is no bug, wherever it comes up', () => {
  const error = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC', syscall: 'write', path: '/x' });
  expect(report(error)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('the disk is full') });
});

test('an abort is an interruption', () => {
  expect(report(new DOMException('aborted', 'AbortError')).exitCode).toBe(130);
});

test('control characters are shown and not sent', () => {
  expect(report(new RpmDepsError('NETWORK', 'bad \u001b[2Jname')).stderr).toBe('error: bad \\u001b[2Jname\n');
});

test('colours only on a terminal, and never with NO_COLOR', () => {
  expect(report(ERROR, { isTTY: true }).stderr).toContain('\u001b[31merror:');
  expect(report(ERROR, { isTTY: true, env: { NO_COLOR: '1' } }).stderr).not.toContain('\u001b');
});
