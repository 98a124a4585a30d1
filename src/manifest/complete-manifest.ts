import { RpmDepsError } from '../base/errors.ts';
import { withImageRelease } from './image-release.ts';
import { includeFiles, type ReadIncluded, type WithIncluded } from './included-files.ts';
import { mergeIncluded } from './merge-included.ts';
import type { Mistake } from './mistake.ts';
import { asMap } from './plain-access.ts';
import { translateRpmsIn } from './rpms-in.ts';
import { validate } from './rpms-in-validator.generated.ts';
import type { ReadOutside, ReadText } from './rpms-in-variables.ts';
import { type SchemaError, schemaMistakes } from './schema-mistakes.ts';
import type { SourceText } from './source-text.ts';

/** Adds everything that other files contain, or converts `rpms.in.yaml` to a manifest. */
export async function completeManifest(
  source: SourceText,
  { isRpmsIn, read, ...asked }: Omit<ReadOutside, 'read'> & { readonly isRpmsIn: boolean; readonly read: ReadIncluded },
): Promise<WithIncluded> {
  if (!isRpmsIn) {
    const merged = await mergeIncluded(source, read);
    const complete = await includeFiles(merged.source, read);
    return { ...merged, source: complete.source, mistakes: [...merged.mistakes, ...complete.mistakes] };
  }
  const shape: Mistake[] = validate(source.value) ? [] : schemaMistakes(validate.errors as SchemaError[], source);
  const outside: ReadOutside = { ...asked, read: (path) => readText(path, read) };
  const translated = await translateRpmsIn(source, outside);
  const readAny: ReadIncluded = async (path) => {
    const text = translated.texts.get(path);
    return text === undefined ? read(path) : [{ path, text }];
  };
  const complete = await includeFiles(translated.source, readAny, { variables: translated.variables, onlyEnabled: true });
  const known = [...shape, ...translated.mistakes, ...complete.mistakes];
  const origin = withSomeOrigin(complete.source, known.length > 0);
  const released = await withImageRelease(origin.source, outside);
  return { source: released.source, mistakes: [...known, ...origin.mistakes, ...released.mistakes] };
}

/**
 * rpm-lockfile-prototype finds no packages without a repository; the default repositories of a manifest are not used for its files.
 * Not reported after other mistakes, such as a missing `.repo` file, because they may be the cause.
 */
function withSomeOrigin(source: SourceText, isWrong: boolean): { readonly source: SourceText; readonly mistakes: readonly Mistake[] } {
  const { repositories, ...rest } = asMap(source.value) ?? {};
  if (Array.isArray(repositories) && repositories.length > 0) return { source, mistakes: [] };
  const path = ['contentOrigin'];
  const message = '`contentOrigin` names no enabled repository: add `repos`, `repofiles` or `composes`';
  return {
    source: { value: rest, locate: source.locate },
    mistakes: isWrong ? [] : [{ place: source.locate(path, 'key'), path, message }],
  };
}

async function readText(path: string, read: ReadIncluded): ReturnType<ReadText> {
  try {
    const [file] = await read(path);
    return { text: file?.text ?? '' };
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
    return { problem: `cannot be read: ${error.message}` };
  }
}
