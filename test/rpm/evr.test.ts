import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareEvr, formatEvr, parseEvr } from '../../src/rpm/evr.ts';
import { versionText } from './version-text.ts';

test.each([
  ['1.0', { epoch: '0', version: '1.0', release: '' }],
  ['1.0-1.el9', { epoch: '0', version: '1.0', release: '1.el9' }],
  ['2:1.0-1', { epoch: '2', version: '1.0', release: '1' }],
  ['1.0-2-3', { epoch: '0', version: '1.0-2', release: '3' }],
  ['a:1', { epoch: '0', version: 'a:1', release: '' }],
  [':1-2', { epoch: '0', version: '1', release: '2' }],
])('%s has its parts', (text, parts) => {
  expect(parseEvr(text)).toEqual(parts);
});

test('an epoch of 0 is not written', () => {
  expect(formatEvr({ epoch: '0', version: '1', release: '2' })).toBe('1-2');
  expect(formatEvr({ epoch: '3', version: '1', release: '2' })).toBe('3:1-2');
  expect(formatEvr({ epoch: '', version: '1', release: '' })).toBe('1');
});

const part = fc.stringMatching(/^[a-z0-9.+~^_]{1,8}$/);

test('what is written is read again as it was', () => {
  fc.assert(
    fc.property(fc.nat(99).map(String), part, fc.oneof(part, fc.constant('')), (epoch, version, release) => {
      expect(parseEvr(formatEvr({ epoch, version, release }))).toEqual({ epoch, version, release });
    }),
  );
});

describe('comparison', () => {
  test.each([
    ['1:1.0-1', '2.0-1', 1],
    ['0:1.0-1', '1.0-1', 0],
    ['00:1.0-1', '1.0-1', 0],
    ['01:1.0-1', '1:1.0-1', 0],
    ['10:1', '9:1', 1],
    ['1.0-1', '1.0-2', -1],
    ['1.0-10', '1.0-9', 1],
    ['1.0', '1.0-1', -1],
    ['1.0-1', '1.0', 1],
    ['1.1', '1.0-9', 1],
    ['1.0~rc1-9', '1.0-1', -1],
    ['1-2-3', '1-2-4', -1],
    ['', '1', -1],
    ['1.0', '1.0-', -1],
    ['1.0-', '1.0-1', -1],
    ['1.0-', '1.0-+', 0],
    ['', '', 0],
  ])('%s against %s', (a, b, expected) => {
    expect(compareEvr(a, b)).toBe(expected);
    expect(compareEvr(b, a) + expected).toBe(0);
  });

  test('a missing release is told apart where it may match any', () => {
    expect(compareEvr('1.0', '1.0-1', 'match')).toBe(-2);
    expect(compareEvr('1.0-1', '1.0', 'match')).toBe(2);
    expect(compareEvr('1.0', '1.1-1', 'match')).toBe(-1);
    expect(compareEvr('1.0-2', '1.0-1', 'match')).toBe(1);
    expect(compareEvr('1.0', '1.0', 'match')).toBe(0);
    expect(compareEvr('1.0-', '1.0', 'match')).toBe(0);
  });

  test('a total order', () => {
    const evr = fc
      .tuple(fc.constantFrom('', '0:', '1:'), versionText, fc.constantFrom('', '-1', '-2', '-1~'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(evr, evr, evr, (a, b, c) => {
        const [x, y, z] = [a, b, c].sort((left, right) => compareEvr(left, right)) as [string, string, string];
        expect(compareEvr(x, y) + compareEvr(y, x)).toBe(0);
        expect(compareEvr(x, y)).toBeLessThanOrEqual(0);
        expect(compareEvr(y, z)).toBeLessThanOrEqual(0);
        expect(compareEvr(x, z)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 3000 },
    );
  });
});
