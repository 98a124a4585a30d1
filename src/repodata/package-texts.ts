import { decodeText } from './decode-text.ts';
import { splitElements } from './element-splitter.ts';

/** Descriptive texts of a package from primary.xml. Empty if missing. */
export interface PackageText {
  readonly name: string;
  readonly arch: string;
  /** Checksum of the RPM: `pkgid`. */
  readonly checksum: string;
  readonly summary: string;
  readonly license: string;
  readonly url: string;
}

/** Maximum characters of a text; longer ones are cut, because the texts of all packages of a repository are kept. */
const MAX_TEXT = 1000;

/** The texts of every package, in the order of the document. The pool does not have them, because the solver does not need them. */
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

/** Each element occurs once, before any other element that could contain the same name. */
const [NAME, ARCH, CHECKSUM, SUMMARY, LICENSE, URL] = ['name', 'arch', 'checksum', 'summary', 'license', 'url'].map(
  (name) => new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?>([^<]*)</`),
) as [RegExp, RegExp, RegExp, RegExp, RegExp, RegExp];

function contentOf(xml: string, element: RegExp): string {
  const bytes = Buffer.from(element.exec(xml)?.[1] ?? '');
  const end = decodeText(bytes, { start: 0, end: bytes.length, kind: 'text' }, bytes, 0);
  return end < 0 ? '' : bytes.toString('utf8', 0, end).replace(/\s+/g, ' ').trim().slice(0, MAX_TEXT);
}
