import { concatBytes } from '../io/bytes.ts';
import { openStream } from '../io/decompress.ts';
import { invalidDatabase } from './database-header.ts';
import type { LayerEntry } from './root-files.ts';

/** Enough for machine learning images; limits the expansion of a small hostile layer. */
const MAX_LAYER_BYTES = 64 * 1024 ** 3;

/** The entries of a layer, a tar archive that is usually compressed. `what` is for messages. */
export async function* layerEntries(layer: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<LayerEntry> {
  const { createTarDecoder } = await import('modern-tar');
  const opened = ReadableStream.from(
    withoutBinaryNumbers(openStream(layer, { what, limitBytes: MAX_LAYER_BYTES })),
  ) as ReadableStream<Uint8Array>;
  const entries = opened.pipeThrough(createTarDecoder({ strict: true })).getReader();
  try {
    for (;;) {
      const next = await entries.read();
      if (next.done) return;
      const { header, body } = next.value;
      let isRead = false;
      yield {
        path: header.name,
        kind: KINDS.get(header.type ?? 'file') ?? 'other',
        target: header.linkname ?? '',
        sizeBytes: header.size,
        content: async () => {
          isRead = true;
          const chunks: Uint8Array[] = [];
          for await (const chunk of body) chunks.push(chunk);
          return concatBytes(chunks);
        },
      };
      if (!isRead) await body.cancel();
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'hint' in error) throw error;
    throw invalidDatabase(what, error instanceof Error ? error.message : String(error), error);
  } finally {
    await entries.cancel().catch(() => undefined);
  }
}

const KINDS: ReadonlyMap<string, LayerEntry['kind']> = new Map([
  ['file', 'file'],
  ['link', 'hardlink'],
  ['symlink', 'symlink'],
  ['directory', 'folder'],
]);

const BLOCK = 512;
/** Offsets and lengths of header fields that are not used: owner, group, time. */
const UNREAD = [
  [108, 8],
  [116, 8],
  [136, 12],
] as const;
const CHECKSUM = 148;

/**
 * GNU tar writes negative or very large times and owners as binary numbers, which the decoder refuses. Replaces them by zeros in each block whose
 * checksum shows that it is a header.
 */
async function* withoutBinaryNumbers(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let begun: Uint8Array = new Uint8Array(0);
  for await (const chunk of bytes) {
    let rest = chunk;
    if (begun.length > 0) {
      const missing = BLOCK - begun.length;
      begun = concatBytes([begun, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (begun.length < BLOCK) continue;
      yield corrected(begun);
    }
    const whole = rest.length - (rest.length % BLOCK);
    begun = rest.slice(whole);
    if (whole > 0) yield corrected(rest.subarray(0, whole));
  }
  if (begun.length > 0) yield begun;
}

/** Changes a copy if a block needs a change. */
function corrected(blocks: Uint8Array): Uint8Array {
  let result = blocks;
  for (let at = 0; at < blocks.length; at += BLOCK) {
    if (!UNREAD.some(([field]) => blocks[at + field]! >= 0x80)) continue;
    const block = blocks.slice(at, at + BLOCK);
    if (Number.parseInt(Buffer.from(block.subarray(CHECKSUM, CHECKSUM + 8)).toString('latin1'), 8) !== sumOf(block)) continue;
    for (const [field, length] of UNREAD) if (block[field]! >= 0x80) block.fill(0, field, field + length);
    Buffer.from(block.buffer, block.byteOffset).write(`${sumOf(block).toString(8).padStart(6, '0')}\0 `, CHECKSUM, 'latin1');
    if (result === blocks) result = blocks.slice();
    result.set(block, at);
  }
  return result;
}

/** The sum of all bytes; the bytes of the checksum itself count as spaces. */
const sumOf = (block: Uint8Array): number => block.reduce((sum, byte, i) => sum + (i >= CHECKSUM && i < CHECKSUM + 8 ? 0x20 : byte), 0);
