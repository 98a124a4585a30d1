import { isUtf8 } from 'node:buffer';

const AMPERSAND = 0x26;
const SEMICOLON = 0x3b;
const NAMED: Readonly<Record<string, number>> = { lt: 0x3c, gt: 0x3e, amp: 0x26, quot: 0x22, apos: 0x27 };
/** Characters of `&#x10FFFF;` with some leading zeros. */
const LONGEST_ENTITY = 16;

/** Where a text occurs, numbered as in assembly/scanner.ts: between tags, in an attribute, in a CDATA section. */
export const TEXT_KINDS = ['text', 'attribute', 'cdata'] as const;

/**
 * Decodes a range of XML: replaces the five entities and character references, and normalizes line ends and the spaces of attributes. A CDATA
 * section has no entities. The result is never longer than the source. Returns the end of the result in the target, or -1 if the range has another
 * entity, a control character or invalid UTF-8.
 */
export function decodeText(
  source: Uint8Array,
  range: { readonly start: number; readonly end: number; readonly kind: (typeof TEXT_KINDS)[number] },
  target: Uint8Array,
  at: number,
): number {
  const { end, kind } = range;
  const isAttribute = kind === 'attribute';
  let to = at;
  for (let i = range.start; i < end; i++) {
    const byte = source[i]!;
    if (byte === AMPERSAND && kind !== 'cdata') {
      const semicolon = source.indexOf(SEMICOLON, i);
      if (semicolon < 0 || semicolon >= end || semicolon - i > LONGEST_ENTITY) return -1;
      const code = codePoint(String.fromCharCode(...source.subarray(i + 1, semicolon)));
      if (code === undefined) return -1;
      to = writeUtf8(code, target, to);
      i = semicolon;
    } else if (byte >= 0x20) target[to++] = byte;
    else if (byte === 0x0d) {
      // A carriage return is a line end, alone or before a line feed.
      if (source[i + 1] === 0x0a && i + 1 < end) continue;
      target[to++] = isAttribute ? 0x20 : 0x0a;
    } else if (byte === 0x0a || byte === 0x09) target[to++] = isAttribute ? 0x20 : byte;
    else return -1;
  }
  return isUtf8(target.subarray(at, to)) ? to : -1;
}

function codePoint(entity: string): number | undefined {
  if (!entity.startsWith('#')) return Object.hasOwn(NAMED, entity) ? NAMED[entity] : undefined;
  const code = /^#x[0-9a-fA-F]+$/.test(entity)
    ? Number.parseInt(entity.slice(2), 16)
    : /^#[0-9]+$/.test(entity)
      ? Number(entity.slice(1))
      : Number.NaN;
  const isCharacter = (code >= 0x20 && code < 0xd800) || (code >= 0xe000 && code < 0xfffe) || (code >= 0x10000 && code <= 0x10ffff);
  return isCharacter || code === 0x09 || code === 0x0a || code === 0x0d ? code : undefined;
}

function writeUtf8(code: number, target: Uint8Array, at: number): number {
  let to = at;
  if (code < 0x80) target[to++] = code;
  else {
    if (code < 0x800) target[to++] = 0xc0 | (code >> 6);
    else {
      if (code < 0x10000) target[to++] = 0xe0 | (code >> 12);
      else {
        target[to++] = 0xf0 | (code >> 18);
        target[to++] = 0x80 | ((code >> 12) & 0x3f);
      }
      target[to++] = 0x80 | ((code >> 6) & 0x3f);
    }
    target[to++] = 0x80 | (code & 0x3f);
  }
  return to;
}
