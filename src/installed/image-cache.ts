/** Caches small answers that were read from registries and git repositories. */
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sha256 } from '../base/sha256.ts';
import { writeFileAtomic } from '../io/atomic-file.ts';
import { type CacheFolder, cachePath } from '../io/cache-dir.ts';
import { makeFolders } from '../io/make-folders.ts';
import { findOtherWriter, PRIVATE_FOLDER_MODE } from '../io/private-folder.ts';

export const imageCachePath = (cacheDir: string, folder: CacheFolder, key: string): string =>
  cachePath(cacheDir, folder, `${sha256(key)}.json`);

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
