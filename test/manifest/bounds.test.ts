import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/read-manifest.ts';
import { manifestOf, mistakesOf } from '../helpers/parse-manifest.ts';

const set = (text: string): string => `architectures: [x86_64]\nsets: { a: { packages: [b], ${text} } }\n`;

/** Seconds of work, which do not depend on what else the machine does. */
async function cpuSeconds(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return process.cpuUsage(before).user / 1e6;
}

describe('a manifest that was made to take long is refused soon', () => {
  test.each([
    ['`${` without end in a package', `sets: { a: { packages: ["${'${'.repeat(100_000)}"] } }\n`],
    [
      '`${` without end in a URL',
      `repositories: [{ id: r, baseurl: "http://h/${'${'.repeat(100_000)}" }]\nsets: { a: { packages: [b] } }\n`,
    ],
    ['`{` without end in a fallback', `fallbacks: ["http://h/{sha256}${'{'.repeat(100_000)}"]\nsets: { a: { packages: [b] } }\n`],
    ['a package that goes on and on', `sets: { a: { packages: ["${'[a-'.repeat(100_000)}"] } }\n`],
    [
      'one group in every set',
      `groups: { g: [${Array.from({ length: 20_000 }, (_, i) => `p${i}`).join()}] }\nsets:\n${Array.from({ length: 2000 }, (_, i) => `  s${i}: { groups: [g] }\n`).join('')}`,
    ],
    ['forty thousand keys that nobody knows', Array.from({ length: 40_000 }, (_, i) => `key${i}: 1\n`).join('')],
    ['forty thousand times the same key', 'key: 1\n'.repeat(40_000)],
    [
      'twenty thousand repositories',
      `repositories:\n${'  - { id: r, baseurl: "http://h/" }\n'.repeat(20_000)}sets: { a: { packages: [b] } }\n`,
    ],
    ['a text with a million wrong escapes', `a: "${'\\x'.repeat(1_000_000)}"\n`],
    ['hundreds of thousands of anchors for one value', '&a '.repeat(300_000)],
    ['a million empty lines and more', `${'\n'.repeat(1_500_000)}sets: { a: { packages: [b] } }\n`],
  ])('%s', async (_, text) => {
    let mistakes: readonly string[] = [];
    const seconds = await cpuSeconds(async () => {
      mistakes = await mistakesOf(text);
    });
    expect(seconds).toBeLessThan(20);
    expect(mistakes.length).toBeGreaterThan(0);
    expect(mistakes.join('').length).toBeLessThan(300_000);
  });
});

test('more patterns than anybody writes are a mistake', async () => {
  const many = (count: number, pattern: string): string =>
    Array.from({ length: count }, (_, i) => JSON.stringify(pattern.replace('N', String(i)))).join();
  expect(await mistakesOf(set(`ignore: [${many(1001, 'pN*')}]`))).toEqual([expect.stringContaining('more than 1000 patterns')]);
  expect(await mistakesOf(set(`exclude: [${many(1001, 'pN*')}]`))).toEqual([expect.stringContaining('more than 1000 patterns')]);
  expect(await mistakesOf(set(`ignore: [${many(51, '/pN/')}]`))).toEqual([expect.stringContaining('more than 50 regular expressions')]);
});

test('a regular expression that RE2 cannot read is a mistake', async () => {
  expect(await mistakesOf(set('ignore: ["/(?!a)b/"]'))).toEqual([
    expect.stringContaining('look-around and references to groups are not supported'),
  ]);
});

test('a group that a set names twice is there once', async () => {
  const manifest = await manifestOf('architectures: [x86_64]\ngroups: { g: [b] }\nsets: { a: { groups: [g, g] } }\n');
  expect(manifest.sets[0]!.specsFor('x86_64').map(({ text }) => text)).toEqual(['b']);
});

test('thirty thousand sets are read in linear work', async () => {
  const sets = Array.from({ length: 30_000 }, (_, i) => `  s${i}: { packages: [b] }\n`).join('');
  let count = 0;
  const seconds = await cpuSeconds(async () => {
    count = (await manifestOf(`architectures: [x86_64]\nsets:\n${sets}`)).sets.length;
  });
  expect(count).toBe(30_000);
  expect(seconds).toBeLessThan(10);
});

test('a signal is obeyed while a large manifest is read', async () => {
  const text = `architectures: [x86_64]\n${'# much\n'.repeat(200_000)}sets: { a: { packages: [b] } }\n`;
  let turns = 0;
  const counting = setInterval(() => turns++, 1);
  await manifestOf(text);
  clearInterval(counting);
  expect(turns).toBeGreaterThan(3);
});

test('included files have one limit together', async () => {
  const text = 'architectures: [x86_64]\ninclude: [a.yaml, b.yaml, c.yaml]\nsets: { a: { packages: [b] } }\n';
  const read = async (path: string) => [{ path, text: `# ${'x'.repeat(2_000_000)}\n` }];
  await expect(parseManifest(text, 'rpm-packages.yaml', { env: {}, read })).rejects.toMatchObject({
    details: ['rpm-packages.yaml:2:27: the included files together are larger than 4 MiB'],
  });
});

test('a file that is no manifest is not quoted: it may be a link to a secret one', async () => {
  expect(await mistakesOf('machine h login bob password hunter2\n')).toEqual([
    'rpm-packages.yaml:1:1: the manifest must be a mapping, not text',
  ]);
  const read = async (path: string) => [{ path, text: 'password hunter2' }];
  await expect(
    parseManifest('include: ../x\nsets: { a: { packages: [b] } }\n', 'rpm-packages.yaml', { env: {}, read }),
  ).rejects.toMatchObject({ details: ['rpm-packages.yaml:1:10: ../x: must be a mapping, as a manifest is'] });
});
