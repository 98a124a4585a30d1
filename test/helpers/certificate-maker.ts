/** Key files put together byte by byte, as gpg writes them: openpgp.js marks parts as critical that rpm 4.18 does not know, and refuses to write odd ones. */
import type { PrivateKey } from 'openpgp';
import { CREATED, created, issuer, type MadeKey, type SigningKey, signaturePacket, subpacket, uint } from './signature-maker.ts';

export interface MadeSubkey {
  readonly of: MadeKey;
  /** Default: for signing. `null`: the binding does not say what it is for. */
  readonly flags?: number | null;
  readonly lifeSeconds?: number;
  /** A revocation, where it stands: gpg writes it before the binding. */
  readonly revoked?: 'before its binding' | 'after its binding';
  /** Who made the binding; default the primary key. */
  readonly boundBy?: SigningKey;
  readonly hasBinding?: boolean;
}

export interface CertificateShape {
  readonly flags?: number;
  readonly lifeSeconds?: number;
  /** Reason for revocation: 1 replaced, 2 stolen. */
  readonly revoked?: number;
  readonly subkeys?: readonly MadeSubkey[];
}

export const FLAGS = { CERTIFY: 1, SIGN: 2, ENCRYPT: 12 } as const;

export function certificate(key: MadeKey, { flags = 3, lifeSeconds, revoked, subkeys = [] }: CertificateShape = {}): string {
  return armorBytes(
    certificateBytes(key, {
      flags,
      ...(lifeSeconds === undefined ? {} : { lifeSeconds }),
      ...(revoked === undefined ? {} : { revoked }),
      subkeys,
    }),
  );
}

export function certificateBytes(key: MadeKey, { flags = 3, lifeSeconds, revoked, subkeys = [] }: CertificateShape = {}): Buffer {
  const { primary } = key;
  const body = keyBody(key.privateKey);
  const user = Buffer.from('Someone <someone@example.org>');
  const about = keyFrame(body);
  const parts = [about];
  if (revoked !== undefined) {
    const hashed = [created(new Date('2025-01-01T00:00:00Z')), issuer(primary), subpacket(29, Buffer.from([revoked]))];
    parts.push(signaturePacket(primary, about, { type: 0x20, hashed }));
  }
  const hashed = [created(CREATED), issuer(primary), subpacket(27, Buffer.from([flags])), ...life(lifeSeconds)];
  parts.push(Buffer.concat([Buffer.from([0xb4, user.length]), user]));
  const userData = Buffer.concat([about, Buffer.from([0xb4]), uint(user.length, 4), user]);
  parts.push(signaturePacket(primary, userData, { type: 0x13, hashed }));
  for (const subkey of subkeys) parts.push(...subkeyPackets(subkey, about, primary));
  return Buffer.concat(parts);
}

const keyBody = (key: PrivateKey): Buffer => Buffer.from(key.toPublic().keyPacket.write());
/** A packet with a length of two bytes, which is also how a key is hashed. */
const keyFrame = (body: Uint8Array): Buffer => Buffer.concat([Buffer.from([0x99]), uint(body.length, 2), body]);
const life = (seconds: number | undefined): Buffer[] => (seconds === undefined ? [] : [subpacket(9, uint(seconds, 4))]);

function subkeyPackets(
  { of, flags = FLAGS.SIGN, lifeSeconds, revoked, boundBy, hasBinding = true }: MadeSubkey,
  about: Buffer,
  primary: SigningKey,
): Buffer[] {
  const body = keyBody(of.privateKey);
  const packet = Buffer.concat([Buffer.from([0xb9]), uint(body.length, 2), body]);
  const data = Buffer.concat([about, keyFrame(body)]);
  const back = signaturePacket(of.primary, data, { type: 0x19, hashed: [created(CREATED), issuer(of.primary)] });
  const hashed = [created(CREATED), ...(flags === null ? [] : [subpacket(27, Buffer.from([flags]))]), ...life(lifeSeconds)];
  const binding = signaturePacket(boundBy ?? primary, data, {
    type: 0x18,
    hashed,
    unhashed: [issuer(primary), subpacket(32, back.subarray(3))],
  });
  const revocation = signaturePacket(primary, data, {
    type: 0x28,
    hashed: [created(new Date('2025-01-01T00:00:00Z')), issuer(primary), subpacket(29, Buffer.from([2]))],
  });
  return [
    packet,
    ...(revoked === 'before its binding' ? [revocation] : []),
    ...(hasBinding ? [binding] : []),
    ...(revoked === 'after its binding' ? [revocation] : []),
  ];
}

export const armorBytes = (bytes: Uint8Array): string =>
  `-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n${Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n')}\n${checksum(bytes)}\n-----END PGP PUBLIC KEY BLOCK-----\n`;

/** CRC-24 (RFC 4880, 6.1): rpm wants it. */
function checksum(bytes: Uint8Array): string {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit++) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return `=${uint(crc & 0xffffff, 3).toString('base64')}`;
}
