import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareEvr } from '../../src/rpm/evr.ts';
import { parseRelation, satisfies } from '../../src/rpm/relation.ts';

test.each([
  ['bash', 'bash', undefined, undefined],
  ['bash >= 5', 'bash', '>=', '5'],
  ['bash>=5', 'bash', '>=', '5'],
  ['  a  ==  1:2-3 ', 'a', '=', '1:2-3'],
  ['libc.so.6(GLIBC_2.4)(64bit)', 'libc.so.6(GLIBC_2.4)(64bit)', undefined, undefined],
  ['python3.9dist(a) < 2', 'python3.9dist(a)', '<', '2'],
])('%s is read', (text, name, operator, evr) => {
  expect(parseRelation(text)).toEqual({ name, operator, evr });
});

test.each(['', '  ', '= 1', 'a =', 'a b', 'a = 1 2', 'a => 1', 'a = = 1', `a =${' '.repeat(100_000)}`])('%.20s is no relation', (text) => {
  expect(parseRelation(text)).toBeUndefined();
});

function meets(provide: string, require: string): boolean {
  return satisfies(parseRelation(provide)!, parseRelation(require)!);
}

test.each([
  ['a = 1-1', 'a'],
  ['a', 'a = 5'],
  ['a = 1-1', 'a = 1'],
  ['a = 1', 'a = 1-1'],
  ['a = 1-1', 'a >= 1'],
  ['a = 1-1', 'a <= 1'],
  ['a = 1', 'a > 1-1'],
  ['a = 1', 'a < 1-1'],
  ['a = 1:1-1', 'a > 9'],
  ['a >= 1', 'a >= 100'],
  ['a >= 1', 'a < 2'],
  ['a <= 2', 'a = 1'],
  ['a < 2', 'a > 1'],
  ['a = 1.0', 'a = 1.00'],
  ['a = 1~rc1', 'a < 1'],
  ['a = 1^git1', 'a > 1'],
])('%s meets %s', (provide, require) => {
  expect(meets(provide, require)).toBe(true);
});

test.each([
  ['a = 1', 'b = 1'],
  ['a = 1-1', 'a = 1-2'],
  ['a = 1-1', 'a > 1'],
  ['a = 1-1', 'a < 1'],
  ['a = 1', 'a > 1'],
  ['a = 1:1', 'a = 1'],
  ['a >= 2', 'a < 2'],
  ['a > 2', 'a <= 2'],
  ['a < 2', 'a >= 2'],
  ['a = 1~rc1', 'a >= 1'],
])('%s does not meet %s', (provide, require) => {
  expect(meets(provide, require)).toBe(false);
});

test('a provided version meets exactly one of <, = and > where both have a release', () => {
  const version = fc.tuple(fc.nat(3), fc.nat(3), fc.nat(2)).map(([epoch, version, release]) => `${epoch}:${version}-${release}`);
  fc.assert(
    fc.property(version, version, (a, b) => {
      const met = ['<', '=', '>'].filter((operator) => meets(`p = ${a}`, `p ${operator} ${b}`));
      expect(met).toEqual([{ '-1': '<', '0': '=', '1': '>' }[compareEvr(a, b)]]);
    }),
  );
});
