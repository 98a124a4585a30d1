import { PrimaryReader } from '../pool/primary-reader.ts';
import type { PackageSink, ScannedPool } from './scan-pool.ts';

/** Reads packages in this thread, and measures the time. */
export class PackageScan implements PackageSink {
  readonly #reader: PrimaryReader;
  #waited = 0;
  #read = 0;
  #since = performance.now();

  constructor(expected: number) {
    this.#reader = new PrimaryReader(expected);
  }

  start(what: string): void {
    this.#reader.start(what);
  }

  write(chunk: Uint8Array): void {
    const arrived = performance.now();
    this.#reader.write(chunk);
    this.#waited += arrived - this.#since;
    this.#since = performance.now();
    this.#read += this.#since - arrived;
  }

  end(): void {
    this.#reader.end();
  }

  finish(architecture: string): ScannedPool {
    const scanned = performance.now();
    const columns = this.#reader.columns(architecture);
    return {
      columns,
      decompressMilliseconds: this.#waited,
      scanMilliseconds: this.#read,
      indexMilliseconds: performance.now() - scanned,
    };
  }
}
