import { openStream } from '../io/decompress.ts';
import { releaseBuffer } from '../io/release-buffer.ts';
import type { PoolColumns } from '../pool/pool-columns.ts';
import { plainXml } from '../repodata/plain-xml.ts';

/** The original primary.xml of a repository: its checksum is verified, and it is still compressed. */
export interface PrimaryFile {
  readonly bytes: Uint8Array;
  /** Declared size after decompression, for allocation. */
  readonly openSize: number | undefined;
  /** For messages. */
  readonly what: string;
}

export interface ScannedPool {
  readonly columns: PoolColumns;
  /** Only the time spent waiting: most of the decompression runs while packages are read. */
  readonly decompressMilliseconds: number;
  readonly scanMilliseconds: number;
  readonly indexMilliseconds: number;
}

/** Reads packages: a `PackageScan` in this thread or in another one. Each step ends before the next begins. */
export interface PackageSink {
  /** Begins the primary.xml of the next repository; `what` is for messages. */
  start(what: string): void;
  /** Adds the next decompressed bytes. */
  write(chunk: Uint8Array): void | Promise<void>;
  end(): void;
  /** The result, for an architecture. */
  finish(architecture: string): ScannedPool | Promise<ScannedPool>;
}

/** Decompressed bytes of all files, as far as known. */
export const expectedBytes = (files: readonly PrimaryFile[]): number => files.reduce((sum, { openSize = 0 }) => sum + openSize, 0);

/** Reads all packages for an architecture, repository by repository in the given order. */
export async function scanPool(architecture: string, files: readonly PrimaryFile[], sink: PackageSink): Promise<ScannedPool> {
  for (const { bytes, what } of files) {
    sink.start(what);
    for await (const chunk of plainXml(openStream(once(bytes), { what }))) {
      const taken = sink.write(chunk);
      if (taken !== undefined) await taken;
      // An uncompressed chunk is a part of `bytes`, which other code still uses.
      if (chunk.buffer !== bytes.buffer) releaseBuffer(chunk);
    }
    sink.end();
  }
  return sink.finish(architecture);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
