/** Whether only this user can write a folder or a file: content that others can write is not trusted. */
import { type Stats, statSync } from 'node:fs';

/** Describes who else can write it; undefined if nobody else can, if it does not exist, and on systems without users. */
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

/** Trusted groups: root, and a user's own group (same number), as distributions with umask 002 create. */
const isOwnGroup = (gid: number, uid: number): boolean => gid === 0 || (gid === uid && gid === process.getgid?.());

/** For folders and files of the cache, independent of the umask. */
export const PRIVATE_FOLDER_MODE = 0o755;
export const PRIVATE_FILE_MODE = 0o644;
