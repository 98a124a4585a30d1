/** Text from outside within a line: line ends, control characters, escape sequences and marks of direction are shown and have no effect. */
export function printable(text: string): string {
  return printableLines(text).replace(/[\t\n]/g, escapeCharacter);
}

/** The same, cut to a length that fits a message. */
export function shortPrintable(text: string, limit = 200): string {
  const escaped = printable(text.slice(0, limit + 1));
  return escaped.length > limit ? `${escaped.slice(0, limit)}...` : escaped;
}

/** The same for a text of several lines: tabs and line ends stay. */
export function printableLines(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, escapeCharacter);
}

const escapeCharacter = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The first few of many. */
export function someNames(names: readonly string[], limit = 4): string {
  const shown = names.slice(0, names.length === limit + 1 ? limit + 1 : limit).map((name) => shortPrintable(name));
  return shown.length < names.length ? `${shown.join(', ')} and ${names.length - shown.length} more` : shown.join(', ');
}
