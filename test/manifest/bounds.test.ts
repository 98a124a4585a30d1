import { describe, expect, test } from 'vitest';
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
