import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../base/sha256.ts';
import { writeFileAtomic } from '../io/atomic-file.ts';
import type { Run } from '../run/run.ts';

/** When the bot ran for a project before, as far as the cache remembers; a cache can be lost. */
export async function exchangeLastRun(
  project: string,
  { cacheDir, now }: Run,
  { isDry }: { readonly isDry: boolean },
): Promise<string | null> {
  const path = join(cacheDir, 'bot-v1', sha256(project));
  const text = await readFile(path, 'utf8').catch(() => '');
  const before = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text.trim()) ? text.trim() : null;
  if (!isDry) {
    // A cache that cannot be written costs this line of the next report.
    await mkdir(join(cacheDir, 'bot-v1'), { recursive: true })
      .then(() => writeFileAtomic(path, now().toISOString()))
      .catch(() => undefined);
  }
  return before;
}
