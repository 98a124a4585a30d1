/** Whether a folder, or a file, is in the hands of this user alone: what others may write proves nothing. */
import { type Stats, statSync } from 'node:fs';

/** Who else may write there, in words; undefined where nobody else may, where there is nothing, and on systems without users. */
export function findOtherWriter(path: string): string | undefined {
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  let info: Stats;
  try {
    info = statSync(path);
  } catch {
    return undefined;
  }
  if (info.uid !== uid && info.uid !== 0) return `it belongs to user ${info.uid}`;
  if ((info.mode & 0o002) !== 0) return 'all users may write to it';
  if ((info.mode & 0o020) !== 0 && !isOwnGroup(info.gid, uid)) return `group ${info.gid} may write to it`;
  return undefined;
}

/** A group of one user with the number of that user, as distributions with umask 002 make them, and that of root. */
const isOwnGroup = (gid: number, uid: number): boolean => gid === 0 || (gid === uid && gid === process.getgid?.());

/** For folders and files of the cache, whatever the umask. */
export const PRIVATE_FOLDER_MODE = 0o755;
export const PRIVATE_FILE_MODE = 0o644;
