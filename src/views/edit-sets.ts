import { shortPrintable } from '../base/printable.ts';
import { diffLineStyle } from './diff-style.ts';
import { type RelockData, relockJson, relockShape, relockText } from './relock.ts';
import { list, object, oneOf, orNull, text } from './shape.ts';
import { defineView } from './view.ts';

export interface SpecEdit {
  readonly spec: string;
  /** Whether the list belongs to a set or a group. */
  readonly kind: 'set' | 'group';
  readonly name: string;
  /** The edited included file; null if it was the manifest itself. */
  readonly file: string | null;
}

export interface EditSetsData {
  readonly edits: readonly SpecEdit[];
  readonly present: readonly SpecEdit[];
  readonly locks: RelockData;
}

const edit = object({
  spec: text('The package spec, as it is in the manifest'),
  kind: oneOf(['set', 'group'], 'Where the spec is listed'),
  name: text('Name of the set or group'),
  file: orNull(text('The included file with that list, relative to the manifest; null for the manifest itself')),
});

export const addView = defineView({
  command: 'add',
  about: 'The packages that were added to sets of the manifest, and the changed lockfiles',
  schema: 1,
  shape: object({ added: list(edit, 'Added to the manifest'), present: list(edit, 'Already in the manifest'), ...relockShape }),
  json: ({ edits, present, locks }: EditSetsData) => ({ added: edits, present, ...relockJson(locks) }),
  styleOf: diffLineStyle,
  text: async ({ edits, present, locks }: EditSetsData) =>
    `${lines(edits, locks.dryRun ? 'would be added to' : 'added to')}${lines(present, 'is already in')}${await relockText(locks)}`,
});

export const removeView = defineView({
  command: 'remove',
  about: 'The packages that were removed from sets and groups of the manifest, and the changed lockfiles',
  schema: 1,
  shape: object({ removed: list(edit, 'Removed from the manifest'), ...relockShape }),
  json: ({ edits, locks }: EditSetsData) => ({ removed: edits, ...relockJson(locks) }),
  styleOf: diffLineStyle,
  text: async ({ edits, locks }: EditSetsData) =>
    `${lines(edits, locks.dryRun ? 'would be removed from' : 'removed from')}${await relockText(locks)}`,
});

const lines = (edits: readonly SpecEdit[], verb: string): string =>
  edits
    .map(({ spec, kind, name, file }) => {
      const place = file === null ? '' : ` in \`${shortPrintable(file)}\``;
      return `\`${shortPrintable(spec)}\` ${verb} the ${kind} \`${shortPrintable(name)}\`${place}\n`;
    })
    .join('');
