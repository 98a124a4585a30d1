import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { decodeEscapes, isUrl } from '../base/urls.ts';
import { filePlace } from './file-place.ts';
import { childOf, invalid, parseSmallXml, textOf, type XmlElement } from './small-xml.ts';

interface RepomdChecksum {
  /** A name for `node:crypto`: `sha256`, `sha512`, ..., also `sha1` and `md5`. The reader of the file decides whether it is strong enough. */
  readonly type: string;
  /** Lower-case hex, with the length of its type. */
  readonly value: string;
}

/** One `<data>` of repomd.xml. `<open-checksum>` is not needed: the checksum of the compressed file is enough. */
export interface RepomdRecord {
  readonly type: string;
  /** A path relative to the base URL of the repository (`../` allowed), or a URL. */
  readonly href: string;
  /** Checksum of the (compressed) file on the mirror. */
  readonly checksum: RepomdChecksum;
  /** As declared; a file of another size is accepted if its checksum is right. */
  readonly size?: number;
  readonly openSize?: number;
  /** Seconds since 1970; 0 if not given. */
  readonly timestamp: number;
}

export interface Repomd {
  readonly revision: string;
  /** By type; only types of `READ_TYPES`. */
  readonly records: ReadonlyMap<string, RepomdRecord>;
  /** By type: why an entry of a type of `READ_TYPES` cannot be used, as a sentence. An error only if this entry is needed. */
  readonly broken: Readonly<Record<string, string>>;
  /** Newest timestamp of any data entry, seconds since 1970. */
  readonly timestamp: number;
  /** Such as `CentOS Stream 9`, with `cpe:/o:centos-stream:centos-stream:9`. */
  readonly distroTags: readonly { readonly name: string; readonly cpeid: string | undefined }[];
}

/** Reads and checks repomd.xml; `url` is only for messages. Ignores records of types that are never used. */
export function parseRepomd(bytes: Uint8Array, url: string): Repomd {
  const root = parseSmallXml(bytes, { url, root: 'repomd', limitBytes: LIMIT_BYTES });
  const records = new Map<string, RepomdRecord>();
  const broken = new Map<string, string>();
  let timestamp = 0;
  for (const data of root.children) {
    if (data.name !== 'data') continue;
    const type = data.attributes.get('type') ?? '';
    const seconds = readTimestamp(data);
    timestamp = Math.max(timestamp, seconds);
    // librepo: the first record of a type is used.
    if (!READ_TYPES.has(type) || records.has(type) || broken.has(type)) continue;
    const record = readRecord(data, type, seconds);
    if ('mistake' in record) broken.set(type, `${shortPrintable(url)} is not usable: the ${shortPrintable(type)} entry ${record.mistake}`);
    else records.set(type, record);
  }
  const noPrimary = broken.get('primary');
  if (noPrimary !== undefined) throw new RpmDepsError('METADATA_INVALID', noPrimary, { hint: ENTRY_HINT });
  if (!records.has('primary')) throw invalid(url, 'lists no primary metadata');
  return { revision: readRevision(root, url), records, broken: Object.fromEntries(broken), timestamp, distroTags: readDistroTags(root) };
}

/** Hint for an entry that cannot be used. */
export const ENTRY_HINT =
  'the mirror is broken, or the repository is made wrong: try another mirror, or make its repodata with createrepo_c';

const LIMIT_BYTES = 4 * 1024 * 1024;
const MAX_SIZE = 16 * 1024 ** 3;
/** Last second of the year 9999: later ones do not print as ISO 8601. */
const MAX_TIMESTAMP = 253_402_300_799;

const READ_TYPES: ReadonlySet<string> = new Set([
  'primary',
  'filelists',
  'other',
  'group',
  'group_gz',
  'group_xz',
  'group_zst',
  'modules',
  'updateinfo',
]);

/** Number of hex digits. */
const HEX_LENGTH: ReadonlyMap<string, number> = new Map([
  ['md5', 32],
  ['sha1', 40],
  ['sha224', 56],
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

interface Mistake {
  /** Worded to follow "the primary entry". */
  readonly mistake: string;
}

function readRecord(data: XmlElement, type: string, timestamp: number): RepomdRecord | Mistake {
  const checksum = readChecksum(data);
  if ('mistake' in checksum) return checksum;
  const href = readHref(data);
  if (typeof href !== 'string') return href;
  const size = readSize(data, 'size');
  const openSize = readSize(data, 'open-size');
  return { type, href, checksum, ...(size === undefined ? {} : { size }), ...(openSize === undefined ? {} : { openSize }), timestamp };
}

function readHref(data: XmlElement): string | Mistake {
  const location = childOf(data, 'location');
  const href = location?.attributes.get('href');
  if (location === undefined || href === undefined) return { mistake: 'has no location' };
  // librepo treats it as part of a URL, unlike the location of a package: `%20` is a space.
  const found = filePlace(isUrl(href) ? href : decodeEscapes(href), location.attributes.get('xml:base') ?? '');
  return 'mistake' in found ? { mistake: `has the location \`${shortPrintable(href)}\`, which ${found.mistake}` } : found.location;
}

/** The strongest checksum, if there are several. */
function readChecksum(data: XmlElement): RepomdChecksum | Mistake {
  const found = data.children.filter(({ name }) => name === 'checksum').map(checksumOf);
  const good = found.filter((checksum): checksum is RepomdChecksum => !('mistake' in checksum));
  return (
    good.sort((a, b) => b.value.length - a.value.length)[0] ??
    found[0] ?? { mistake: 'has no checksum, and nothing else proves what the file is' }
  );
}

function checksumOf(node: XmlElement): RepomdChecksum | Mistake {
  // createrepo wrote SHA-1 as `sha`.
  const type = (node.attributes.get('type') ?? '').toLowerCase().replace(/^sha$/, 'sha1');
  const length = HEX_LENGTH.get(type);
  if (length === undefined) return { mistake: `has a checksum of the unknown type \`${shortPrintable(type)}\`` };
  const value = node.text.toLowerCase();
  if (value.length !== length || !/^[0-9a-f]+$/.test(value)) return { mistake: `has a ${type} checksum that is not ${length} hex digits` };
  return { type, value };
}

/** undefined if missing or out of range. */
function readSize(data: XmlElement, element: string): number | undefined {
  const text = textOf(data, element) ?? '';
  const size = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return size <= MAX_SIZE ? size : undefined;
}

/** Old versions of createrepo wrote fractions of seconds. 0 if missing or out of range. */
function readTimestamp(data: XmlElement): number {
  const text = textOf(data, 'timestamp') ?? '';
  const seconds = /^[0-9]{1,15}(\.[0-9]{1,20})?$/.test(text) ? Math.floor(Number(text)) : Number.NaN;
  return seconds <= MAX_TIMESTAMP ? seconds : 0;
}

function readRevision(root: XmlElement, url: string): string {
  const revision = textOf(root, 'revision') ?? '';
  if (revision.length > 256 || /[\u0000-\u001f\u007f]/.test(revision))
    throw invalid(url, 'has a revision that is too long or has control characters');
  return revision;
}

function readDistroTags(root: XmlElement): Repomd['distroTags'] {
  const tags = childOf(root, 'tags')?.children ?? [];
  return tags.filter((tag) => tag.name === 'distro').map((tag) => ({ name: tag.text, cpeid: tag.attributes.get('cpeid') }));
}
