/** Caches data that was read from images. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../base/sha256.ts';
import { writeFileAtomic } from '../io/atomic-file.ts';
import { makeFolders } from '../io/make-folders.ts';
import { findOtherWriter, PRIVATE_FOLDER_MODE } from '../io/private-folder.ts';

/** `kind` is a folder of the cache; its version changes with the form of what is in it. */
export const imageCachePath = (cacheDir: string, kind: string, key: string): string => join(cacheDir, kind, `${sha256(key)}.json`);

/** A JSON object or list; undefined where there is none, or where others may have written it. */
export async function readAnswer(path: string): Promise<object | undefined> {
  // What other users may write proves nothing.
  if ([path, dirname(path), dirname(dirname(path))].some((place) => findOtherWriter(place) !== undefined)) return undefined;
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A cache that cannot be written costs the next run a download, and nothing else. */
export async function keepAnswer(path: string, value: object): Promise<void> {
  try {
    makeFolders(dirname(path), PRIVATE_FOLDER_MODE);
    await writeFileAtomic(path, JSON.stringify(value));
  } catch {
    // The next run asks again.
  }
}
