/**
 * A seal at the end of each cache file: a keyed checksum, with a key that only this user can read. A plain checksum only detects damage;
 * the seal proves that rpm-deps wrote this content under this name. It is the tag of AES-GCM over name and content, as fast as a CRC.
 *
 * Format: the first 4 bytes of the SHA-256 of the key, a nonce of 12 bytes, the tag of 16 bytes.
 */
import { createCipheriv, createHash, randomBytes } from 'node:crypto';
import { linkSync, lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolders } from './make-folders.ts';
import { PRIVATE_FOLDER_MODE } from './private-folder.ts';

const SEAL_BYTES = 32;
const KEY_FILE = 'cache-key';
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const NONCE_END = KEY_ID_BYTES + 12;

/** The key of a cache directory; undefined if there is none that only this user can read. */
export function readSealKey(cacheDir: string): Buffer | undefined {
  const path = join(cacheDir, KEY_FILE);
  try {
    const info = lstatSync(path);
    const uid = process.getuid?.();
    if (!info.isFile() || (uid !== undefined && (info.uid !== uid || (info.mode & 0o077) !== 0))) return undefined;
    const key = readFileSync(path);
    return key.length === KEY_BYTES ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the key, or creates it if it is missing; undefined if it cannot be written. */
export function makeSealKey(cacheDir: string): Buffer | undefined {
  const known = readSealKey(cacheDir);
  if (known !== undefined) return known;
  const path = join(cacheDir, KEY_FILE);
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    makeFolders(cacheDir, PRIVATE_FOLDER_MODE);
    writeFileSync(temporary, randomBytes(KEY_BYTES), { flag: 'wx', mode: 0o600 });
    try {
      // If several processes start at once, all use the key of the first.
      linkSync(temporary, path);
    } catch {
      if (readSealKey(cacheDir) === undefined) renameSync(temporary, path);
    }
  } catch {
    // Without a key the cache is not used.
  }
  try {
    rmSync(temporary, { force: true });
  } catch {
    // The directory is a file.
  }
  return readSealKey(cacheDir);
}

/** Call it only after all sealed files are deleted. */
export const removeSealKey = (cacheDir: string): void => rmSync(join(cacheDir, KEY_FILE), { force: true });

/** The seal for a file with this name and content. */
export function sealOf(key: Uint8Array, name: string, parts: readonly Uint8Array[]): Buffer {
  const nonce = randomBytes(NONCE_END - KEY_ID_BYTES);
  return Buffer.concat([keyId(key), nonce, tagOf(key, nonce, name, parts)]);
}

/** The content of a sealed file. `altered`: it has a seal of this key that does not match; `unsealed`: it has none. */
export function openSealed(key: Uint8Array, name: string, file: Buffer): Buffer | 'altered' | 'unsealed' {
  const end = file.length - SEAL_BYTES;
  if (end < 0) return 'unsealed';
  const seal = file.subarray(end);
  if (!seal.subarray(0, KEY_ID_BYTES).equals(keyId(key))) return 'unsealed';
  const content = file.subarray(0, end);
  return tagOf(key, seal.subarray(KEY_ID_BYTES, NONCE_END), name, [content]).equals(seal.subarray(NONCE_END)) ? content : 'altered';
}

const keyId = (key: Uint8Array): Buffer => createHash('sha256').update(key).digest().subarray(0, KEY_ID_BYTES);

function tagOf(key: Uint8Array, nonce: Uint8Array, name: string, parts: readonly Uint8Array[]): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  for (const part of [Buffer.from(`${name}\0`), ...parts]) if (part.length > 0) cipher.setAAD(part);
  cipher.final();
  return cipher.getAuthTag();
}
