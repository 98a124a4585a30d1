import { expect, test } from 'vitest';
import { releaseVariables } from '../../src/installed/image-releasever.ts';

const provide = (name: string, version?: string) => ({
  ...{ name, epoch: '', version: version ?? '', release: '', isPre: false },
  flags: version === undefined ? undefined : ('EQ' as const),
});
const installed = (name: string, version: string, provides: readonly ReturnType<typeof provide>[]) => ({
  ...{ name, version },
  relations: { provides } as never,
});

test('the release is the one that a release package names, else its version', () => {
  const shell = installed('bash', '5.1.8', [provide('bash', '5.1.8')]);
  const named = installed('redhat-release', '9.8', [provide('system-release', '9.8'), provide('system-release(releasever)', '9')]);
  expect(releaseVariables([shell, named])).toEqual({ releasever: '9' });
  expect(releaseVariables([shell, installed('fedora-release', '42', [provide('system-release')])])).toEqual({ releasever: '42' });
  expect(releaseVariables([shell])).toEqual({});
});

test('CentOS Stream has more variables', () => {
  const stream = installed('centos-stream-release', '10.0', [provide('system-release(releasever)', '10')]);
  expect(releaseVariables([stream])).toEqual({ releasever: '10', stream: '10-stream', contentdir: 'centos' });
});

test('what could not be part of a URL is no release', () => {
  expect(releaseVariables([installed('x-release', '../9', [provide('system-release')])])).toEqual({});
});
