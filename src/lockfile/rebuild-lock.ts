/** Converts a lockfile of schema 1.0 to 1.1, with the manifest and the headers of its RPMs. */
import type { Manifest } from '../manifest/manifest.ts';
import { manifestDigest, requestedSpecs } from '../manifest/manifest-digest.ts';
import type { RpmPackage } from '../rpm/rpm-package.ts';
import { edgesOfHeaders } from './header-edges.ts';
import type { LockedPackage, LockedRepository, Lockfile } from './lockfile.ts';
import { requestedNames } from './requested-names.ts';
import { compareLockedPackages } from './write.ts';

/** A package with its header, and the URL or path that it was read from. */
export interface LockedHeader {
  readonly locked: LockedPackage;
  readonly rpm: RpmPackage;
  /** Id and base URL of the repository or the archive, and the path below it. */
  readonly repository: string;
  readonly baseurl: string;
  readonly location: string;
}

export interface RebuiltLock {
  readonly lock: Lockfile;
  /** Requirements that no package of the lock meets. */
  readonly unmet: readonly { readonly package: string; readonly requirement: string }[];
  /** Specs of the manifest that no package of the lock matches: the lock is stale, and `check` reports it. */
  readonly unanswered: readonly string[];
}

export function rebuildLock(old: Lockfile, headers: readonly LockedHeader[], manifest: Manifest, generator: string): RebuiltLock {
  const { architecture, package_set: set } = old;
  const sorted = [...headers].sort((a, b) => compareLockedPackages(a.locked, b.locked));
  const { weakDependencies } = manifest.sets.find(({ name }) => name === set)!;
  const edges = edgesOfHeaders(
    sorted.map(({ rpm }) => rpm),
    { weak: weakDependencies },
  );
  const packages = sorted.map(({ locked, rpm, repository, location }, i): LockedPackage => {
    const { name, epoch, version, release, arch, sha256, filename } = locked;
    const size = rpm.sizeBytes === 0 ? {} : { size: rpm.sizeBytes };
    const place = { repository, location, ...size, source: rpm.texts.sourcerpm, dependencies: edges.dependencies[i]! };
    return { name, epoch, version, release, arch, sha256, filename, ...place };
  });
  const newest = Math.max(0, ...sorted.map(({ rpm }) => rpm.buildTime));
  const repositories = new Map(
    sorted.map(({ repository: id, baseurl }): [string, LockedRepository] => [
      id,
      // No metadata was read, so the revision is empty and the checksum is zero.
      { id, baseurl, revision: '', repomd_sha256: '0'.repeat(64) },
    ]),
  );
  const lock: Lockfile = {
    schema_version: '1.1',
    architecture,
    package_set: set,
    generated: new Date(newest * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
    generator,
    manifest_digest: manifestDigest(manifest, set, architecture),
    requested: requestedSpecs(manifest, set, architecture),
    ignored: [],
    repositories: [...repositories.values()],
    packages,
  };
  const { unknown } = requestedNames(lock);
  const answers = unknown.flatMap((spec) => providersOfSpec(spec, sorted));
  const answered = answers.length === 0 ? lock : { ...lock, answered_by: Object.fromEntries(answers) };
  const unanswered = requestedNames(answered).unknown;
  return {
    lock: unanswered.length === 0 ? answered : { ...answered, manifest_digest: `sha256:${'0'.repeat(64)}` },
    unmet: sorted.flatMap(({ locked }, i) => edges.unmet[i]!.map((requirement) => ({ package: locked.name, requirement }))),
    unanswered,
  };
}

/** Matches a path or a capability to the packages that provide it. */
function providersOfSpec(spec: string, headers: readonly LockedHeader[]): [string, string[]][] {
  const names = headers
    .filter(({ rpm }) => rpm.files.some(({ path }) => path === spec) || rpm.relations.provides.some(({ name }) => name === spec))
    .map(({ locked }) => locked.name);
  return names.length === 0 ? [] : [[spec, [...new Set(names)].sort()]];
}
