/** Reads exact numbers of bytes from a stream of chunks. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #buffer: Uint8Array = new Uint8Array(0);
  #offset = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Offset of the next byte in the stream. */
  get offset(): number {
    return this.#offset;
  }

  /** The next `count` bytes, or undefined if the stream ends earlier. */
  async take(count: number): Promise<Uint8Array | undefined> {
    if (this.#buffer.length < count) {
      const parts = [this.#buffer];
      let length = this.#buffer.length;
      while (length < count) {
        const next = await this.#chunks.next();
        if (next.done === true) return undefined;
        parts.push(next.value);
        length += next.value.length;
      }
      this.#buffer = Buffer.concat(parts);
    }
    const taken = this.#buffer.subarray(0, count);
    this.#buffer = this.#buffer.subarray(count);
    this.#offset += count;
    return taken;
  }

  /** The remaining bytes, chunk by chunk. */
  async *rest(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#buffer.length > 0) yield this.#advance(this.#buffer);
    this.#buffer = new Uint8Array(0);
    for (let next = await this.#chunks.next(); next.done !== true; next = await this.#chunks.next()) yield this.#advance(next.value);
  }

  /** Ends the stream early, so that an open file is closed. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  #advance(chunk: Uint8Array): Uint8Array {
    this.#offset += chunk.length;
    return chunk;
  }
}
