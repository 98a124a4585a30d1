import { createHash, type Hash } from 'node:crypto';
import { RpmDepsError } from '../base/errors.ts';

export interface ExpectedDigest {
  /** Name in repodata: `sha256`, `sha512`, ... */
  readonly type: string;
  /** Hex, upper or lower case. */
  readonly value: string;
}

/** Accepted digests. md5 is broken, and sha1 is too weak for downloads from untrusted servers. */
const TRUSTED: ReadonlySet<string> = new Set(['sha224', 'sha256', 'sha384', 'sha512']);

/** The file has another digest or size than declared. */
export class DigestMismatchError extends RpmDepsError {
  override readonly name = 'DigestMismatchError';

  constructor(what: string, mark: 'size' | 'checksum', { expected, got }: { readonly expected: string; readonly got: string }) {
    super('DIGEST_MISMATCH', `${what} does not match its ${mark}`, {
      details: [`expected: ${expected}`, `got:      ${got}`],
      hint: 'the mirror serves a damaged or altered file: try again, or use another mirror',
    });
  }
}

interface Expected {
  readonly checksum?: ExpectedDigest | undefined;
  readonly size?: number | undefined;
}

interface DigestOptions {
  /** Accept another size if the checksum is right; see `wrongSize`. */
  readonly sizeMayBeWrong?: boolean;
  /** Accept md5 and sha1 too, because the user allowed them. */
  readonly allowWeak?: boolean;
}

/** Hashes a stream and compares the digest at the end. `what` names the file in messages. */
export class DigestCheck {
  readonly #what: string;
  readonly #expected: ExpectedDigest | undefined;
  readonly #size: number | undefined;
  readonly #hash: Hash | undefined;
  #bytes = 0;
  #isWebPage = false;
  readonly #isSizeHint: boolean;

  constructor(what: string, expected: Expected, { sizeMayBeWrong = false, allowWeak = false }: DigestOptions = {}) {
    this.#isSizeHint = sizeMayBeWrong && expected.checksum !== undefined;
    this.#what = what;
    this.#expected = expected.checksum;
    this.#size = expected.size;
    this.#hash = expected.checksum === undefined ? undefined : createDigest(expected.checksum.type, what, { allowWeak });
  }

  /** Throws as soon as there are more bytes than declared. */
  update(chunk: Uint8Array): void {
    if (this.#bytes === 0) this.#isWebPage = isWebPage(chunk);
    this.#bytes += chunk.length;
    if (this.#size !== undefined && this.#bytes > this.#size && !this.#isSizeHint) {
      throw this.#mismatch('size', `${this.#size} bytes`, `more than ${this.#size} bytes`);
    }
    this.#hash?.update(chunk);
  }

  finish(): void {
    if (this.#size !== undefined && this.#bytes !== this.#size && !this.#isSizeHint) {
      throw this.#mismatch('size', `${this.#size} bytes`, `${this.#bytes} bytes`);
    }
    if (this.#hash === undefined || this.#expected === undefined) return;
    const got = this.#hash.digest('hex');
    const expected = this.#expected.value.toLowerCase();
    if (got !== expected) throw this.#mismatch('checksum', `${this.#expected.type} ${expected}`, `${this.#expected.type} ${got}`);
  }

  /** Actual size if it differs from the declared size; otherwise undefined. */
  get wrongSize(): number | undefined {
    return this.#size === undefined || this.#size === this.#bytes ? undefined : this.#bytes;
  }

  #mismatch(mark: 'size' | 'checksum', expected: string, actual: string): DigestMismatchError {
    const got = this.#isWebPage ? 'a web page, perhaps of a proxy or a login' : actual;
    return new DigestMismatchError(this.#what, mark, { expected, got });
  }
}

function isWebPage(start: Uint8Array): boolean {
  return /^\s*<(?:!doctype html|html|head)/i.test(Buffer.from(start.subarray(0, 512)).toString('latin1'));
}

/** Digests that are too weak for downloads. */
const WEAK: ReadonlySet<string> = new Set(['sha1', 'md5']);

export const isWeakDigest = (type: string): boolean => WEAK.has(type.toLowerCase());

/** A hash of an accepted kind; throws METADATA_INVALID for other kinds. `what` names the file. */
function createDigest(type: string, what: string, { allowWeak = false } = {}): Hash {
  const name = type.toLowerCase();
  if (TRUSTED.has(name) || (allowWeak && WEAK.has(name))) return createHash(name);
  throw new RpmDepsError('METADATA_INVALID', `the checksum of ${what} is of type \`${type}\`, which is not accepted`, {
    hint: WEAK.has(name) ? WEAK_HINT : 'the repository must offer sha256 or better',
  });
}

/** How to read a repository that has only weak checksums. */
export const WEAK_HINT =
  'such a file can be forged: ask the repository for sha256, or set `allow_weak_checksums: true` for it in the manifest';
