/** Reads fields of a forge's response. They are checked only here; a field of another type counts as absent. */

import type { Fields } from '../base/fields.ts';

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textIn = (fields: Fields, key: string): string => (typeof fields[key] === 'string' ? fields[key] : '');

export const numberIn = (fields: Fields, key: string): number => (typeof fields[key] === 'number' ? fields[key] : 0);

/** Undefined if the forge does not report it. */
export const flagIn = (fields: Fields, key: string): boolean | undefined => (typeof fields[key] === 'boolean' ? fields[key] : undefined);
