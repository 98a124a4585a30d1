import type { Plain } from './source-text.ts';

export const asMap = (value: Plain | undefined): { readonly [key: string]: Plain } | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;

/** The texts of a list, or a single text; skips other types, which the schema has reported. */
export function textList(value: Plain | undefined): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

export const asFlag = (value: Plain | undefined): boolean | undefined => (typeof value === 'boolean' ? value : undefined);
