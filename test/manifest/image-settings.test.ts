import { expect, test } from 'vitest';
import { PLAIN_IMAGE } from '../../src/manifest/image-settings.ts';
import { manifestOf, mistakesOf } from '../helpers/parse-manifest.ts';

const manifest = (lines: string): string => `architectures: [x86_64]\nsets:\n  a:\n    packages: [acl]\n${lines}`;
const settings = async (lines: string) => (await manifestOf(manifest(lines))).sets[0]!.image;

test('a set without keys of its image is a plain image', async () => {
  expect(await settings('')).toEqual(PLAIN_IMAGE);
});

test('the keys of an image are read, a text where a list may be', async () => {
  const lines = `    env: { PATH: /usr/bin }
    entrypoint: /usr/bin/x
    user: "107:107"
    labels: { org.example.a: b }
    docs: false
    languages: [de, en_GB]
    clean: true
    symlinks: { /usr/bin/ld: ld.bfd }
    capabilities: { /usr/bin/ping: cap_net_raw=ep }
    users: [qemu]
`;
  expect(await settings(lines)).toEqual({
    env: { PATH: '/usr/bin' },
    entrypoint: ['/usr/bin/x'],
    user: '107:107',
    labels: { 'org.example.a': 'b' },
    docs: false,
    languages: ['de', 'en_GB'],
    clean: true,
    symlinks: { '/usr/bin/ld': 'ld.bfd' },
    capabilities: { '/usr/bin/ping': 'cap_net_raw=ep' },
    users: ['qemu'],
  });
});

test.each([
  ['    env: { 1A: b }\n', 'cannot be the name of a variable'],
  ['    env: { A: "b\\nRUN evil" }\n', 'has a line break'],
  ['    user: "root\\nRUN evil"\n', 'is not a user'],
  ['    labels: { "a b": c }\n', 'cannot be the name of a label'],
  ['    languages: ["de;rm"]\n', 'is not a language'],
  ['    clean: ["/tmp/$(rm)"]\n', 'is not a glob on absolute paths'],
  ['    clean: ["tmp"]\n', 'is not a glob on absolute paths'],
  ['    symlinks: { usr/bin/ld: x }\n', 'is not an absolute path'],
  ['    symlinks: { /usr/../../etc/x: y }\n', 'is not an absolute path'],
  ['    capabilities: { /usr/bin/x: everything }\n', 'has no file capabilities'],
  ['    users: ["a b"]\n', 'is not the name of a user or group'],
])('%s is a mistake', async (lines, message) => {
  expect(await mistakesOf(manifest(lines))).toEqual([expect.stringContaining(message)]);
});
