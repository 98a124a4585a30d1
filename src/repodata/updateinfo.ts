import { splitElements } from './element-splitter.ts';
import { childOf, parseSmallXml, textOf, type XmlElement } from './small-xml.ts';

export interface Advisory {
  /** Such as `RHSA-2025:0012`. */
  readonly id: string;
  /** `security`, `bugfix`, `enhancement`, `newpackage`. */
  readonly type: string;
  /** As written: `Critical`, `Important`, ...; empty if missing. */
  readonly severity: string;
  readonly title: string;
  /** As written, usually `2025-01-13 09:43:32`. */
  readonly issued: string;
  readonly references: readonly AdvisoryReference[];
  /** Ids of the referenced CVEs, sorted. */
  readonly cves: readonly string[];
  readonly packages: readonly AdvisoryPackage[];
}

interface AdvisoryReference {
  /** `bugzilla`, `cve`, `self`, ... */
  readonly type: string;
  readonly id: string;
  /** Empty unless it is http or https. */
  readonly href: string;
}

interface AdvisoryPackage {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
}

/**
 * Reads the advisories of these packages (without `names`: all advisories) from updateinfo.xml, in the order of the document. Apart from the
 * results, only one advisory is in memory at a time.
 */
export async function readAdvisories(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  url: string,
  names?: ReadonlySet<string>,
): Promise<Advisory[]> {
  const found: Advisory[] = [];
  await splitElements(chunks, {
    url,
    root: 'updates',
    wants: () => true,
    onElement: (xml) => {
      if (!/^<(?:[^\s:>/]+:)?update[\s>/]/.test(xml)) return;
      const advisory = asAdvisory(parseSmallXml(xml, { url, root: 'update', limitBytes: Number.MAX_SAFE_INTEGER }));
      if (advisory.id !== '' && (names === undefined || advisory.packages.some(({ name }) => names.has(name)))) found.push(advisory);
    },
  });
  return found;
}

function asAdvisory(element: XmlElement): Advisory {
  const references = (childOf(element, 'references')?.children ?? []).filter(({ name }) => name === 'reference').map(asReference);
  return {
    id: textOf(element, 'id') ?? '',
    type: element.attributes.get('type') ?? '',
    severity: textOf(element, 'severity') ?? '',
    title: textOf(element, 'title') ?? '',
    issued: childOf(element, 'issued')?.attributes.get('date') ?? '',
    references,
    cves: [...new Set(references.map(({ id }) => id).filter((id) => /^(CVE|CAN)-[0-9]{4}-[0-9]{4,}$/.test(id)))].sort(),
    packages: packagesOf(element),
  };
}

function asReference({ attributes }: XmlElement): AdvisoryReference {
  const href = attributes.get('href') ?? '';
  return {
    type: attributes.get('type') ?? '',
    id: attributes.get('id') ?? '',
    href: /^https?:\/\/[^\s\u0000-\u001f\u007f]+$/.test(href) ? href : '',
  };
}

function packagesOf(element: XmlElement): AdvisoryPackage[] {
  const collections = (childOf(element, 'pkglist')?.children ?? []).filter(({ name }) => name === 'collection');
  const packages = collections.flatMap((collection) => collection.children.filter(({ name }) => name === 'package'));
  return packages.map(({ attributes }) => ({
    name: attributes.get('name') ?? '',
    epoch: attributes.get('epoch') || '0',
    version: attributes.get('version') ?? '',
    release: attributes.get('release') ?? '',
    arch: attributes.get('arch') ?? '',
  }));
}
