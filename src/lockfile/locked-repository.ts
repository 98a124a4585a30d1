import type { LockedRepository, Lockfile } from './lockfile.ts';

/** The repository of a package or source RPM of a lock, by its id. */
export const lockedRepository = (
  { repositories = [], source_repositories: more = [] }: Pick<Lockfile, 'repositories' | 'source_repositories'>,
  id: string | undefined,
): LockedRepository | undefined => repositories.find((known) => known.id === id) ?? more.find((known) => known.id === id);
