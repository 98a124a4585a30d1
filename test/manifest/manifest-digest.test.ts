import { describe, expect, test } from 'vitest';
import { manifestDigest } from '../../src/manifest/manifest-digest.ts';
import { manifestOf } from '../helpers/parse-manifest.ts';

const TEXT = `architectures: [x86_64, s390x]
mirror: https://mirror.test
repositories:
  - { id: baseos, baseurl: $mirror/BaseOS/$basearch/os/ }
  - { id: crb, baseurl: $mirror/CRB/$basearch/os/, architectures: [x86_64] }
versions: { V: 1-1 }
sets:
  a: { packages: [bash, "foo-\${V}", { name: bar, architectures: [x86_64] }], ignore: [x, y] }
  b: { packages: [acl] }
`;
const digest = async (text: string, set = 'a', architecture = 's390x', env: Record<string, string> = {}): Promise<string> =>
  manifestDigest(await manifestOf(text, env), set, architecture);

describe('manifestDigest', () => {
  test('stays the same from release to release', async () => {
    expect(await digest(TEXT)).toMatchInlineSnapshot(`"sha256:96772c1f3d7e3df733baf21a54f1ca0e8f3b15871ddce13023e56c62d822b1e6"`);
  });

  test.each([
    ['a comment', `# hello\n${TEXT}`],
    ['another mirror', TEXT.replace('https://mirror.test', 'file:///srv')],
    ['another set', TEXT.replace('[acl]', '[acl, tar]')],
    ['a repository that does not serve the architecture', TEXT.replace('/CRB/', '/crb/')],
    ['a package for another architecture', TEXT.replace('name: bar', 'name: baz')],
    ['the order of ignored packages', TEXT.replace('[x, y]', '[y, x]')],
    ['a hold', `${TEXT}holds: [{ package: zlib, version: "1*", reason: r }]\n`],
    ['a key', TEXT.replace('{ id: baseos,', '{ id: baseos, gpgkey: https://keys.test/K,')],
  ])('does not depend on %s', async (_, text) => {
    expect(await digest(text)).toBe(await digest(TEXT));
  });

  test.each([
    ['a package', TEXT.replace('[bash,', '[bash, tar,')],
    ['a version', TEXT.replace('V: 1-1', 'V: 1-2')],
    ['what is ignored', TEXT.replace('[x, y]', '[x]')],
    ['an option', `${TEXT}options: { best: true }\n`],
    ['a module', `${TEXT}modules: { enable: ["nodejs:20"] }\n`],
    ['the URL of a repository', TEXT.replace('/BaseOS/', '/baseos/')],
    ['the priority of a repository', TEXT.replace('{ id: baseos,', '{ id: baseos, priority: 1,')],
  ])('depends on %s', async (_, text) => {
    expect(await digest(text)).not.toBe(await digest(TEXT));
  });

  test('depends on the architecture and on a version from the environment', async () => {
    expect(await digest(TEXT, 'a', 'x86_64')).not.toBe(await digest(TEXT));
    expect(await digest(TEXT, 'a', 's390x', { RPM_DEPS_VERSION_V: '2-1' })).toBe(await digest(TEXT.replace('V: 1-1', 'V: 2-1')));
  });
});
