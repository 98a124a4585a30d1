/**
 * Quoted scalars of YAML that go on over several lines. libyaml takes lines of any indentation, and before 2018 wrote them at the start of a line;
 * readers of YAML 1.2 want them deeper than what they belong to.
 */

const DEEP = ' '.repeat(80);

/** The same document with these lines indented: blanks at the start of them mean nothing. One pass; what is no such line stays. */
export function deepenQuoted(document: string): string {
  const scanner = new Scanner();
  return document
    .split('\n')
    .map((line) => scanner.take(line))
    .join('\n');
}

class Scanner {
  /** The quote that is open at the end of the line before. */
  #quote = '';
  /** How many brackets are open. */
  #depth = 0;
  /** The column that a block scalar is deeper than; undefined outside of one. */
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

  /** Tokens from a place where one may start, or that follows one. */
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
        // What follows a dash begins at a column of its own; behind a colon it belongs to the key.
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

  /** Behind the closing quote; -1 where the line has none. */
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
