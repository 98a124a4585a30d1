import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RpmDepsError } from '../errors.ts';
import { writeFileAtomic } from '../io/atomic-file.ts';
import { DigestCheck } from '../io/digest.ts';
import type { FetchLocked } from './container-input.ts';

/** Interim: one source for each file, one after the other. */
export const fetchLocked: FetchLocked = async (locks, context) => {
  const directory = join(context.cacheDir, 'images-rpms');
  await mkdir(directory, { recursive: true });
  const found = new Map<string, string>();
  for (const lock of locks) {
    for (const pin of lock.packages) {
      const baseurl = lock.repositories?.find(({ id }) => id === pin.repository)?.baseurl;
      if (baseurl === undefined || pin.location === undefined) throw new RpmDepsError('NETWORK', `${pin.filename} has no source`);
      const { body } = await context.http.request(new URL(pin.location.split('/').map(encodeURIComponent).join('/'), baseurl).href);
      const check = new DigestCheck(pin.filename, { checksum: { type: 'sha256', value: pin.sha256 } });
      const chunks: Uint8Array[] = [];
      for await (const chunk of body) {
        check.update(chunk);
        chunks.push(chunk);
      }
      check.finish();
      const path = join(directory, pin.sha256);
      await writeFileAtomic(path, Buffer.concat(chunks));
      found.set(pin.sha256, path);
    }
  }
  return found;
};
