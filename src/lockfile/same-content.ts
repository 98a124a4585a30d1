import { lockedRepository } from './locked-repository.ts';
import type { LockedRepository, Lockfile } from './lockfile.ts';
import { renderLockfile } from './write.ts';

/**
 * Whether a new lockfile has the content of the old one: same request, same packages. Values that change with every publication of
 * a mirror or with the program do not count (`generated`, `generator`, the revision of repositories, their modules.yaml), so
 * that the file on disk stays unchanged.
 * The URL of a repository counts: it is from the manifest, not that of the mirror that was read. It also counts whether the
 * location of its modules.yaml is known.
 */
export const sameContent = (before: Lockfile, after: Lockfile): boolean => essence(before, after) === essence(after, before);

/** The compared content of a lockfile, as text. */
export const contentOfLock = (lockfile: Lockfile): string => essence(lockfile, lockfile);

const ANY_FILE = { location: '', sha256: '' };

function essence(lockfile: Lockfile, other: Lockfile): string {
  const plain = ({ id, baseurl, gpgkey_fingerprints: keys, modules }: LockedRepository): LockedRepository => {
    // Keys are compared only if both locks have them, because they cannot be read offline.
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
