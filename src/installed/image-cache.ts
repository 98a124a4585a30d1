/** Caches small results from registries and git repositories. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sha256 } from '../base/sha256.ts';
import { writeFileAtomic } from '../io/atomic-file.ts';
import { type CacheFolder, cachePath } from '../io/cache-dir.ts';
import { makeFolders } from '../io/make-folders.ts';
import { findOtherWriter, PRIVATE_FOLDER_MODE } from '../io/private-folder.ts';

export const imageCachePath = (cacheDir: string, folder: CacheFolder, key: string): string =>
  cachePath(cacheDir, folder, `${sha256(key)}.json`);

/** A JSON object or list; undefined if it does not exist or other users can write it. */
export async function readAnswer(path: string): Promise<object | undefined> {
  // Files that other users can write are not trusted.
  if ([path, dirname(path), dirname(dirname(path))].some((place) => findOtherWriter(place) !== undefined)) return undefined;
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Ignores failures: without the cache the next run only downloads again. */
export async function keepAnswer(path: string, value: object): Promise<void> {
  try {
    makeFolders(dirname(path), PRIVATE_FOLDER_MODE);
    await writeFileAtomic(path, JSON.stringify(value));
  } catch {
    // The next run downloads again.
  }
}
