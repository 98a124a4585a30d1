/** Source RPMs of the resolved packages: from the repositories or from the old lockfile. */
import { RpmDepsError } from '../base/errors.ts';
import type { Warning } from '../base/warnings.ts';
import type { LockedSources } from '../lockfile/from-resolution.ts';
import { lockedRepository } from '../lockfile/locked-repository.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { metadataChecksum } from '../lockfile/package-digest.ts';
import type { Manifest, SourceSettings } from '../manifest/manifest.ts';
import { knownRepositoriesFor, sourceRepositoriesFor } from '../manifest/repositories-for.ts';
import type { PackageRecord, Pool } from '../pool/pool.ts';
import { findSourceRpm } from '../resolution/source-rpms.ts';
import { formatNevra, formatRpmFilename } from '../rpm/nevra.ts';
import type { Target } from './target.ts';

/** Source RPMs in the repositories of packages by file name, the preferred one first. */
export type PoolSources = ReadonlyMap<string, readonly PackageRecord[]>;

export interface FoundSources extends LockedSources {
  /** File names of source RPMs that no repository has, and NEVRAs of packages without the name of a source RPM. */
  readonly missing: readonly string[];
}

/** Searches the pool that the set was solved on. */
export function sourcesInPool(pool: Pool, packages: readonly PackageRecord[], { repositories }: SourceSettings): PoolSources {
  const files = new Set(packages.map(({ source }) => source));
  return new Map([...files].map((file) => [file, findSourceRpm(pool, file, repositories)]));
}

interface SourcePlaces {
  readonly inPool: PoolSources;
  /** Pool of repositories that are read only for source RPMs. */
  readonly more: Pool | undefined;
  readonly before: Lockfile | undefined;
  readonly manifest: Manifest;
}

/** Keeps a locked source RPM while a repository has it, and also if none has it any more. */
export function findSources({ set, architecture }: Target, packages: readonly PackageRecord[], places: SourcePlaces): FoundSources {
  const { inPool, more, before, manifest } = places;
  const settings = set.sources!;
  const found: PackageRecord[] = [];
  const kept = new Map<string, NonNullable<Lockfile['sources']>[number]>();
  const missing: string[] = [];
  const readable = new Set(sourceIds(manifest, settings, architecture));
  for (const file of [...new Set(packages.map(({ source }) => source))].sort()) {
    if (file === '') continue;
    const records = [...(inPool.get(file) ?? []), ...(more === undefined ? [] : findSourceRpm(more, file, undefined))];
    const locked = before?.sources?.find((lockedPackage) => formatRpmFilename(lockedPackage) === file);
    const same = locked && records.find(({ checksum }) => checksum.value.toLowerCase() === metadataChecksum(locked));
    const record = same ?? records[0];
    if (record !== undefined) found.push(record);
    else if (locked?.repository !== undefined && readable.has(locked.repository)) kept.set(file, locked);
    else missing.push(file);
  }
  const nameless = packages.filter(({ source }) => source === '').map(formatNevra);
  const keptPackages = [...kept.values()];
  return {
    found,
    kept: keptPackages,
    repositories: more?.repos ?? [],
    keptRepositories: keptPackages.flatMap(({ repository }) => (before && lockedRepository(before, repository)) ?? []),
    missing: [...missing, ...nameless],
  };
}

function sourceIds(manifest: Manifest, settings: SourceSettings, architecture: string): string[] {
  const enabled = knownRepositoriesFor(manifest, architecture).filter(({ enabled: isEnabled }) => isEnabled);
  const others = sourceRepositoriesFor(manifest, settings, architecture);
  return [...enabled, ...others].map(({ id }) => id);
}

/** One warning if no source RPM at all was found, instead of hundreds. */
export function sourceNotes({ set, architecture }: Target, { found, kept, missing }: FoundSources): Warning[] {
  const place = { code: 'SOURCE_MISSING', set: set.name, architecture } as const;
  if (missing.length === 0) return [];
  if (found.length + kept.length > 0) return missing.map((name) => ({ ...place, text: `\`${name}\` is not locked: ${IN_NONE}` }));
  return [{ ...place, text: `no source RPMs are locked: ${ENABLE}` }];
}

const IN_NONE = 'the source RPM is in no repository';
const ENABLE =
  'no repository that is read has those of the packages; enable repositories with source RPMs (`ID-source`), or turn `sources` off (`noSources: true` in rpms.in.yaml)';

export function missingSources({ missing, found, kept }: FoundSources): RpmDepsError {
  const [first = ''] = missing;
  const text = missing.length === 1 ? `the source RPM \`${first}\` is` : `${missing.length} source RPMs are`;
  return new RpmDepsError('SOURCE_MISSING', `${text} in no repository, and the set requires them`, {
    details: missing.slice(0, 50),
    hint:
      found.length + kept.length === 0
        ? 'no repository that is read has source RPMs of these packages: add one with `enabled: false` and the id `ID-source`, or name it under `sources`'
        : 'name a repository that has them under `repositories`, or use `sources: true`, with which a missing one is a warning',
    data: { sources: missing },
  });
}
