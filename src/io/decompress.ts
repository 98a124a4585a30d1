/** Opens what is compressed, recognised by its first bytes and not by its name. */

import * as zlib from 'node:zlib';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { RpmDepsError } from '../errors.ts';
import { concatBytes } from './bytes.ts';

type Format = 'gzip' | 'zstd' | 'xz' | 'bzip2' | 'plain';

const MAGIC: readonly (readonly [Format, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
];

/** Larger than any repository's metadata by far; a bomb stops here where no size was promised. */
const MAX_OPENED = 8 * 1024 ** 3;

export interface OpenOptions {
  /** What is opened, for messages. */
  readonly what: string;
  /** Exact size after opening, where it is known. */
  readonly openSize?: number | undefined;
}

/**
 * The opened bytes of a possibly compressed stream. Throws METADATA_INVALID when it is damaged or cut off, or gives more
 * or less than `openSize`.
 */
export async function* openStream(source: AsyncIterable<Uint8Array>, options: OpenOptions): AsyncGenerator<Uint8Array> {
  const limit = options.openSize ?? MAX_OPENED;
  let total = 0;
  try {
    for await (const chunk of openAny(source, options)) {
      total += chunk.length;
      if (total > limit) throw damaged(options.what, `is larger than the ${limit} bytes that were promised`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof RpmDepsError || !isDecoderError(error)) throw error;
    throw damaged(options.what, `cannot be decompressed: ${(error as Error).message}`, error);
  }
  if (options.openSize !== undefined && total !== options.openSize) {
    throw damaged(options.what, `has ${total} bytes when opened, and not ${options.openSize} as promised`);
  }
}

/** The same for bytes in memory. */
export async function openBytes(bytes: Uint8Array, options: OpenOptions): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openStream(one(bytes), options)) chunks.push(chunk.slice());
  return concatBytes(chunks);
}

async function* one(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function* openAny(source: AsyncIterable<Uint8Array>, options: OpenOptions): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  while (length < 6) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    head.push(value);
    length += value.length;
  }
  const start = concatBytes(head);
  const whole = prepend(start, iterator);
  const format = MAGIC.find(([, magic]) => magic.every((byte, i) => start[i] === byte))?.[0] ?? 'plain';
  if (format === 'plain') yield* whole;
  else if (format === 'gzip') yield* throughZlib(whole, createGunzip({ chunkSize: 256 * 1024 }));
  else if (format === 'zstd') yield* openZstd(whole, options);
  else if (format === 'xz') yield* openXz(whole);
  else throw damaged(options.what, 'is compressed with bzip2, which is not supported');
}

async function* prepend(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (;;) {
      const { value, done } = await rest.next();
      if (done === true) return;
      yield value;
    }
  } finally {
    await rest.return?.();
  }
}

async function* throughZlib(source: AsyncIterable<Uint8Array>, decoder: zlib.Gunzip): AsyncGenerator<Uint8Array> {
  // The callback only says that errors are seen to: they also end the loop over the decoder.
  pipeline(Readable.from(source, { objectMode: false }), decoder, () => {});
  yield* decoder as AsyncIterable<Uint8Array>;
}

async function* openZstd(source: AsyncIterable<Uint8Array>, options: OpenOptions): AsyncGenerator<Uint8Array> {
  const create = (zlib as { createZstdDecompress?: () => zlib.Gunzip }).createZstdDecompress;
  if (create !== undefined) {
    yield* throughZlib(source, create());
    return;
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  const { ZSTDDecoder } = await import('zstddec');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  const compressed = concatBytes(chunks);
  // One frame of unknown size would be given a buffer that grows without end.
  if (options.openSize === undefined && !hasContentSize(compressed))
    throw damaged(options.what, 'does not say how large it is when opened');
  yield decoder.decode(compressed, options.openSize ?? 0);
}

/** The frame header's single-segment flag or a content size field (RFC 8878, 3.1.1.1). */
function hasContentSize(frame: Uint8Array): boolean {
  return ((frame[4] ?? 0) & 0xe0) !== 0;
}

async function* openXz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { XzReadableStream } = await import('xz-decompress');
  const iterator = source[Symbol.asyncIterator]();
  const input = new ReadableStream<Uint8Array>({
    async pull(controller): Promise<void> {
      const { value, done } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
  });
  yield* new XzReadableStream(input as never) as unknown as AsyncIterable<Uint8Array>;
}

function isDecoderError(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined || code.startsWith('Z_') || code.startsWith('ERR_');
}

function damaged(what: string, problem: string, cause?: unknown): RpmDepsError {
  return new RpmDepsError('METADATA_INVALID', `${what} ${problem}`, {
    hint: 'the mirror may be broken or in the middle of an update: try again, or use another mirror',
    cause,
  });
}
