import { spawnSync } from 'node:child_process';
import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { collectBytes, concatBytes } from '../../src/io/bytes.ts';
import { openBytes, openStream } from '../../src/io/decompress.ts';

const TEXT = Array.from({ length: 30_000 }, (_, i) => `<package name="p${i}"/>`).join('\n');

/** undefined where this machine does not have the program. */
function compress(program: string, input: string | Uint8Array = TEXT, ...options: string[]): Uint8Array | undefined {
  const { stdout, status } = spawnSync(program, ['-c', ...options, '-'], { input, maxBuffer: 1e9 });
  return status === 0 ? stdout : undefined;
}

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Two files that were compressed apart and put one behind the other, as every one of these formats allows. */
function inTwoParts(compressPart: (input: string) => Uint8Array | undefined): Uint8Array | undefined {
  const parts = [TEXT.slice(0, 100_000), TEXT.slice(100_000)].map(compressPart);
  return parts.includes(undefined) ? undefined : concatBytes(parts as Uint8Array[]);
}

const samples = {
  gzip: gzipSync(TEXT),
  zstd: compress('zstd'),
  xz: compress('xz'),
  lzma: compress('xz', TEXT, '--format=lzma'),
  bzip2: compress('bzip2'),
  'gzip in two parts': inTwoParts((part) => gzipSync(part)),
  'zstd in two parts': inTwoParts((part) => compress('zstd', part)),
  'xz in two parts': inTwoParts((part) => compress('xz', part)),
  'bzip2 in two parts': inTwoParts((part) => compress('bzip2', part)),
  'zstd with a long window': compress('zstd', TEXT, '--long=27', '-19'),
  'xz without a check': compress('xz', TEXT, '--check=none'),
  'xz with SHA-256': compress('xz', TEXT, '--check=sha256'),
  'xz in blocks': compress('xz', TEXT, '--threads=2', '--block-size=65536'),
};

describe.each(Object.entries(samples).filter(([, bytes]) => bytes !== undefined))('%s', (_, bytes) => {
  test.each([1, 7, 4096, 1e9])('is opened from chunks of %i bytes', async (size) => {
    const opened = await collectBytes(openStream(inChunks(bytes!, size), { what: 'x', openSize: TEXT.length }), 1e9);
    expect(Buffer.from(opened).toString()).toBe(TEXT);
  });

  test('is refused when it is cut off', async () => {
    await expect(openBytes(bytes!.subarray(0, bytes!.length >> 1), { what: 'the file' })).rejects.toMatchObject({
      code: 'METADATA_INVALID',
    });
  });

  test('is refused when it is damaged', async () => {
    const damaged = Buffer.from(bytes!);
    damaged.fill(0x55, bytes!.length >> 1, (bytes!.length >> 1) + 64);
    await expect(openBytes(damaged, { what: 'the file', openSize: TEXT.length })).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: expect.stringMatching(/^the file /),
    });
  });

  test.each([
    [TEXT.length - 1, 'is larger than'],
    [TEXT.length + 1, ', not '],
  ])('is refused when %i bytes were promised', async (openSize, message) => {
    await expect(openBytes(bytes!, { what: 'x', openSize })).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: expect.stringContaining(message),
    });
  });

  test('can be left in the middle, and lets go of its source', async () => {
    let released = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield* inChunks(bytes!, 512);
      } finally {
        released = true;
      }
    }
    for await (const _ of openStream(source(), { what: 'x' })) break;
    expect(released).toBe(true);
  });

  test('passes on what its source throws', async () => {
    async function* source(): AsyncGenerator<Uint8Array> {
      yield bytes!.subarray(0, 200);
      throw new RpmDepsError('NETWORK', 'the cable is out');
    }
    await expect(collectBytes(openStream(source(), { what: 'x' }), 1e9)).rejects.toMatchObject({ code: 'NETWORK' });
  });
});

describe('plain text', () => {
  test.each(['', '<', 'abc', TEXT])('passes as it is (%#)', async (text) => {
    expect(Buffer.from(await openBytes(Buffer.from(text), { what: 'x' })).toString()).toBe(text);
  });
});

describe('bombs', () => {
  const bomb = (program: string): Uint8Array | undefined => compress(program, new Uint8Array(100 * 1024 * 1024));

  test.each(['gzip', 'zstd', 'xz'])('a %s bomb is stopped by the ratio where no size was promised', async (program) => {
    const bytes = bomb(program);
    if (bytes === undefined) return;
    let total = 0;
    const read = async (): Promise<void> => {
      for await (const chunk of openStream(inChunks(bytes, 65_536), { what: 'bomb' })) total += chunk.length;
    };
    await expect(read()).rejects.toMatchObject({ code: 'METADATA_INVALID' });
    expect(total).toBeLessThan(100 * 1024 * 1024);
  });

  test.each(['gzip', 'zstd', 'xz'])('a %s bomb is stopped by the ratio also where its size was promised', async (program) => {
    const bytes = bomb(program);
    if (bytes === undefined) return;
    const opening = openBytes(bytes, { what: 'bomb', openSize: 100 * 1024 * 1024 });
    await expect(opening).rejects.toMatchObject({
      code: 'METADATA_INVALID',
      message: expect.stringContaining('grows more than 400 times'),
    });
  });

  test('an xz file that asks for a dictionary of 4 GiB is refused', async () => {
    const bytes = compress('xz', TEXT);
    if (bytes === undefined) return;
    const greedy = Buffer.from(bytes);
    // Block header behind the stream header of 12 bytes: size, flags, filter LZMA2 (0x21), size of its properties, dictionary size; then its CRC.
    const at = 12;
    const headerSize = (greedy[at]! + 1) * 4;
    const property = greedy.indexOf(Buffer.from([0x21, 0x01]), at) + 2;
    greedy[property] = 40;
    greedy.writeUInt32LE(crc32(greedy.subarray(at, at + headerSize - 4)), at + headerSize - 4);
    await expect(openBytes(greedy, { what: 'x' })).rejects.toMatchObject({ code: 'METADATA_INVALID' });
  });

  test('a bomb is stopped at a limit', async () => {
    await expect(openBytes(gzipSync(new Uint8Array(1e7)), { what: 'bomb', limitBytes: 1e6 })).rejects.toMatchObject({
      code: 'METADATA_INVALID',
    });
  });
});

describe('zstd with frames to be skipped', () => {
  /** One raw block, with its size in the header of the frame. */
  const frame = (text: string): Buffer => {
    const block = Buffer.alloc(3);
    block.writeUIntLE((text.length << 3) | 1, 0, 3);
    return Buffer.concat([Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, text.length]), block, Buffer.from(text)]);
  };
  const skipped = (kind: number, content: Uint8Array): Buffer => {
    const head = Buffer.from([0x50 + kind, 0x2a, 0x4d, 0x18, 0, 0, 0, 0]);
    head.writeUInt32LE(content.length, 4);
    return Buffer.concat([head, content]);
  };

  test.each([0, 7, 15])('as pzstd writes them, before each frame (kind %i)', async (kind) => {
    const file = Buffer.concat([skipped(kind, Buffer.alloc(4)), frame('hello '), skipped(kind, Buffer.alloc(4)), frame('world')]);
    expect(Buffer.from(await openBytes(file, { what: 'x', openSize: 11 })).toString()).toBe('hello world');
  });

  test('one that is longer than the file is damage', async () => {
    const file = Buffer.concat([skipped(0, Buffer.alloc(100)), frame('hello')]).subarray(0, 60);
    await expect(openBytes(file, { what: 'x', openSize: 5 })).rejects.toMatchObject({ code: 'METADATA_INVALID' });
  });
});
