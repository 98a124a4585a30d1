import { RpmDepsError } from '../base/errors.ts';

/**
 * Takes holds out of the text of a manifest, by their places in the list. Everything around them stays; comment lines right above a hold are
 * about it and go too. A list that ends empty goes with its key where it has lines of its own.
 */
export async function removeHolds(text: string, indexes: readonly number[]): Promise<string> {
  const yaml = await import('yaml');
  const document = yaml.parseDocument(text, { prettyErrors: false, version: '1.2' });
  const list = document.get('holds', true);
  if (document.errors.length > 0 || !yaml.isSeq(list))
    throw new RpmDepsError('MANIFEST_INVALID', 'the manifest has no list of holds that could be edited');
  const ranges = list.items.map((item) => (item as { range: readonly [number, number, number] }).range);
  const chosen = new Set(indexes);
  if (list.flow === true) return withoutFlowItems(text, ranges, chosen);
  const lines = text.split('\n');
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
  const gone = new Set<number>();
  for (const [i, [start, end]] of ranges.entries()) {
    if (!chosen.has(i)) continue;
    let first = lineAt(start);
    while (first > 0 && !/^\s*-/.test(lines[first]!)) first--;
    const last = lineAt(Math.max(start, end - 1));
    for (let line = first; line <= last; line++) gone.add(line);
    for (let line = first - 1; line >= 0 && /^\s*#/.test(lines[line]!); line--) gone.add(line);
  }
  if (ranges.every((_, i) => chosen.has(i))) gone.add(lines.findIndex((line) => /^["']?holds["']?\s*:/.test(line)));
  return lines.filter((_, i) => !gone.has(i)).join('\n');
}

/** Each with the comma that separates it from its neighbour. */
function withoutFlowItems(text: string, ranges: readonly (readonly [number, number, number])[], chosen: ReadonlySet<number>): string {
  const kept = ranges.filter((_, i) => !chosen.has(i)).map(([start, end]) => text.slice(start, end));
  const [first, last] = [ranges[0]!, ranges.at(-1)!];
  const before = kept.length === 0 ? text.slice(0, first[0]).trimEnd() : text.slice(0, first[0]);
  const separator = ranges.length > 1 ? text.slice(ranges[0]![1], ranges[1]![0]) : '';
  const rest = text.slice(last[1]);
  return `${before}${kept.join(separator)}${kept.length === 0 ? rest.replace(/^[\s,]*/, '') : rest}`;
}
