import { gunzipSync, constants as zlib } from 'node:zlib';
import { redact } from '../base/redact.ts';
import { openStream } from '../io/decompress.ts';
import { networkError } from './failures.ts';

/**
 * Decompresses a body that the server compressed without request. Servers also send `Content-Encoding: gzip` for files that are
 * gzip themselves (Apache's AddEncoding for .gz); such files stay unchanged, because their checksums are of the compressed bytes. Values that
 * are not compressions (`aws-chunked` of S3, `utf-8`) are ignored.
 */
export async function* decodeWire(
  body: AsyncIterable<Uint8Array>,
  { url, encoding }: { url: string; encoding: string | undefined },
): AsyncGenerator<Uint8Array> {
  const [name = '', ...others] = (encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((part) => part.trim())
    .filter((part) => ENCODINGS.test(part));
  if (others.length > 0) throw networkError(url, 'is sent in several encodings that were not requested');
  const packed = PACKED.find(({ encoding: own }) => own.test(name));
  if (packed !== undefined) {
    const { head, whole } = await peek(body, 8);
    // Decide by the extension of the file, then by its first bytes.
    const isPacked = packed.magic.every((byte, i) => head[i] === byte) && !packed.path.test(new URL(url).pathname);
    yield* isPacked ? openStream(whole, { what: redact(url) }) : whole;
    return;
  }
  if (!name.endsWith('gzip')) {
    yield* body;
    return;
  }
  const { head, whole } = await peek(body, 1024);
  if (/\.t?gz$/.test(new URL(url).pathname) && !isGzip(openedHead(head))) yield* whole;
  else yield* openStream(whole, { what: redact(url) });
}

const ENCODINGS = /^(?:x-)?(?:gzip|xz|bzip2?|zstd)$/;

/** Encodings that servers declare for files that are compressed themselves, as Apache does with AddEncoding. */
const PACKED: readonly { readonly encoding: RegExp; readonly path: RegExp; readonly magic: readonly number[] }[] = [
  { encoding: /^(?:x-)?xz$/, path: /\.t?xz$/i, magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { encoding: /^(?:x-)?bzip2?$/, path: /\.t?bz2?$/i, magic: [0x42, 0x5a, 0x68] },
  { encoding: /^(?:x-)?zstd$/, path: /\.(?:t?zst|zstd|zck)$/i, magic: [0x28, 0xb5, 0x2f, 0xfd] },
];

function openedHead(head: Uint8Array): Uint8Array {
  try {
    return gunzipSync(head, { finishFlush: zlib.Z_SYNC_FLUSH });
  } catch {
    // Not gzip, despite the header: keep the bytes.
    return new Uint8Array();
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

async function peek(
  body: AsyncIterable<Uint8Array>,
  length: number,
): Promise<{ readonly head: Uint8Array; readonly whole: AsyncIterable<Uint8Array> }> {
  const iterator = body[Symbol.asyncIterator]();
  const chunks: Uint8Array[] = [];
  let got = 0;
  while (got < length) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    chunks.push(value);
    got += value.length;
  }
  const head = Buffer.concat(chunks);
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      if (head.length > 0) yield head;
      for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
    } finally {
      await iterator.return?.();
    }
  }
  return { head, whole: whole() };
}
