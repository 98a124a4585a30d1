/** File globs among the paths to find in filelists.xml: their keys, and the search for matches. */
import { globMatcher } from '../rpm/glob.ts';
import { decodeText } from './decode-text.ts';

/** No path starts with this prefix. */
const PREFIX = 'glob:';

export function globKey(glob: string): string {
  return PREFIX + glob;
}

export function isGlobKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

const LESS_THAN = 0x3c;
const SLASH = 0x2f;

export class FileGlob {
  readonly key: string;
  /** In the XML every matching path begins with these bytes. */
  readonly #start: Buffer;
  readonly #matches: (path: string) => boolean;
  #decoded: Buffer = Buffer.alloc(1024);

  constructor(key: string) {
    this.key = key;
    const glob = key.slice(PREFIX.length);
    const literal = /^[^*?[\\&<>"']*/.exec(glob)![0];
    this.#start = Buffer.from(literal === '' ? '>/' : `>${literal}`);
    this.#matches = globMatcher(glob);
  }

  /** Offset of the next matching path, or -1. */
  find(data: Buffer, from: number): number {
    for (let at = data.indexOf(this.#start, from); at >= 0; at = data.indexOf(this.#start, at + 1)) {
      const end = data.indexOf(LESS_THAN, at);
      if (end < 0) return -1;
      if (data[end + 1] === SLASH && this.#matches(this.#decode(data, at + 1, end))) return at;
    }
    return -1;
  }

  #decode(data: Buffer, start: number, end: number): string {
    if (this.#decoded.length < end - start) this.#decoded = Buffer.alloc(2 * (end - start));
    const length = decodeText(data, { start, end, kind: 'text' }, this.#decoded, 0);
    return length < 0 ? '' : this.#decoded.toString('utf8', 0, length);
  }
}
