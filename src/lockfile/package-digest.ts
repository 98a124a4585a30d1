import type { LockedPackage } from './lockfile.ts';

/** Number of hex digits per allowed digest type. */
const LENGTHS: Readonly<Record<string, number>> = { md5: 32, sha1: 40, sha224: 56, sha256: 64, sha384: 96, sha512: 128 };

/** `sha512:...` for the checksum of a package in metadata; undefined if it is invalid. Old createrepo wrote SHA-1 as `sha`. */
export function packageDigest({ type, value }: { readonly type: string; readonly value: string }): string | undefined {
  const name = type.toLowerCase().replace(/^sha$/, 'sha1');
  const digits = value.toLowerCase();
  return Object.hasOwn(LENGTHS, name) && digits.length === LENGTHS[name] && /^[0-9a-f]+$/.test(digits) ? `${name}:${digits}` : undefined;
}

/** The checksum of a locked package in the metadata of its repository, in hex. */
export const metadataChecksum = ({ digest, sha256 }: Pick<LockedPackage, 'digest' | 'sha256'>): string =>
  digest?.replace(/^.*:/, '') ?? sha256;
