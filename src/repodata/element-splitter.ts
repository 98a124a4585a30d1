import { invalid } from './small-xml.ts';

export interface SplitterOptions {
  /** For messages. */
  readonly url: string;
  /** Required name of the outermost element. */
  readonly root: string;
  /** Whether to keep an element directly below the root; gets its opening tag as written in the document. */
  readonly wants: (tag: string) => boolean;
  /** Called with the complete XML of each kept element. */
  readonly onElement: (xml: string) => void;
}

/**
 * Cuts a streamed document into the elements directly below its root. Keeps only one wanted element in memory at a time, and of other elements
 * only the current tag. Scans only for the ends of tags; the parser of an element validates it.
 */
class ElementSplitter {
  readonly #options: SplitterOptions;
  /** Bytes kept from earlier chunks: from the start of the wanted element, or of incomplete markup. */
  #bytes: Buffer = Buffer.alloc(0);
  /** `#bytes` is scanned up to this offset. */
  #at = 0;
  /** Wait for this many bytes before the next scan: markup in many small chunks is not rescanned with each chunk. */
  #retryAt = 0;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #elementStart = -1;
  #depth = 0;
  #rootClosed = false;

  constructor(options: SplitterOptions) {
    this.#options = options;
  }

  push(chunk: Uint8Array): void {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#bytes.length + this.#waitingBytes >= this.#retryAt) this.#scan();
  }

  end(): void {
    this.#scan();
    if (!this.#rootClosed) throw this.#wrong(this.#depth === 0 ? `has no <${this.#options.root}> in it` : 'is cut off');
  }

  #scan(): void {
    this.#bytes = Buffer.concat([this.#bytes, ...this.#waiting.splice(0)]);
    this.#waitingBytes = 0;
    for (;;) {
      const open = this.#bytes.indexOf(LESS, this.#at);
      if (open < 0) {
        this.#at = this.#bytes.length;
        break;
      }
      this.#at = open;
      const end = this.#endOfMarkup(open);
      if (end < 0) break;
      this.#at = end;
      this.#readMarkup(open, end);
    }
    const keep = this.#elementStart >= 0 ? this.#elementStart : this.#at;
    if (this.#bytes.length - keep > MAX_ELEMENT_BYTES) throw this.#wrong(`has an element of more than ${MAX_ELEMENT_BYTES} bytes`);
    this.#bytes = this.#bytes.subarray(keep);
    this.#at -= keep;
    if (this.#elementStart >= 0) this.#elementStart = 0;
    this.#retryAt = Math.min(2 * this.#bytes.length, MAX_ELEMENT_BYTES + 1);
  }

  /** Offset after the markup that begins at `open`, or -1 if it is incomplete. */
  #endOfMarkup(open: number): number {
    const bytes = this.#bytes;
    const next = bytes[open + 1];
    if (next === BANG) {
      if (bytes.length < open + 9) return -1;
      const isComment = bytes.toString('latin1', open, open + 4) === '<!--';
      if (!isComment && bytes.toString('latin1', open, open + 9) !== '<![CDATA[')
        throw this.#wrong('has a document type declaration (DTD)');
      const close = isComment ? bytes.indexOf('-->', open + 4) : bytes.indexOf(']]>', open + 9);
      return close < 0 ? -1 : close + 3;
    }
    if (next === QUESTION) {
      const close = bytes.indexOf('?>', open + 2);
      return close < 0 ? -1 : close + 2;
    }
    let quote = 0;
    for (let i = open + 1; i < bytes.length; i++) {
      const byte = bytes[i]!;
      if (quote !== 0) {
        if (byte === quote) quote = 0;
      } else if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) quote = byte;
      else if (byte === GREATER) return i + 1;
    }
    return -1;
  }

  #readMarkup(open: number, end: number): void {
    const bytes = this.#bytes;
    const next = bytes[open + 1];
    if (next === BANG || next === QUESTION) return;
    if (next === SLASH) {
      this.#depth--;
      if (this.#depth < 0) throw this.#wrong('closes more elements than it opens');
      if (this.#depth === 0) this.#rootClosed = true;
      if (this.#depth === 1) this.#endElement(end);
      return;
    }
    const isEmpty = bytes[end - 2] === SLASH;
    if (this.#depth === 0) this.#openRoot(bytes.toString('utf8', open, end), isEmpty);
    else if (this.#depth === 1 && this.#options.wants(bytes.toString('utf8', open, end))) this.#elementStart = open;
    if (!isEmpty) this.#depth++;
    else if (this.#depth === 1) this.#endElement(end);
    if (this.#depth > MAX_DEPTH) throw this.#wrong(`nests elements more than ${MAX_DEPTH} deep`);
  }

  #openRoot(tag: string, isEmpty: boolean): void {
    const name = /^<(?:[^\s:<>/]*:)?([^\s<>/]*)/.exec(tag)?.[1] ?? '';
    if (/^html$/i.test(name)) throw this.#wrong('is HTML instead of XML');
    if (name !== this.#options.root || this.#rootClosed)
      throw this.#wrong(`has another outermost element than one <${this.#options.root}>`);
    if (isEmpty) this.#rootClosed = true;
  }

  #endElement(end: number): void {
    if (this.#elementStart < 0) return;
    const xml = this.#bytes.toString('utf8', this.#elementStart, end);
    this.#elementStart = -1;
    this.#options.onElement(xml);
  }

  #wrong(what: string): Error {
    return invalid(this.#options.url, what);
  }
}

/** Splits a streamed document into elements. */
export async function splitElements(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, options: SplitterOptions): Promise<void> {
  const splitter = new ElementSplitter(options);
  for await (const chunk of chunks) splitter.push(chunk);
  splitter.end();
}

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const SINGLE_QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const MAX_ELEMENT_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 64;
