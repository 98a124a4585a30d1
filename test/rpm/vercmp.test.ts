import { expect, test } from 'vitest';
import { compare, maxSatisfying, parse, rpmvercmp, satisfies, sort, valid } from '../../src/rpm/vercmp.ts';

test('versions compare as in rpm, the epoch first', () => {
  expect(compare('1:1.0-1', '2.0-1')).toBe(1);
  expect(compare('1.0~rc1', '1.0')).toBe(-1);
  expect(compare('0:1.0-1', '1.0-1')).toBe(0);
  expect(rpmvercmp('1.10', '1.9')).toBe(1);
});

test('a version has parts, and what is none is null', () => {
  expect(parse('1:2.3-4.el9')).toEqual({ epoch: '1', version: '2.3', release: '4.el9' });
  expect(parse('2.3')).toEqual({ epoch: '0', version: '2.3', release: '' });
  expect(parse('2 3')).toBeNull();
});

test.each(['1', '1.0-1.el9', '0:1~rc1^git.2-1', 'a', '1_2+3'])('%s is valid', (text) => {
  expect(valid(text)).toBe(true);
});

test.each(['', '-1', '1-', '1-2-3', 'a:1', '1:', ':1', '1 2', '1..2', 'é', '12345678901:1'])('%s is not valid', (text) => {
  expect(valid(text)).toBe(false);
});

test.each([
  ['1.2-3', '1.2'],
  ['1.2-3', '= 1.2'],
  ['1.2-3', '== 1.2-3'],
  ['1.2-3', '>= 1.2'],
  ['1.2-3', '>=1.1, <2'],
  ['1.2-3', '>= 1.1 < 2'],
  ['1.2-3', ''],
  ['1.2-3', ' * '],
  ['1:1', '> 99'],
])('%s satisfies %s', (version, range) => {
  expect(satisfies(version, range)).toBe(true);
});

test.each([
  ['1.2-3', '> 1.2'],
  ['1.2-3', '= 1.2-4'],
  ['1.2-3', '>= 1.1, < 1.2'],
  ['1.2-3', '>='],
  ['1.2-3', '>= >= 1'],
  ['1.2-3', '=> 1'],
  ['1.2-3', '>= !'],
  ['1:1', '< 2'],
])('%s does not satisfy %s', (version, range) => {
  expect(satisfies(version, range)).toBe(false);
});

test('sorting makes a copy, oldest first', () => {
  const versions = ['1.10', '1.9', '1:0', '1.9~rc1'];
  expect(sort(versions)).toEqual(['1.9~rc1', '1.9', '1.10', '1:0']);
  expect(versions[0]).toBe('1.10');
});

test('the newest version in a range is found', () => {
  expect(maxSatisfying(['1.0-1', '1.2-1', '1.2-2', '2.0-1'], '< 2')).toBe('1.2-2');
  expect(maxSatisfying(['1.0', '1.1'], '> 3')).toBeNull();
  expect(maxSatisfying([], '*')).toBeNull();
});
