/** Puts RPMs together out of their parts, so that a test can give them any signature header. */
import { createHash } from 'node:crypto';
import { uint } from './signature-maker.ts';

export interface RpmParts {
  readonly lead: Uint8Array;
  readonly main: Uint8Array;
  readonly payload: Uint8Array;
}

export interface HeaderEntry {
  readonly tag: number;
  /** 6 a text, 7 bytes, 8 a list of texts, 4 numbers of 32 bits. */
  readonly type: number;
  readonly count: number;
  readonly data: Uint8Array;
  /** Behind the end of the region. */
  readonly isOutside?: boolean;
}

export function splitRpm(bytes: Buffer): RpmParts {
  const sizeAt = (at: number): number => 16 + bytes.readUInt32BE(at + 8) * 16 + bytes.readUInt32BE(at + 12);
  const signatureEnd = 96 + sizeAt(96);
  const mainStart = signatureEnd + ((8 - (signatureEnd % 8)) % 8);
  const mainEnd = mainStart + sizeAt(mainStart);
  return { lead: bytes.subarray(0, 96), main: bytes.subarray(mainStart, mainEnd), payload: bytes.subarray(mainEnd) };
}

export const binary = (tag: number, data: Uint8Array): HeaderEntry => ({ tag, type: 7, count: data.length, data });
export const text = (tag: number, value: string): HeaderEntry => ({ tag, type: 6, count: 1, data: Buffer.from(`${value}\0`) });
export const texts = (tag: number, values: readonly string[]): HeaderEntry => ({
  tag,
  type: 8,
  count: values.length,
  data: Buffer.from(values.map((value) => `${value}\0`).join('')),
});

/** Digests as rpmbuild writes them; leave out what a test is about. */
export const digestsOf = ({ main, payload }: RpmParts): Record<'sha1' | 'sha256' | 'md5', HeaderEntry> => ({
  sha1: text(269, createHash('sha1').update(main).digest('hex')),
  sha256: text(273, createHash('sha256').update(main).digest('hex')),
  md5: binary(1004, createHash('md5').update(main).update(payload).digest()),
});

export interface HeaderShape {
  /** Default true. */
  readonly hasRegion?: boolean;
  /** Tag of the region; default that of a signature header. */
  readonly region?: number;
  /** Tag in the end of the region; default the same. */
  readonly closes?: number;
  /** The first entry lies over the end of the region. */
  readonly overlaps?: boolean;
}

export function buildRpm(parts: RpmParts, entries: readonly HeaderEntry[], shape: HeaderShape = {}): Buffer {
  const header = buildHeader(entries, shape);
  const padding = Buffer.alloc((8 - ((96 + header.length) % 8)) % 8);
  return Buffer.concat([parts.lead, header, padding, parts.main, parts.payload]);
}

export function buildHeader(
  entries: readonly HeaderEntry[],
  { hasRegion = true, region = 62, closes = region, overlaps = false }: HeaderShape,
): Buffer {
  const inside = entries.filter(({ isOutside }) => isOutside !== true);
  const outside = entries.filter(({ isOutside }) => isOutside === true);
  const index: Buffer[] = [];
  let data = Buffer.alloc(0);
  const add = ({ tag, type, count, data: bytes }: HeaderEntry, at = data.length): void => {
    index.push(Buffer.concat([uint(tag, 4), uint(type, 4), uint(at, 4), uint(count, 4)]));
    if (at === data.length) data = Buffer.concat([data, bytes]);
  };
  const inData = inside.reduce((sum, { data: bytes }) => sum + bytes.length, 0);
  for (const [i, entry] of inside.entries())
    add(overlaps && i === inside.length - 1 ? { ...entry, data: entry.data, count: entry.count + 8 } : entry);
  if (hasRegion) {
    const trailer = Buffer.concat([uint(closes, 4), uint(7, 4), Buffer.alloc(4), uint(16, 4)]);
    trailer.writeInt32BE(-(inside.length + 1) * 16, 8);
    index.unshift(Buffer.concat([uint(region, 4), uint(7, 4), uint(inData, 4), uint(16, 4)]));
    data = Buffer.concat([data, trailer]);
  }
  for (const entry of outside) add(entry);
  return Buffer.concat([Buffer.from('8eade80100000000', 'hex'), uint(index.length, 4), uint(data.length, 4), ...index, data]);
}
