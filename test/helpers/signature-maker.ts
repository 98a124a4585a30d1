/** Makes OpenPGP keys with openpgp.js, and signature packets of any shape byte by byte: also such as no program writes. */
import { createHash, createPrivateKey, createSign, type KeyObject, sign } from 'node:crypto';
import * as openpgp from 'openpgp';

export interface SigningKey {
  readonly algorithm: number;
  readonly key: KeyObject;
  readonly keyId: string;
  readonly fingerprint: string;
  readonly version: number;
}

export interface MadeKey {
  readonly privateKey: openpgp.PrivateKey;
  /** What a `gpgkey` file holds. */
  readonly armored: string;
  readonly primary: SigningKey;
  readonly subkeys: readonly SigningKey[];
}

export const CREATED = new Date('2024-01-01T00:00:00Z');

export async function makeKey(name: string, options: Partial<openpgp.KeyOptions> = {}): Promise<MadeKey> {
  const { privateKey } = await openpgp.generateKey({
    userIDs: [{ name, email: `${name}@example.org` }],
    type: 'rsa',
    rsaBits: 2048,
    subkeys: [],
    date: CREATED,
    ...options,
    format: 'object',
  } as openpgp.KeyOptions & { format: 'object' });
  return madeKey(privateKey);
}

async function madeKey(privateKey: openpgp.PrivateKey): Promise<MadeKey> {
  return {
    privateKey,
    armored: privateKey.toPublic().armor(),
    primary: signingKey(privateKey),
    subkeys: privateKey.subkeys.map((subkey) => signingKey(subkey as unknown as openpgp.PrivateKey)),
  };
}

function signingKey(part: openpgp.PrivateKey): SigningKey {
  const packet = part.keyPacket as unknown as {
    algorithm: number;
    version: number;
    publicParams: Record<string, Uint8Array & { oid?: Uint8Array }>;
    privateParams: Record<string, Uint8Array>;
  };
  return {
    algorithm: packet.algorithm,
    key: nodeKey(packet.algorithm, packet.publicParams, packet.privateParams),
    keyId: part.getKeyID().toHex(),
    fingerprint: part.getFingerprint(),
    version: packet.version,
  };
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const big = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const fromBig = (value: bigint): Buffer =>
  Buffer.from(value.toString(16).padStart(value.toString(16).length + (value.toString(16).length % 2), '0'), 'hex');

function nodeKey(
  algorithm: number,
  open: Record<string, Uint8Array & { oid?: Uint8Array }>,
  secret: Record<string, Uint8Array>,
): KeyObject {
  if (algorithm === 1) {
    // openpgp keeps u = 1/p mod q, where others keep 1/q mod p: with the primes the other way round it is the same.
    const [d, p, q, u] = [secret['d']!, secret['p']!, secret['q']!, secret['u']!];
    const [dp, dq] = [big(d) % (big(q) - 1n), big(d) % (big(p) - 1n)].map(fromBig);
    const jwk = {
      kty: 'RSA',
      n: base64(open['n']!),
      e: base64(open['e']!),
      d: base64(d),
      p: base64(q),
      q: base64(p),
      dp: base64(dp!),
      dq: base64(dq!),
      qi: base64(u),
    };
    return createPrivateKey({ key: jwk, format: 'jwk' });
  }
  if (algorithm === 19) {
    const point = open['Q']!;
    const size = (point.length - 1) / 2;
    const crv = { 32: 'P-256', 48: 'P-384', 66: 'P-521' }[size]!;
    const jwk = { kty: 'EC', crv, x: base64(point.subarray(1, 1 + size)), y: base64(point.subarray(1 + size)), d: base64(secret['d']!) };
    return createPrivateKey({ key: jwk, format: 'jwk' });
  }
  if (algorithm === 22 || algorithm === 27 || algorithm === 28) {
    const x = algorithm === 22 ? open['Q']!.subarray(1) : open['A']!;
    return createPrivateKey({
      key: { kty: 'OKP', crv: algorithm === 28 ? 'Ed448' : 'Ed25519', x: base64(x), d: base64(secret['seed']!) },
      format: 'jwk',
    });
  }
  // Of keys that cannot sign, which are asked to all the same: any key does.
  return createPrivateKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: base64(new Uint8Array(32)), d: base64(new Uint8Array(32)) },
    format: 'jwk',
  });
}

export const HASH_ID = {
  md5: 1,
  sha1: 2,
  ripemd160: 3,
  sha256: 8,
  sha384: 9,
  sha512: 10,
  sha224: 11,
  'sha3-256': 12,
  'sha3-512': 14,
} as const;
type HashName = keyof typeof HASH_ID;

export interface PacketShape {
  readonly version?: 2 | 3 | 4 | 5 | 6;
  /** 0 is a signature on a file. */
  readonly type?: number;
  readonly hash?: HashName;
  /** What the packet says instead. */
  readonly hashId?: number;
  readonly algorithm?: number;
  readonly created?: Date;
  /** Default: date and issuer. */
  readonly hashed?: readonly Uint8Array[];
  readonly unhashed?: readonly Uint8Array[];
}

export const uint = (value: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
};
export const subpacket = (type: number, body: Uint8Array, { critical = false } = {}): Buffer =>
  Buffer.concat([subpacketLength(body.length + 1), uint(type | (critical ? 0x80 : 0), 1), body]);
const subpacketLength = (length: number): Buffer =>
  length < 192 ? uint(length, 1) : Buffer.from([((length - 192) >> 8) + 192, (length - 192) & 255]);
export const created = (date: Date, options = {}): Buffer => subpacket(2, uint(date.getTime() / 1000, 4), options);
export const issuer = ({ keyId }: SigningKey): Buffer => subpacket(16, Buffer.from(keyId, 'hex'));
export const issuerFingerprint = ({ fingerprint, version }: SigningKey): Buffer =>
  subpacket(33, Buffer.concat([uint(version, 1), Buffer.from(fingerprint, 'hex')]));
export const notation = (options: { critical: boolean }): Buffer => {
  const [name, value] = ['policy@example.org', 'strict'].map((text) => Buffer.from(text)) as [Buffer, Buffer];
  return subpacket(20, Buffer.concat([uint(0x80000000, 4), uint(name.length, 2), uint(value.length, 2), name, value]), options);
};

export function signaturePacket(signer: SigningKey, data: Uint8Array, shape: PacketShape = {}): Buffer {
  const { version = signer.version === 6 ? 6 : 4, type = 0, hash = 'sha256', created: date = new Date('2024-06-01T00:00:00Z') } = shape;
  const [hashId, algorithm] = [shape.hashId ?? HASH_ID[hash], shape.algorithm ?? signer.algorithm];
  if (version === 2 || version === 3) {
    const trailer = Buffer.concat([uint(type, 1), uint(date.getTime() / 1000, 4)]);
    const { start, values } = signed(signer, hash, [data, trailer]);
    const head = [uint(version, 1), uint(5, 1), trailer, Buffer.from(signer.keyId, 'hex'), uint(algorithm, 1), uint(hashId, 1)];
    return framed(Buffer.concat([...head, start, ...values]));
  }
  const size = version === 6 ? 4 : 2;
  const hashedArea = Buffer.concat(shape.hashed ?? [created(date), version === 6 ? issuerFingerprint(signer) : issuer(signer)]);
  const unhashedArea = Buffer.concat(shape.unhashed ?? []);
  const head = Buffer.concat([Buffer.from([version, type, algorithm, hashId]), uint(hashedArea.length, size), hashedArea]);
  const trailer = Buffer.concat([head, Buffer.from([version, 0xff]), uint(head.length, 4)]);
  const salt = version === 6 ? Buffer.alloc({ sha384: 24, sha512: 32, 'sha3-512': 32 }[hash as string] ?? 16, 7) : Buffer.alloc(0);
  const { start, values } = signed(signer, hash, [salt, data, trailer]);
  const salted = version === 6 ? [uint(salt.length, 1), salt] : [];
  return framed(Buffer.concat([head, uint(unhashedArea.length, size), unhashedArea, start, ...salted, ...values]));
}

/** With the length in the old form, as gpg writes it. */
export const framed = (body: Uint8Array): Buffer => Buffer.concat([Buffer.from([0x89]), uint(body.length, 2), body]);

function signed({ algorithm, key }: SigningKey, hash: HashName, parts: readonly Uint8Array[]): { start: Buffer; values: Buffer[] } {
  const data = Buffer.concat(parts);
  const digest = createHash(hash).update(data).digest();
  const start = digest.subarray(0, 2);
  if (algorithm === 1) return { start, values: [number(createSign(hash).update(data).sign(key))] };
  if (algorithm === 19) {
    const both = createSign(hash).update(data).sign({ key, dsaEncoding: 'ieee-p1363' });
    return { start, values: [both.subarray(0, both.length / 2), both.subarray(both.length / 2)].map(number) };
  }
  const both = sign(null, digest, key);
  return { start, values: algorithm === 22 || algorithm === 18 ? [both.subarray(0, 32), both.subarray(32)].map(number) : [both] };
}

function number(value: Uint8Array): Buffer {
  const first = value.findIndex((byte) => byte !== 0);
  const digits = Buffer.from(value.subarray(first < 0 ? value.length : first));
  const bits = digits.length === 0 ? 0 : (digits.length - 1) * 8 + (32 - Math.clz32(digits[0]!));
  return Buffer.concat([uint(bits, 2), digits]);
}
