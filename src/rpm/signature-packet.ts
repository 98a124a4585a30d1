/**
 * OpenPGP signature packets (RFC 4880 5.2, RFC 9580), versions 3 and 4: what rpm puts into headers. Distributions have signed with version 3
 * for decades, which libraries no longer read. Only the packet is taken apart here; keys are a matter of key-ring.ts.
 */
export interface SignaturePacket {
  readonly version: 3 | 4;
  readonly keyAlgorithm: number;
  /** Name for node:crypto; undefined for hashes that this project does not accept. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | 'sha224' | undefined;
  /** Upper-case hex of 16 digits. */
  readonly issuerKeyId: string;
  readonly createdAt: Date;
  /** What is hashed behind the signed data. */
  readonly trailer: Uint8Array;
  /** The first two bytes of the hash. */
  readonly hashStart: Uint8Array;
  /** The numbers of the signature: one for RSA, two for DSA, ECDSA and EdDSA; a native Ed25519 signature as one. */
  readonly values: readonly Uint8Array[];
}

export const KEY_ALGORITHM = { RSA: 1, RSA_SIGN: 3, DSA: 17, ECDSA: 19, EDDSA: 22, ED25519: 27 } as const;

const HASHES: Readonly<Record<number, SignaturePacket['hash']>> = { 8: 'sha256', 9: 'sha384', 10: 'sha512', 11: 'sha224' };
const SUBPACKET = { CREATED: 2, ISSUER: 16, ISSUER_FINGERPRINT: 33 } as const;
/** Critical subpackets that change nothing about a signature on a file: these, and notations, policies and other hints. */
const KNOWN_SUBPACKETS = new Set([2, 3, 16, 20, 26, 28, 33]);

/** Reads the one signature packet in `bytes`; a string says what is wrong with it. */
export function parseSignaturePacket(bytes: Uint8Array): SignaturePacket | string {
  try {
    return parseBody(packetBody(bytes));
  } catch (error) {
    if (error instanceof MalformedPacket) return error.message;
    throw error;
  }
}

class MalformedPacket extends Error {}

class Cursor {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw new MalformedPacket('the signature packet is cut short');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  number(size: number): number {
    return this.take(size).reduce((sum, byte) => sum * 256 + byte, 0);
  }
}

function packetBody(bytes: Uint8Array): Uint8Array {
  const cursor = new Cursor(bytes);
  const head = cursor.number(1);
  const isNew = (head & 0xc0) === 0xc0;
  const tag = isNew ? head & 0x3f : (head >> 2) & 0x0f;
  if ((head & 0x80) === 0 || tag !== 2) throw new MalformedPacket('there is no signature packet');
  const body = cursor.take(isNew ? newLength(cursor) : cursor.number([1, 2, 4, 0][head & 3]!));
  if (cursor.at !== bytes.length) throw new MalformedPacket('there is more than one signature packet');
  return body;
}

/** Length octets of new packets and of subpackets. */
function newLength(cursor: Cursor): number {
  const first = cursor.number(1);
  if (first < 192) return first;
  if (first === 255) return cursor.number(4);
  if (first >= 224) throw new MalformedPacket('the signature packet has a partial length');
  return (first - 192) * 256 + cursor.number(1) + 192;
}

function parseBody(body: Uint8Array): SignaturePacket {
  const cursor = new Cursor(body);
  const version = cursor.number(1);
  if (version === 3) return parseVersion3(cursor);
  if (version === 4) return parseVersion4(cursor);
  throw new MalformedPacket(`signature packets of version ${version} are not understood`);
}

function parseVersion3(cursor: Cursor): SignaturePacket {
  if (cursor.number(1) !== 5) throw new MalformedPacket('the signature packet is malformed');
  const trailer = cursor.take(5);
  checkType(trailer[0]!);
  const issuerKeyId = hex(cursor.take(8));
  const keyAlgorithm = cursor.number(1);
  const hash = HASHES[cursor.number(1)];
  const createdAt = dateOf(trailer.subarray(1));
  return {
    version: 3,
    keyAlgorithm,
    hash,
    issuerKeyId,
    createdAt,
    trailer,
    hashStart: cursor.take(2),
    values: readValues(cursor, keyAlgorithm),
  };
}

function parseVersion4(cursor: Cursor): SignaturePacket {
  checkType(cursor.number(1));
  const keyAlgorithm = cursor.number(1);
  const hash = HASHES[cursor.number(1)];
  const hashed = readSubpackets(cursor);
  const signedLength = cursor.at;
  const unhashed = readSubpackets(cursor);
  const length = Buffer.alloc(6, 0xff);
  length[0] = 4;
  length.writeUInt32BE(signedLength, 2);
  const trailer = Buffer.concat([cursor.bytes.subarray(0, signedLength), length]);
  const created = hashed.get(SUBPACKET.CREATED);
  if (created?.length !== 4) throw new MalformedPacket('the signature has no date');
  // As rpm looks for it. A fingerprint alone does where nothing stands outside of the hash: what stands there may have been altered.
  const fingerprint = unhashed.size === 0 ? hashed.get(SUBPACKET.ISSUER_FINGERPRINT) : undefined;
  const issuer = hashed.get(SUBPACKET.ISSUER) ?? unhashed.get(SUBPACKET.ISSUER) ?? fingerprint?.subarray(13);
  if (issuer?.length !== 8) throw new MalformedPacket('the signature does not name its key');
  return {
    version: 4,
    keyAlgorithm,
    hash,
    issuerKeyId: hex(issuer),
    createdAt: dateOf(created),
    trailer,
    hashStart: cursor.take(2),
    values: readValues(cursor, keyAlgorithm),
  };
}

function checkType(type: number): void {
  if (type !== 0) throw new MalformedPacket('the signature is not one on a file');
}

function readSubpackets(cursor: Cursor): Map<number, Uint8Array> {
  const area = new Cursor(cursor.take(cursor.number(2)));
  const found = new Map<number, Uint8Array>();
  while (area.at < area.bytes.length) {
    const packet = area.take(newLength(area));
    if (packet.length === 0) throw new MalformedPacket('the signature packet is malformed');
    const type = packet[0]! & 0x7f;
    const isCritical = packet[0]! >= 0x80;
    if (isCritical && !KNOWN_SUBPACKETS.has(type))
      throw new MalformedPacket(`the signature needs subpacket ${type}, which is not understood`);
    if (!found.has(type)) found.set(type, packet.subarray(1));
  }
  return found;
}

function readValues(cursor: Cursor, keyAlgorithm: number): Uint8Array[] {
  if (keyAlgorithm === KEY_ALGORITHM.ED25519) return [cursor.take(64)];
  const isRsa = keyAlgorithm === KEY_ALGORITHM.RSA || keyAlgorithm === KEY_ALGORITHM.RSA_SIGN;
  const values = Array.from({ length: isRsa ? 1 : 2 }, () => cursor.take(Math.ceil(cursor.number(2) / 8)));
  if (cursor.at !== cursor.bytes.length) throw new MalformedPacket('the signature packet is malformed');
  return values;
}

function dateOf(bytes: Uint8Array): Date {
  return new Date(new Cursor(bytes).number(4) * 1000);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
