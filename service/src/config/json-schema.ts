import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';

let made: Ajv2020 | undefined;

/** One for the process. Nothing is coerced, removed or filled in: what does not fit is refused. */
export function ajv(): Ajv2020 {
  made ??= new Ajv2020({ strict: true, strictTypes: false, allErrors: false, useDefaults: false });
  return made;
}

/** One line a mistake: where it is, and what was expected there. */
export function mistakesOf(errors: readonly ErrorObject[], where: string): string[] {
  return errors.map((error) => {
    const path = `${where}${error.instancePath}` || '/';
    if (error.keyword === 'additionalProperties') return `${path}: unknown key \`${String(error.params['additionalProperty'])}\``;
    if (error.keyword === 'enum') return `${path}: must be one of ${(error.params['allowedValues'] as unknown[]).join(', ')}`;
    return `${path}: ${error.message ?? error.keyword}`;
  });
}
