/** The base URLs of a repository: configured, or from its metalink or mirrorlist. */
import { RpmDepsError } from '../base/errors.ts';
import { redact } from '../base/redact.ts';
import { fillVariables } from '../base/variables.ts';
import { parseSmallXml, type XmlElement } from '../repodata/small-xml.ts';
import type { ResolvedRepository } from './repository.ts';

/** The fields of a repository that are needed here. */
export type ListedRepository = Pick<ResolvedRepository, 'id' | 'baseurls' | 'variables' | 'metalink' | 'mirrorlist'>;

export interface Mirrors {
  /** Base URLs in order of preference. */
  readonly baseurls: readonly string[];
  /** Checksums of repomd.xml in the metalink, lower-case hex; empty without a metalink. */
  readonly repomdDigests: readonly { readonly type: string; readonly value: string }[];
}

const MAX_LIST_BYTES = 4 * 1024 * 1024;

/** `read` downloads the list. */
export async function findMirrors(repository: ListedRepository, read: (url: string) => Promise<Uint8Array>): Promise<Mirrors> {
  const url = repository.metalink ?? repository.mirrorlist;
  if (url === undefined) {
    if (repository.baseurls.length > 0) return { baseurls: repository.baseurls, repomdDigests: [] };
    throw new RpmDepsError('MANIFEST_INVALID', `repository ${repository.id} has no baseurl, metalink or mirrorlist`);
  }
  const bytes = await read(url);
  // As in librepo: a `mirrorlist` URL may return a metalink.
  const isMetalink = repository.metalink !== undefined || /^\s*(?:<\?xml|<metalink)/.test(Buffer.from(bytes.subarray(0, 256)).toString());
  const mirrors = isMetalink ? parseMetalink(bytes, url) : parseMirrorlist(bytes);
  const baseurls = [...mirrors.baseurls.map((line) => fillVariables(line, repository.variables)), ...repository.baseurls];
  return { ...mirrors, baseurls: [...new Set(baseurls)] };
}

/** One URL per line; other lines are comments. */
function parseMirrorlist(bytes: Uint8Array): Mirrors {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const urls = lines.map((line) => line.trim().split(/\s/, 1)[0]!);
  return { baseurls: urls.filter((line) => /^(?:https?|file):\/\//i.test(line)), repomdDigests: [] };
}

/**
 * Metalink 3.0 as MirrorManager writes it: URLs of repomd.xml (or of the repository, as librepo allows) with preferences, and checksums, with older
 * ones as alternates.
 */
function parseMetalink(bytes: Uint8Array, url: string): Mirrors {
  const root = parseSmallXml(bytes, { url, root: 'metalink', limitBytes: MAX_LIST_BYTES });
  const file = all(root, 'file').find((element) => element.attributes.get('name') === 'repomd.xml');
  if (file === undefined) throw new RpmDepsError('METADATA_INVALID', `metalink ${redact(url)} has no entry for repomd.xml`);
  const urls = all(file, 'url')
    .map((element) => ({ text: element.text.trim(), preference: Number(element.attributes.get('preference') ?? 0) }))
    .filter(({ text }) => /^(?:https?|file):\/\//i.test(text))
    .sort((a, b) => b.preference - a.preference);
  const digests = all(file, 'hash').map((element) => ({
    type: (element.attributes.get('type') ?? '').toLowerCase(),
    value: element.text.trim().toLowerCase(),
  }));
  return {
    baseurls: urls.map(({ text }) => text.replace(/repodata\/repomd\.xml(?=\?|$)/i, '')),
    repomdDigests: digests.filter(({ type }) => TRUSTED_HASHES.has(type)),
  };
}

/** Names for `node:crypto`. md5 and SHA-1 are not trusted. */
const TRUSTED_HASHES: ReadonlySet<string> = new Set(['sha224', 'sha256', 'sha384', 'sha512']);

/** All descendants with a name. */
function all(element: XmlElement, name: string): XmlElement[] {
  return element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}
