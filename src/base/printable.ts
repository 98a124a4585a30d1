/** Makes external text safe within a line: escapes line ends, control characters, terminal sequences and direction marks. */
export function printable(text: string): string {
  return printableLines(text).replace(/[\t\n]/g, escapeCharacter);
}

/** Like `printable`, cut to a length for messages. */
export function shortPrintable(text: string, limit = 200): string {
  const escaped = printable(text.slice(0, limit + 1));
  return escaped.length > limit ? `${escaped.slice(0, limit)}...` : escaped;
}

/** Like `printable`, for a text of several lines: keeps tabs and line ends. */
export function printableLines(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeCharacter);
}

const escapeCharacter = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The first few of many external names; one more is listed instead of `and 1 more`. */
export const someNames = (names: readonly string[], limit = 4): string =>
  firstOf(names, names.length === limit + 1 ? limit + 1 : limit, (name) => shortPrintable(name));

/** The first few of many lines, then `and 3 more` as a separate line. */
export const firstLines = (lines: readonly string[], limit: number): string[] =>
  lines.length > limit ? [...lines.slice(0, limit), `and ${lines.length - limit} more`] : [...lines];

/** `a, b and 3 more` */
export function firstOf<T>(items: readonly T[], limit: number, textOf: (item: T) => string = String): string {
  const more = items.length > limit ? ` and ${items.length - limit} more` : '';
  return `${items.slice(0, limit).map(textOf).join(', ')}${more}`;
}
