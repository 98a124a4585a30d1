/** Where a repository can be read from: its base URLs, or what its metalink or mirrorlist says. */
import { RpmDepsError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import { parseSmallXml, type XmlElement } from '../repodata/small-xml.ts';
import type { ResolvedRepository } from './repository.ts';

export interface Mirrors {
  /** Base URLs in order of preference. */
  readonly baseurls: readonly string[];
  /** Checksums of repomd.xml that a metalink vouches for (sha256, lower-case hex); empty where there is none. */
  readonly repomdSha256: readonly string[];
}

const MAX_LIST_BYTES = 4 * 1024 * 1024;

/** `read` gets the list. */
export async function findMirrors(repository: ResolvedRepository, read: (url: string) => Promise<Uint8Array>): Promise<Mirrors> {
  if (repository.metalink !== undefined) {
    const mirrors = parseMetalink(await read(repository.metalink), repository.metalink);
    return { ...mirrors, baseurls: [...mirrors.baseurls, ...repository.baseurls] };
  }
  if (repository.mirrorlist !== undefined) {
    const text = new TextDecoder().decode(await read(repository.mirrorlist));
    const baseurls = text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => /^(?:https?|file):\/\//.test(line));
    return { baseurls: [...baseurls, ...repository.baseurls], repomdSha256: [] };
  }
  if (repository.baseurls.length === 0) {
    throw new RpmDepsError('MANIFEST_INVALID', `repository ${repository.id} has no baseurl, metalink or mirrorlist`);
  }
  return { baseurls: repository.baseurls, repomdSha256: [] };
}

/** Metalink 3.0 as MirrorManager writes it: URLs of repomd.xml with preferences, and its checksums, older ones as alternates. */
function parseMetalink(bytes: Uint8Array, url: string): Mirrors {
  const root = parseSmallXml(bytes, { url, root: 'metalink', limitBytes: MAX_LIST_BYTES });
  const file = all(root, 'file').find((element) => element.attributes.get('name') === 'repomd.xml');
  if (file === undefined) throw new RpmDepsError('METADATA_INVALID', `${redact(url)} does not speak of repomd.xml`);
  const urls = all(file, 'url')
    .map((element) => ({ text: element.text.trim(), preference: Number(element.attributes.get('preference') ?? 0) }))
    .filter(({ text }) => /^(?:https?|file):\/\/.*\/repodata\/repomd\.xml$/.test(text))
    .sort((a, b) => b.preference - a.preference);
  const hashes = all(file, 'hash').filter((element) => element.attributes.get('type') === 'sha256');
  return {
    baseurls: urls.map(({ text }) => text.slice(0, -'repodata/repomd.xml'.length)),
    repomdSha256: hashes.map((element) => element.text.trim().toLowerCase()),
  };
}

/** Elements of a name anywhere below. */
function all(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}
