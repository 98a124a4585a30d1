import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { yamlScalar } from '../../src/views/yaml-scalar.ts';

const TEXTS = [
  'bash',
  'g++',
  'no',
  'Yes',
  'null',
  '1.0',
  '007',
  '~',
  '-',
  'a: b',
  'a #b',
  'a ',
  '',
  '[x]',
  '*a',
  '/usr/bin/x',
  'two\nlines',
  '"',
  'é',
];

test.each(TEXTS)('%j is read back as the same text', (text) => {
  expect(parse(`k: ${yamlScalar(text)}\n`)).toEqual({ k: text });
  expect(parse(`k: ${yamlScalar(text)}\n`, { version: '1.1' })).toEqual({ k: text });
});

test('usual names are not quoted', () => {
  expect(['glibc-2.34', '/usr/bin/make', 'a b'].map(yamlScalar)).toEqual(['glibc-2.34', '/usr/bin/make', 'a b']);
});
