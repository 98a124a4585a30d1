import type { RpmDepsError } from '../base/errors.ts';
import { filePlace } from './file-place.ts';
import { childOf, invalid, parseSmallXml, printable, textOf, type XmlElement } from './small-xml.ts';

interface RepomdChecksum {
  /** `sha256`, `sha512`, ...: a name that `node:crypto` knows. */
  readonly type: string;
  /** Lower-case hex of the right length. */
  readonly value: string;
}

/** One `<data>` of repomd.xml. */
export interface RepomdRecord {
  readonly type: string;
  /** A path below or beside the base URL of the repository, or a URL. */
  readonly href: string;
  /** Of the file as it is on the mirror. */
  readonly checksum: RepomdChecksum;
  /** Of the file after opening it; absent where it is not compressed. */
  readonly openChecksum?: RepomdChecksum;
  readonly size?: number;
  readonly openSize?: number;
  /** Seconds since 1970; 0 where it does not say. */
  readonly timestamp: number;
}

export interface Repomd {
  readonly revision: string;
  /** By type; only of the types in `READ_TYPES`. */
  readonly records: ReadonlyMap<string, RepomdRecord>;
  /** Newest timestamp of any data entry, seconds since 1970. */
  readonly timestamp: number;
  /** Such as `CentOS Stream 9`, with `cpe:/o:centos-stream:centos-stream:9`. */
  readonly distroTags: readonly { readonly name: string; readonly cpeid: string | undefined }[];
}

/** Reads and checks repomd.xml; `url` is only for messages. Records of types nobody reads are not looked at. */
export function parseRepomd(bytes: Uint8Array, url: string): Repomd {
  const root = parseSmallXml(bytes, { url, root: 'repomd', limitBytes: LIMIT_BYTES });
  const records = new Map<string, RepomdRecord>();
  let timestamp = 0;
  for (const data of root.children) {
    if (data.name !== 'data') continue;
    const type = data.attributes.get('type') ?? '';
    const seconds = readTimestamp(data, { url, type });
    timestamp = Math.max(timestamp, seconds);
    // librepo: the first record of a type counts.
    if (READ_TYPES.has(type) && !records.has(type)) records.set(type, readRecord(data, { url, type }, seconds));
  }
  if (!records.has('primary')) throw invalid(url, 'lists no primary metadata');
  return { revision: readRevision(root, url), records, timestamp, distroTags: readDistroTags(root) };
}

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

/** Length of the hex text. `sha` and `sha1` are missing on purpose: both name SHA-1, which no longer proves anything. */
const HEX_LENGTH: ReadonlyMap<string, number> = new Map([
  ['sha224', 56],
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);
const BROKEN: ReadonlySet<string> = new Set(['md5', 'sha', 'sha1']);

interface Place {
  readonly url: string;
  readonly type: string;
}

function readRecord(data: XmlElement, place: Place, timestamp: number): RepomdRecord {
  const checksum = readChecksum(data, 'checksum', place);
  if (checksum === undefined) throw wrong(place, 'has no checksum');
  const openChecksum = readChecksum(data, 'open-checksum', place);
  const size = readSize(data, 'size', place);
  const openSize = readSize(data, 'open-size', place);
  return {
    type: place.type,
    href: readHref(data, place),
    checksum,
    ...(openChecksum === undefined ? {} : { openChecksum }),
    ...(size === undefined ? {} : { size }),
    ...(openSize === undefined ? {} : { openSize }),
    timestamp,
  };
}

function readHref(data: XmlElement, place: Place): string {
  const location = childOf(data, 'location');
  const href = location?.attributes.get('href');
  if (location === undefined || href === undefined) throw wrong(place, 'has no location');
  const found = filePlace(href, location.attributes.get('xml:base') ?? '');
  if ('mistake' in found) throw wrong(place, `has the location \`${printable(href)}\`, which ${found.mistake}`);
  return found.location;
}

function readChecksum(data: XmlElement, element: string, place: Place): RepomdChecksum | undefined {
  const node = childOf(data, element);
  if (node === undefined) return undefined;
  const type = (node.attributes.get('type') ?? '').toLowerCase();
  if (BROKEN.has(type)) throw wrong(place, `has only a ${type} checksum, which is too weak to trust (sha256 or better is needed)`);
  const length = HEX_LENGTH.get(type);
  if (length === undefined) throw wrong(place, `has a checksum of the unknown type \`${printable(type)}\``);
  const value = node.text.toLowerCase();
  if (value.length !== length || !/^[0-9a-f]+$/.test(value)) throw wrong(place, `has a ${type} checksum that is not ${length} hex digits`);
  return { type, value };
}

function readSize(data: XmlElement, element: string, place: Place): number | undefined {
  const text = textOf(data, element);
  if (text === undefined) return undefined;
  const size = /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(size <= MAX_SIZE)) throw wrong(place, `has the impossible ${element} \`${printable(text)}\``);
  return size;
}

/** Old createrepo wrote fractions of seconds. */
function readTimestamp(data: XmlElement, place: Place): number {
  const text = textOf(data, 'timestamp');
  if (text === undefined || text === '') return 0;
  const seconds = /^[0-9]{1,15}(\.[0-9]{1,20})?$/.test(text) ? Math.floor(Number(text)) : Number.NaN;
  if (!(seconds <= MAX_TIMESTAMP)) throw wrong(place, `has the impossible timestamp \`${printable(text)}\``);
  return seconds;
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

function wrong(place: Place, what: string): RpmDepsError {
  return invalid(place.url, `is not usable: the ${printable(place.type)} entry ${what}`);
}
