/**
 * Regular expressions of manifests. They may come from an untrusted pull request, so RE2 runs them, which never backtracks: a test takes time
 * proportional to pattern length times text length. A pattern that RE2 does not support (look-around, references) is a mistake.
 */
import { createRequire } from 'node:module';

/** Characters; longer than any pattern in practice. */
const MAX_PATTERN = 1000;

export class RegexMistake extends Error {}

/** The pattern of `/pattern/`; undefined for other text. */
export function regexSource(text: string): string | undefined {
  return text.length > 2 && text.startsWith('/') && text.endsWith('/') ? text.slice(1, -1) : undefined;
}

/** A test whether the pattern matches anywhere in a text. Throws RegexMistake, with the reason in its message. */
export function regexMatcher(pattern: string): (text: string) => boolean {
  if (pattern.length > MAX_PATTERN) throw new RegexMistake(`it is longer than ${MAX_PATTERN} characters`);
  // Loaded on first use: few manifests have patterns.
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
