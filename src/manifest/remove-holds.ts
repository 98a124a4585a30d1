import { RpmDepsError } from '../base/errors.ts';
import { parseEditable, rangeOf, withoutBlockItems, withoutFlowItems } from './list-items.ts';

/**
 * Removes holds from the text of a manifest, by their indexes. Also removes comment lines directly above a hold, because they belong to it;
 * other text stays. Removes the key of a list that becomes empty if the list has its own lines.
 */
export async function removeHolds(text: string, indexes: readonly number[]): Promise<string> {
  const { yaml, document } = await parseEditable(text);
  const list = document.get('holds', true);
  if (!yaml.isSeq(list)) throw new RpmDepsError('MANIFEST_INVALID', 'the manifest has no list of holds that could be edited');
  const ranges = list.items.map(rangeOf);
  const chosen = new Set(indexes);
  if (list.flow === true) return withoutFlowItems(text, ranges, chosen);
  const edited = withoutBlockItems(text, ranges, chosen, { withComments: true });
  if (!ranges.every((_, i) => chosen.has(i))) return edited;
  const lines = edited.split('\n');
  return lines.filter((_, i) => i !== lines.findIndex((line) => /^["']?holds["']?\s*:/.test(line))).join('\n');
}
