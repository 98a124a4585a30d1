import { expect, test } from 'vitest';
import { parseSmallXml } from '../../src/repodata/small-xml.ts';

const parse = (inside: string) =>
  parseSmallXml(`<comps>${inside}</comps>`, { url: 'https://mirror.example/comps.xml', root: 'comps', limitBytes: 32 * 1024 * 1024 });

test.each(['<a/>', '<a></a>', '<a b=""/>', '&lt;'])('a document of %j alone, which takes minutes and gigabytes, is refused', (part) => {
  expect(() => parse(part.repeat(30_000_000 / part.length))).toThrow('has 500000 or more tags, attributes and entities');
});

test('long texts are no reason to refuse a document', () => {
  expect(parse(`<a>${'text '.repeat(200_000)}</a>`).children[0]!.text).toHaveLength(999_999);
});
