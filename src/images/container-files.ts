/** docker adds files to every container and exports them too. The image does not contain them. */
import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { indexTar, type TarEntry } from './tar-index.ts';

const EMPTY_FILES = ['.dockerenv', 'dev/console', 'etc/hostname', 'etc/hosts', 'etc/resolv.conf'];
const FOLDERS = ['dev/pts', 'dev/shm'];
const MTAB = 'etc/mtab';

/** Relative to the root. */
export const CONTAINER_FILES: readonly string[] = [...EMPTY_FILES, MTAB, ...FOLDERS];

/** docker creates empty files with mode 0755 only if the image has none; files of packages look different. */
function isOfContainer({ path, type, mode, size, link }: TarEntry): boolean {
  const name = path.slice(1);
  if (EMPTY_FILES.includes(name)) return type === 'file' && size === 0 && mode === 0o755;
  if (FOLDERS.includes(name)) return type === 'directory';
  return name === MTAB && type === 'link' && link === '/proc/mounts';
}

/** Copies an exported tar file without these files; all other bytes stay unchanged. */
export async function withoutContainerFiles(from: string, to: string): Promise<void> {
  const file = await open(from);
  const dropped = await indexTar(file, from)
    .then((entries) => [...entries.values()].filter(isOfContainer))
    .finally(() => file.close());
  const output = createWriteStream(to, { flags: 'wx' });
  await pipeline(async function* () {
    let at = 0;
    for (const entry of [...dropped, undefined]) {
      const end = entry?.from ?? Number.POSITIVE_INFINITY;
      if (end > at) yield* createReadStream(from, { start: at, end: end - 1 });
      at = entry?.to ?? at;
    }
  }, output);
}
