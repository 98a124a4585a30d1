import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { type Lockfile, MAX_LOCKFILE_BYTES } from './lockfile.ts';
import { validate } from './lockfile-validator.generated.ts';

/** Supported schemas. Lockfiles are written in 1.1, and in 1.2 only if they need its keys. */
const SCHEMA_VERSIONS: readonly string[] = ['1.0', '1.1', '1.2'];

/** Parses and validates the text of a lockfile of any supported schema; `name` is for messages. */
export function parseLockfile(text: string, name: string): Lockfile {
  if (text.length > MAX_LOCKFILE_BYTES) throw invalid(name, `is larger than ${MAX_LOCKFILE_BYTES >> 20} MiB`);
  const value = parseJson(text, name);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(name, 'is not a lockfile: expected a JSON object');
  const { schema_version: version } = value as { schema_version?: unknown };
  if (typeof version !== 'string' || !/^\d{1,4}\.\d{1,4}$/.test(version)) {
    throw invalid(name, 'is not a lockfile: `schema_version` is missing or no version');
  }
  if (!SCHEMA_VERSIONS.includes(version)) {
    throw invalid(name, `has schema ${version}; this rpm-deps knows ${SCHEMA_VERSIONS.join(', ')}`, {
      hint: `update rpm-deps; \`git checkout -- ${shortPrintable(name)}\` restores the committed one`,
    });
  }
  if (!validate(value)) throw invalid(name, 'is not a valid lockfile', { details: violations() });
  const lockfile = value as unknown as Lockfile;
  // Both are optional in files of other tools.
  return { ...lockfile, generated: lockfile.generated ?? '', generator: lockfile.generator ?? '' };
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch (cause) {
    const mark = /^(?:<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|)(?: |$)/m.exec(text);
    if (mark) {
      const line = text.slice(0, mark.index).split('\n').length;
      throw invalid(name, `has merge conflict markers (line ${line})`, {
        hint: `resolve the conflict in the manifest, take either side of the lockfile (\`git checkout --ours -- ${shortPrintable(name)}\`), then run \`rpm-deps lock\``,
        cause,
      });
    }
    if (text.trim() === '') throw invalid(name, 'is empty', { cause });
    throw invalid(name, `is not valid JSON: ${withoutExcerpt((cause as Error).message)}`, { cause });
  }
}

/** Removes excerpts of the file from a message, because the file may be a link to a secret one. */
const withoutExcerpt = (message: string): string => shortPrintable(message.replace(/, (?:\.\.\.)?".*/s, ''), 200);

function violations(): string[] {
  const errors = (validate.errors ?? []) as readonly { instancePath: string; message?: string; keyword: string }[];
  const texts = errors
    .filter((error) => error.keyword !== 'if')
    .map((error) => shortPrintable(`${error.instancePath || '/'} ${error.message ?? ''}`, 300));
  return texts;
}

function invalid(
  name: string,
  problem: string,
  options: { hint?: string; details?: readonly string[]; cause?: unknown } = {},
): RpmDepsError {
  const hint =
    options.hint ??
    (name.endsWith('.lock.json')
      ? `\`git checkout -- ${shortPrintable(name)}\` restores it; or delete it and run \`rpm-deps lock\`, which then chooses versions again`
      : 'name a lockfile: `rpm-deps update` writes them as SET-ARCH.lock.json');
  return new RpmDepsError('LOCKFILE_INVALID', `\`${shortPrintable(name)}\` ${problem}`, { ...options, hint, data: { file: name } });
}
