import { decodeText } from './decode-text.ts';
import { splitElements } from './element-splitter.ts';

/** What primary.xml says of a package for people. Empty where it says nothing. */
export interface PackageText {
  readonly name: string;
  readonly arch: string;
  /** Of the RPM: `pkgid`. */
  readonly checksum: string;
  readonly summary: string;
  readonly license: string;
  readonly url: string;
}

/** Longer ones are cut: they are read by people, and kept for all packages of a repository. */
const MAX_TEXT = 1000;

/** The texts of every package, in the order of the document. The pool has none of them: nothing is solved with them. */
export async function readPackageTexts(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, url: string): Promise<PackageText[]> {
  const texts: PackageText[] = [];
  await splitElements(chunks, {
    url,
    root: 'metadata',
    wants: (tag) => /^<(?:[\w.-]+:)?package[\s>]/.test(tag),
    onElement: (xml) => void texts.push(textsOf(xml)),
  });
  return texts;
}

const textsOf = (xml: string): PackageText => ({
  name: contentOf(xml, NAME),
  arch: contentOf(xml, ARCH),
  checksum: contentOf(xml, CHECKSUM),
  summary: contentOf(xml, SUMMARY),
  license: contentOf(xml, LICENSE),
  url: contentOf(xml, URL),
});

/** Each is written once in an element, and before anything that could hold its like. */
const [NAME, ARCH, CHECKSUM, SUMMARY, LICENSE, URL] = ['name', 'arch', 'checksum', 'summary', 'license', 'url'].map(
  (name) => new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?>([^<]*)</`),
) as [RegExp, RegExp, RegExp, RegExp, RegExp, RegExp];

function contentOf(xml: string, element: RegExp): string {
  const bytes = Buffer.from(element.exec(xml)?.[1] ?? '');
  const end = decodeText(bytes, { start: 0, end: bytes.length, kind: 'text' }, bytes, 0);
  return end < 0 ? '' : bytes.toString('utf8', 0, end).replace(/\s+/g, ' ').trim().slice(0, MAX_TEXT);
}
