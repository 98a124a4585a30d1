import type { PackageRecord, Pool } from '../pool/pool.ts';
import { parseRpmFilename } from '../rpm/nevra.ts';
import { packagesNamed } from './query-packages.ts';

/** The source RPM of a file name, as in packages: from each repository that has it, the preferred one first. */
export function findSourceRpm(pool: Pool, file: string, repositories: readonly string[] | undefined): PackageRecord[] {
  const wanted = parseRpmFilename(file);
  if (wanted === undefined) return [];
  const priority = new Map(pool.repos.map((repo) => [repo.id, repo.priority]));
  return packagesNamed(pool, wanted.name)
    .filter(({ arch, version, release }) => isSource(arch) && version === wanted.version && release === wanted.release)
    .filter(({ location, repository }) => location !== '' && repositories?.includes(repository) !== false)
    .sort((a, b) => priority.get(a.repository)! - priority.get(b.repository)!);
}

const isSource = (arch: string): boolean => arch === 'src' || arch === 'nosrc';
