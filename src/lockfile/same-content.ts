import { lockedRepository } from './locked-repository.ts';
import type { LockedRepository, Lockfile } from './lockfile.ts';
import { renderLockfile } from './write.ts';

/**
 * Whether a new lockfile says nothing that the old one does not: same request, same packages. What changes with every publication of
 * a mirror or with the program (`generated`, `generator`, in which revision repositories were read, their modules.yaml) does not count, so
 * that the file on disk is left alone, byte for byte.
 * The URL of a repository is part of what it says: it is the manifest's, and not that of the mirror that was read. So is whether the
 * place of its modules.yaml is known.
 */
export const sameContent = (before: Lockfile, after: Lockfile): boolean => essence(before, after) === essence(after, before);

/** What a lockfile says, as text. */
export const contentOfLock = (lockfile: Lockfile): string => essence(lockfile, lockfile);

const ANY_FILE = { location: '', sha256: '' };

function essence(lockfile: Lockfile, other: Lockfile): string {
  const plain = ({ id, baseurl, gpgkey_fingerprints: keys, modules }: LockedRepository): LockedRepository => {
    // Keys are compared where both locks know them: they cannot be read offline.
    const areKnown = lockedRepository(other, id)?.gpgkey_fingerprints !== undefined;
    return {
      ...{ id, baseurl, revision: '', repomd_sha256: '' },
      ...(keys && areKnown ? { gpgkey_fingerprints: keys } : {}),
      ...(modules ? { modules: ANY_FILE } : {}),
    };
  };
  return renderLockfile({
    ...lockfile,
    generated: '',
    generator: '',
    repositories: (lockfile.repositories ?? []).map(plain),
    source_repositories: (lockfile.source_repositories ?? []).map(plain),
  });
}
