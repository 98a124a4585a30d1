import { describe, expect, test } from 'vitest';
import { RegexMistake, regexMatcher, regexSource } from '../../src/rpm/regex.ts';

const NAMES = [
  'mozjs60-0:60.9.0-4.el9.x86_64',
  'python3-libs-0:3.9.18-3.el9.x86_64',
  'kernel-core-0:5.14.0-427.el9.x86_64',
  'glibc-langpack-en-0:2.34-100.el9.s390x',
  'libstdc++-0:11.4.1-3.el9.noarch',
];

test.each([
  '^mozjs60',
  '^(kernel-|linux-firmware|python[3]{0,1}-|mozjs60)',
  'python.*x86_64$',
  '^glibc-langpack-(?:en|de)-',
  '\\+\\+',
  '^[^-]+-[0-9]+:',
  'el9\\.(s390x|noarch)$',
  '\\b5\\.14',
  'a|',
  '-\\d+:2\\.\\d{2,}?-',
])('a usual pattern means what it means in JavaScript: %s', (pattern) => {
  for (const name of NAMES) expect(regexMatcher(pattern)(name)).toBe(new RegExp(pattern).test(name));
});

test.each(['^(\\w+[-.:]?)+!$', '(a*)*b', '(x+x+)+y', '(.*)*(.*)*$^', '([a-z]+)*[^a-z]{9}', '(?:a?){1000}a{1000}'])(
  'a pattern that backtracks takes time in the length of the text: %s',
  (pattern) => {
    const matches = regexMatcher(pattern);
    const before = process.cpuUsage();
    for (let i = 0; i < 5; i++) matches(`${'a'.repeat(1000)}${i}`);
    const { user } = process.cpuUsage(before);
    expect(user / 1000).toBeLessThan(10_000);
  },
);

describe('what is not supported is a mistake that says so', () => {
  test.each([
    ['(?=a)b', 'look-around'],
    ['(?<!a)b', 'look-around'],
    ['(a)\\1', 'references'],
    ['(', 'missing closing'],
    ['a{2000}', 'invalid repeat count'],
    ['a'.repeat(1001), 'longer than 1000 characters'],
    ['((((a{100}){100}){100}){100})', 'invalid repeat count'],
  ])('%s', (pattern, message) => {
    expect(() => regexMatcher(pattern)).toThrow(RegexMistake);
    expect(() => regexMatcher(pattern)).toThrow(message);
  });
});

test('a pattern stands between slashes', () => {
  expect([regexSource('/a/'), regexSource('/usr/bin/a/'), regexSource('//'), regexSource('/'), regexSource('a/')]).toEqual([
    'a',
    'usr/bin/a',
    undefined,
    undefined,
    undefined,
  ]);
});
