/**
 * Regular expressions of manifests, which come with pull requests: read by RE2, which never backtracks. A test takes time in the product of the
 * lengths of pattern and text; a pattern that RE2 cannot read (look-around, references) is a mistake.
 */
import { createRequire } from 'node:module';

/** Longer than any list of names that a person writes. */
const MAX_PATTERN = 1000;

export class RegexMistake extends Error {}

/** The pattern of `/pattern/`; undefined for what is no such thing. */
export function regexSource(text: string): string | undefined {
  return text.length > 2 && text.startsWith('/') && text.endsWith('/') ? text.slice(1, -1) : undefined;
}

/** A test for texts in which the pattern is found anywhere. Throws RegexMistake, the message of which says what is wrong with it. */
export function regexMatcher(pattern: string): (text: string) => boolean {
  if (pattern.length > MAX_PATTERN) throw new RegexMistake(`it is longer than ${MAX_PATTERN} characters`);
  // Loaded by the few manifests that have one.
  const { RE2JS } = createRequire(import.meta.url)('re2js') as typeof import('re2js');
  try {
    const compiled = RE2JS.compile(pattern);
    return (text) => compiled.test(text);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isUnsupported = /\(\?<?[=!]|\\[1-9]|\\k</.test(pattern);
    throw new RegexMistake(
      isUnsupported ? 'look-around and references to groups are not supported' : error.message.replace(/^error parsing regexp: /, ''),
    );
  }
}
