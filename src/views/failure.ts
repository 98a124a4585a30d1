/** The JSON of a failed command: alone, or as `error` besides the data of the command. */
import type { RpmDepsError } from '../base/errors.ts';
import { count, integer, list, object, oneOf, openObject, optional, orNull, prose, text, texts } from './shape.ts';

export const problemShape = object(
  {
    kind: oneOf(['no-such-package', 'version-gone', 'wrong-architecture', 'excluded', 'unsolvable'], 'The kind of problem'),
    text: text('The explanation for a person, in one or more lines'),
    suggestions: texts('Changes that may help, one sentence each'),
    packages: texts('The packages that the problem is about'),
    relations: texts('The relations that the problem is about'),
    spec: optional(text('The requested spec that nothing matches')),
  },
  'Why the request cannot be resolved',
);

const targetFailure = object({
  set: text('The package set'),
  architecture: text('The architecture'),
  problems: list(problemShape, 'Why it cannot be resolved; empty if a repository could not be read'),
  error: optional(object({ code: text('A code of docs/errors.md'), message: prose('What failed') })),
});

export const errorShape = openObject(
  {
    // Not an enum, so that a new code does not break old schemas.
    code: text('The code; docs/errors.md explains each'),
    message: prose('What failed, and on what'),
    hint: orNull(prose('What helps')),
    details: list(prose('One or more lines'), 'More lines for a person'),
    failed: optional(list(targetFailure, 'The sets and architectures that could not be resolved')),
    mistakes: optional(
      list(
        object({ line: count('Line in the manifest, from 1'), column: count('Column, from 1'), message: text('What is wrong') }),
        'The mistakes in the manifest',
      ),
    ),
    file: optional(prose('The file that the error is about')),
    url: optional(text('The URL that the error is about, without login')),
    status: optional(integer('The HTTP status of the response')),
  },
  'The failure. Some codes add further keys, all in snake_case',
);

/** The failure as data: `details` of the error beside code, message and hint. */
export function failureData({ code, message, hint, details, data }: RpmDepsError): {
  readonly code: typeof code;
  readonly message: string;
} & {
  readonly hint: string | null;
  readonly details: readonly string[];
} {
  return { ...data, code, message, hint: hint ?? null, details };
}
