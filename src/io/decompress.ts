/** Decompresses data. Detects the format from the first bytes, not from the file name. Streams all formats except zstd. */
import { createRequire } from 'node:module';
import { endianness } from 'node:os';
import * as zlib from 'node:zlib';
import { RpmDepsError } from '../base/errors.ts';
import { addressSpaceError } from './address-space.ts';
import { concatBytes } from './bytes.ts';

type Format = 'gzip' | 'zstd' | 'xz' | 'lzma' | 'bzip2' | 'plain';

const MAGIC: readonly (readonly [Format, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  // pzstd output starts with a skippable frame (RFC 8878, 3.1.2), which has one of 16 magic numbers.
  ...Array.from({ length: 16 }, (_, i): readonly [Format, readonly number[]] => ['zstd', [0x50 + i, 0x2a, 0x4d, 0x18]]),
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  // The properties byte that `xz --format=lzma` and LZMA Utils write, and the low bytes of the dictionary size.
  ['lzma', [0x5d, 0x00, 0x00]],
  ['bzip2', [0x42, 0x5a, 0x68]],
];

/** Maximum bytes after decompression; far more than the metadata of any repository. */
const MAX_OPENED = 8 * 1024 ** 3;
/** Maximum expansion. Repodata expands ten- to twentyfold. Not checked for small files. */
const MAX_RATIO = 400;
const RATIO_MATTERS_FROM = 64 * 1024 ** 2;
const CHUNK = 1024 * 1024;

export interface OpenOptions {
  /** Name of the file, for messages. */
  readonly what: string;
  /** Exact size after decompression, if known. */
  readonly openSize?: number | undefined;
  /** Maximum size after decompression, if the exact size is not known. */
  readonly limitBytes?: number | undefined;
}

/**
 * The decompressed bytes of a stream, which may also be uncompressed. Throws METADATA_INVALID if the data is damaged or truncated, differs from
 * `openSize`, or expands too much; errors of the source are passed on.
 */
export async function* openStream(source: AsyncIterable<Uint8Array>, options: OpenOptions): AsyncGenerator<Uint8Array> {
  const limit = Math.min(options.openSize ?? options.limitBytes ?? MAX_OPENED, MAX_OPENED);
  const input = new MeteredSource(source);
  let total = 0;
  try {
    for await (const chunk of openAny(input, options)) {
      total += chunk.length;
      if (total > limit) throw damaged(options.what, `is larger than ${limit} bytes when opened`);
      // Checked separately, because a decompression bomb can declare its size.
      if (total > RATIO_MATTERS_FROM && total > input.bytes * MAX_RATIO) {
        throw damaged(options.what, `grows more than ${MAX_RATIO} times when opened`);
      }
      yield chunk;
    }
  } catch (error) {
    if (input.failure !== undefined) throw input.failure;
    if (error instanceof RpmDepsError) throw error;
    throw addressSpaceError(error) ?? damaged(options.what, `cannot be decompressed: ${(error as Error).message}`, error);
  }
  if (options.openSize !== undefined && total !== options.openSize) {
    throw damaged(options.what, `has ${total} bytes when opened, not ${options.openSize} as repomd.xml says`);
  }
}

/** Like `openStream`, for bytes in memory. */
export async function openBytes(bytes: Uint8Array, options: OpenOptions): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of openStream(only(bytes), options)) chunks.push(chunk);
  return concatBytes(chunks);
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Counts the bytes, and distinguishes failures of the source from failures of the decoder. */
class MeteredSource implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>;
  bytes = 0;
  failure: unknown;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.#source) {
        this.bytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }
}

async function* openAny(source: AsyncIterable<Uint8Array>, options: OpenOptions): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  let length = 0;
  while (length < 8) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    head.push(value);
    length += value.length;
  }
  const start = concatBytes(head);
  const whole = prepend(start, iterator);
  const format = MAGIC.find(([, magic]) => magic.every((byte, i) => start[i] === byte))?.[0] ?? 'plain';
  if (format === 'plain') yield* whole;
  else if (format === 'gzip') yield* throughZlib(whole, zlib.createGunzip({ chunkSize: CHUNK }));
  else if (format === 'zstd') yield* openZstd(whole, options);
  else if (format === 'xz' && isForLibrary(start)) yield* openXz(whole);
  else yield* openWithProgram(format === 'bzip2' ? 'bzip2' : 'xz', whole, options);
}

async function* prepend(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* throughZlib(source: AsyncIterable<Uint8Array>, decoder: zlib.Gunzip): AsyncGenerator<Uint8Array> {
  const { pipeline } = await import('node:stream/promises');
  // If either side fails, the decoder is destroyed, and reading it throws the same error.
  const feeding = pipeline(source, decoder).catch(() => undefined);
  try {
    yield* decoder as AsyncIterable<Uint8Array>;
  } finally {
    decoder.destroy();
    await feeding;
  }
}

async function* openZstd(source: AsyncIterable<Uint8Array>, options: OpenOptions): AsyncGenerator<Uint8Array> {
  // node:zlib cannot be used, even with zstd support: it stops after the first of several frames.
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  const { ZSTDDecoder } = await import('zstddec/stream');
  const decoder = new ZSTDDecoder();
  await decoder.init();
  let empty = 0;
  for (const chunk of decoder.decodeStreaming([concatBytes(chunks)])) {
    empty = chunk.length === 0 ? empty + 1 : 0;
    // The decoder does not report damaged data: it returns empty chunks forever.
    if (empty > 100) throw damaged(options.what, 'cannot be decompressed: damaged zstd data');
    if (chunk.length > 0) yield chunk;
  }
}

async function* openXz(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // The package is CommonJS: `import` would parse all of it again to find its exports.
  const xz = createRequire(import.meta.url)('xz-decompress') as typeof import('xz-decompress');
  const { ReadableStream } = await import('node:stream/web');
  const iterator = source[Symbol.asyncIterator]();
  const input = new ReadableStream<Uint8Array>({
    async pull(controller): Promise<void> {
      const { value, done } = await iterator.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    async cancel(): Promise<void> {
      await iterator.return?.();
    },
  });
  yield* new xz.XzReadableStream(input as never) as unknown as AsyncIterable<Uint8Array>;
}

/**
 * xz-decompress supports no check, CRC32 and CRC64, but not `xz --check=sha256`; the kind is in the second byte after the magic number. It works only
 * on little-endian machines, which s390x is not.
 */
function isForLibrary(start: Uint8Array): boolean {
  return [undefined, 0, 1, 4].includes(start[7]) && endianness() === 'LE';
}

/** Memory limit of xz: `xz -9` needs 65 MiB. */
const PROGRAM_ARGUMENTS = { bzip2: ['-dc'], xz: ['-dc', '--memlimit-decompress=256MiB'] };

/** For formats that are rare in repodata and slow in JavaScript. */
async function* openWithProgram(
  program: 'bzip2' | 'xz',
  source: AsyncIterable<Uint8Array>,
  options: OpenOptions,
): AsyncGenerator<Uint8Array> {
  const { pipeThroughProgram } = await import('./run-program.ts');
  const end = yield* pipeThroughProgram(program, PROGRAM_ARGUMENTS[program], source);
  if (end instanceof Error) {
    throw new RpmDepsError(
      'METADATA_INVALID',
      `${options.what} can only be opened by the external program ${program}, which is not installed`,
      { hint: `install ${program}, or use a mirror with gzip, xz or zstd`, cause: end },
    );
  }
  if (end !== 0) throw damaged(options.what, `cannot be decompressed: damaged ${program} data`);
}

function damaged(what: string, problem: string, cause?: unknown): RpmDepsError {
  return new RpmDepsError('METADATA_INVALID', `${what} ${problem}`, {
    hint: 'the mirror may be broken or in the middle of an update: try again, or use another mirror',
    cause,
  });
}
