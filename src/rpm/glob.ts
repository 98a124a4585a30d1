/** Shell patterns as in fnmatch(3), without special treatment of slashes and leading dots. */

export function hasGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

type Token =
  | { readonly kind: 'star' }
  /** `text`: set if it matches only this character. */
  | { readonly kind: 'one'; readonly matches: (character: string) => boolean; readonly text?: string };

/** A test for whole texts. Worst-case time is the product of both lengths: it backtracks over at most one star. */
export function globMatcher(pattern: string): (text: string) => boolean {
  if (!hasGlob(pattern) && !pattern.includes('\\')) return (text) => text === pattern;
  const tokens = tokenize(pattern);
  if (tokens === undefined) return () => false;
  // Most texts do not match, usually because a literal part is missing, which is much faster to check.
  const parts = literalParts(tokens);
  const first = tokens[0]?.kind === 'star' ? '' : parts[0]!;
  const last = tokens.at(-1)?.kind === 'star' ? '' : parts.at(-1)!;
  const longest = parts.reduce((a, b) => (b.length > a.length ? b : a));
  return (text) => text.startsWith(first) && text.endsWith(last) && text.includes(longest) && matchTokens(tokens, text);
}

/** Runs of literal characters: at the start of the pattern, at its end, and in between. */
function literalParts(tokens: readonly Token[]): string[] {
  const parts = [''];
  for (const token of tokens) {
    if (token.kind === 'one' && token.text !== undefined) parts[parts.length - 1] += token.text;
    else parts.push('');
  }
  return parts;
}

function matchTokens(tokens: readonly Token[], text: string): boolean {
  let t = 0;
  let i = 0;
  let starToken = -1;
  let starText = 0;
  while (i < text.length) {
    const token = tokens[t];
    if (token?.kind === 'star') {
      starToken = t++;
      starText = i;
    } else if (token?.matches(text[i]!)) {
      t++;
      i++;
    } else if (starToken >= 0) {
      t = starToken + 1;
      i = ++starText;
    } else return false;
  }
  while (tokens[t]?.kind === 'star') t++;
  return t === tokens.length;
}

/** undefined for a pattern that ends with a lone backslash: it matches nothing. */
function tokenize(pattern: string): Token[] | undefined {
  const tokens: Token[] = [];
  /** Positions inside a set without a closing bracket; not retried, so that `[[[[` takes linear time. */
  const unclosed = new Set<number>();
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    if (character === '*') {
      if (tokens.at(-1)?.kind !== 'star') tokens.push({ kind: 'star' });
    } else if (character === '?') tokens.push({ kind: 'one', matches: () => true });
    else if (character === '[') {
      const set = parseSet(pattern, i, unclosed);
      if (set === undefined) tokens.push(literal('['));
      else {
        tokens.push({ kind: 'one', matches: set.matches });
        i = set.end;
      }
    } else if (character !== '\\') tokens.push(literal(character));
    else if (++i < pattern.length) tokens.push(literal(pattern[i]!));
    else return undefined;
  }
  return tokens;
}

function literal(character: string): Token {
  return { kind: 'one', matches: (other) => other === character, text: character };
}

/** `[a-z]`, `[!a]`, `[]a]`, `[[:digit:]]`; undefined if not closed: then the bracket is a literal. */
function parseSet(
  pattern: string,
  start: number,
  unclosed: Set<number>,
): { readonly end: number; readonly matches: (character: string) => boolean } | undefined {
  let i = start + 1;
  const negated = pattern[i] === '!' || pattern[i] === '^';
  if (negated) i++;
  const tests: ((character: string) => boolean)[] = [];
  const seen: number[] = [];
  for (let first = true; i < pattern.length && (first || pattern[i] !== ']'); first = false) {
    if (!first) {
      if (unclosed.has(i)) break;
      seen.push(i);
    }
    const named = pattern[i] === '[' && pattern[i + 1] === ':' ? /^\[:([a-z]+):\]/.exec(pattern.slice(i, i + MAX_CLASS))?.[1] : undefined;
    const isInClass = named === undefined ? undefined : CLASSES.get(named);
    if (named !== undefined && isInClass !== undefined) {
      tests.push((character) => isInClass.test(character));
      i += named.length + 4;
      continue;
    }
    if (pattern[i] === '\\' && i + 1 < pattern.length) i++;
    const from = pattern[i++]!;
    let to = from;
    if (pattern[i] === '-' && pattern[i + 1] !== undefined && pattern[i + 1] !== ']') {
      if (pattern[++i] === '\\' && i + 1 < pattern.length) i++;
      to = pattern[i++]!;
    }
    tests.push((character) => character >= from && character <= to);
  }
  if (i >= pattern.length || unclosed.has(i)) {
    for (const place of seen) unclosed.add(place);
    return undefined;
  }
  return { end: i, matches: (character) => tests.some((test) => test(character)) !== negated };
}

const MAX_CLASS = '[:xdigit:]'.length;
const CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[A-Za-z0-9]/],
  ['alpha', /[A-Za-z]/],
  ['digit', /[0-9]/],
  ['lower', /[a-z]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /\s/],
  ['upper', /[A-Z]/],
  ['xdigit', /[0-9A-Fa-f]/],
]);
