import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** Size and sha256 of a file; undefined if it does not exist or is not a regular file (a device may never end). */
export async function digestFile(path: string): Promise<{ readonly sha256: string; readonly size: number } | undefined> {
  const hash = createHash('sha256');
  let size = 0;
  try {
    if (!(await stat(path)).isFile()) return undefined;
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>) {
      hash.update(chunk);
      size += chunk.length;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  return { sha256: hash.digest('hex'), size };
}
