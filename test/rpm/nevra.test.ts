import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatNevra, parseNevra, parseRpmFilename, possibleNevras } from '../../src/rpm/nevra.ts';

test('a NEVRA is written with its epoch and read with or without', () => {
  const bash = { name: 'bash', epoch: '0', version: '5.1.8', release: '9.el9', arch: 's390x' };
  expect(formatNevra(bash)).toBe('bash-0:5.1.8-9.el9.s390x');
  expect(parseNevra('bash-0:5.1.8-9.el9.s390x')).toEqual(bash);
  expect(parseNevra('bash-5.1.8-9.el9.s390x')).toEqual(bash);
});

test('hyphens belong to the name', () => {
  expect(parseNevra('java-17-openjdk-headless-1:17.0.13.0.11-4.el9.x86_64')).toEqual({
    name: 'java-17-openjdk-headless',
    epoch: '1',
    version: '17.0.13.0.11',
    release: '4.el9',
    arch: 'x86_64',
  });
});

test.each(['', 'bash', 'bash-5', 'bash-5-1', 'bash-x:5-1.noarch', '-1-1.noarch', 'a-1-1.', 'a-1-1.no:arch'])('%s is no NEVRA', (text) => {
  expect(parseNevra(text)).toBeUndefined();
});

const word = fc.stringMatching(/^[a-z0-9+_]{1,6}$/);
const dotted = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const name = fc.array(dotted, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('-'));

test('what is written is read again as it was', () => {
  fc.assert(
    fc.property(name, fc.nat(99).map(String), dotted, dotted, word, (name, epoch, version, release, arch) => {
      const nevra = { name, epoch, version, release, arch };
      expect(parseNevra(formatNevra(nevra))).toEqual(nevra);
      expect(possibleNevras(formatNevra(nevra))[0]).toEqual(nevra);
    }),
  );
});

test('an RPM file name has no epoch', () => {
  expect(parseRpmFilename('bash-5.1.8-9.el9.s390x.rpm')).toEqual({ name: 'bash', version: '5.1.8', release: '9.el9', arch: 's390x' });
  expect(parseRpmFilename('bash-5.1.8-9.el9.s390x')).toBeUndefined();
  expect(parseRpmFilename('bash.rpm')).toBeUndefined();
});

test('a spec is read from the most specific to the least', () => {
  const readings = possibleNevras('a-1:2-3.el9.noarch').map(({ name, epoch, version, release, arch }) => [
    name,
    epoch,
    version,
    release,
    arch,
  ]);
  expect(readings).toEqual([
    ['a', '1', '2', '3.el9', 'noarch'],
    ['a', '1', '2', '3.el9.noarch', undefined],
  ]);
  const plain = possibleNevras('python3-libs').map(({ name, version }) => [name, version]);
  expect(plain).toEqual([
    ['python3-libs', undefined],
    ['python3', 'libs'],
  ]);
  const withArch = possibleNevras('bash.x86_64').map(({ name, arch }) => [name, arch]);
  expect(withArch).toEqual([
    ['bash', 'x86_64'],
    ['bash.x86_64', undefined],
  ]);
});

test('each part of a spec may be a glob', () => {
  expect(possibleNevras('python3*-3.9.*-[12]*.x86_??')[0]).toEqual({
    name: 'python3*',
    epoch: undefined,
    version: '3.9.*',
    release: '[12]*',
    arch: 'x86_??',
  });
});

test.each(['/usr/bin/sh', 'libc.so.6()(64bit)', 'a >= 1', 'x'.repeat(5000)])('%.20s is no package spec', (text) => {
  expect(possibleNevras(text)).toEqual([]);
});

test('specs made to be slow are read quickly', () => {
  for (const unit of ['-', '.', '-1', '-1:', '1-1.', 'a-1-1']) {
    possibleNevras(unit.repeat(4096 / unit.length));
    parseNevra(unit.repeat(20_000));
  }
});
