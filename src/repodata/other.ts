import { shortPrintable } from '../base/printable.ts';
import { splitElements } from './element-splitter.ts';
import { invalid, parseSmallXml, type XmlElement } from './small-xml.ts';

export interface ChangelogEntry {
  /** As written by rpm: `Jane Doe <jane@example.org> - 1:2.3-4`. */
  readonly author: string;
  /** Seconds since 1970; rpm stores only the day. */
  readonly date: number;
  readonly text: string;
}

/**
 * Reads the changelogs of the packages with these checksums (`pkgid`) from a stream of other.xml, newest entry first. Other packages are not kept in
 * memory.
 */
export async function readChangelogs(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  pkgids: ReadonlySet<string>,
  url: string,
): Promise<ReadonlyMap<string, readonly ChangelogEntry[]>> {
  const found = new Map<string, readonly ChangelogEntry[]>();
  await splitElements(chunks, {
    url,
    root: 'otherdata',
    wants: (tag) => pkgids.has(pkgidOf(tag)),
    onElement: (xml) => {
      const element = parseSmallXml(xml, { url, root: 'package', limitBytes: Number.MAX_SAFE_INTEGER });
      found.set(element.attributes.get('pkgid') ?? '', readEntries(element, url));
    },
  });
  return found;
}

/** Changelog entries of the newer version that the older one does not have, newest first. */
export function newChanges(older: readonly ChangelogEntry[], newer: readonly ChangelogEntry[]): ChangelogEntry[] {
  const key = ({ author, date, text }: ChangelogEntry): string => JSON.stringify([author, date, text]);
  const known = new Set(older.map(key));
  return newer.filter((entry) => !known.has(key(entry)));
}

function pkgidOf(tag: string): string {
  return /\spkgid\s*=\s*["']([0-9a-fA-F]*)["']/.exec(tag)?.[1] ?? '';
}

function readEntries(element: XmlElement, url: string): ChangelogEntry[] {
  const entries: ChangelogEntry[] = [];
  for (const child of element.children) {
    if (child.name !== 'changelog') continue;
    const date = child.attributes.get('date') ?? '';
    if (!/^[0-9]{1,12}$/.test(date)) throw invalid(url, `has a changelog entry of the impossible date \`${shortPrintable(date)}\``);
    entries.push({ author: child.attributes.get('author') ?? '', date: Number(date), text: child.text });
  }
  // The document is ordered from old to new; entries of one day keep their order.
  return entries.reverse().sort((a, b) => b.date - a.date);
}
