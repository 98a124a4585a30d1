/** Globs among the paths that are looked up in filelists.xml: their keys, and the search for them. */
import { globMatcher } from '../rpm/glob.ts';
import { decodeText } from './decode-text.ts';

/** No path begins so. */
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
  /** How every file that matches begins in the XML. */
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

  /** Where the next file that matches begins; -1 where there is none. */
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
