/** Up to three texts that a misspelt one could have meant, closest first. */
export function similarTexts(wanted: string, texts: readonly string[]): string[] {
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const found: { readonly text: string; readonly distance: number }[] = [];
  for (const text of texts) {
    if (Math.abs(text.length - wanted.length) > limit) continue;
    const distance = editDistance(wanted, text, limit);
    if (distance <= limit) found.push({ text, distance });
  }
  found.sort((a, b) => a.distance - b.distance || (a.text < b.text ? -1 : 1));
  return found.slice(0, 3).map(({ text }) => text);
}

/** Levenshtein with a swap of neighbours counted as one; gives up, with a larger number, beyond `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let best = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
      if (cost < best) best = cost;
    }
    if (best > limit) return limit + 1;
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
