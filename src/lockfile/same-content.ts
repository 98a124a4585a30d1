import type { Lockfile } from './lockfile.ts';
import { renderLockfile } from './write.ts';

/**
 * Whether a new lockfile says nothing that the old one does not: same request, same packages. What changes with every publication of
 * a mirror or with the program (`generated`, `generator`, in which revision repositories were read) does not count, so that
 * the file on disk is left alone, byte for byte.
 * The URL of a repository is part of what it says: it is the manifest's, and not that of the mirror that was read.
 */
export const sameContent = (before: Lockfile, after: Lockfile): boolean => essence(before, after) === essence(after, before);

function essence(lockfile: Lockfile, other: Lockfile): string {
  return renderLockfile({
    ...lockfile,
    generated: '',
    generator: '',
    repositories: (lockfile.repositories ?? []).map(({ id, baseurl, gpgkey_fingerprints: keys }) => {
      // Keys are compared where both locks know them: they cannot be read offline.
      const known = other.repositories?.find((repository) => repository.id === id)?.gpgkey_fingerprints !== undefined;
      return { id, baseurl, revision: '', repomd_sha256: '', ...(keys && known ? { gpgkey_fingerprints: keys } : {}) };
    }),
  });
}
