/** Counts how often any of the (ASCII) characters occurs in a text, up to a limit. */
export function countCharacters(text: string, characters: string, limit: number): number {
  const isCounted = new Uint8Array(128);
  for (let i = 0; i < characters.length; i++) isCounted[characters.charCodeAt(i)] = 1;
  let count = 0;
  for (let i = 0; i < text.length && count < limit; i++) {
    const code = text.charCodeAt(i);
    if (code < 128) count += isCounted[code]!;
  }
  return count;
}
