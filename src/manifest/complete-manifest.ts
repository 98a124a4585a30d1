import { RpmDepsError } from '../base/errors.ts';
import { includeFiles, type ReadIncluded, type WithIncluded } from './included-files.ts';
import { mergeIncluded } from './merge-included.ts';
import type { Mistake } from './mistake.ts';
import { translateRpmsIn } from './rpms-in.ts';
import { validate } from './rpms-in-validator.generated.ts';
import type { ReadLabels, ReadText } from './rpms-in-variables.ts';
import { type SchemaError, schemaMistakes } from './schema-mistakes.ts';
import type { SourceText } from './source-text.ts';

/** A manifest with everything that other files or another form of it hold. */
export async function completeManifest(
  source: SourceText,
  { isRpmsIn, read, labels }: { readonly isRpmsIn: boolean; readonly read: ReadIncluded; readonly labels: ReadLabels },
): Promise<WithIncluded> {
  if (!isRpmsIn) {
    const merged = await mergeIncluded(source, read);
    const complete = await includeFiles(merged.source, read);
    return { ...merged, source: complete.source, mistakes: [...merged.mistakes, ...complete.mistakes] };
  }
  const shape: Mistake[] = validate(source.value) ? [] : schemaMistakes(validate.errors as SchemaError[], source);
  const translated = await translateRpmsIn(source, { read: (path) => readText(path, read), labels });
  const complete = await includeFiles(translated.source, read, { variables: translated.variables, onlyEnabled: true });
  return { source: complete.source, mistakes: [...shape, ...translated.mistakes, ...complete.mistakes] };
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
