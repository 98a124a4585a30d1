import { concatBytes } from '../io/bytes.ts';
import { openStream } from '../io/decompress.ts';
import { invalidDatabase } from './database-header.ts';
import type { LayerEntry } from './root-files.ts';

/** Large enough for images with machine learning; limits what a layer of a few kilobytes can expand to. */
const MAX_LAYER_BYTES = 64 * 1024 ** 3;

/** The entries of a layer, which is a tar archive, mostly compressed. `what` names it in messages. */
export async function* layerEntries(layer: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<LayerEntry> {
  const { createTarDecoder } = await import('modern-tar');
  const opened = ReadableStream.from(openStream(layer, { what, limitBytes: MAX_LAYER_BYTES })) as ReadableStream<Uint8Array>;
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
