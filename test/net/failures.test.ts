import { expect, test } from 'vitest';
import { parseRetryAfter, transportFailure } from '../../src/net/failures.ts';

const NOW = Date.UTC(2025, 0, 13, 9, 0, 0);

test.each([
  ['1', 1000],
  ['0', 0],
  ['99999999999999999999', 1e23],
  ['Mon, 13 Jan 2025 09:00:30 GMT', 30_000],
  ['Mon, 13 Jan 2025 08:00:00 GMT', 0],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  [undefined, undefined],
])('Retry-After of %s is %s ms', (value, ms) => {
  expect(parseRetryAfter(value, NOW)).toBe(ms);
});

test('too few addresses for the reader of HTTP are no failure of the network, and no reason to try again', () => {
  const failure = transportFailure('http://m.test/', new RangeError('WebAssembly.Instance(): Out of memory'));
  expect(failure).toMatchObject({ code: 'WRITE_FAILED', hint: expect.stringContaining('ulimit -v') });
});
