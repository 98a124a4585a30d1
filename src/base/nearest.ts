/** The candidate that `word` is most likely a misspelling of; undefined when none is close. */
export function nearestOf(word: string, candidates: Iterable<string>): string | undefined {
  return nearestFew(word, candidates, 1)[0];
}

/** Up to `most` candidates that `word` could be a misspelling of, closest first. */
export function nearestFew(word: string, candidates: Iterable<string>, most = 3): string[] {
  const folded = fold(word);
  const limit = Math.max(1, Math.floor(Math.min(word.length, 64) / 3)) + 1;
  const found = new Map<string, { readonly text: string; readonly distance: number; readonly exact: number }>();
  for (const text of candidates) {
    const key = fold(text);
    const distance = editDistance(folded, key, limit);
    if (distance >= limit) continue;
    // Of spellings that differ only in capitals, the one nearer to what was written.
    const exact = editDistance(word, text, word.length + text.length);
    const other = found.get(key);
    if (other === undefined || exact < other.exact) found.set(key, { text, distance, exact });
  }
  // Equally close ones stay in the order they were given in.
  const nearest = [...found.values()].sort((a, b) => a.distance - b.distance);
  return nearest.slice(0, most).map(({ text }) => text);
}

/** A hyphen for an underscore and a capital are the mistakes people make most: they cost nothing. */
const fold = (word: string): string => word.toLowerCase().replaceAll('-', '_');

/** Optimal string alignment (Levenshtein with swaps of neighbours), given up at `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least >= limit) return limit;
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
