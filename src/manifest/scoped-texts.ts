import { ARCHITECTURES } from '../rpm/architecture-names.ts';
import { architectureList } from './architecture-list.ts';
import type { MistakeList } from './mistake.ts';
import { asMap } from './plain-access.ts';
import type { Plain } from './source-text.ts';

/** A text and its architectures; undefined: all. */
export interface Scoped {
  readonly text: string;
  readonly architectures: readonly string[] | undefined;
}

/** Items of a list, each a text or `{ name, architectures }`. */
export function scopedTexts(value: Plain | undefined, path: readonly (string | number)[], mistakes: MistakeList): Scoped[] {
  return (Array.isArray(value) ? value : []).flatMap((item, i) => {
    if (typeof item === 'string') return [{ text: item, architectures: undefined }];
    const map = asMap(item);
    if (typeof map?.['name'] !== 'string') return [];
    const scope = map['architectures'];
    const architectures = scope === undefined ? undefined : architectureList(scope, [...path, i, 'architectures'], ARCHITECTURES, mistakes);
    return [{ text: map['name'], architectures }];
  });
}

/** Texts for an architecture, without duplicates. */
export const textsFor = (items: readonly Scoped[], architecture: string): string[] => [
  ...new Set(items.filter(({ architectures }) => architectures?.includes(architecture) !== false).map(({ text }) => text)),
];
