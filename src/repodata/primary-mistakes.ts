/** What is wrong with a document, in the order of assembly/mistakes.ts. `text` is what the mistake is about. */
export const MISTAKES: readonly ((text: string) => string)[] = [
  () => 'is empty',
  () => 'is not XML',
  (text) => `starts with <${text}> where <metadata> was expected`,
  () => 'has a document type declaration, which metadata never has',
  () => 'has a tag without a name',
  () => 'has an attribute that is not set off by a space',
  () => 'has an attribute without a value',
  () => 'has an attribute without quotes',
  () => 'has a `<` in an attribute',
  () => 'has a tag with more than 64 attributes',
  () => 'has a `/` inside of a tag',
  (text) => `does not close <${text}>`,
  () => 'closes an element that is not open',
  () => 'nests elements more than 64 deep',
  () => 'has an element where only text is expected',
  () => 'has an entity, a control character or bytes that XML metadata never has',
  () => 'goes on after </metadata>',
  () => 'has a <format> in a <format>',
];

/** Why the beginning of a document is not that of XML in UTF-8; undefined when it may be. */
export function headMistake(head: string): string | undefined {
  const start = head.replace(/^\s*(?:<\?[\s\S]*?\?>\s*|<!--[\s\S]*?-->\s*)*/, '');
  if (/^<(?:!doctype\s+)?html\b/i.test(start)) return 'is an HTML page (a login, an error or a directory listing?) and not metadata';
  if (!/^\s*</.test(head)) return 'is not XML';
  const encoding = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']/.exec(head)?.[1];
  if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding)) {
    return `is encoded in ${encoding.replace(/[^\x21-\x7e]/g, '?')}, and only UTF-8 is read`;
  }
  return undefined;
}
