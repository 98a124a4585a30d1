import { INCOMPLETE, type XmlScanner } from './xml-scanner.ts';

/** How much of a document may come before its outermost element. */
const MAX_PROLOG_BYTES = 64 * 1024;

/**
 * Reads up to and with the start tag of the outermost element, which must be `<root>`; true when that is all there is (`<root/>`).
 * HTML, other encodings than UTF-8 and other documents are refused with words that say what was found.
 */
export function readProlog(scanner: XmlScanner, root: string): boolean {
  if (scanner.pos === scanner.end) scanner.fail('is empty');
  if (scanner.startsWith('\u00ef\u00bb\u00bf', scanner.pos)) scanner.pos += 3;
  refuseOtherFormats(scanner);
  for (;;) {
    if (scanner.isBlank()) {
      if (scanner.end > MAX_PROLOG_BYTES) scanner.fail('is not XML');
      throw INCOMPLETE;
    }
    scanner.skipText();
    const { bytes, pos } = scanner;
    const next = bytes[pos + 1];
    if (next !== 0x21 && next !== 0x3f) break;
    scanner.skipMarkup();
  }
  const start = scanner.pos + 1;
  const end = scanner.nameEnd(start);
  if (end - start !== root.length || !scanner.startsWith(root, start)) {
    const name = Buffer.from(scanner.bytes.subarray(start, Math.min(end, start + 40))).toString('latin1');
    scanner.fail(`starts with <${name.replace(/[^\x21-\x7e]/g, '?')}> where <${root}> was expected`);
  }
  scanner.pos = end;
  return scanner.readAttributes();
}

function refuseOtherFormats(scanner: XmlScanner): void {
  const head = Buffer.from(scanner.bytes.subarray(scanner.pos, Math.min(scanner.end, scanner.pos + 2048))).toString('latin1');
  const start = head.replace(/^\s*(?:<\?[\s\S]*?\?>\s*|<!--[\s\S]*?-->\s*)*/, '');
  if (/^<(?:!doctype\s+)?html\b/i.test(start)) scanner.fail('is an HTML page (a login, an error or a directory listing?) and not metadata');
  if (!/^\s*</.test(head)) scanner.fail('is not XML');
  const encoding = /^\s*<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']/.exec(head)?.[1];
  if (encoding !== undefined && !/^(?:utf-?8|us-ascii)$/i.test(encoding)) {
    scanner.fail(`is encoded in ${encoding.replace(/[^\x21-\x7e]/g, '?')}, and only UTF-8 is read`);
  }
}
