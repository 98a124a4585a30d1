import { relative, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { readWithin } from '../io/read-within.ts';
import type { CheckFinding } from '../lockfile/check.ts';
import { MAX_LOCKFILE_BYTES } from '../lockfile/lockfile.ts';
import type { Context } from '../run/context.ts';
import { type Annotation, renderAnnotations } from '../views/annotations.ts';

/** `--annotate`: prints findings as commands of GitHub Actions on stdout. */
export async function annotateFindings(findings: readonly CheckFinding[], context: Context): Promise<string> {
  const annotations = findings.map(async ({ file, message, details, fix }): Promise<Annotation> => {
    const text = await readWithin(resolve(context.cwd, file), MAX_LOCKFILE_BYTES).then(String, () => '');
    return {
      file: fromTop(file, context),
      line: lineOf(text, message),
      title: 'rpm-deps check',
      message: [message, ...details, fix].join('\n'),
    };
  });
  return renderAnnotations(await Promise.all(annotations));
}

/** Errors of a manifest contain line numbers. */
export function annotateError(error: unknown, context: Context): string {
  if (!(error instanceof RpmDepsError)) return '';
  const { file, mistakes } = error.data ?? {};
  if (typeof file !== 'string' || !Array.isArray(mistakes)) return '';
  const annotations = mistakes.map(({ line, column, message }: { line: number; column: number; message: string }) => ({
    file: fromTop(relative(context.cwd, file), context),
    line,
    column,
    title: 'rpm-deps check',
    message,
  }));
  return renderAnnotations(annotations);
}

/** GitHub expects paths relative to the root of the repository. */
function fromTop(file: string, { cwd, env }: Context): string {
  const top = env['GITHUB_WORKSPACE'];
  return top === undefined ? file : relative(top, resolve(cwd, file));
}

/** Line of the first name in backticks that occurs as a JSON string; else the first line. */
function lineOf(text: string, message: string): number {
  for (const [, name] of message.matchAll(/`([^`]+)`/g)) {
    const at = text.indexOf(`"${name}"`);
    if (at >= 0) return text.slice(0, at).split('\n').length;
  }
  return 1;
}
