/** Reads files that a manifest refers to, by path or URL. */
import { isAbsolute } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { isWithin } from '../base/leads-out.ts';
import { withoutSecrets } from '../base/redact.ts';
import type { ReadIncluded } from '../manifest/included-files.ts';
import { readBeside } from '../manifest/read-beside.ts';
import { fetchKept } from '../repositories/kept-answer.ts';
import { MetadataCache } from '../repositories/metadata-cache.ts';
import type { Context } from '../run/context.ts';
import type { Run } from '../run/run.ts';

/** Fetches a URL each time; without a response the cached text is used. If servers are restricted, absolute paths are too. */
export function readIncluded(folder: string, run: Run & Pick<Context, 'within'>): ReadIncluded {
  const { within } = run;
  const isFree = (path: string): boolean => isAbsolute(path) && run.http.settings.policy === undefined;
  const beside = readBeside(folder, {
    isAllowed: (path, directory) => within === undefined || isFree(path) || isWithin(directory, within),
  });
  return async (path) => {
    if (!/^https?:\/\//i.test(path)) return beside(path);
    const { http, cacheDir, offline, emit } = run;
    const read = (isOffline: boolean): Promise<Uint8Array> =>
      fetchKept(path, { http, cache: new MetadataCache(cacheDir, emit), offline: isOffline }, { kind: 'list' });
    const bytes = await read(offline).catch(async (error: unknown) => {
      if (!(error instanceof RpmDepsError) || error.code !== 'NETWORK') throw error;
      return read(true).catch(() => {
        throw error;
      });
    });
    return [{ path: withoutSecrets(path), text: new TextDecoder().decode(bytes) }];
  };
}
