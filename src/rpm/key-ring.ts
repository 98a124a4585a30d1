import type { Key, PublicKey, SignaturePacket, Subkey } from 'openpgp';
import { RpmDepsError } from '../base/errors.ts';
import { PACKET_TAG, splitPackets } from './openpgp-packets.ts';
import { type VerificationKey, verificationKey } from './public-key.ts';
import { endAfter } from './signature-packet.ts';

/** One signing key: a primary key, or a subkey that is bound by a signature of its primary key. */
export interface RingKey extends VerificationKey {
  /** Upper-case hex, of the primary key: for comparison by users, and recorded in lockfiles. */
  readonly fingerprint: string;
  readonly createdAt: Date;
  /** Undefined if it never expires. */
  readonly expiresAt: Date | undefined;
  /** The owner revoked the primary key. */
  readonly isRevoked: boolean;
  /** Version of the key: 4 or 6. Signatures have the version of their key; version 3 signatures use keys of version 4. */
  readonly version: number;
  /** Why its signatures are not accepted, such as `may not sign`. */
  readonly unusable: string | undefined;
}

export interface KeyRing {
  /** Fingerprints of the primary keys, upper-case hex, sorted, without duplicates. */
  readonly fingerprints: readonly string[];
  /** Keys with this id (16 hex digits); several keys can have the same id. */
  find(keyId: string): readonly RingKey[];
}

/** A key file, such as `gpgkey` of a repository: binary, or armored, with any number of blocks and other text around them. */
export interface KeySource {
  /** Path or URL, for messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const ARMOR_BEGIN = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const ARMOR_END = '-----END PGP PUBLIC KEY BLOCK-----';
const MAX_KEY_FILE = 4 << 20;
// A revocation counts at any time, so that the result does not depend on the clock.
const END_OF_TIME = new Date('9999-12-31T00:00:00Z');

export async function readKeyRing(sources: readonly KeySource[]): Promise<KeyRing> {
  const byId = new Map<string, [RingKey, ...RingKey[]]>();
  const copiesOf = new Map<string, [Key, ...Key[]]>();
  for (const source of sources) {
    for (const key of await readKeys(source)) pushTo(copiesOf, key.getFingerprint().toUpperCase(), key);
  }
  for (const [fingerprint, copies] of copiesOf) {
    for (const [id, ringKey] of await signingKeys(copies, fingerprint)) pushTo(byId, id, ringKey);
  }
  return { fingerprints: [...copiesOf.keys()].sort(), find: (keyId) => byId.get(keyId.toUpperCase()) ?? [] };
}

function pushTo<T>(map: Map<string, [T, ...T[]]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

async function readKeys({ name, bytes }: KeySource): Promise<PublicKey[]> {
  const invalid = (cause?: unknown) =>
    new RpmDepsError('SIGNATURE', `\`${name}\` is not an OpenPGP public key`, {
      hint: 'check `gpgkey` of the repository in the manifest',
      cause,
    });
  if (bytes.length > MAX_KEY_FILE) throw invalid();
  // Loaded on first use: most commands need no keys.
  const openpgp = await import('openpgp');
  const blocks = armoredBlocks(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'));
  const keys: PublicKey[] = [];
  let failure: unknown;
  for (const block of blocks.length === 0 ? [bytes] : blocks) {
    try {
      const binary = typeof block === 'string' ? ((await openpgp.unarmor(block)).data as Uint8Array) : block;
      for (const binaryKey of certificates(binary)) {
        // Key files of distributions also contain keys of algorithms that are not supported yet.
        const key = await openpgp.readKey({ binaryKey }).catch((error: unknown) => {
          failure = error;
          return undefined;
        });
        if (key !== undefined && !key.isPrivate()) keys.push(key);
      }
    } catch (error) {
      failure = error;
    }
  }
  if (keys.length === 0) throw invalid(failure);
  return keys;
}

/** The bytes of each key: a primary key and the packets after it. */
function certificates(bytes: Uint8Array): Uint8Array[] {
  const found: Uint8Array[][] = [];
  for (const { tag, bytes: packet } of splitPackets(bytes)) {
    if (tag === PACKET_TAG.PUBLIC_KEY) found.push([]);
    found.at(-1)?.push(packet);
  }
  return found.map((packets) => Buffer.concat(packets));
}

function armoredBlocks(text: string): string[] {
  const blocks: string[] = [];
  for (let from = text.indexOf(ARMOR_BEGIN); from >= 0; from = text.indexOf(ARMOR_BEGIN, from + 1)) {
    const end = text.indexOf(ARMOR_END, from);
    if (end < 0) break;
    // A truncated block ends at the next one.
    const next = text.indexOf(ARMOR_BEGIN, from + 1);
    if (next < 0 || next > end) blocks.push(text.slice(from, end + ARMOR_END.length));
  }
  return blocks;
}

/**
 * Merges all copies of one key, from several files or of several ages: the newest signature of each kind counts, and a revocation in any copy
 * counts.
 */
async function signingKeys(copies: readonly [Key, ...Key[]], fingerprint: string): Promise<[string, RingKey][]> {
  const [key] = copies;
  const revocations = await Promise.all(copies.map((copy) => copy.isRevoked(undefined, undefined, END_OF_TIME)));
  const isRevoked = revocations.includes(true);
  // The primary key of a trusted file is trusted even if its self-signature is of an obsolete kind.
  const own = await selfSignatures(copies);
  const end = own.map((signature) => endOf(key, signature)).reduce(earlier, undefined);
  const isForSigning = own.map(maySign).find((may) => may !== undefined) ?? true;
  const found: [string, RingKey][] = [];
  const add = (part: Key | Subkey, more: Pick<RingKey, 'expiresAt' | 'isRevoked' | 'unusable'>): void => {
    const usable = verificationKey(part.keyPacket.algorithm, Object.fromEntries(Object.entries(publicParameters(part))));
    if (usable === undefined) return;
    const version = part.keyPacket.version;
    found.push([part.getKeyID().toHex().toUpperCase(), { ...usable, ...more, version, fingerprint, createdAt: part.getCreationTime() }]);
  };
  add(key, { expiresAt: end, isRevoked, unusable: isForSigning ? undefined : 'may not sign' });
  const subkeys = new Map<string, [Subkey, ...Subkey[]]>();
  for (const subkey of copies.flatMap((copy) => copy.subkeys)) pushTo(subkeys, subkey.getFingerprint(), subkey);
  for (const same of subkeys.values()) {
    const [subkey] = same;
    const binding = await bindingOf(same);
    // A subkey without a binding signature of the primary key is not trusted.
    if (binding === undefined) continue;
    const taken = await Promise.all(same.map((copy) => copy.isRevoked(undefined as never, undefined as never, END_OF_TIME)));
    const unusable = taken.includes(true) ? 'was revoked' : maySign(binding) === true ? undefined : 'may not sign';
    add(subkey, { expiresAt: earlier(end, endOf(subkey, binding)), isRevoked, unusable });
  }
  return found;
}

/** No date: openpgp then does not filter by date. Dates are compared later, with the date of each signature. */
const ANY_DATE = null as unknown as Date;

/** Self-signatures of the primary key: on a user id, and direct ones, as in version 6. */
async function selfSignatures(copies: readonly [Key, ...Key[]]): Promise<SignaturePacket[]> {
  const { keyPacket } = copies[0];
  const openpgp = await import('openpgp');
  const signatures = copies.flatMap((copy) => (copy as unknown as KeyParts).directSignatures);
  const direct = await latest(signatures, { keyPacket, type: openpgp.enums.signature.key, data: { key: keyPacket } });
  let certification: SignaturePacket | undefined;
  for (const copy of copies) {
    const user = await copy.getPrimaryUser(ANY_DATE).catch(() => undefined);
    certification = newer(certification, user?.selfCertification as unknown as SignaturePacket | undefined);
  }
  return [direct, certification].filter((signature) => signature !== undefined);
}

async function bindingOf(copies: readonly [Subkey, ...Subkey[]]): Promise<SignaturePacket | undefined> {
  const { mainKey, keyPacket } = copies[0] as unknown as KeyParts;
  const openpgp = await import('openpgp');
  const data = { key: mainKey.keyPacket, bind: keyPacket };
  const signatures = copies.flatMap((copy) => (copy as unknown as KeyParts).bindingSignatures);
  return latest(signatures, { keyPacket: mainKey.keyPacket, type: openpgp.enums.signature.subkeyBinding, data });
}

/** Fields of openpgp's keys that its types do not declare. */
interface KeyParts {
  readonly mainKey: Key;
  readonly keyPacket: Key['keyPacket'];
  readonly bindingSignatures: readonly SignaturePacket[];
  readonly directSignatures: readonly SignaturePacket[];
}

/** The newest valid signature by this key. */
async function latest(
  signatures: readonly SignaturePacket[],
  { keyPacket, type, data }: { readonly keyPacket: Key['keyPacket']; readonly type: number; readonly data: object },
): Promise<SignaturePacket | undefined> {
  let newest: SignaturePacket | undefined;
  for (const signature of signatures) {
    if (newer(newest, signature) !== signature) continue;
    const isGood = await signature.verify(keyPacket, type, data as never, ANY_DATE).then(
      () => true,
      () => false,
    );
    if (isGood) newest = signature;
  }
  return newest;
}

/** The more recent of both. */
function newer(a: SignaturePacket | undefined, b: SignaturePacket | undefined): SignaturePacket | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.created != null && b.created != null && b.created < a.created ? a : b;
}

const FLAG_SIGN = 0x02;

/** Undefined if the signature has no key flags. */
function maySign(signature: SignaturePacket): boolean | undefined {
  const flags = signature.keyFlags?.[0];
  return flags === undefined ? undefined : (flags & FLAG_SIGN) !== 0;
}

/** Expiry of the key, or of its self-signature if that is earlier: the key flags are not valid without it. */
function endOf(part: Key | Subkey, { created, keyExpirationTime, signatureExpirationTime }: SignaturePacket): Date | undefined {
  return earlier(after(part.getCreationTime(), keyExpirationTime), after(created, signatureExpirationTime));
}

function after(start: Date | null, seconds: number | null | undefined): Date | undefined {
  return start == null || seconds == null ? undefined : endAfter(start, seconds);
}

function earlier(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

function publicParameters(part: Key | Subkey): object {
  const parameters: unknown = part.keyPacket.publicParams;
  return typeof parameters === 'object' && parameters !== null ? parameters : {};
}
