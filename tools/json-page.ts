/** docs/json.md, generated from the schemas of the outputs. */
import type { JsonSchema } from '../src/views/shape.ts';
import { outputSchema, schemaFile, type View } from '../src/views/view.ts';

const HEAD = `# Output for programs

With \`--json\` every command prints one JSON object on stdout. Progress and diagnostics go to stderr.
This page is made from the schemas in [lockfiles/schemas](../lockfiles/schemas) by \`npm run schemas\`.

- \`schema\` is the version of the output. It goes up when a key is removed or changes its meaning. Keys may be added
  at any time.
- \`warnings\` is a list of \`{ code, text, set, architecture }\`; [warnings](warnings.md) explains the codes.
- Keys are in snake_case. Paths are relative to the project: the current directory, or the one given with \`-C\`.
- A command that fails prints \`error\`. If it did a part of its work, it also prints its other keys.
  [Errors](errors.md) explains the codes and the exit codes.

Below, \`sets[].path\` means the key \`path\` of each entry of \`sets\`. A key with \`?\` may be absent.
`;

export function jsonPage(views: readonly View<never>[]): string {
  // A part that is the whole output of another command is described there.
  const seen = new Map(views.map((view) => [partOf(view.shape), view.command]));
  const sections = views.map((view) => section(view, seen));
  return `${HEAD}\n${errorSection(views[0]!)}\n${sections.join('\n')}`;
}

function errorSection(view: View<never>): string {
  const { $defs } = outputSchema(view) as { readonly $defs: Readonly<Record<string, JsonSchema>> };
  return `## error\n${wrapped('What failed. Some codes add further keys.')}\n${list(rows('error', $defs['error']!, {}, new Map()).slice(1))}`;
}

/** `seen`: parts that were already described, with the command that describes them. */
function section(view: View<never>, seen: Map<string, string>): string {
  const { properties, required } = view.shape as { readonly properties: Record<string, JsonSchema>; readonly required: readonly string[] };
  const lines = Object.entries(properties).flatMap(([key, schema]) => {
    const name = required.includes(key) ? key : `${key}?`;
    const part = partOf(schema);
    const before = seen.get(part);
    if (part.length < LONG) return rows(name, schema, view.definitions, new Map());
    if (before !== undefined)
      return [[name, typeText(schema), `${(schema['description'] as string | undefined) ?? ''}, as in \`${before}\``] as const];
    seen.set(part, view.command);
    return rows(name, schema, view.definitions, new Map());
  });
  const file = schemaFile(view.command);
  return `## ${view.command}\n${wrapped(`${view.about}.`)}Schema ${view.schema}: [${file}](../lockfiles/schemas/${file})\n\n${list(lines)}`;
}

/** Key of a schema's description: parts with the same keys are described once. */
const partOf = (schema: JsonSchema): string => JSON.stringify({ ...schema, description: '' });

/** Shorter parts are repeated each time. */
const LONG = 600;

type Row = readonly [key: string, type: string, description: string];

function rows(
  name: string,
  schema: JsonSchema,
  definitions: Readonly<Record<string, JsonSchema>>,
  open: ReadonlyMap<string, string>,
): Row[] {
  const reference = schema['$ref'] as string | undefined;
  if (reference !== undefined) {
    const target = reference.replace('#/$defs/', '');
    const outer = open.get(target);
    if (outer !== undefined) return [];
    return rows(name, definitions[target]!, definitions, new Map([...open, [target, name]]));
  }
  const own: Row = [name, typeText(schema), descriptionOf(schema)];
  const items = schema['items'] as JsonSchema | undefined;
  if (items !== undefined) {
    const inner = rows(`${name.replace(/\?$/, '')}[]`, items, definitions, open);
    // An object needs no row for itself, because its keys follow.
    return [own, ...inner.slice(1)];
  }
  const properties = schema['properties'] as Record<string, JsonSchema> | undefined;
  if (properties === undefined) return [own];
  const required = (schema['required'] ?? []) as readonly string[];
  return [
    own,
    ...Object.entries(properties).flatMap(([key, inner]) =>
      rows(`${name.replace(/\?$/, '')}.${key}${required.includes(key) ? '' : '?'}`, inner, definitions, open),
    ),
  ];
}

function descriptionOf(schema: JsonSchema): string {
  const description = (schema['description'] as string | undefined) ?? '';
  const values = schema['enum'] as readonly (string | null)[] | undefined;
  if (values === undefined || values.length > 12) return description;
  const before = values.length > 1 && /[;`]/.test(description) ? '; one of' : ':';
  return `${description}${before} ${values.map((value) => `\`${value}\``).join(', ')}`;
}

function typeText(schema: JsonSchema): string {
  const items = schema['items'] as JsonSchema | undefined;
  if (items !== undefined)
    return items['items'] === undefined ? `list of ${typeText(items)}s` : `list of ${typeText(items).replace('list', 'lists')}`;
  if (schema['enum'] !== undefined) return 'string';
  return [schema['type'] ?? 'object'].flat().join(' or ');
}

const list = (lines: readonly Row[]): string =>
  lines.map(([key, type, description]) => wrapped(`- \`${key}\` (${type})${description === '' ? '' : `: ${description}`}`)).join('');

/** Wraps lines to less than 120 characters. */
function wrapped(text: string): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!;
    if (line.length + word.length + 1 > 115) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return `${lines.join('\n')}\n`;
}
