import * as mistake from './mistake-numbers.ts';

/** Text of each mistake, by number. `text` is the name or value that it is about. */
export const MISTAKES: Readonly<Record<MistakeNumber, (text: string) => string>> = {
  [mistake.EMPTY]: () => 'is empty',
  [mistake.NOT_XML]: () => 'is not XML',
  [mistake.OTHER_ROOT]: (text) => `starts with <${text}> where <metadata> was expected`,
  [mistake.DOCTYPE]: () => 'declares a document type (DTD), which is never read',
  [mistake.NO_NAME]: () => 'has a tag without a name',
  [mistake.NO_SPACE]: () => 'has an attribute that is not set off by a space',
  [mistake.NO_VALUE]: () => 'has an attribute without a value',
  [mistake.NO_QUOTES]: () => 'has an attribute without quotes',
  [mistake.LESS_IN_VALUE]: () => 'has a `<` in an attribute',
  [mistake.MANY_ATTRIBUTES]: () => 'has a tag with more than 64 attributes',
  [mistake.SLASH_IN_TAG]: () => 'has a `/` inside of a tag',
  [mistake.NOT_CLOSED]: (text) => `does not close <${text}>`,
  [mistake.NOT_OPEN]: () => 'closes an element that is not open',
  [mistake.DEEP]: () => 'nests elements more than 64 deep',
  [mistake.ELEMENT_IN_TEXT]: () => 'has an element where only text is expected',
  [mistake.BAD_TEXT]: () => 'has an entity, a control character or bytes that XML metadata never has',
  [mistake.CONTENT_AFTER_END]: () => 'continues after </metadata>',
  [mistake.FORMAT_IN_FORMAT]: () => 'has a <format> in a <format>',
};

/** All numbers of the list; a number without a text does not compile. */
type MistakeNumber = (typeof mistake)[keyof typeof mistake];

export interface HeadMistake {
  readonly what: string;
  /** Set if the usual advice, to try another mirror, does not help. */
  readonly hint?: string;
}

/** For metadata in an encoding that no mirror can change. */
export const ENCODING_HINT =
  'the repository is made wrong, not the mirror: its metadata must be in UTF-8, as createrepo_c writes it (UTF-16 and ISO-8859-1 work too)';

/** Why a document does not start like readable XML; undefined if it does. */
export function headMistake(head: string): HeadMistake | undefined {
  const start = head.replace(/^\s*(?:<\?[\s\S]*?\?>\s*|<!--[\s\S]*?-->\s*)*/, '');
  if (/^<(?:!doctype\s+)?html\b/i.test(start))
    return { what: 'is an HTML page (a login, an error or a directory listing?) and not metadata' };
  if (!/^\s*</.test(head)) return { what: 'is not XML' };
  const encoding = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']/.exec(head)?.[1];
  if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding)) {
    return { what: `is encoded in ${encoding.replace(/[^\x21-\x7e]/g, '?')}, which is not read`, hint: ENCODING_HINT };
  }
  return undefined;
}
