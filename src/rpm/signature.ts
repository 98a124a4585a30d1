import { createHash, getFips } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { ByteReader } from './byte-reader.ts';
import type { KeyRing } from './key-ring.ts';
import { MalformedPacket, PACKET_TAG, splitPackets } from './openpgp-packets.ts';
import { checkPacket, decidePackets, type PacketCheck } from './packet-check.ts';
import { type RpmHeader, readRpmHeaders } from './rpm-header.ts';
import { SIGNATURE_TAG, TAG } from './rpm-tags.ts';
import type { SignatureResult } from './signature-result.ts';

export type { SignatureResult } from './signature-result.ts';

export interface VerifyOptions {
  /** For messages; default: the file name. */
  readonly name?: string;
  /** Default: the clock. Used for signatures that expire. */
  readonly now?: Date;
}

const MAX_DETACHED = 64 << 10;
/** Maximum number of signatures: each costs a hash over the header. Packages have two or three. */
const MAX_SIGNATURES = 64;

/**
 * Verifies an RPM as rpm does with `%_pkgverify_level all`: header digests, payload digest, and every signature, of which one must cover the header
 * and one the payload. Since rpm 4.14 a header-only signature also covers the payload, because the header has the payload digest.
 * Throws RPM_INVALID for an invalid RPM.
 */
export async function verifyRpm(
  source: string | AsyncIterable<Uint8Array>,
  keyRing: KeyRing,
  options: VerifyOptions = {},
): Promise<SignatureResult> {
  const name = options.name ?? (typeof source === 'string' ? basename(source) : 'rpm');
  const reader = new ByteReader(typeof source === 'string' ? createReadStream(source) : source);
  try {
    return await verifyStream(reader, { name, keyRing, now: options.now ?? new Date() });
  } finally {
    await reader.close();
  }
}

/** Verifies a detached signature such as `repomd.xml.asc` of `data`. If there are several, one must be good and none may be bad. */
export async function verifyDetached(
  data: Uint8Array,
  { signature, keyRing, now = new Date() }: { signature: Uint8Array; keyRing: KeyRing; now?: Date },
): Promise<SignatureResult> {
  const packets = signature.length > MAX_DETACHED ? undefined : detachedPackets(signature);
  if (packets === undefined) return { kind: 'bad', reason: 'it is not an OpenPGP signature' };
  const checks = packets.map((packet) => checkPacket(packet, { keyRing, covers: 'everything', isOptional: packets.length > 1, now }));
  for (const check of checks) check.update(data);
  return decidePackets(checks) ?? { kind: 'unsigned' };
}

/** One line for the user about any result except `good`. */
export function describeSignature(result: SignatureResult): string {
  switch (result.kind) {
    case 'good':
      return `signed by ${result.fingerprint}`;
    case 'unsigned':
      return 'there is no signature';
    case 'unknown-key':
      return `signed by key ${result.keyId}, which is not among the keys of its repository`;
    case 'expired':
      return `signed on ${day(result.signedAt)} by ${result.fingerprint}, which expired on ${day(result.expiredAt)}`;
    case 'unsupported':
      return `the signature is not accepted: ${result.reason}`;
    case 'bad':
      return `the signature is bad: ${result.reason}`;
    case 'altered-header':
      return `the header was altered: ${result.reason}`;
    case 'altered-payload':
      return `the payload was altered: ${result.reason}`;
  }
}

/** The error for a result that is not `good`. */
export function signatureError(name: string, result: SignatureResult): RpmDepsError {
  const hint =
    result.kind === 'unknown-key' || result.kind === 'expired'
      ? 'if the distribution changed its key, add the new one to `gpgkey` of the repository'
      : 'remove the file and fetch it again; if the error persists, do not trust the mirror';
  return new RpmDepsError('SIGNATURE', `\`${name}\`: ${describeSignature(result)}`, { hint, data: { file: name, result: result.kind } });
}

async function verifyStream(
  reader: ByteReader,
  { name, keyRing, now }: { name: string; keyRing: KeyRing; now: Date },
): Promise<SignatureResult> {
  const { signature, main } = await readRpmHeaders(reader, name);
  // Always a SHA-256, as in rpm, whatever the entry for its algorithm contains.
  const expected = main.string(TAG.PAYLOAD_DIGEST)?.toLowerCase();
  const checks = packetChecks(signature, { keyRing, now, hasPayloadDigest: expected !== undefined });
  const md5 = signature.binary(SIGNATURE_TAG.MD5);
  // FIPS mode has no MD5. The stronger digests in the header make it unnecessary.
  const whole = md5 === undefined || getFips() === 1 ? undefined : createHash('md5').update(main.bytes);
  for (const check of checks) check.update(main.bytes);
  const hash = createHash('sha256');
  for await (const chunk of reader.rest()) {
    hash.update(chunk);
    whole?.update(chunk);
    for (const check of checks) if (check.covers === 'everything') check.update(chunk);
  }
  const header = alteredHeader({ signature, main, hasMd5: whole !== undefined });
  if (header !== undefined) return { kind: 'altered-header', reason: header };
  if (expected === undefined && whole === undefined) return { kind: 'altered-payload', reason: 'there is no digest of it' };
  const payload = hash.digest('hex');
  if (expected !== undefined && payload !== expected) {
    return { kind: 'altered-payload', reason: `its sha256 is ${payload}, the header says ${digestText(expected)}` };
  }
  if (md5 !== undefined && whole !== undefined && !whole.digest().equals(md5)) {
    return { kind: 'altered-payload', reason: 'header and payload do not have the md5 that the signature header gives' };
  }
  return decidePackets(checks) ?? { kind: 'unsigned' };
}

/**
 * Entries that contain signatures. PGP and GPG: rpm before 4.14, over header and payload. OPENPGP: any number of signatures of any kind; rpm before
 * version 6 ignores this entry.
 */
function packetChecks(
  signature: RpmHeader,
  { keyRing, hasPayloadDigest, now }: { keyRing: KeyRing; hasPayloadDigest: boolean; now: Date },
): PacketCheck[] {
  const headerCovers = hasPayloadDigest ? 'header-and-digest' : 'header';
  const checks: PacketCheck[] = [];
  for (const tag of [SIGNATURE_TAG.RSA_HEADER, SIGNATURE_TAG.DSA_HEADER]) {
    const bytes = signature.binary(tag);
    if (bytes !== undefined) checks.push(checkPacket(bytes, { keyRing, covers: headerCovers, now }));
  }
  for (const text of signature.strings(SIGNATURE_TAG.OPENPGP).slice(0, MAX_SIGNATURES))
    checks.push(checkPacket(Buffer.from(text, 'base64'), { keyRing, covers: headerCovers, isOptional: true, now }));
  for (const tag of [SIGNATURE_TAG.PGP, SIGNATURE_TAG.GPG]) {
    const bytes = signature.binary(tag);
    if (bytes !== undefined) checks.push(checkPacket(bytes, { keyRing, covers: 'everything', now }));
  }
  return checks;
}

function alteredHeader({ signature, main, hasMd5 }: { signature: RpmHeader; main: RpmHeader; hasMd5: boolean }): string | undefined {
  let isCovered = hasMd5;
  for (const [tag, algorithm] of [
    [SIGNATURE_TAG.SHA3_256_HEADER, 'sha3-256'],
    [SIGNATURE_TAG.SHA256_HEADER, 'sha256'],
    [SIGNATURE_TAG.SHA1_HEADER, 'sha1'],
  ] as const) {
    // rpm accepts upper- and lower-case hex.
    const expected = signature.string(tag)?.toLowerCase();
    if (expected === undefined) continue;
    const actual = createHash(algorithm).update(main.bytes).digest('hex');
    if (actual !== expected) return `its ${algorithm} is ${actual}, the signature header says ${digestText(expected)}`;
    isCovered = true;
  }
  return isCovered ? undefined : 'the signature header has no digest of it';
}

/** The digest for a message; other content is not printed. */
const digestText = (text = ''): string => (/^[0-9a-f]{1,128}$/.test(text) ? text : 'something that is no digest');

/** Each signature packet of an armored or binary file; undefined if there is none. */
function detachedPackets(bytes: Uint8Array): Uint8Array[] | undefined {
  const binary = unarmor(bytes);
  if (binary === undefined) return undefined;
  try {
    const packets = splitPackets(binary);
    return packets.length === 0 || packets.some(({ tag }) => tag !== PACKET_TAG.SIGNATURE)
      ? undefined
      : packets.map((packet) => packet.bytes);
  } catch (error) {
    if (error instanceof MalformedPacket) return undefined;
    throw error;
  }
}

function unarmor(bytes: Uint8Array): Uint8Array | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.includes('-----BEGIN')) return bytes;
  const block =
    /-----BEGIN PGP SIGNATURE-----\r?\n(?:[^\r\n]+\r?\n)*\r?\n([A-Za-z0-9+/=\s]+?)(?:\r?\n=[A-Za-z0-9+/]{4})?\r?\n-----END PGP SIGNATURE-----/.exec(
      text,
    );
  return block === null ? undefined : Buffer.from(block[1]!, 'base64');
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
