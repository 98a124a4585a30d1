/** An object that was read from somewhere: nothing is known of its fields. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; of anything else, none. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
