import { Ajv2020 } from 'ajv/dist/2020.js';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { LOCKFILE_SCHEMA } from '../src/lockfile/schema.ts';
import { MANIFEST_SCHEMA } from '../src/manifest/manifest-schema.ts';
import { RPMS_IN_SCHEMA } from '../src/manifest/rpms-in-schema.ts';
import { outputSchema, schemaFile, type View } from '../src/views/view.ts';
import { jsonPage } from './json-page.ts';

/** Path and text of every JSON Schema in lockfiles/schemas, and of the page generated from them. */
export async function generatedSchemaFiles(): Promise<Map<string, string>> {
  const json = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;
  const views = await outputViews();
  return new Map([
    ['lockfiles/schemas/manifest.schema.json', json(MANIFEST_SCHEMA)],
    ['lockfiles/schemas/lockfile.schema.json', json(LOCKFILE_SCHEMA)],
    ...views.map((view) => [`lockfiles/schemas/${schemaFile(view.command)}`, json(outputSchema(view))] as const),
    ['docs/json.md', jsonPage(views)],
  ]);
}

/** The outputs of all commands. Imported late, because commands need the validators, which may have to be made first. */
async function outputViews(): Promise<readonly View<never>[]> {
  const { COMMANDS } = await import('../src/cli/program.ts');
  return Promise.all(COMMANDS.map(async ({ load }) => (await load()).view));
}

/**
 * Path and text of the validators, compiled in advance because loading ajv and compiling takes longer than a whole `rpm-deps check`. They are
 * not committed: builds, type checks and tests generate them first.
 */
export function generatedValidators(): Map<string, string> {
  return new Map([
    ['src/manifest/manifest-validator.generated.ts', validator(MANIFEST_SCHEMA, { allMistakes: true })],
    ['src/manifest/rpms-in-validator.generated.ts', validator(RPMS_IN_SCHEMA, { allMistakes: true })],
    ['src/lockfile/lockfile-validator.generated.ts', validator(LOCKFILE_SCHEMA, { allMistakes: false })],
  ]);
}

/** A lockfile is refused at its first violation, because there may be millions, and lockfiles are not corrected by hand. */
function validator(schema: Schema, { allMistakes }: { allMistakes: boolean }): string {
  const ajv = new Ajv2020({
    allErrors: allMistakes,
    verbose: allMistakes,
    strict: true,
    allowUnionTypes: true,
    strictRequired: false,
    // Errors of a manifest have custom messages.
    messages: !allMistakes,
    code: { source: true, esm: true, lines: true },
    inlineRefs: false,
  });
  const compile = (standaloneCode as unknown as { default?: typeof standaloneCode }).default ?? standaloneCode;
  const code = (compile as unknown as (ajv: Ajv2020, validate: unknown) => string)(
    ajv,
    ajv.compile(shareParts(withoutDescriptions(schema))),
  );
  if (/\brequire\(|\bimport\b/.test(code)) throw new Error('the schema uses a keyword that needs ajv at run time');
  const body = code
    .replace('"use strict";', '')
    // Removes the schema path and value of each rule, which are not used: a third of the code.
    .replace(/schemaPath:"[^"]*",/g, '')
    .replace(/,schema:[^,{}]+(?=,parentSchema:)/g, '')
    .replace(/export default \w+;/, '')
    .replace(/^export const validate = /m, 'export const validate: { (data: unknown): boolean; errors?: unknown[] | null } = ')
    .trim();
  return `// @ts-nocheck\n// biome-ignore-all format: generated\n// biome-ignore-all lint: generated\n// Made from the schema beside this file by \`npm run schemas\`. Do not edit.\n${body}\n`;
}

type Schema = { readonly [key: string]: unknown };

/** The same schema with repeated parts under `$defs`, so that each is compiled or compressed once. */
export function shareParts(root: Schema): Schema {
  const seen = new Map<string, { schema: Schema; count: number }>();
  const count = (schema: Schema): Schema => {
    mapParts(schema, count);
    const key = JSON.stringify(schema);
    const known = seen.get(key) ?? { schema, count: 0 };
    known.count++;
    seen.set(key, known);
    return schema;
  };
  count(root);
  const shared = [...seen].filter(([key, part]) => part.count > 1 && key.length > 90).map(([key]) => key);
  const refer = (schema: Schema): Schema => {
    const index = shared.indexOf(JSON.stringify(schema));
    return index < 0 ? mapParts(schema, refer) : { $ref: `#/$defs/${index}` };
  };
  const $defs = Object.fromEntries(shared.map((key, i) => [i, mapParts(seen.get(key)!.schema, refer)]));
  const referred = mapParts(root, refer);
  return { ...referred, $defs: { ...(referred['$defs'] as Schema | undefined), ...$defs } };
}

/** The same schema without descriptions. */
const withoutDescriptions = ({ description: _description, ...schema }: Schema): Schema => mapParts(schema, withoutDescriptions);

/** Applies `change` to the direct subschemas. */
function mapParts(schema: Schema, change: (part: Schema) => Schema): Schema {
  const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if ((key === 'anyOf' || key === 'oneOf') && Array.isArray(value)) return [key, value.map((part) => change(part as Schema))];
      if ((key === 'properties' || key === '$defs') && isSchema(value))
        return [key, Object.fromEntries(Object.entries(value).map(([name, part]) => [name, change(part as Schema)]))];
      return [key, (key === 'items' || key === 'additionalProperties') && isSchema(value) ? change(value) : value];
    }),
  );
}
