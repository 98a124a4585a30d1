import type { Document, LineCounter, Node, Pair, YAMLMap } from 'yaml';
import { shortPrintable } from '../base/printable.ts';
import { composeYaml, MAX_LEXEMES } from './compose-yaml.ts';
import type { Mistake, Place } from './mistake.ts';

/** A value of the manifest as plain data. Maps have no prototype, so no key is special. */
export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

export interface SourceText {
  readonly value: Plain;
  /** Position of the value (or key) at a path; if the path does not exist, of the nearest enclosing value. */
  locate(path: readonly (string | number)[], on: 'key' | 'value'): Place;
}

export type SourceOutcome =
  | { readonly kind: 'parsed'; readonly source: SourceText }
  | { readonly kind: 'broken'; readonly mistakes: readonly Mistake[] };

/** Maximum number of values, with all aliases expanded. */
const MAX_VALUES = 100_000;
const MAX_DEPTH = 30;
/** Maximum number of repeated keys that are reported. */
const MAX_REPEATED = 100;

/**
 * Parses YAML or, with `json`, JSON, with positions. JSON goes through the YAML parser too (YAML 1.2 contains it),
 * because JSON.parse reports neither positions nor repeated keys.
 */
export async function parseSource(text: string, { json }: { json: boolean }): Promise<SourceOutcome> {
  if (json) {
    const mistake = jsonSyntaxMistake(text);
    if (mistake) return { kind: 'broken', mistakes: [mistake] };
  }
  const deep = deepNesting(text);
  if (deep) return { kind: 'broken', mistakes: [deep] };
  // Loaded on first use: loading the parser takes as long as everything else that a command does with a manifest.
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = await composeShallow(yaml, text, lines);
  if (document === 'too deep') return { kind: 'broken', mistakes: [tooDeep({ line: 1, column: 1 })] };
  if (document === undefined) return { kind: 'broken', mistakes: [TOO_LARGE] };
  if (document.errors.length > 0) {
    return { kind: 'broken', mistakes: withoutConsequences(document.errors, text).map((error) => syntaxMistake(error, lines)) };
  }
  const reader = new TreeReader(yaml, document, lines);
  const value = reader.plain(document.contents, 0);
  if (reader.mistakes.length > 0) return { kind: 'broken', mistakes: reader.mistakes };
  return { kind: 'parsed', source: { value, locate: (path, on) => reader.locate(path, on) } };
}

/** Limits nesting, because the parser also recurses for keys on one line. */
async function composeShallow(yaml: typeof import('yaml'), text: string, lines: LineCounter): Promise<Document | undefined | 'too deep'> {
  try {
    return await composeYaml(yaml, text, lines);
  } catch (error) {
    if (error instanceof RangeError) return 'too deep';
    throw error;
  }
}

const TOO_LARGE: Mistake = {
  place: { line: 1, column: 1 },
  path: [],
  message: `larger than a manifest may be: it has more than ${MAX_LEXEMES} names, signs and ends of lines`,
};

const tooDeep = (place: Place): Mistake => ({ place, path: [], message: `nested more than ${MAX_DEPTH} levels deep` });

/**
 * The parser recurses, so deeply nested text would crash the process. Brackets in comments and quotes are counted too; that is
 * harmless, because a manifest is refused only for two hundred unclosed brackets.
 */
function deepNesting(text: string): Mistake | undefined {
  const limit = 200;
  for (const [i, line] of text.split('\n').entries()) {
    const steps = /^(?:[-?:]? +|[-?:]$)*/.exec(line)![0];
    if (steps.length <= limit) continue;
    return tooDeep({ line: i + 1, column: limit });
  }
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charCodeAt(i);
    if (character === 0x5b || character === 0x7b) depth++;
    else if ((character === 0x5d || character === 0x7d) && depth > 0) depth--;
    if (depth <= limit) continue;
    const before = text.slice(0, i).split('\n');
    return tooDeep({ line: before.length, column: before.at(-1)!.length + 1 });
  }
  return undefined;
}

class TreeReader {
  readonly mistakes: Mistake[] = [];
  readonly #yaml: typeof import('yaml');
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #targets = new Map<unknown, unknown>();
  readonly #pairs = new Map<YAMLMap, ReadonlyMap<string, Pair>>();
  #values = 0;

  constructor(yaml: typeof import('yaml'), document: Document, lines: LineCounter) {
    this.#yaml = yaml;
    this.#document = document;
    this.#lines = lines;
  }

  plain(node: unknown, depth: number): Plain {
    const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
    if (++this.#values > MAX_VALUES || depth > MAX_DEPTH) return this.#tooLarge(node, depth);
    if (isAlias(node)) {
      const target = this.#target(node);
      if (target === undefined)
        this.mistakes.push({
          place: this.#placeOf(node),
          path: [],
          message: `no anchor \`&${shortPrintable(node.source)}\` before this alias`,
        });
      return this.plain(target, depth + 1);
    }
    if (isSeq(node)) return node.items.map((item) => this.plain(item, depth + 1));
    if (isMap(node)) {
      const result: { [key: string]: Plain } = Object.create(null);
      for (const pair of node.items) {
        const key = keyText(pair);
        if (key in result && this.mistakes.length < MAX_REPEATED)
          this.mistakes.push({ place: this.#placeOf(pair.key), path: [], message: 'this key occurs twice' });
        result[key] = this.plain(pair.value, depth + 1);
      }
      return result;
    }
    if (!isScalar(node)) return null;
    const value = node.value;
    // YAML reads `1.10` as the number 1.1, but it is a version: keep the text as written.
    if (typeof value === 'number' || typeof value === 'bigint') {
      return Number.isInteger(value) && String(value) === node.source ? Number(value) : (node.source ?? String(value));
    }
    return typeof value === 'string' || typeof value === 'boolean' ? value : null;
  }

  locate(path: readonly (string | number)[], on: 'key' | 'value'): Place {
    const { isAlias, isMap, isSeq } = this.#yaml;
    let node: unknown = this.#document.contents;
    let place = this.#placeOf(node);
    for (const [i, step] of path.entries()) {
      if (isAlias(node)) node = this.#target(node);
      const pair = isMap(node) ? this.#pairOf(node, String(step)) : undefined;
      const next = pair ? pair.value : isSeq(node) ? node.items[Number(step)] : undefined;
      if (!pair && next === undefined) return place;
      const wanted = pair && ((on === 'key' && i === path.length - 1) || next === null) ? pair.key : next;
      place = this.#placeOf(wanted);
      node = next;
    }
    return place;
  }

  #pairOf(map: YAMLMap, key: string): Pair | undefined {
    let pairs = this.#pairs.get(map);
    if (pairs === undefined) {
      pairs = new Map(map.items.map((pair) => [keyText(pair), pair]));
      this.#pairs.set(map, pairs);
    }
    return pairs.get(key);
  }

  #target(node: unknown): unknown {
    if (!this.#yaml.isAlias(node)) return node;
    // Resolve each alias once: it walks the document.
    if (!this.#targets.has(node)) this.#targets.set(node, node.resolve(this.#document));
    return this.#targets.get(node);
  }

  #tooLarge(node: unknown, depth: number): Plain {
    if (this.mistakes.length === 0) {
      const message = depth > MAX_DEPTH ? `nested more than ${MAX_DEPTH} levels deep` : `more than ${MAX_VALUES} values, aliases expanded`;
      this.mistakes.push({ place: this.#placeOf(node), path: [], message });
    }
    return null;
  }

  #placeOf(node: unknown): Place {
    const range = this.#yaml.isNode(node) ? (node as Node).range : undefined;
    return placeAt(this.#lines, range?.[0] ?? 0);
  }
}

/** A key as written: `10` and `true` are names. */
export function keyText(pair: Pair<unknown, unknown>): string {
  const key = pair.key as { value?: unknown; source?: string } | null;
  return typeof key?.value === 'string' ? key.value : (key?.source ?? String(key?.value ?? ''));
}

function placeAt(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

interface SyntaxError {
  readonly code: string;
  readonly message: string;
  readonly pos: readonly [number, number];
}

/** Keeps only the first unexpected token: it causes the later ones. */
function withoutConsequences(errors: readonly SyntaxError[], text: string): readonly SyntaxError[] {
  const first = errors.find(({ code }) => code === 'UNEXPECTED_TOKEN');
  const others = errors.filter((error) => error.code !== 'UNEXPECTED_TOKEN' || error === first).slice(0, 100);
  return others.map((error) => (text.startsWith('${', error.pos[0] - 1) ? { ...error, message: UNQUOTED } : error));
}

const UNQUOTED = 'a version between brackets must be quoted, as in { name: "foo-${NAME}" }';

function syntaxMistake(error: SyntaxError, lines: LineCounter): Mistake {
  const message = MESSAGES.get(error.code) ?? lowerFirst(shortPrintable(error.message.split('\n')[0]!));
  return { place: placeAt(lines, error.pos[0]), path: [], message };
}

const MESSAGES: ReadonlyMap<string, string> = new Map([['MULTIPLE_DOCS', 'a second YAML document begins here; a manifest has only one']]);

function jsonSyntaxMistake(text: string): Mistake | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    const message = (error as Error).message;
    const offset = Number(/at position (\d+)/.exec(message)?.[1] ?? text.length);
    const before = text.slice(0, offset).split('\n');
    const place = { line: before.length, column: before.at(-1)!.length + 1 };
    return {
      place,
      path: [],
      message: `not valid JSON: ${lowerFirst(shortPrintable(message.replace(/ in JSON at position.*$/s, '').split('\n')[0]!))}`,
    };
  }
}

const lowerFirst = (text: string): string => (text.charAt(0).toLowerCase() + text.slice(1)).replace(/\.$/, '');
