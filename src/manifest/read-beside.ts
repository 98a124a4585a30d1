import { readdir } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { readWithin } from '../io/read-within.ts';
import { globMatcher, hasGlob } from '../rpm/glob.ts';
import type { ReadIncluded } from './included-files.ts';
import { MAX_MANIFEST_BYTES } from './manifest.ts';

interface BesideOptions {
  /** Decides about a path as written, and the folder that it leads to. */
  readonly isAllowed?: ((path: string, directory: string) => boolean) | undefined;
}

/** Reads files of a folder; the last part of a path may be a pattern, which matches files in alphabetical order. */
export function readBeside(folder: string, { isAllowed = () => true }: BesideOptions = {}): ReadIncluded {
  return async (path) => {
    const pattern = basename(path);
    const directory = resolve(folder, dirname(path));
    if (!isAllowed(path, directory)) {
      throw new RpmDepsError('MANIFEST_INVALID', `\`${shortPrintable(path)}\` is outside of the repository and not read`);
    }
    const names = hasGlob(pattern) ? await matching(directory, pattern, path) : [pattern];
    return Promise.all(names.map(async (name) => ({ path: join(dirname(path), name), text: await read(join(directory, name), path) })));
  };
}

async function matching(directory: string, pattern: string, path: string): Promise<string[]> {
  const matches = globMatcher(pattern);
  const names = (await readdir(directory).catch(() => [])).filter((name) => !name.startsWith('.') && matches(name)).sort();
  if (names.length === 0) throw new RpmDepsError('MANIFEST_INVALID', `no file matches \`${shortPrintable(path)}\``);
  return names;
}

async function read(file: string, path: string): Promise<string> {
  try {
    return (await readWithin(file, MAX_MANIFEST_BYTES)).toString('utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const problem = code === 'ENOENT' || code === 'ENOTDIR' ? 'there is no file' : 'cannot read';
    const why = code === undefined ? `: ${message}` : '';
    throw new RpmDepsError('MANIFEST_INVALID', `${problem} \`${shortPrintable(path)}\`${why}`, { cause: error });
  }
}
