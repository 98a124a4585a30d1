import type { Key, PublicKey, Subkey } from 'openpgp';
import { RpmDepsError } from '../base/errors.ts';
import { type VerificationKey, verificationKey } from './public-key.ts';

/** One key that may sign: a primary key, or a subkey that its primary key vouches for. */
export interface RingKey extends VerificationKey {
  /** Upper-case hex, of the primary key: what a person compares and a lockfile records. */
  readonly fingerprint: string;
  readonly createdAt: Date;
  /** Undefined where it never expires. */
  readonly expiresAt: Date | undefined;
  readonly isRevoked: boolean;
}

export interface KeyRing {
  /** Of the primary keys, upper-case hex, sorted, each once. */
  readonly fingerprints: readonly string[];
  /** Keys with this id of 16 hex digits; two keys can share one. */
  find(keyId: string): readonly RingKey[];
}

/** A key file, such as what `gpgkey` of a repository names: armored, with any text around and any number of blocks, or binary. */
export interface KeySource {
  /** Path or URL, for messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const ARMOR_BEGIN = '-----BEGIN PGP PUBLIC KEY BLOCK-----';
const ARMOR_END = '-----END PGP PUBLIC KEY BLOCK-----';
const MAX_KEY_FILE = 4 << 20;
// A revocation counts whenever it was made, and the answer does not hang on a clock.
const END_OF_TIME = new Date('9999-12-31T00:00:00Z');

export async function readKeyRing(sources: readonly KeySource[]): Promise<KeyRing> {
  const byId = new Map<string, RingKey[]>();
  const fingerprints = new Set<string>();
  for (const source of sources) {
    for (const key of await readKeys(source)) {
      const fingerprint = key.getFingerprint().toUpperCase();
      if (fingerprints.has(fingerprint)) continue;
      fingerprints.add(fingerprint);
      for (const [id, ringKey] of await signingKeys(key, fingerprint)) byId.set(id, [...(byId.get(id) ?? []), ringKey]);
    }
  }
  return { fingerprints: [...fingerprints].sort(), find: (keyId) => byId.get(keyId.toUpperCase()) ?? [] };
}

async function readKeys({ name, bytes }: KeySource): Promise<PublicKey[]> {
  const invalid = (cause?: unknown) =>
    new RpmDepsError('SIGNATURE', `\`${name}\` is not an OpenPGP public key`, {
      hint: 'check `gpgkey` of the repository in the manifest',
      cause,
    });
  if (bytes.length > MAX_KEY_FILE) throw invalid();
  // Loaded on first use: most commands never look at a key.
  const openpgp = await import('openpgp');
  const blocks = armoredBlocks(Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n'));
  try {
    const lists =
      blocks.length === 0
        ? [await openpgp.readKeys({ binaryKeys: bytes })]
        : await Promise.all(blocks.map((block) => openpgp.readKeys({ armoredKeys: block })));
    const keys = lists.flat().filter((key) => !key.isPrivate());
    if (keys.length === 0) throw invalid();
    return keys;
  } catch (error) {
    throw error instanceof RpmDepsError ? error : invalid(error);
  }
}

function armoredBlocks(text: string): string[] {
  const blocks: string[] = [];
  for (let from = text.indexOf(ARMOR_BEGIN); from >= 0; from = text.indexOf(ARMOR_BEGIN, from + 1)) {
    const end = text.indexOf(ARMOR_END, from);
    if (end < 0) break;
    blocks.push(text.slice(from, end + ARMOR_END.length));
    from = end;
  }
  return blocks;
}

async function signingKeys(key: Key, fingerprint: string): Promise<[string, RingKey][]> {
  const isRevoked = await key.isRevoked(undefined, undefined, END_OF_TIME);
  const found: [string, RingKey][] = [];
  for (const part of [key, ...key.subkeys]) {
    // The primary key of a trusted file is trusted even where its self-signature is of a kind that is no longer read; a subkey needs its binding.
    const expiry = await part.getExpirationTime();
    if (expiry === null && part !== key) continue;
    const parameters = Object.fromEntries(Object.entries(publicParameters(part)));
    const usable = verificationKey(part.keyPacket.algorithm, parameters);
    if (usable === undefined) continue;
    const expiresAt = expiry instanceof Date ? expiry : undefined;
    found.push([
      part.getKeyID().toHex().toUpperCase(),
      { ...usable, fingerprint, createdAt: part.getCreationTime(), expiresAt, isRevoked },
    ]);
  }
  return found;
}

function publicParameters(part: Key | Subkey): object {
  const parameters: unknown = part.keyPacket.publicParams;
  return typeof parameters === 'object' && parameters !== null ? parameters : {};
}
