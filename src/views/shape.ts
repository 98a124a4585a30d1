/**
 * Functions to declare outputs. One declaration gives the JSON Schema, the TypeScript type, and a function that copies only
 * declared keys: a key that is not in the schema is never printed.
 */

import { isAbsolute, relative } from 'node:path';
import { escapePattern } from '../base/escape-pattern.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The project of an output: its paths are relative to it. */
export interface OutputPlace {
  readonly directory: string;
}

export interface Shape<T> {
  /** Created on first access, because most runs print no JSON. */
  readonly schema: JsonSchema;
  readonly copy: (value: T, place: OutputPlace) => unknown;
}

/** A property that may be absent. */
export interface Optional<T> extends Shape<T> {
  readonly optional: true;
}

export type TypeOf<S> = S extends Shape<infer T> ? T : never;

type Properties = Readonly<Record<string, Shape<never>>>;
type OptionalKeys<P> = { [K in keyof P]: P[K] extends { readonly optional: true } ? K : never }[keyof P];
type Flat<T> = { readonly [K in keyof T]: T[K] };
/** The object type of declared properties. */
export type ObjectOf<P> = Flat<
  { [K in Exclude<keyof P, OptionalKeys<P>>]: TypeOf<P[K]> } & { [K in OptionalKeys<P>]?: TypeOf<P[K]> | undefined }
>;

type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
type KeysOf<T> = T extends object ? keyof T : never;
type ValueOf<T, K> = T extends object ? (K extends keyof T ? NonNullable<T[K]> : never) : never;
type ItemOf<T> = T extends readonly (infer Item)[] ? Item : never;

/** Keys of `Given`, including nested objects and lists, that `Declared` does not have. In a union, any member may have them. */
type UndeclaredKeys<Given, Declared> =
  IsSame<Given, Declared> extends true
    ? never
    : Given extends readonly (infer Item)[]
      ? UndeclaredKeys<NonNullable<Item>, NonNullable<ItemOf<Declared>>>
      : Given extends object
        ?
            | Exclude<keyof Given, KeysOf<Declared>>
            | { [K in keyof Given & KeysOf<Declared>]-?: UndeclaredKeys<NonNullable<Given[K]>, ValueOf<Declared, K>> }[keyof Given &
                KeysOf<Declared>]
        : never;

/** A compile error if `Given` has keys that `Declared` does not have, because they would not be printed. */
export type AllDeclared<Given, Declared> = [UndeclaredKeys<Given, Declared>] extends [never]
  ? unknown
  : { readonly undeclaredKeys: UndeclaredKeys<Given, Declared> };

const plain = <T>(schema: JsonSchema): Shape<T> => ({ schema, copy: (value) => value });

export const text = (description: string): Shape<string> => plain({ type: 'string', description });
/** A non-negative integer. */
export const count = (description: string): Shape<number> => plain({ type: 'integer', minimum: 0, description });
/** An integer, which may be negative. */
export const integer = (description: string): Shape<number> => plain({ type: 'integer', description });
export const milliseconds = (description: string): Shape<number> => plain({ type: 'number', minimum: 0, description });
export const flag = (description: string): Shape<boolean> => plain({ type: 'boolean', description });
export const texts = (description: string): Shape<readonly string[]> => list(plain<string>({ type: 'string' }), description);

export const oneOf = <const V extends readonly string[]>(values: V, description: string): Shape<V[number]> =>
  plain({ enum: values, description });

/** A path, printed relative to the project. */
export const path = (description: string): Shape<string> => ({
  schema: { type: 'string', description },
  copy: (value, { directory }) => relativePath(value, directory),
});

/** A text whose paths in the project are printed relative to it. */
export const prose = (description: string): Shape<string> => ({
  schema: { type: 'string', description },
  copy: (value, { directory }) => withRelativePaths(value, directory),
});

export const list = <T>(item: Shape<T>, description: string): Shape<readonly T[]> => ({
  get schema() {
    return { type: 'array', items: item.schema, description };
  },
  copy: (values, place) => values.map((value) => item.copy(value, place)),
});

export const orNull = <T>(shape: Shape<T>): Shape<T | null> => ({
  get schema() {
    return nullable(shape.schema);
  },
  copy: (value, place) => (value === null ? null : shape.copy(value, place)),
});

export const optional = <T>(shape: Shape<T>): Optional<T> => ({
  get schema() {
    return shape.schema;
  },
  copy: shape.copy,
  optional: true,
});

export const object = <P extends Properties>(properties: P, description?: string): Shape<ObjectOf<P>> => {
  const entries = () => Object.entries(properties) as [string, Shape<unknown>][];
  return {
    get schema() {
      return {
        type: 'object',
        ...(description === undefined ? {} : { description }),
        properties: Object.fromEntries(entries().map(([key, { schema }]) => [key, schema])),
        required: entries()
          .filter(([, shape]) => !('optional' in shape))
          .map(([key]) => key),
      };
    },
    copy: (value, place) => {
      const values = value as Readonly<Record<string, unknown>>;
      return Object.fromEntries(
        entries()
          .filter(([key]) => values[key] !== undefined)
          .map(([key, shape]) => [key, shape.copy(values[key], place)]),
      );
    },
  };
};

/** An object that may have other keys besides the declared ones; they are printed in snake_case. */
export const openObject = <P extends Properties>(
  properties: P,
  description: string,
): Shape<ObjectOf<P> & Readonly<Record<string, unknown>>> => {
  const declared = object(properties, description);
  return {
    get schema() {
      return declared.schema;
    },
    copy: (value, place) => {
      const others = Object.entries(value).filter(([key]) => !(key in properties));
      return { ...(declared.copy(value as never, place) as object), ...(snakeCase(Object.fromEntries(others), place) as object) };
    },
  };
};

/** A recursive shape, by its name in `definitions` of the view. */
export const recursive = <T>(name: string, shape: () => Shape<T>): Shape<T> => ({
  schema: { $ref: `#/$defs/${name}` },
  copy: (value, place) => shape().copy(value, place),
});

function nullable(schema: JsonSchema): JsonSchema {
  if (typeof schema['type'] === 'string') return { ...schema, type: [schema['type'], 'null'] };
  return Array.isArray(schema['enum'])
    ? { ...schema, enum: [...(schema['enum'] as unknown[]), null] }
    : { anyOf: [schema, { type: 'null' }] };
}

function snakeCase(value: unknown, place: OutputPlace): unknown {
  if (typeof value === 'string') return withRelativePaths(value, place.directory);
  if (Array.isArray(value)) return value.map((item) => snakeCase(item, place));
  if (typeof value !== 'object' || value === null) return value;
  const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [words(key), snakeCase(item, place)]));
}

const relativePath = (value: string, directory: string): string => (isAbsolute(value) ? relative(directory, value) || '.' : value);

/** Makes paths of the project relative, but not those in URLs (after `file://`). */
function withRelativePaths(value: string, directory: string): string {
  if (directory === '' || directory === '/' || !value.includes(directory)) return value;
  const escaped = escapePattern(directory);
  return value.replace(new RegExp(`(?<![\\w:/.-])${escaped}(?:/(?=[^\\s])|(?![\\w./-]))`, 'g'), (found) =>
    found.endsWith('/') ? '' : '.',
  );
}
