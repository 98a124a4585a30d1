import { openStream } from '../io/decompress.ts';
import { releaseBuffer } from '../io/release-buffer.ts';
import type { PoolColumns } from '../pool/pool-columns.ts';
import { plainXml } from '../repodata/plain-xml.ts';

/** primary.xml of a repository as it came: its checksum was right, and nothing of it is opened yet. */
export interface PrimaryFile {
  readonly bytes: Uint8Array;
  /** As told: how much room to make. */
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

/** A reader of packages: a `PackageScan` in this thread or in another one. Each step ends before the next begins. */
export interface PackageSink {
  /** Begins the primary.xml of the next repository; `what` is for messages. */
  start(what: string): void;
  /** Takes the next opened bytes. */
  write(chunk: Uint8Array): void | Promise<void>;
  end(): void;
  /** Everything that was read, for an architecture. */
  finish(architecture: string): ScannedPool | Promise<ScannedPool>;
}

/** Bytes of all files together when they are opened, as far as that is known. */
export const expectedBytes = (files: readonly PrimaryFile[]): number => files.reduce((sum, { openSize = 0 }) => sum + openSize, 0);

/** Reads all packages for an architecture, repository by repository in the order given. */
export async function scanPool(architecture: string, files: readonly PrimaryFile[], sink: PackageSink): Promise<ScannedPool> {
  for (const { bytes, what } of files) {
    sink.start(what);
    for await (const chunk of plainXml(openStream(once(bytes), { what }))) {
      const taken = sink.write(chunk);
      if (taken !== undefined) await taken;
      // What is not compressed comes as it is, and others have it as well.
      if (chunk.buffer !== bytes.buffer) releaseBuffer(chunk);
    }
    sink.end();
  }
  return sink.finish(architecture);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
