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

  test.each([
    ['a login', 'https://$who:$pw@mirror.test/os/?sig=$pw&x=1', 'https://mirror.test/os/'],
    ['a login that is written out', 'https://bob:s3cret@mirror.test/os/', 'https://mirror.test/os/'],
  ])('does not depend on %s of a base URL, of which a lockfile would be a way to guess it', async (_, withSecret, without) => {
    const at = (url: string, variables: string): string => `${variables}\n${TEXT.replace('$mirror/BaseOS/$basearch/os/', `"${url}"`)}`;
    const plain = await digest(at(without, ''));
    expect(await digest(at(withSecret, 'variables: { who: bob, pw: s3cret }'))).toBe(plain);
    expect(await digest(at(withSecret, 'variables: { who: eve, pw: other }'))).toBe(plain);
  });

  test('depends on what a list of mirrors is asked for, and not on its key', async () => {
    const at = (url: string): string => TEXT.replace('baseurl: $mirror/BaseOS/$basearch/os/', `metalink: "${url}"`);
    const plain = await digest(at('https://mirror.test/metalink?repo=baseos-9'));
    expect(await digest(at('https://bob:pw@mirror.test/metalink?repo=baseos-9&token=a1b2c3'))).toBe(plain);
    expect(await digest(at('https://mirror.test/metalink?repo=baseos-10'))).not.toBe(plain);
  });

  test('depends on the architecture and on a version from the environment', async () => {
    expect(await digest(TEXT, 'a', 'x86_64')).not.toBe(await digest(TEXT));
    expect(await digest(TEXT, 'a', 's390x', { RPM_DEPS_VERSION_V: '2-1' })).toBe(await digest(TEXT.replace('V: 1-1', 'V: 2-1')));
  });
});
