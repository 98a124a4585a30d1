import { nearestOf } from '../base/nearest.ts';
import { shortPrintable } from '../base/printable.ts';
import type { Mistake } from './mistake.ts';
import type { SourceText } from './source-text.ts';

/** Error of a compiled validator, only the used fields. */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** The schema that the value failed (`verbose` of ajv). */
  readonly parentSchema?: { readonly properties?: Readonly<Record<string, unknown>>; readonly description?: string };
  readonly data?: unknown;
}

/** Converts each schema error to a message, with its position in the text. */
export function schemaMistakes(errors: readonly SchemaError[], source: SourceText): Mistake[] {
  return errors.map((error) => {
    const path = pathOf(error.instancePath);
    if (error.keyword === 'additionalProperties') {
      const key = String(error.params['additionalProperty']);
      const keyPath = [...path, key];
      return { place: source.locate(keyPath, 'key'), path: keyPath, message: unknownKey(key, path, error) };
    }
    // A missing value is a child of this value, which may have other mistakes.
    const missing = error.keyword === 'required' ? [String(error.params['missingProperty'])] : [];
    return { place: source.locate(path, 'value'), path: [...path, ...missing], message: messageOf(error, path) };
  });
}

function unknownKey(key: string, path: readonly (string | number)[], error: SchemaError): string {
  const known = Object.keys(error.parentSchema?.properties ?? {}).filter((name) => name !== '$schema');
  const nearest = nearestOf(key, known);
  const where = path.length === 0 ? '' : ` in \`${describePath(path)}\``;
  const advice = nearest ? `did you mean \`${nearest}\`?` : `expected one of ${known.map((name) => `\`${name}\``).join(', ')}`;
  return `unknown key \`${shortPrintable(key)}\`${where}; ${advice}`;
}

function messageOf(error: SchemaError, path: readonly (string | number)[]): string {
  const subject = path.length === 0 ? 'the manifest' : `\`${describePath(path)}\``;
  switch (error.keyword) {
    case 'required':
      return `${subject} needs the key \`${String(error.params['missingProperty'])}\``;
    case 'type': {
      // Do not show text that is no manifest at all: the path may be a link to a secret file.
      const found = path.length === 0 && typeof error.data === 'string' ? 'text' : describeValue(error.data);
      return `${subject} must be ${describeTypes(error.params['type'])}, not ${found}`;
    }
    case 'pattern':
      return error.params['pattern'] === '\\S'
        ? `${subject} must not be empty`
        : `${subject} is \`${shortPrintable(String(error.data))}\`, which has invalid characters`;
    case 'minItems':
    case 'minProperties':
      return `${subject} must not be empty`;
    case 'minimum':
      return `${subject} must be at least ${String(error.params['limit'])}`;
    case 'maximum':
      return `${subject} must be at most ${String(error.params['limit'])}`;
    default:
      return `${subject} does not match the schema (${error.keyword})`;
  }
}

/** `sets.launcherbase.packages[3].name` */
function describePath(path: readonly (string | number)[]): string {
  return path.map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${shortPrintable(step)}`)).join('');
}

function pathOf(pointer: string): (string | number)[] {
  if (pointer === '') return [];
  const steps = pointer.slice(1).split('/');
  return steps.map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  object: 'a mapping',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function describeTypes(type: unknown): string {
  const types = (Array.isArray(type) ? type : String(type).split(',')) as string[];
  return types.map((name) => TYPE_NAMES[name] ?? name).join(' or ');
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  return `\`${shortPrintable(String(value), 40)}\``;
}
