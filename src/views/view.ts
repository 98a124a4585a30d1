/** The declared output of each command: text for users, and for programs an object with `schema`, the declared keys and `warnings`. */
import type { RpmDepsError } from '../base/errors.ts';
import type { Warning } from '../base/warnings.ts';
import { errorShape, failureData } from './failure.ts';
import { type AllDeclared, type JsonSchema, list, type OutputPlace, object, optional, prose, type Shape, text } from './shape.ts';

export interface View<Data> {
  /** Command as typed: `image build`. */
  readonly command: string;
  /** One sentence that describes the output. */
  readonly about: string;
  /** Incremented when a key is removed or changes its meaning; a new key does not count. */
  readonly schema: number;
  /** For stdout. */
  readonly text: (data: Data) => string | Promise<string>;
  /** One line for stderr, if the result itself is not printed. */
  readonly remark?: (data: Data) => string;
  /** Colour of a line of the text, given the line and the last unindented line before it. */
  readonly styleOf?: ((line: string, heading: string) => 'red' | 'yellow' | 'green' | undefined) | undefined;
  /** The declared keys of the data, without `schema` and `warnings`. */
  readonly copy: (data: Data, place: OutputPlace) => Readonly<Record<string, unknown>>;
  /** JSON Schema of the data. */
  readonly shape: JsonSchema;
  /** Recursive shapes, by name. */
  readonly definitions: Readonly<Record<string, JsonSchema>>;
}

/** A view whose JSON is `json(data)`, copied by its shape. It is a compile error if `json` returns a key that the shape does not declare. */
export function defineView<Data, Json extends object, Given extends Json>(
  view: {
    readonly command: string;
    readonly about: string;
    readonly schema: number;
    readonly shape: Shape<Json>;
    readonly definitions?: Readonly<Record<string, Shape<never>>>;
    readonly json: (data: Data) => Given;
    readonly text: View<Data>['text'];
    readonly remark?: (data: Data) => string;
    readonly styleOf?: View<Data>['styleOf'];
  } & AllDeclared<Given, Json>,
): View<Data> {
  const { shape, definitions = {}, json, command, about, schema, text: toText, remark, styleOf } = view;
  return {
    command,
    about,
    schema,
    text: toText,
    ...(remark === undefined ? {} : { remark }),
    ...(styleOf === undefined ? {} : { styleOf }),
    copy: (data, place) => shape.copy(json(data), place) as Readonly<Record<string, unknown>>,
    get shape() {
      return shape.schema;
    },
    get definitions() {
      return Object.fromEntries(Object.entries(definitions).map(([name, { schema }]) => [name, schema]));
    },
  };
}

const warningShape = object({
  code: text('The code; docs/warnings.md explains each'),
  text: prose('The warning for a person'),
  set: optional(text('The package set that the warning is about')),
  architecture: optional(text('The architecture that the warning is about')),
});

const warningsShape = list(warningShape, 'Problems that did not stop the command');

/** The output of a command; `failure` is what it could not do, besides `data`. */
export interface Output<Data> {
  readonly view: View<Data>;
  readonly data: Data;
  readonly failure?: RpmDepsError | undefined;
}

/** The object that `--json`, the bot and the service print. */
export function outputJson<Data>(
  { view, data, failure }: Output<Data>,
  warnings: readonly Warning[],
  place: OutputPlace,
): Record<string, unknown> {
  return {
    schema: view.schema,
    ...view.copy(data, place),
    ...(failure === undefined ? {} : { error: errorShape.copy(failureData(failure), place) }),
    warnings: warningsShape.copy(warnings, place),
  };
}

/** The object that is printed if a command failed and has no other output. */
export function failureJson(failure: RpmDepsError, warnings: readonly Warning[], place: OutputPlace): Record<string, unknown> {
  return { schema: FAILURE_SCHEMA, error: errorShape.copy(failureData(failure), place), warnings: warningsShape.copy(warnings, place) };
}

const FAILURE_SCHEMA = 1;

/** The JSON Schema of a command's output: the declared keys, or a failure. */
export function outputSchema({
  command,
  about,
  schema,
  shape,
  definitions,
}: Omit<View<never>, 'text' | 'copy' | 'remark' | 'styleOf'>): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: schemaFile(command),
    title: `rpm-deps ${command} --json`,
    description: about,
    type: 'object',
    properties: { schema: { const: schema, description: 'The version of this schema' }, warnings: warningsShape.schema },
    required: ['schema', 'warnings'],
    anyOf: [{ $ref: '#/$defs/output' }, { $ref: '#/$defs/failure' }],
    $defs: {
      output: shape,
      failure: { type: 'object', properties: { error: { $ref: '#/$defs/error' } }, required: ['error'] },
      error: errorShape.schema,
      ...definitions,
    },
  };
}

/** File name of a command's schema in lockfiles/schemas. */
export const schemaFile = (command: string): string => `${command.replaceAll(' ', '-')}.schema.json`;
