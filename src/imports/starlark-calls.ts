/**
 * Calls with keyword arguments in files of Bazel, as `rpm(name = "...", urls = [...])`. Nothing is evaluated: values other than strings, flags and
 * lists of strings are undefined. One pass from left to right.
 */
export type StarlarkValue = string | boolean | readonly string[] | ReadonlyMap<string, string | readonly string[]> | undefined;

export interface StarlarkCall {
  /** The last part: `rpm` of `bazeldnf.rpm(...)`. */
  readonly name: string;
  readonly arguments: ReadonlyMap<string, StarlarkValue>;
  readonly line: number;
}

type Token =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'word'; readonly value: string; readonly line: number }
  | { readonly kind: 'sign'; readonly value: string };

const MAX_CALLS = 100_000;

/** Calls at the top level of the file and in functions that have one of these names, also where `load` renamed it. */
export function findCalls(text: string, names: ReadonlySet<string>): StarlarkCall[] {
  const tokens = tokensOf(text);
  const calls: StarlarkCall[] = [];
  const meant = new Map([...names].map((name) => [name, name]));
  for (let i = 0; i + 1 < tokens.length && calls.length < MAX_CALLS; i++) {
    const token = tokens[i]!;
    const open = tokens[i + 1]!;
    if (token.kind !== 'word' || open.kind !== 'sign' || open.value !== '(') continue;
    const name = meant.get(token.value);
    if (name === undefined && token.value !== 'load') continue;
    const before = tokens[i - 1];
    if (before?.kind === 'word' && before.value === 'def') continue;
    const { found, end } = readArguments(tokens, i + 2);
    if (name !== undefined) calls.push({ name, arguments: found, line: token.line });
    else for (const [alias, loaded] of found) if (typeof loaded === 'string' && names.has(loaded)) meant.set(alias, loaded);
    i = end;
  }
  return calls;
}

function readArguments(tokens: readonly Token[], start: number): { readonly found: Map<string, StarlarkValue>; readonly end: number } {
  const found = new Map<string, StarlarkValue>();
  let i = start;
  while (i < tokens.length) {
    const first = i;
    let depth = 0;
    for (; i < tokens.length; i++) {
      const token = tokens[i]!;
      if (token.kind !== 'sign') continue;
      if (depth === 0 && (token.value === ',' || token.value === ')')) break;
      if ('([{'.includes(token.value)) depth++;
      if (')]}'.includes(token.value)) depth--;
    }
    const [key, equals] = [tokens[first], tokens[first + 1]];
    if (key?.kind === 'word' && equals?.kind === 'sign' && equals.value === '=')
      found.set(key.value, readValue(tokens.slice(first + 2, i)));
    const last = tokens[i];
    if (last?.kind === 'sign' && last.value === ')') break;
    i++;
  }
  return { found, end: i };
}

function readValue(tokens: readonly Token[]): StarlarkValue {
  const [first] = tokens;
  if (tokens.length === 1 && first?.kind === 'text') return first.value;
  if (tokens.length === 1 && first?.kind === 'word') return first.value === 'True' ? true : first.value === 'False' ? false : undefined;
  if (first?.kind === 'sign' && first.value === '{') return readMap(tokens);
  if (first?.kind !== 'sign' || first.value !== '[') return undefined;
  const texts: string[] = [];
  for (const token of tokens.slice(1, -1)) {
    if (token.kind === 'text') texts.push(token.value);
    else if (token.kind !== 'sign' || token.value !== ',') return undefined;
  }
  return texts;
}

/** A map from strings to strings or lists of strings. */
function readMap(tokens: readonly Token[]): StarlarkValue {
  const found = new Map<string, string | readonly string[]>();
  for (let i = 1; i < tokens.length - 1; ) {
    const [key, colon] = [tokens[i], tokens[i + 1]];
    if (key?.kind !== 'text' || colon?.kind !== 'sign' || colon.value !== ':') return undefined;
    let end = i + 2;
    for (let depth = 0; end < tokens.length - 1; end++) {
      const token = tokens[end]!;
      if (token.kind !== 'sign') continue;
      if (depth === 0 && token.value === ',') break;
      if ('([{'.includes(token.value)) depth++;
      if (')]}'.includes(token.value)) depth--;
    }
    const value = readValue(tokens.slice(i + 2, end));
    if (typeof value !== 'string' && !isList(value)) return undefined;
    found.set(key.value, value);
    i = end + 1;
  }
  return found;
}

export const isList = (value: StarlarkValue): value is readonly string[] => Array.isArray(value);

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /#[^\n]*|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_]\w*|\n|[^\s]/g;
  let line = 1;
  for (const [match] of text.matchAll(pattern)) {
    if (match === '\n') line++;
    else if (match.startsWith('#')) continue;
    else if (/^["']/.test(match) && match.length > 1) {
      const quotes = /^(?:"""|''')/.test(match) && match.length >= 6 ? 3 : 1;
      tokens.push({ kind: 'text', value: match.slice(quotes, -quotes).replace(/\\(["'\\])/g, '$1') });
      line += match.split('\n').length - 1;
    } else if (/^\w/.test(match)) tokens.push({ kind: 'word', value: match, line });
    else tokens.push({ kind: 'sign', value: match });
  }
  return tokens;
}
