/** Reads fields of a forge's answer: checked once, here; a field of another type counts as absent. */

export type Fields = Readonly<Record<string, unknown>>;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textIn = (fields: Fields, key: string): string => (typeof fields[key] === 'string' ? fields[key] : '');

export const numberIn = (fields: Fields, key: string): number => (typeof fields[key] === 'number' ? fields[key] : 0);

/** Undefined where the forge does not say. */
export const flagIn = (fields: Fields, key: string): boolean | undefined => (typeof fields[key] === 'boolean' ? fields[key] : undefined);
