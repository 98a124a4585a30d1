/**
 * Quoted YAML scalars of several lines. libyaml accepts any indentation of the lines, and until 2018 wrote them without indentation; YAML 1.2 readers
 * want them indented deeper than their key.
 */

const DEEP = ' '.repeat(80);

/** Indents these lines, which does not change their value, and leaves all other lines. One pass. */
export function deepenQuoted(document: string): string {
  const scanner = new Scanner();
  return document
    .split('\n')
    .map((line) => scanner.take(line))
    .join('\n');
}

class Scanner {
  /** The quote that is still open at the end of the previous line. */
  #quote = '';
  /** Number of open brackets. */
  #depth = 0;
  /** A block scalar is indented deeper than this column; undefined outside of one. */
  #block: number | undefined;

  take(line: string): string {
    const indent = line.search(/[^ ]/);
    const isBlank = line.trim() === '';
    if (this.#block !== undefined) {
      if (isBlank || indent > this.#block) return line;
      this.#block = undefined;
    }
    if (isBlank) return line;
    if (this.#quote === '') {
      this.#scan(line, indent);
      return line;
    }
    const end = this.#endOfQuote(line, 0);
    if (end >= 0) this.#scan(line, end);
    return `${DEEP}${line}`;
  }

  /** Scans tokens; `from` must be the start of a token, or the position after one. */
  #scan(line: string, from: number): void {
    let isStart = true;
    let column = from;
    for (let at = from; at >= 0 && at < line.length; ) {
      const char = line[at]!;
      if (char === ' ' || char === '\t' || char === '\r') at++;
      else if (char === '#' && (at === 0 || /\s/.test(line[at - 1]!))) return;
      else if (isStart && (char === '"' || char === "'")) {
        this.#quote = char;
        at = this.#endOfQuote(line, at + 1);
        isStart = false;
      } else if (isStart && this.#depth === 0 && (char === '|' || char === '>')) {
        this.#block = column;
        return;
      } else if ((char === ':' || (isStart && (char === '-' || char === '?'))) && /^[ \t\r]?$/.test(line.charAt(at + 1))) {
        // The text after a dash starts a column of its own; the text after a colon belongs to the key.
        const next = line.slice(at + 1).search(/\S/);
        if (char !== ':' && next >= 0 && /^[\w"']/.test(line.slice(at + 1 + next))) column = at + 1 + next;
        isStart = true;
        at++;
      } else if (char === '[' || char === '{' || char === ']' || char === '}' || char === ',') {
        if (char === '[' || char === '{') this.#depth += isStart ? 1 : 0;
        else if (char !== ',' && this.#depth > 0) this.#depth--;
        isStart = (isStart && char !== ']' && char !== '}') || (char === ',' && this.#depth > 0);
        at++;
      } else {
        isStart = false;
        at++;
      }
    }
  }

  /** Index after the closing quote; -1 if it is not on this line. */
  #endOfQuote(line: string, from: number): number {
    for (let at = from; at < line.length; at++) {
      if (this.#quote === '"' && line[at] === '\\') at++;
      else if (line[at] === this.#quote) {
        if (this.#quote === "'" && line[at + 1] === "'") at++;
        else {
          this.#quote = '';
          return at + 1;
        }
      }
    }
    return -1;
  }
}
