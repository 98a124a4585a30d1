import { MalformedPacket, PACKET_TAG, PacketCursor, splitPackets } from './openpgp-packets.ts';

/**
 * OpenPGP signature packets (RFC 4880 5.2, RFC 9580) of versions 3, 4 and 6, as rpm stores them in headers. Distributions used version 3 for
 * decades, and libraries no longer read it. This file only parses packets; key-ring.ts handles keys.
 */
export interface SignaturePacket {
  readonly version: 3 | 4 | 6;
  readonly keyAlgorithm: number;
  /** Name for node:crypto; undefined for hashes that are not accepted. */
  readonly hash: SignatureHash | undefined;
  /** Upper-case hex of 16 digits. */
  readonly issuerKeyId: string;
  readonly createdAt: Date;
  /** Undefined if it never expires. */
  readonly expiresAt: Date | undefined;
  /** Hashed before the signed data; version 6 only. */
  readonly salt: Uint8Array;
  /** Hashed after the signed data. */
  readonly trailer: Uint8Array;
  /** The first two bytes of the hash. */
  readonly hashStart: Uint8Array;
  /** The numbers of the signature: one for RSA, two for DSA, ECDSA and EdDSA; a native Ed25519 or Ed448 signature as one. */
  readonly values: readonly Uint8Array[];
}

type SignatureHash = 'sha224' | 'sha256' | 'sha384' | 'sha512' | 'sha3-256' | 'sha3-512';

/** Why a packet proves nothing: it is malformed, or its version or algorithm is not supported. */
export interface PacketFault {
  readonly kind: 'malformed' | 'unsupported';
  readonly reason: string;
}

export const KEY_ALGORITHM = { RSA: 1, DSA: 17, ECDSA: 19, EDDSA: 22, ED25519: 27, ED448: 28 } as const;

const HASHES: Readonly<Record<number, SignatureHash>> = {
  8: 'sha256',
  9: 'sha384',
  10: 'sha512',
  11: 'sha224',
  12: 'sha3-256',
  14: 'sha3-512',
};
/** Required bytes of salt in a signature of version 6. */
const SALT_SIZE: Readonly<Record<SignatureHash, number>> = {
  sha224: 16,
  sha256: 16,
  sha384: 24,
  sha512: 32,
  'sha3-256': 16,
  'sha3-512': 32,
};
const SUBPACKET = { CREATED: 2, EXPIRES: 3, ISSUER: 16, KEY_FLAGS: 27, ISSUER_FINGERPRINT: 33 } as const;
/**
 * Critical subpackets that are accepted: they are obeyed here, or do not concern a file (key flags; rpm ignores them too). A notation (20) is not
 * accepted, because its meaning is unknown.
 */
const OBEYED = new Set<number>(Object.values(SUBPACKET));
const KNOWN_ALGORITHMS = new Set<number>(Object.values(KEY_ALGORITHM));

/** Parses `bytes`, which must be one signature packet. */
export function parseSignaturePacket(bytes: Uint8Array): SignaturePacket | PacketFault {
  try {
    const [packet, ...more] = splitPackets(bytes);
    if (packet === undefined || packet.tag !== PACKET_TAG.SIGNATURE) throw new MalformedPacket('there is no signature packet');
    if (more.length > 0) throw new MalformedPacket('there is more than one signature packet');
    return parseBody(packet.body);
  } catch (error) {
    if (error instanceof UnsupportedPacket) return { kind: 'unsupported', reason: error.message };
    if (error instanceof MalformedPacket) return { kind: 'malformed', reason: error.message };
    throw error;
  }
}

class UnsupportedPacket extends MalformedPacket {}

function parseBody(body: Uint8Array): SignaturePacket {
  const cursor = new PacketCursor(body);
  const version = cursor.number(1);
  if (version === 3) return parseVersion3(cursor);
  if (version === 4 || version === 6) return parseLater(cursor, version);
  throw new UnsupportedPacket(`signature packets of version ${version} are not understood`);
}

function parseVersion3(cursor: PacketCursor): SignaturePacket {
  if (cursor.number(1) !== 5) throw new MalformedPacket('the signature packet is malformed');
  const trailer = cursor.take(5);
  checkType(trailer[0]!);
  const issuerKeyId = hex(cursor.take(8));
  const keyAlgorithm = knownAlgorithm(cursor.number(1));
  const hash = HASHES[cursor.number(1)];
  const createdAt = dateOf(trailer.subarray(1));
  return {
    version: 3,
    keyAlgorithm,
    hash,
    issuerKeyId,
    createdAt,
    expiresAt: undefined,
    salt: new Uint8Array(0),
    trailer,
    hashStart: cursor.take(2),
    values: readValues(cursor, keyAlgorithm),
  };
}

/** Versions 4 and 6 differ in the sizes of length fields, in the salt, and in which part of a fingerprint is the key id. */
function parseLater(cursor: PacketCursor, version: 4 | 6): SignaturePacket {
  const lengthSize = version === 4 ? 2 : 4;
  checkType(cursor.number(1));
  const keyAlgorithm = knownAlgorithm(cursor.number(1));
  const hash = HASHES[cursor.number(1)];
  const hashed = readSubpackets(cursor, lengthSize);
  const signedLength = cursor.at;
  const unhashed = readSubpackets(cursor, lengthSize);
  const length = Buffer.alloc(6, 0xff);
  length[0] = version;
  length.writeUInt32BE(signedLength, 2);
  const trailer = Buffer.concat([cursor.bytes.subarray(0, signedLength), length]);
  const created = hashed.get(SUBPACKET.CREATED);
  if (created?.length !== 4) throw new MalformedPacket('the signature has no date');
  const createdAt = dateOf(created);
  const hashStart = cursor.take(2);
  const salt = version === 4 ? new Uint8Array(0) : cursor.take(cursor.number(1));
  if (version === 6 && hash !== undefined && salt.length !== SALT_SIZE[hash])
    throw new MalformedPacket('the salt of the signature has a wrong size');
  return {
    version,
    keyAlgorithm,
    hash,
    issuerKeyId: hex(issuerOf({ hashed, unhashed, version })),
    createdAt,
    expiresAt: expiryOf(hashed.get(SUBPACKET.EXPIRES), createdAt),
    salt,
    trailer,
    hashStart,
    values: readValues(cursor, keyAlgorithm),
  };
}

type Subpackets = ReadonlyMap<number, Uint8Array>;

function issuerOf({ hashed, unhashed, version }: { hashed: Subpackets; unhashed: Subpackets; version: 4 | 6 }): Uint8Array {
  const fingerprint = hashed.get(SUBPACKET.ISSUER_FINGERPRINT);
  if (version === 6) {
    if (fingerprint?.length !== 33 || fingerprint[0] !== 6) throw new MalformedPacket('the signature does not name its key');
    return fingerprint.subarray(1, 9);
  }
  // Same order as rpm. A fingerprint alone is enough if there are no unhashed subpackets, which could have been altered.
  const issuer =
    hashed.get(SUBPACKET.ISSUER) ?? unhashed.get(SUBPACKET.ISSUER) ?? (unhashed.size === 0 ? fingerprint?.subarray(13) : undefined);
  if (issuer?.length !== 8) throw new MalformedPacket('the signature does not name its key');
  return issuer;
}

function expiryOf(seconds: Uint8Array | undefined, createdAt: Date): Date | undefined {
  if (seconds === undefined) return undefined;
  if (seconds.length !== 4) throw new MalformedPacket('the signature packet is malformed');
  const life = new PacketCursor(seconds).number(4);
  return endAfter(createdAt, life);
}

/** The end of a key or signature; undefined if it never expires, which OpenPGP writes as 0 seconds (RFC 9580, 5.2.3.13 and 5.2.3.18). */
export const endAfter = (start: Date, seconds: number): Date | undefined =>
  seconds === 0 ? undefined : new Date(start.getTime() + seconds * 1000);

function checkType(type: number): void {
  if (type !== 0) throw new MalformedPacket('the signature is not one on a file');
}

function knownAlgorithm(algorithm: number): number {
  if (KNOWN_ALGORITHMS.has(algorithm)) return algorithm;
  throw new UnsupportedPacket(`signatures with public-key algorithm ${algorithm} are not understood`);
}

function readSubpackets(cursor: PacketCursor, lengthSize: number): Subpackets {
  const area = new PacketCursor(cursor.take(cursor.number(lengthSize)));
  const found = new Map<number, Uint8Array>();
  while (!area.isAtEnd) {
    const packet = area.take(subpacketLength(area));
    if (packet.length === 0) throw new MalformedPacket('the signature packet is malformed');
    const type = packet[0]! & 0x7f;
    const isCritical = packet[0]! >= 0x80;
    if (isCritical && !OBEYED.has(type)) throw new MalformedPacket(`the signature needs subpacket ${type}, which is not understood`);
    // With two dates, different programs could use different ones.
    if (found.has(type) && (type === SUBPACKET.CREATED || type === SUBPACKET.EXPIRES))
      throw new MalformedPacket(`the signature has subpacket ${type} twice`);
    if (!found.has(type)) found.set(type, packet.subarray(1));
  }
  return found;
}

function subpacketLength(cursor: PacketCursor): number {
  const first = cursor.number(1);
  if (first < 192) return first;
  return first === 255 ? cursor.number(4) : (first - 192) * 256 + cursor.number(1) + 192;
}

function readValues(cursor: PacketCursor, keyAlgorithm: number): Uint8Array[] {
  const values = plainValues(cursor, keyAlgorithm);
  if (!cursor.isAtEnd) throw new MalformedPacket('the signature packet is malformed');
  return values;
}

function plainValues(cursor: PacketCursor, keyAlgorithm: number): Uint8Array[] {
  if (keyAlgorithm === KEY_ALGORITHM.ED25519) return [cursor.take(64)];
  if (keyAlgorithm === KEY_ALGORITHM.ED448) return [cursor.take(114)];
  return Array.from({ length: keyAlgorithm === KEY_ALGORITHM.RSA ? 1 : 2 }, () => cursor.take(Math.ceil(cursor.number(2) / 8)));
}

function dateOf(bytes: Uint8Array): Date {
  return new Date(new PacketCursor(bytes).number(4) * 1000);
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
