import { expect, test } from 'vitest';
import { canonicalArchitecture, nearestArchitecture, splitArchitectures } from '../../src/rpm/architecture-names.ts';

test('architectures have the names of Go and Debian as aliases', () => {
  expect(['amd64', 'arm64', 's390x', 'mips'].map(canonicalArchitecture)).toEqual(['x86_64', 'aarch64', 's390x', undefined]);
});

test('a misspelt alias is recognised', () => {
  expect(nearestArchitecture('adm64')).toBe('amd64');
});

test('--arch takes several names with commas, and again', () => {
  expect(splitArchitectures(['amd64, arm64', ' s390x', ','])).toEqual(['amd64', 'arm64', 's390x']);
});
