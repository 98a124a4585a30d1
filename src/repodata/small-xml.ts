import { createRequire } from 'node:module';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { countCharacters } from './count-characters.ts';
import { plainXmlBytes, withoutDoctype } from './plain-xml.ts';
import { ENCODING_HINT } from './primary-mistakes.ts';

/** One element of a small document. `text` is the text directly in it, trimmed. */
export interface XmlElement {
  /** Local name, without the namespace prefix. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  readonly text: string;
}

export interface SmallXmlOptions {
  /** Source of the document, for messages. */
  readonly url: string;
  /** Required name of the outermost element. */
  readonly root: string;
  /** A longer document is refused before parsing. */
  readonly limitBytes: number;
}

/**
 * Parses repomd.xml, comps.xml and similar files into a tree. A document type (usual in comps.xml) is not downloaded. Refuses what such files never
 * need: declarations, entities beyond the five of XML, rare encodings, nesting deeper than `MAX_DEPTH`.
 */
export function parseSmallXml(source: Uint8Array | string, options: SmallXmlOptions): XmlElement {
  const { url, root, limitBytes } = options;
  if (source.length > limitBytes) throw invalid(url, `is larger than ${limitBytes} bytes`);
  const text = typeof source === 'string' ? withoutDoctype(source) : decodeUtf8(plainXmlBytes(source), url);
  refuseOtherFormats(text, url);
  refuseDeclarations(text, url);
  if (text.length > MAX_MARKS && countCharacters(text, '<=&', MAX_MARKS) === MAX_MARKS)
    throw invalid(url, `has ${MAX_MARKS} or more tags, attributes and entities`);
  const { XMLParser, XMLValidator } = fastXmlParser();
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw invalid(url, `is not well-formed XML (line ${verdict.err.line}: ${shortPrintable(verdict.err.msg)})`);
  let nodes: unknown;
  try {
    nodes = new XMLParser(PARSER_OPTIONS).parse(text);
  } catch (error) {
    throw invalid(url, `is not valid XML: ${shortPrintable(error instanceof Error ? error.message : String(error))}`, error);
  }
  const element = asElements(nodes, url, 0)[0];
  if (element === undefined) throw invalid(url, 'has no XML element in it');
  if (element.name !== root) throw invalid(url, `starts with <${shortPrintable(element.name)}> where <${root}> was expected`);
  return element;
}

/** The first child with this name. */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((child) => child.name === name);
}

/** Text of the first child with this name. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return childOf(element, name)?.text;
}

export function invalid(url: string, what: string, cause?: unknown, hint = BROKEN_HINT): RpmDepsError {
  return new RpmDepsError('METADATA_INVALID', `${shortPrintable(url)} ${what}`, { hint, cause });
}

const BROKEN_HINT = 'the mirror is broken or the URL is not that of a repository; try another mirror';

const MAX_DEPTH = 64;
/** Each mark becomes a tree node of up to 2 kB, or takes up to 20 microseconds. The largest comps.xml of a distribution has 100,000 marks. */
const MAX_MARKS = 500_000;

// preserveOrder returns arrays, so that a name such as `__proto__` in the document is only a string.
const PARSER_OPTIONS = {
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  cdataPropName: '#cdata',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  processEntities: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: MAX_DEPTH,
  onDangerousProperty: (name: string) => name,
} as const;

// `require` loads the one-file build in 6 ms, `import` the twenty modules in 34 ms; and it can wait until
// a document has to be parsed.
let loaded: typeof import('fast-xml-parser') | undefined;
function fastXmlParser(): typeof import('fast-xml-parser') {
  loaded ??= createRequire(import.meta.url)('fast-xml-parser') as typeof import('fast-xml-parser');
  return loaded;
}

function decodeUtf8(bytes: Uint8Array, url: string): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) throw invalid(url, 'is gzip data where XML was expected');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    refuseOtherEncodings(Buffer.from(bytes.subarray(0, 2000)).toString('latin1').trimStart(), url);
    throw invalid(url, 'is not UTF-8 text', error);
  }
}

function refuseOtherFormats(text: string, url: string): void {
  const start = text.slice(0, 2000).trimStart();
  if (start === '') throw invalid(url, 'is empty');
  if (/^<(!doctype\s+html|html)\b/i.test(afterProlog(start))) {
    throw invalid(url, 'is HTML instead of XML (a login page, an error page or a directory listing?)');
  }
  if (!start.startsWith('<')) throw invalid(url, 'is not XML');
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(text))
    throw invalid(url, 'has control characters in it, which XML does not allow');
  refuseOtherEncodings(start, url);
}

function refuseOtherEncodings(start: string, url: string): void {
  const encoding = /^<\?xml[^>]*\bencoding\s*=\s*["']([^"']*)["']/.exec(start)?.[1];
  if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding)) {
    throw invalid(url, `is encoded in ${shortPrintable(encoding)}, which is not read`, undefined, ENCODING_HINT);
  }
}

function afterProlog(start: string): string {
  let rest = start;
  for (;;) {
    const end = rest.startsWith('<?') ? '?>' : rest.startsWith('<!--') ? '-->' : undefined;
    const close = end === undefined ? -1 : rest.indexOf(end);
    if (end === undefined || close < 0) return rest;
    rest = rest.slice(close + end.length).trimStart();
  }
}

/** A `<!` that opens neither a comment nor CDATA is a document type or part of one. */
function refuseDeclarations(text: string, url: string): void {
  for (let at = text.indexOf('<!'); at >= 0; at = text.indexOf('<!', at)) {
    const end = text.startsWith('<!--', at) ? '-->' : text.startsWith('<![CDATA[', at) ? ']]>' : undefined;
    if (end === undefined) throw invalid(url, 'declares a document type (DTD), which is never read');
    const close = text.indexOf(end, at + (end === '-->' ? 4 : 9));
    if (close < 0) throw invalid(url, 'is cut off inside a comment or CDATA section');
    at = close + 3;
  }
}

function asElements(nodes: unknown, url: string, depth: number): XmlElement[] {
  if (!Array.isArray(nodes)) return [];
  if (depth > MAX_DEPTH) throw invalid(url, `nests elements more than ${MAX_DEPTH} deep`);
  const elements: XmlElement[] = [];
  for (const node of nodes as Record<string, unknown>[]) {
    const name = Object.keys(node).find((key) => key !== ':@');
    if (name === undefined || name.startsWith('#') || name.startsWith('?')) continue;
    const inside = node[name];
    elements.push({
      name: name.slice(name.indexOf(':') + 1),
      attributes: asAttributes(node[':@'], url),
      children: asElements(inside, url, depth + 1),
      text: directText(inside, url),
    });
  }
  return elements;
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

function asAttributes(group: unknown, url: string): ReadonlyMap<string, string> {
  if (typeof group !== 'object' || group === null) return NO_ATTRIBUTES;
  const attributes = new Map<string, string>();
  for (const [key, value] of Object.entries(group)) attributes.set(key, decodeEntities(String(value), url));
  return attributes;
}

function directText(nodes: unknown, url: string): string {
  if (!Array.isArray(nodes)) return '';
  let text = '';
  for (const node of nodes as Record<string, unknown>[]) {
    if ('#text' in node) text += decodeEntities(String(node['#text']), url);
    else if ('#cdata' in node) text += cdataText(node['#cdata']);
  }
  return text.trim();
}

function cdataText(nodes: unknown): string {
  if (!Array.isArray(nodes)) return '';
  return nodes.map((node: Record<string, unknown>) => String(node['#text'] ?? '')).join('');
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/** One pass, so that the replacement of an entity is never decoded again. */
function decodeEntities(text: string, url: string): string {
  if (!text.includes('&')) return text;
  return text.replaceAll(/&([^;&]{0,32};?)/g, (whole, body: string) => {
    const name = body.slice(0, -1);
    const known = NAMED.get(name);
    if (known !== undefined && body.endsWith(';')) return known;
    const number = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));$/.exec(body);
    const code = number === null ? Number.NaN : number[1] === undefined ? Number(number[2]) : Number.parseInt(number[1], 16);
    if (isXmlChar(code)) return String.fromCodePoint(code);
    throw invalid(url, `uses ${shortPrintable(whole)}, which is not one of the five entities of XML`);
  });
}

function isXmlChar(code: number): boolean {
  if (code === 9 || code === 10 || code === 13) return true;
  return (code >= 0x20 && code <= 0xd7ff) || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}
