import { GENERATOR } from '../base/version.ts';
import { lockfileFromResolution } from '../lockfile/from-resolution.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { sameContent } from '../lockfile/same-content.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { PoolRepo } from '../pool/pool.ts';
import type { UnmetRequirement } from '../resolution/resolution.ts';
import type { FoundSources } from './find-sources.ts';
import type { SolvedTarget } from './solve-targets.ts';
import type { Target } from './target.ts';

/** The lockfile of a solved set and architecture. */
export interface PlannedLock {
  readonly target: Target;
  readonly before: Lockfile | undefined;
  /** The same object as `before` if nothing changes. */
  readonly lockfile: Lockfile;
  readonly isChanged: boolean;
  readonly ignored: readonly string[];
  readonly unmet: readonly UnmetRequirement[];
  readonly milliseconds: number;
  /** Repositories that were read for it. */
  readonly repositories: readonly PoolRepo[];
  /** Repositories that were read only for its source RPMs. */
  readonly sourceRepositories: readonly PoolRepo[];
  /** Whether requested source RPMs are missing. */
  readonly lacksSources: boolean;
}

interface Known {
  readonly before: Lockfile | undefined;
  readonly fingerprints: ReadonlyMap<string, readonly string[]>;
  /** sha256 of packages whose repository has another type of checksum, by that checksum. */
  readonly sha256s: ReadonlyMap<string, string> | undefined;
  readonly sources: FoundSources | undefined;
  readonly sourceRepositories: readonly PoolRepo[];
}

/** Creates the lockfile of a resolution; returns the existing one if it would not change. */
export function makeLock(
  manifest: Manifest,
  { target, solved, repositories, milliseconds, base, modular }: SolvedTarget,
  { before, fingerprints, sha256s, sources, sourceRepositories }: Known,
): PlannedLock {
  const made = lockfileFromResolution({
    manifest,
    set: target.set.name,
    architecture: target.architecture,
    solved,
    repositories,
    generator: GENERATOR,
    fingerprints,
    base,
    sha256s,
    modular,
    sources,
  });
  const isChanged = before === undefined || !sameContent(before, made);
  const { ignored, unmet } = solved;
  return {
    ...{ target, before, lockfile: isChanged ? made : before, isChanged, ignored, unmet, milliseconds, repositories, sourceRepositories },
    lacksSources: (sources?.missing.length ?? 0) > 0,
  };
}
