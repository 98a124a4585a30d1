/** Text from outside within a line, as it may be shown: line ends, control characters and escape sequences become visible and do nothing. */
export function printable(text: string): string {
  return printableLines(text).replace(/[\t\n\u2028\u2029]/g, escaped);
}

/** The same for a text that is made of lines. */
export function printableLines(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
