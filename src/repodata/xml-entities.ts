const NAMED: Readonly<Record<string, number>> = { lt: 0x3c, gt: 0x3e, amp: 0x26, quot: 0x22, apos: 0x27 };

/**
 * Copies a range with its entities replaced: the five of XML, and character references as UTF-8. Source and target may be the
 * same bytes, since the result is never longer. Returns the number of bytes written, or -1 for an entity that is none of these.
 */
export function decodeEntities(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): number {
  let to = at;
  for (let i = start; i < end; i++) {
    if (source[i] !== 0x26) {
      target[to++] = source[i]!;
      continue;
    }
    const semicolon = source.indexOf(0x3b, i);
    if (semicolon < 0 || semicolon >= end || semicolon - i > 12) return -1;
    const code = codePoint(String.fromCharCode(...source.subarray(i + 1, semicolon)));
    if (code === undefined) return -1;
    to = writeUtf8(code, target, to);
    i = semicolon;
  }
  return to - at;
}

function codePoint(entity: string): number | undefined {
  if (!entity.startsWith('#')) return NAMED[entity];
  const code = /^#x[0-9a-f]+$/i.test(entity)
    ? Number.parseInt(entity.slice(2), 16)
    : /^#\d+$/.test(entity)
      ? Number(entity.slice(1))
      : Number.NaN;
  return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? code : undefined;
}

function writeUtf8(code: number, target: Uint8Array, at: number): number {
  if (code < 0x80) target[at++] = code;
  else if (code < 0x800) {
    target[at++] = 0xc0 | (code >> 6);
    target[at++] = 0x80 | (code & 0x3f);
  } else if (code < 0x10000) {
    target[at++] = 0xe0 | (code >> 12);
    target[at++] = 0x80 | ((code >> 6) & 0x3f);
    target[at++] = 0x80 | (code & 0x3f);
  } else {
    target[at++] = 0xf0 | (code >> 18);
    target[at++] = 0x80 | ((code >> 12) & 0x3f);
    target[at++] = 0x80 | ((code >> 6) & 0x3f);
    target[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}
