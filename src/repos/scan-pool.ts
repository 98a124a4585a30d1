import { openStream } from '../io/decompress.ts';
import type { PoolColumns } from '../pool/pool-columns.ts';
import { PrimaryReader } from '../pool/primary-reader.ts';

/** primary.xml of a repository as it came: its checksum was right, and nothing of it is opened yet. */
export interface PrimaryFile {
  readonly bytes: Uint8Array;
  readonly openSize: number | undefined;
  /** For messages. */
  readonly what: string;
}

export interface ScannedPool {
  readonly columns: PoolColumns;
  /** What was waited for: most of the opening is done while packages are read. */
  readonly decompressMilliseconds: number;
  readonly scanMilliseconds: number;
  readonly indexMilliseconds: number;
}

/** Reads all packages for an architecture, repository by repository in the order given. */
export async function scanPool(architecture: string, files: readonly PrimaryFile[]): Promise<ScannedPool> {
  let waiting = 0;
  let reading = 0;
  let since = performance.now();
  const reader = new PrimaryReader(files.reduce((sum, { openSize = 0 }) => sum + openSize, 0));
  for (const { bytes, openSize, what } of files) {
    reader.start(what);
    for await (const chunk of openStream(once(bytes), { what, openSize })) {
      const arrived = performance.now();
      reader.write(chunk);
      waiting += arrived - since;
      since = performance.now();
      reading += since - arrived;
    }
    reader.end();
  }
  const scanned = performance.now();
  const columns = reader.columns(architecture);
  return {
    columns,
    decompressMilliseconds: waiting,
    scanMilliseconds: reading,
    indexMilliseconds: performance.now() - scanned,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
