/**
 * Reads manifests as people usually write them: block mappings and sequences, flow collections on one line, plain and simply quoted
 * scalars, comments. Loading the general parser takes longer than everything else an update with nothing to do needs, so this one goes
 * first. Anything it is not sure about (anchors, tags, escapes, values over several lines, tabs, repeated keys, mistakes) makes it give
 * up, and the general parser decides. A property test holds the two together.
 */
import type { Place } from './mistake.ts';
import type { Plain, SourceText } from './source-text.ts';

/** undefined when it takes the general parser. */
export function readUsualYaml(text: string): SourceText | undefined {
  try {
    const reader = new Reader(text);
    const value = reader.document();
    return { value, locate: (path) => reader.places.get(path.join('\n')) ?? { line: 1, column: 1 } };
  } catch (error) {
    if (error instanceof Unusual) return undefined;
    throw error;
  }
}

class Unusual extends Error {}

const MAX_DEPTH = 20;
const MAX_KEY = 200;
const KEY = /(?:([A-Za-z0-9_$][A-Za-z0-9_.+/$-]*)|"([^"\\]*)"|'([^']*)') *:(?= |$)/y;
const BLANKS = / */y;
type PlainMap = { [key: string]: Plain };

class Reader {
  /** Path joined by line ends to the position of each scalar. */
  readonly places = new Map<string, Place>();
  readonly #lines: string[];
  #line = -1;
  /** Of the line at `#line`. */
  #indent = 0;

  constructor(text: string) {
    if (/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]/.test(text)) throw new Unusual();
    this.#lines = text.split('\n');
    this.#next();
  }

  document(): Plain {
    if (this.#indent !== 0) throw new Unusual();
    const value = this.#block(0, []);
    if (this.#line < this.#lines.length) throw new Unusual();
    return value;
  }

  /** To the next line that is neither blank nor a comment. */
  #next(): void {
    do {
      this.#line++;
      const line = this.#lines[this.#line];
      if (line === undefined) {
        this.#indent = -1;
        return;
      }
      this.#indent = skipBlanks(line, 0);
      if (this.#indent < line.length && line[this.#indent] !== '#') return;
    } while (this.#line < this.#lines.length);
  }

  #block(indent: number, path: readonly (string | number)[]): Plain {
    if (path.length > MAX_DEPTH) throw new Unusual();
    const line = this.#lines[this.#line]!;
    return isDash(line, indent) ? this.#sequence(indent, path) : this.#mapping(indent, indent, path);
  }

  #sequence(indent: number, path: readonly (string | number)[]): Plain[] {
    const items: Plain[] = [];
    while (this.#indent === indent && isDash(this.#lines[this.#line]!, indent)) {
      const line = this.#lines[this.#line]!;
      const start = skipBlanks(line, indent + 1);
      const itemPath = [...path, items.length];
      if (start === line.length || line[start] === '#') throw new Unusual();
      KEY.lastIndex = start;
      items.push(KEY.test(line) ? this.#mapping(start, start, itemPath) : this.#inline(start, indent, itemPath));
    }
    return items;
  }

  /** A block mapping whose first key stands at `start` of the present line, perhaps after a dash; the others at `indent`. */
  #mapping(start: number, indent: number, path: readonly (string | number)[]): PlainMap {
    const map: PlainMap = Object.create(null);
    let at = start;
    do {
      const line = this.#lines[this.#line]!;
      const { key, end } = keyAt(line, at);
      if (key in map) throw new Unusual();
      const valueStart = skipBlanks(line, end);
      const valuePath = [...path, key];
      const isEmpty = valueStart === line.length || (line[valueStart] === '#' && valueStart > end);
      map[key] = isEmpty ? this.#below(indent, valuePath) : this.#inline(valueStart, indent, valuePath);
      at = indent;
    } while (this.#indent === indent && !isDash(this.#lines[this.#line]!, indent));
    if (this.#indent > indent) throw new Unusual();
    return map;
  }

  /** What stands under a key: deeper, or a sequence at the same indentation; or nothing. */
  #below(indent: number, path: readonly (string | number)[]): Plain {
    this.#next();
    if (this.#indent > indent) {
      const inner = this.#indent;
      const value = this.#block(inner, path);
      if (this.#indent > indent) throw new Unusual();
      return value;
    }
    return this.#indent === indent && isDash(this.#lines[this.#line]!, indent) ? this.#sequence(indent, path) : null;
  }

  /** A value that ends on this line. Whatever is indented below it would belong to it: that is unusual. */
  #inline(start: number, indent: number, path: readonly (string | number)[]): Plain {
    const line = this.#lines[this.#line]!;
    const flow = new FlowReader(line, start, (at, inner) =>
      this.places.set([...path, ...inner].join('\n'), { line: this.#line + 1, column: at + 1 }),
    );
    const value = flow.value([], { inFlow: false });
    const end = skipBlanks(line, flow.at);
    if (end < line.length && (line[end] !== '#' || end === flow.at)) throw new Unusual();
    this.#next();
    if (this.#indent > indent) throw new Unusual();
    return value;
  }
}

/** Flow collections and scalars within one line. */
class FlowReader {
  at: number;
  readonly #line: string;
  readonly #place: (at: number, path: readonly (string | number)[]) => void;

  constructor(line: string, at: number, place: (at: number, path: readonly (string | number)[]) => void) {
    this.#line = line;
    this.at = at;
    this.#place = place;
  }

  value(path: readonly (string | number)[], { inFlow }: { inFlow: boolean }): Plain {
    if (path.length > MAX_DEPTH) throw new Unusual();
    const first = this.#line[this.at];
    if (first === '[') return this.#list(path);
    if (first === '{') return this.#map(path);
    this.#place(this.at, path);
    if (first === '"' || first === "'") return this.#quoted(first);
    return this.#plain(inFlow);
  }

  #list(path: readonly (string | number)[]): Plain[] {
    const items: Plain[] = [];
    this.#skip(1);
    while (this.#line[this.at] !== ']') {
      items.push(this.value([...path, items.length], { inFlow: true }));
      this.#separator(']');
    }
    this.at++;
    return items;
  }

  #map(path: readonly (string | number)[]): PlainMap {
    const map: PlainMap = Object.create(null);
    this.#skip(1);
    while (this.#line[this.at] !== '}') {
      const { key, end } = keyAt(this.#line, this.at);
      if (key in map) throw new Unusual();
      this.at = end;
      this.#skip(0);
      map[key] = this.value([...path, key], { inFlow: true });
      this.#separator('}');
    }
    this.at++;
    return map;
  }

  #separator(end: string): void {
    this.#skip(0);
    const character = this.#line[this.at];
    if (character === ',') this.#skip(1);
    else if (character !== end) throw new Unusual();
  }

  #skip(count: number): void {
    this.at = skipBlanks(this.#line, this.at + count);
  }

  #quoted(quote: string): string {
    const end = this.#line.indexOf(quote, this.at + 1);
    const text = this.#line.slice(this.at + 1, end);
    if (end < 0 || text.includes('\\') || this.#line[end + 1] === quote) throw new Unusual();
    this.at = end + 1;
    return text;
  }

  #plain(inFlow: boolean): Plain {
    const pattern = inFlow ? FLOW_WORDS : WORDS;
    pattern.lastIndex = this.at;
    const text = pattern.exec(this.#line)?.[0];
    if (text === undefined) throw new Unusual();
    this.at += text.length;
    return plainValue(text);
  }
}

/** Starts with nothing that YAML has a use for; a colon or a number sign inside only where they mean themselves. */
const WORDS = /[A-Za-z0-9_.+/$~^(](?:[^\s:#]|:(?=[^\s])|(?<=[^\s])#| +(?=[^\s:#]))*/y;
const FLOW_WORDS = /[A-Za-z0-9_.+/$~^(](?:[^\s:#,[\]{}]|:(?=[^\s,[\]{}])|(?<=[^\s])#| +(?=[^\s:#,[\]{}]))*/y;

/** As the core schema of YAML 1.2, but that only integers in their usual form are numbers: see SourceText. */
function plainValue(text: string): Plain {
  if (/^(?:~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  return /^(?:0|[1-9]\d{0,14})$/.test(text) ? Number(text) : text;
}

function keyAt(line: string, at: number): { key: string; end: number } {
  KEY.lastIndex = at;
  const match = KEY.exec(line);
  if (!match) throw new Unusual();
  // YAML itself has a limit of 1024 characters.
  if (KEY.lastIndex - at > MAX_KEY) throw new Unusual();
  return { key: match[1] ?? match[2] ?? match[3] ?? '', end: KEY.lastIndex };
}

function skipBlanks(line: string, at: number): number {
  BLANKS.lastIndex = at;
  return BLANKS.test(line) ? BLANKS.lastIndex : at;
}

const isDash = (line: string, at: number): boolean => line[at] === '-' && line[at + 1] === ' ';
