import type { TextLimits } from '../forge/forge.ts';

/** Length of a text in the unit of a forge. */
export const sizeIn = (text: string, unit: TextLimits['unit']): number => (unit === 'bytes' ? Buffer.byteLength(text) : [...text].length);

/** Truncates a text at a line end, with a note if something is omitted. */
export function fitText(text: string, limit: number, unit: TextLimits['unit'], note: string): string {
  if (sizeIn(text, unit) <= limit) return text;
  const room = limit - sizeIn(note, unit);
  let size = 0;
  const kept: string[] = [];
  for (const line of text.split('\n')) {
    size += sizeIn(`${line}\n`, unit);
    if (size > room) break;
    kept.push(line);
  }
  return `${kept.join('\n')}\n${note}`.slice(0, limit);
}
