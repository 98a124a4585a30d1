/**
 * Reads the YAML subset that build systems write for modules: block mappings and sequences, flow sequences of plain words, plain and
 * simply quoted scalars. Every scalar is text, as in libmodulemd: `stream: 1.10` is not the number 1.1.
 *
 * The general parser takes 150 ms for the modules of one repository, most of it for unused descriptions and components; this parser
 * skips those and takes 3 ms. It gives up on anything uncertain (anchors, tags, escapes, scalars of several lines, flow mappings, tabs,
 * repeated keys); the caller then uses the general parser.
 */
export type YamlValue = string | readonly YamlValue[] | ReadonlyMap<string, YamlValue>;

/**
 * Keys to read; `*` means all other keys. `true` reads everything below the key. `there` reads only whether the value is a text (returned as some
 * text) or a list (returned as a list of no or one item). Other keys are skipped.
 */
export interface WantedKeys {
  readonly [key: string]: Wanted;
}

type Wanted = WantedKeys | true | 'there';

/** The mapping in one document (without its `---` line), or undefined if the general parser is needed. */
export function readYamlSubset(document: string, wanted: WantedKeys): ReadonlyMap<string, YamlValue> | undefined {
  try {
    const reader = new Reader(document);
    const value = reader.block(0, wanted);
    return reader.atEnd && value instanceof Map ? value : undefined;
  } catch (error) {
    if (error instanceof Unusual) return undefined;
    throw error;
  }
}

class Unusual extends Error {}

/** Searched in skipped values too: a document with an alias is refused as a whole. */
const MAYBE_ALIAS = /[:,[{-][ \t]*\*[^\s*]/;

/** A value that starts with a quote and does not close it. */
const OPEN_QUOTE = /^(?:- +)*(?:[^\s'"#]+ *: +)?(?:(")(?:[^"]*"[^"]*")*[^"]*|(')(?:[^']*'[^']*')*[^']*)$/;

/** Deeper than any modulemd; deeper documents go to the general parser. */
const MAX_INDENT = 64;
const KEY = /^(?:([A-Za-z0-9_][A-Za-z0-9_.+/-]*)|"([^"\\]*)"|'([^']*)')[ ]*:(?: +(.*))?$/;
/** A word that can only be text, also between the brackets of a flow sequence. */
const WORD = /^[A-Za-z0-9_.+~^/][A-Za-z0-9_.+~^/:@()-]*$/;

/** An item of a flow sequence that can only be text. */
const PLAIN_WORDS = /^(?:"[^"\\\\]*"|'[^']*'|[A-Za-z0-9(][A-Za-z0-9_.+~^/() -]*)$/;

/** A list item that can only be text, on one line: starts with a word, no key, no comment. */
function isPlainItem(text: string): boolean {
  const inside = text.replace(/^- +/, '');
  return inside !== text && (/^(?:"[^"\\]*"|'[^']*')$/.test(inside) || (/^[A-Za-z0-9(]/.test(inside) && !/: | #|:$/.test(inside)));
}

class Reader {
  readonly #indents: number[] = [];
  readonly #texts: string[] = [];
  #at = 0;

  constructor(document: string) {
    if (document.includes('\r') || MAYBE_ALIAS.test(document)) throw new Unusual();
    // The open quote, and the indentation of its first line: libyaml accepts lines of any indentation, which may look like keys.
    let quote = '';
    let openAt = -1;
    for (const line of document.split('\n')) {
      let indent = 0;
      while (line.charCodeAt(indent) === 0x20) indent++;
      let end = line.length;
      while (end > indent && line.charCodeAt(end - 1) === 0x20) end--;
      if (end === indent || line[indent] === '#') continue;
      const text = line.slice(indent, end);
      if (quote !== '') {
        if (indent <= openAt) throw new Unusual();
        if (text.includes(quote)) quote = '';
      } else {
        const open = OPEN_QUOTE.exec(text);
        quote = open?.[1] ?? open?.[2] ?? '';
        openAt = indent;
      }
      this.#indents.push(indent);
      this.#texts.push(text);
    }
  }

  get atEnd(): boolean {
    return this.#at >= this.#texts.length;
  }

  block(indent: number, wanted: Wanted): YamlValue {
    const text = this.#texts[this.#at];
    if (text === undefined || this.#indents[this.#at] !== indent || indent > MAX_INDENT) throw new Unusual();
    return isItem(text) ? this.#sequence(indent, wanted) : this.#mapping(indent, wanted);
  }

  #mapping(indent: number, wanted: Wanted): YamlValue {
    const map = new Map<string, YamlValue>();
    while (this.#indents[this.#at] === indent && !isItem(this.#texts[this.#at]!)) {
      const match = KEY.exec(this.#texts[this.#at]!);
      if (match === null) throw new Unusual();
      const key = match[1] ?? match[2] ?? match[3]!;
      const below = typeof wanted !== 'object' ? wanted : Object.hasOwn(wanted, key) ? wanted[key] : wanted['*'];
      this.#at++;
      if (below === undefined) this.#skip(indent);
      else if (map.has(key)) throw new Unusual();
      else map.set(key, this.#value(match[4] ?? '', indent, below));
    }
    this.#expectEndOf(indent);
    return map;
  }

  #value(rest: string, indent: number, wanted: Wanted): YamlValue {
    if (wanted === 'there') return this.#presence(rest, indent);
    if (rest === '' || rest.startsWith('#')) {
      const next = this.#indents[this.#at];
      if (next !== undefined && next > indent) return this.block(next, wanted);
      if (next === indent && isItem(this.#texts[this.#at]!)) return this.#sequence(indent, wanted);
      return '';
    }
    const value = rest.startsWith('[') ? flowSequence(rest) : rest === '{}' ? new Map<string, YamlValue>() : scalar(rest);
    this.#expectEndOf(indent);
    return value;
  }

  #presence(rest: string, indent: number): YamlValue {
    if (rest === '' || rest.startsWith('#')) {
      const next = this.#indents[this.#at];
      const isList = next !== undefined && next >= indent && isItem(this.#texts[this.#at]!);
      if (!isList && next !== undefined && next > indent) throw new Unusual();
      const first = this.#at;
      this.#skip(indent);
      // Only items that are certainly plain text: a mapping or a list among them would not be text.
      if (!this.#texts.slice(first, this.#at).every(isPlainItem)) throw new Unusual();
      return isList ? [SOMETHING] : '';
    }
    if (rest.startsWith('[') ? !rest.endsWith(']') : !/^[|>][+-]?$/.test(rest) && scalar(rest) === '') throw new Unusual();
    const from = this.#at;
    this.#skip(indent);
    // A value of several lines that is not a block is text if nothing in it looks like a key.
    if (!/^[|>]/.test(rest) && this.#texts.slice(from, this.#at).some((text) => /: | #|:$/.test(text))) throw new Unusual();
    if (rest.startsWith('[')) {
      const inside = withoutSpaces(rest.slice(1, -1));
      if (inside !== '' && !inside.split(',').every((item) => PLAIN_WORDS.test(withoutSpaces(item)))) throw new Unusual();
      return inside === '' ? [] : [SOMETHING];
    }
    return SOMETHING;
  }

  #sequence(indent: number, wanted: Wanted): YamlValue {
    const items: YamlValue[] = [];
    while (this.#indents[this.#at] === indent && isItem(this.#texts[this.#at]!)) {
      const text = this.#texts[this.#at]!;
      const inside = text.replace(/^- */, '');
      if (inside === '' || isItem(inside)) throw new Unusual();
      if (KEY.test(inside)) {
        // A mapping that starts on the line of the dash: read the line again with a space instead of the dash.
        this.#indents[this.#at] = indent + text.length - inside.length;
        this.#texts[this.#at] = inside;
        items.push(this.#mapping(this.#indents[this.#at]!, wanted));
      } else {
        this.#at++;
        items.push(inside.startsWith('[') ? flowSequence(inside) : scalar(inside));
        this.#expectEndOf(indent);
      }
    }
    return items;
  }

  /** The value of a key is indented deeper, or is a sequence whose dashes are at the column of the key. */
  #skip(indent: number): void {
    for (; this.#at < this.#texts.length; this.#at++) {
      const next = this.#indents[this.#at]!;
      if (next < indent || (next === indent && !isItem(this.#texts[this.#at]!))) return;
    }
  }

  /** A following line that is indented deeper continues a scalar. */
  #expectEndOf(indent: number): void {
    const next = this.#indents[this.#at];
    if (next !== undefined && next > indent) throw new Unusual();
  }
}

const SOMETHING = 'something';

function isItem(text: string): boolean {
  return text === '-' || text.startsWith('- ');
}

function flowSequence(text: string): YamlValue {
  if (!text.endsWith(']')) throw new Unusual();
  const inside = withoutSpaces(text.slice(1, -1));
  if (inside === '') return [];
  return inside.split(',').map((item) => {
    const word = withoutSpaces(item);
    if (WORD.test(word) && !word.endsWith(':')) return word;
    const quoted = /^(?:"([^"\\,]*)"|'([^',]*)')$/.exec(word);
    if (quoted === null) throw new Unusual();
    return quoted[1] ?? quoted[2]!;
  });
}

/** Trims only YAML spaces, unlike `trim`. A regular expression would try each space of a long run as a start (quadratic time). */
function withoutSpaces(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === ' ') start++;
  while (end > start && text[end - 1] === ' ') end--;
  return text.slice(start, end);
}

function scalar(text: string): string {
  if (WORD.test(text) && !text.endsWith(':')) return text;
  const quoted = /^(?:"([^"\\]*)"|'([^']*)')$/.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2]!;
  if (!/^[A-Za-z0-9]/.test(text) || /: | #|:$|\t/.test(text)) throw new Unusual();
  return text;
}
