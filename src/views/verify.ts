import type { ErrorCode } from '../base/errors.ts';
import { plural } from '../base/quantity.ts';
import { count, flag, list, object, oneOf, orNull, prose, text } from './shape.ts';
import { defineView } from './view.ts';

/** Most serious first. */
export const VERIFY_KINDS = ['altered', 'wrong-package', 'signature', 'unsigned', 'missing', 'extra'] as const;

export interface VerifyData {
  readonly ok: boolean;
  readonly problems: readonly {
    readonly kind: (typeof VERIFY_KINDS)[number];
    readonly architecture: string | null;
    readonly file: string;
    readonly text: string;
  }[];
  readonly expected: number;
  readonly found: number;
  readonly signaturesChecked: number;
  readonly code: ErrorCode | null;
}

export const verifyView = defineView({
  command: 'verify',
  about: 'Whether the RPMs in the cache, or in a directory, match the lockfiles',
  schema: 1,
  shape: object({
    ok: flag('Whether the exit code is 0'),
    problems: list(
      object({
        kind: oneOf(VERIFY_KINDS, 'The kind of problem'),
        architecture: orNull(text('The architecture of the lockfile; null for a file that no lockfile names')),
        file: text('File name, or the path in the directory for a file that no lockfile names'),
        text: prose('What is wrong'),
      }),
      'By kind, then architecture and file name',
    ),
    expected: count('Files that the lockfiles name'),
    found: count('How many of them are present'),
    signatures_checked: count('How many signatures were checked'),
    code: orNull(text('The code of the error; null without an error')),
  }),
  json: ({ ok, problems, expected, found, signaturesChecked, code }: VerifyData) => ({
    ok,
    problems,
    expected,
    found,
    signatures_checked: signaturesChecked,
    code,
  }),
  text: ({ ok, found, signaturesChecked }: VerifyData) =>
    ok
      ? `${plural(found, 'package')} match${found === 1 ? 'es' : ''} the lockfiles, ${plural(signaturesChecked, 'signature')} checked\n`
      : '',
});
