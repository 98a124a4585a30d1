import { RpmDepsError } from '../base/errors.ts';

/** Applies a change to all texts in plain data; keys stay. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)])) as T;
}

/** Applies a change to all texts of an error. */
export function mapError({ code, message, hint, details, data }: RpmDepsError, change: (text: string) => string): RpmDepsError {
  const { message: changed, ...options } = mapTexts(
    { message, details, ...(hint === undefined ? {} : { hint }), ...(data === undefined ? {} : { data }) },
    change,
  );
  return new RpmDepsError(code, changed, options);
}
