import type { PackageRecord, Pool } from '../pool/pool.ts';
import { memoryKey } from '../pool/pool-memory.ts';
import { formatNevra, parseNevra } from '../rpm/nevra.ts';

const ARTIFACTS = memoryKey<ReadonlySet<string>>('packages of modules');

/** Ids of the repositories of chosen module packages: without their modules.yaml dnf does not install these packages. */
export function modularRepositories(pool: Pool, packages: readonly PackageRecord[]): ReadonlySet<string> {
  const artifacts = pool.memory.keep(ARTIFACTS, () => artifactsOf(pool));
  if (artifacts.size === 0) return new Set();
  return new Set(packages.filter((record) => artifacts.has(formatNevra(record))).map(({ repository }) => repository));
}

function artifactsOf({ moduleIndex }: Pool): Set<string> {
  const found = new Set<string>();
  for (const { index } of moduleIndex) {
    for (const { artifacts } of index.streams) {
      for (const artifact of artifacts) {
        const nevra = parseNevra(artifact);
        if (nevra !== undefined) found.add(formatNevra({ ...nevra, epoch: String(Number(nevra.epoch)) }));
      }
    }
  }
  return found;
}
