/** The most similar candidate, if `word` may be a misspelling of it; else undefined. */
export function nearestOf(word: string, candidates: Iterable<string>): string | undefined {
  return nearestFew(word, candidates, 1)[0];
}

/** Up to `most` candidates that `word` could be a misspelling of, closest first. */
export function nearestFew(word: string, candidates: Iterable<string>, most = 3): string[] {
  const folded = fold(word);
  const limit = Math.max(1, Math.floor(Math.min(word.length, 64) / 3)) + 1;
  const found = new Map<string, { readonly text: string; readonly distance: number; readonly exact: number }>();
  for (const text of candidates) {
    if (Math.abs(text.length - word.length) >= limit) continue;
    const key = fold(text);
    const distance = editDistance(folded, key, limit);
    if (distance >= limit) continue;
    // If two candidates differ only in upper and lower case, keep the one that is closer to `word`.
    const exact = editDistance(word, text, word.length + text.length);
    const other = found.get(key);
    if (other === undefined || exact < other.exact) found.set(key, { text, distance, exact });
  }
  // Equally close candidates keep their order.
  const nearest = [...found.values()].sort((a, b) => a.distance - b.distance);
  return nearest.slice(0, most).map(({ text }) => text);
}

/** The most frequent mistakes, hyphen instead of underscore and upper case, are ignored. */
const fold = (word: string): string => word.toLowerCase().replaceAll('-', '_');

/** Maximum characters: names are shorter, so rows of this length are enough. */
const MAX_LENGTH = 256;
const rows: [Uint16Array, Uint16Array, Uint16Array] = [
  new Uint16Array(MAX_LENGTH + 1),
  new Uint16Array(MAX_LENGTH + 1),
  new Uint16Array(MAX_LENGTH + 1),
];

/** Optimal string alignment (Levenshtein with transpositions), up to `limit`. Allocates nothing, because it runs for each name of a distribution. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit || a.length > MAX_LENGTH || b.length > MAX_LENGTH) return limit;
  let [before, previous, row] = rows;
  for (let j = 0; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    const character = a.charCodeAt(i - 1);
    row[0] = i;
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const other = b.charCodeAt(j - 1);
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (character === other ? 0 : 1));
      if (i > 1 && j > 1 && character === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === other) cost = Math.min(cost, before[j - 2]! + 1);
      row[j] = cost;
      if (cost < least) least = cost;
    }
    if (least >= limit) return limit;
    [before, previous, row] = [previous, row, before];
  }
  return previous[b.length]!;
}
