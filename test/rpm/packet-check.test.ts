import { createHash, createSign, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { KeyRing } from '../../src/rpm/key-ring.ts';
import { checkPacket, decidePackets } from '../../src/rpm/packet-check.ts';
import { verificationKey } from '../../src/rpm/public-key.ts';
import { KEY_ALGORITHM } from '../../src/rpm/signature-packet.ts';

const KEY_ID = '0123456789ABCDEF';
const CREATED = 1_700_000_000;
const SHA1 = 2;
const SHA256 = 8;
const NOW = new Date('2025-01-01T00:00:00Z');
const DATA = Buffer.from('a header');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const rsaJwk = rsa.publicKey.export({ format: 'jwk' });
const rsaParameters = { n: Buffer.from(rsaJwk.n!, 'base64url'), e: Buffer.from(rsaJwk.e!, 'base64url') };

/** A ring with one key that never expires. */
function ringOf(algorithm: number, parameters: Record<string, unknown>, changes: { isRevoked?: boolean; createdAt?: Date } = {}): KeyRing {
  const key = verificationKey(algorithm, parameters)!;
  const ringKey = {
    ...key,
    fingerprint: 'F'.repeat(40),

    createdAt: new Date(0),
    expiresAt: undefined,
    isRevoked: false,
    version: 4,
    unusable: undefined,
    ...changes,
  };
  return { fingerprints: [ringKey.fingerprint], find: (id) => (id === KEY_ID ? [ringKey] : []) };
}

const uint = (value: number, size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
};
const number = (value: Buffer): Buffer => Buffer.concat([uint(value.length * 8, 2), value]);
const packet = (body: Buffer): Buffer => Buffer.concat([Buffer.from([0x89]), uint(body.length, 2), body]);

const hashOf = (data: Buffer): Buffer => createHash('sha256').update(data).digest();

function version3(key: KeyObject, data: Buffer, hash = SHA256): Buffer {
  const trailer = Buffer.concat([Buffer.from([0]), uint(CREATED, 4)]);
  const signature = createSign(hash === SHA256 ? 'sha256' : 'sha1')
    .update(data)
    .update(trailer)
    .sign(key);
  const start = hashOf(Buffer.concat([data, trailer])).subarray(0, 2);
  const head = [Buffer.from([3, 5]), trailer, Buffer.from(KEY_ID, 'hex'), Buffer.from([1, hash]), start];
  return packet(Buffer.concat([...head, number(signature)]));
}

function version4(values: (hashed: Buffer) => Buffer[], algorithm: number, extra: Buffer = Buffer.alloc(0)): Buffer {
  const subpackets = Buffer.concat([Buffer.from([5, 2]), uint(CREATED, 4), Buffer.from([9, 16]), Buffer.from(KEY_ID, 'hex'), extra]);
  const signed = Buffer.concat([Buffer.from([4, 0, algorithm, SHA256]), uint(subpackets.length, 2), subpackets]);
  const trailer = Buffer.concat([signed, Buffer.from([4, 0xff]), uint(signed.length, 4)]);
  const hashed = Buffer.concat([DATA, trailer]);
  return packet(Buffer.concat([signed, uint(0, 2), hashOf(hashed).subarray(0, 2), ...values(hashed)]));
}

const check = (bytes: Uint8Array, keyRing: KeyRing, data: Uint8Array = DATA) => {
  const running = checkPacket(bytes, { keyRing, covers: 'everything', now: NOW });
  running.update(data);
  return running.result();
};
const rsaRing = ringOf(KEY_ALGORITHM.RSA, rsaParameters);
const rsaVersion4 = (extra?: Buffer): Buffer =>
  version4((hashed) => [number(createSign('sha256').update(hashed).sign(rsa.privateKey))], KEY_ALGORITHM.RSA, extra);

describe('a signature packet', () => {
  test('of version 3, as older distributions have them, is checked', () => {
    expect(check(version3(rsa.privateKey, DATA), rsaRing)).toEqual({
      kind: 'good',
      fingerprint: 'F'.repeat(40),
      signedAt: new Date(CREATED * 1000),
    });
    expect(check(version3(rsa.privateKey, Buffer.from('another')), rsaRing)).toMatchObject({ kind: 'bad' });
  });
  test('of version 4 is checked', () => {
    expect(check(rsaVersion4(), rsaRing)).toMatchObject({ kind: 'good' });
    expect(check(rsaVersion4(), rsaRing, Buffer.from('another'))).toMatchObject({ kind: 'bad' });
  });
  test('by an ECDSA key is checked', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { x, y } = pair.publicKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.from([4]), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')]);
    const ring = ringOf(KEY_ALGORITHM.ECDSA, { oid: { oid: Buffer.from('2a8648ce3d030107', 'hex') }, Q: point });
    const bytes = version4((hashed) => {
      const both = createSign('sha256').update(hashed).sign({ key: pair.privateKey, dsaEncoding: 'ieee-p1363' });
      return [number(both.subarray(0, 32)), number(both.subarray(32))];
    }, KEY_ALGORITHM.ECDSA);
    expect(check(bytes, ring)).toMatchObject({ kind: 'good' });
  });
  test('by a native Ed25519 key is checked', () => {
    const pair = generateKeyPairSync('ed25519');
    const ring = ringOf(KEY_ALGORITHM.ED25519, { A: Buffer.from(pair.publicKey.export({ format: 'jwk' }).x!, 'base64url') });
    const bytes = version4((hashed) => [sign(null, createHash('sha256').update(hashed).digest(), pair.privateKey)], KEY_ALGORITHM.ED25519);
    expect(check(bytes, ring)).toMatchObject({ kind: 'good' });
    expect(check(bytes, ring, Buffer.from('another'))).toMatchObject({ kind: 'bad' });
  });
  test('that announces the beginning of another hash is refused, as rpm does', () => {
    const bytes = Buffer.from(rsaVersion4());
    const at = bytes.length - 256 - 2 - 2;
    bytes[at] = bytes[at]! ^ 1;
    expect(check(bytes, rsaRing)).toMatchObject({ kind: 'bad', reason: 'it does not fit the file' });
  });
  test('with a weak hash is refused even where it fits', () => {
    expect(check(version3(rsa.privateKey, DATA, SHA1), rsaRing)).toEqual({
      kind: 'unsupported',
      reason: 'it uses a hash that is too weak or not known',
      what: 'hash',
    });
  });
  test('with a critical demand that is not understood is refused', () => {
    expect(check(rsaVersion4(Buffer.from([2, 0x80 | 101, 0])), rsaRing)).toMatchObject({
      kind: 'bad',
      reason: expect.stringContaining('subpacket 101'),
    });
  });
  test('of a revoked key, or older than its key, is refused', () => {
    expect(check(rsaVersion4(), ringOf(KEY_ALGORITHM.RSA, rsaParameters, { isRevoked: true }))).toMatchObject({ kind: 'bad' });
    expect(check(rsaVersion4(), ringOf(KEY_ALGORITHM.RSA, rsaParameters, { createdAt: new Date('2024-01-01') }))).toMatchObject({
      kind: 'bad',
    });
  });
  test.each([0, 1, 2, 10, 40, 200])('cut after %i bytes is bad and no crash', (length) => {
    expect(check(rsaVersion4().subarray(0, length), rsaRing)).toMatchObject({ kind: 'bad' });
  });
});

test('an RSA key of 512 bits is no key', () => {
  expect(verificationKey(KEY_ALGORITHM.RSA, { n: Buffer.alloc(64, 1), e: Buffer.from([3]) })).toBeUndefined();
});

test('a signature on the header alone does not vouch for a payload that the header does not name', () => {
  const running = checkPacket(rsaVersion4(), { keyRing: rsaRing, covers: 'header', now: NOW });
  running.update(DATA);
  expect(decidePackets([running])).toEqual({
    kind: 'bad',
    reason: 'it covers the header only, and the header has no digest of the payload',
  });
});

test('one bad signature among good ones is the answer', () => {
  const [good, bad] = [
    checkPacket(rsaVersion4(), { keyRing: rsaRing, covers: 'everything', now: NOW }),
    checkPacket(version3(rsa.privateKey, DATA), { keyRing: rsaRing, covers: 'everything', now: NOW }),
  ];
  good.update(DATA);
  bad.update(Buffer.from('another'));
  expect(decidePackets([good, bad])).toMatchObject({ kind: 'bad' });
});
