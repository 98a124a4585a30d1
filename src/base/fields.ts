/** An object from outside, with unchecked fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; empty for other values. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
