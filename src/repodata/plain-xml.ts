/**
 * Converts XML with the encodings and document types that dnf accepts to UTF-8 without a document type, for the readers of this folder. A document
 * type with declarations stays, so that the reader refuses it.
 */

const HEAD_BYTES = 4096;
const QUOTED = `(?:"[^"<>]*"|'[^'<>]*')`;
/** `$1` is the text before it. Does not match the document type of HTML, which shows that a server sent an HTML page. */
const DOCTYPE = new RegExp(
  `^(\\s*(?:(?:<\\?[^<>]*>|<!--(?:(?!-->)[^])*-->)\\s*)*)(<!DOCTYPE\\s+(?!html\\b)[^\\s<>[\\]]+(?:\\s+PUBLIC\\s+${QUOTED})?(?:\\s+(?:SYSTEM\\s+)?${QUOTED})?\\s*>)`,
  'i',
);
const DECLARED = /^(\s*<\?xml[^<>]*\bencoding\s*=\s*["'])(iso-8859-1|utf-16(?:[lb]e)?)(?=["'])/i;

/** Replaces the document type by spaces, so that lines and offsets stay the same. */
export function withoutDoctype(text: string): string {
  const head = text.slice(0, HEAD_BYTES);
  if (!/<!DOCTYPE/i.test(head)) return text;
  const plain = head.replace(DOCTYPE, (_, before: string, doctype: string) => before + doctype.replaceAll(/[^\n]/g, ' '));
  return plain + text.slice(HEAD_BYTES);
}

/** Converts a stream. Copies instead of changing chunks in place, because other code may own them. */
export async function* plainXml(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const head: Uint8Array[] = [];
  let length = 0;
  let decoder: Decoder | undefined;
  let isBehindHead = false;
  for await (const chunk of chunks) {
    if (isBehindHead) {
      yield decoder === undefined ? chunk : Buffer.from(decoder(chunk, true));
      continue;
    }
    head.push(chunk);
    length += chunk.length;
    if (length < HEAD_BYTES) continue;
    const start = head.length === 1 ? chunk : Buffer.concat(head.splice(0));
    decoder = decoderFor(start);
    isBehindHead = true;
    yield plainHead(start, decoder, true);
  }
  if (isBehindHead) {
    const rest = decoder?.(new Uint8Array(), false) ?? '';
    if (rest !== '') yield Buffer.from(rest);
  } else if (length > 0) yield plainXmlBytes(Buffer.concat(head));
}

/** Converts a complete document. */
export const plainXmlBytes = (bytes: Uint8Array): Uint8Array => plainHead(bytes, decoderFor(bytes), false);

/** Decodes bytes; `more`: more bytes follow. */
type Decoder = (bytes: Uint8Array, more: boolean) => string;

/** undefined if the start of the document does not declare an encoding other than UTF-8. */
function decoderFor(bytes: Uint8Array): Decoder | undefined {
  const mark = bytes.length < 2 ? 0 : (bytes[0]! << 8) | bytes[1]!;
  if (mark === 0xfffe || mark === 0xfeff) {
    const decoder = new TextDecoder(mark === 0xfffe ? 'utf-16le' : 'utf-16be');
    return (part, more) => decoder.decode(part, { stream: more });
  }
  const encoding = DECLARED.exec(headOf(bytes))?.[2];
  // Not `TextDecoder`, whose ISO-8859-1 is Windows-1252.
  return encoding?.toLowerCase() === 'iso-8859-1'
    ? (part) => Buffer.from(part.buffer, part.byteOffset, part.length).toString('latin1')
    : undefined;
}

function plainHead(bytes: Uint8Array, decoder: Decoder | undefined, more: boolean): Uint8Array {
  if (decoder !== undefined) return Buffer.from(withoutDoctype(decoder(bytes, more).replace(DECLARED, '$1UTF-8')));
  const head = headOf(bytes);
  const plain = withoutDoctype(head);
  return plain === head ? bytes : Buffer.concat([Buffer.from(plain, 'latin1'), bytes.subarray(HEAD_BYTES)]);
}

/** One character per byte, so that offsets stay the same. */
const headOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES)).toString('latin1');
