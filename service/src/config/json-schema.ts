import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { nearestOf } from 'rpm-deps';

let made: Ajv2020 | undefined;

/** One instance per process. Nothing is coerced, removed or added: invalid values are refused. */
export function ajv(): Ajv2020 {
  made ??= new Ajv2020({ strict: true, strictTypes: false, allErrors: false, useDefaults: false, verbose: true });
  return made;
}

/** One line per mistake: its path, and the expected value. */
export function mistakesOf(errors: readonly ErrorObject[], where: string): string[] {
  return relevant(errors).map((error) => `${`${where}${error.instancePath}` || '/'}: ${mistakeText(error)}`);
}

/** Prefers "matches no form" to the separate errors of each form. */
export const relevant = (errors: readonly ErrorObject[]): readonly ErrorObject[] =>
  errors.filter((error) => !errors.some((one) => one.keyword === 'oneOf' && one !== error && error.schemaPath.startsWith(one.schemaPath)));

export function mistakeText({ keyword, params, message = keyword, parentSchema = {} }: ErrorObject): string {
  if (keyword === 'additionalProperties') {
    const key = String(params['additionalProperty']);
    const near = nearestOf(key, Object.keys(parentSchema['properties'] ?? {}));
    return `unknown key \`${key}\`${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
  }
  if (keyword === 'enum') return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
  const wanted: unknown = parentSchema['description'];
  if ((keyword === 'pattern' || keyword === 'oneOf') && typeof wanted === 'string') return `must be ${wanted}`;
  if (keyword === 'type') return `must be ${/^[aeio]/.test(String(params['type'])) ? 'an' : 'a'} ${String(params['type'])}`;
  return message.replace("must have required property '", 'lacks the key `').replace(/'$/, '`');
}
