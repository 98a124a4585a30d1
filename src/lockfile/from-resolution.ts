import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { decodeEscapes, isUrl } from '../base/urls.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { manifestDigest, requestedSpecs } from '../manifest/manifest-digest.ts';
import { knownRepositoriesFor } from '../manifest/repositories-for.ts';
import { canonicalUrls, listKinds } from '../manifest/repository-urls.ts';
import type { PackageRecord, PoolRepo } from '../pool/pool.ts';
import type { Solved } from '../resolution/resolution.ts';
import { formatRpmFilename } from '../rpm/nevra.ts';
import { lockedPackageMistake } from './locked-package-mistake.ts';
import type { LockedBase, LockedPackage, LockedRepository, Lockfile } from './lockfile.ts';
import { packageDigest } from './package-digest.ts';
import { requestedNames } from './requested-names.ts';
import { LOCKFILE_SCHEMA } from './schema.ts';
import { compareLockedPackages } from './write.ts';

export interface LockfileInput {
  readonly manifest: Manifest;
  readonly set: string;
  readonly architecture: string;
  readonly solved: Pick<Solved, 'packages' | 'dependencies' | 'requests' | 'ignored'> & Partial<Pick<Solved, 'changes' | 'removed'>>;
  /** The base under the packages. */
  readonly base?: LockedBase | undefined;
  /** The repositories that were read for the set, in order of preference. */
  readonly repositories: readonly Pick<PoolRepo, 'id' | 'baseurl' | 'revision' | 'repomdSha256' | 'timestamp' | 'modulesFile'>[];
  /** Known fingerprints of signing keys, by repository id. */
  readonly fingerprints?: ReadonlyMap<string, readonly string[]>;
  /** sha256 of packages whose repository has another kind of checksum, by that checksum: `sha512:...`. */
  readonly sha256s?: ReadonlyMap<string, string> | undefined;
  /** Ids of the repositories whose modules.yaml belongs to the packages. */
  readonly modular?: ReadonlySet<string>;
  readonly sources?: LockedSources | undefined;
  /** Name and version of the program, such as `rpm-deps 0.1.0`. */
  readonly generator: string;
}

type ReadRepository = LockfileInput['repositories'][number];

/** The source RPMs of the packages. */
export interface LockedSources {
  readonly found: readonly PackageRecord[];
  /** Source RPMs of the old lockfile that no repository has any more. */
  readonly kept: readonly LockedPackage[];
  /** Repositories that were read only for source RPMs. */
  readonly repositories: readonly ReadRepository[];
  /** Repositories of the `kept` source RPMs. */
  readonly keptRepositories: readonly LockedRepository[];
}

/** Converts a resolution to a lockfile. The same manifest and metadata give the same lockfile: no clock is used. */
export function lockfileFromResolution(input: LockfileInput): Lockfile {
  const { manifest, set, architecture, solved, repositories } = input;
  const dependencies = dependencyNames(solved);
  const newest = Math.max(0, ...repositories.map(({ timestamp }) => timestamp).filter(Number.isFinite));
  const packages = withOwnFilenames(
    solved.packages
      .map((record, i) => withReplaced(lockedPackageOf(record, dependencies[i]!, input.sha256s ?? new Map()), replaced(input, i)))
      .sort(compareLockedPackages),
  );
  const sources = lockedSources(input);
  const lockfile = {
    schema_version: input.base === undefined && sources.length === 0 ? schemaFor(packages) : '1.2',
    architecture,
    package_set: set,
    generated: new Date(Math.min(newest, MAX_TIME) * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
    generator: input.generator,
    manifest_digest: manifestDigest(manifest, set, architecture),
    requested: requestedSpecs(manifest, set, architecture),
    ignored: uniqueSorted(solved.ignored),
    repositories: lockedRepositories(input, repositories),
    ...(input.base === undefined ? {} : { base: withRemoved(input.base, solved.removed ?? []) }),
    packages,
    ...(sources.length === 0 ? {} : { sources, ...sourceRepositories(input, sources) }),
  };
  const answers = matchesOfSpecs(lockfile, solved);
  return answers.length === 0 ? lockfile : { ...lockfile, answered_by: Object.fromEntries(answers) };
}

function lockedRepositories(
  { manifest, architecture, fingerprints, modular }: LockfileInput,
  repositories: readonly ReadRepository[],
): LockedRepository[] {
  const known = knownRepositoriesFor(manifest, architecture);
  const canonical = canonicalUrls(manifest, architecture, known);
  const lists = listKinds(known);
  return repositories.map(({ id, baseurl, revision, repomdSha256, modulesFile }) => {
    const keys = fingerprints?.get(id);
    const list = lists.get(id);
    return {
      id,
      baseurl: canonical.get(id) ?? baseurl,
      ...(list === undefined ? {} : { list }),
      revision,
      repomd_sha256: repomdSha256,
      ...(keys ? { gpgkey_fingerprints: uniqueSorted(keys) } : {}),
      ...(modulesFile !== undefined && modular?.has(id) === true ? { modules: modulesFile } : {}),
    };
  });
}

function lockedSources({ sources, sha256s = new Map() }: LockfileInput): LockedPackage[] {
  const found = (sources?.found ?? []).map((record): LockedPackage => {
    const { source: _source, dependencies: _dependencies, ...locked } = lockedPackageOf(record, [], sha256s);
    return locked;
  });
  return [...withOwnFilenames([...found, ...(sources?.kept ?? [])])].sort(compareLockedPackages);
}

/** Repositories of source RPMs that contain no locked package. */
function sourceRepositories(input: LockfileInput, lockedPackages: readonly LockedPackage[]): Pick<Lockfile, 'source_repositories'> {
  const used = new Set(lockedPackages.map(({ repository }) => repository));
  for (const { id } of input.repositories) used.delete(id);
  const read = lockedRepositories(input, input.sources?.repositories ?? []);
  const kept = (input.sources?.keptRepositories ?? []).filter(({ id }) => !read.some((repository) => repository.id === id));
  const repositories = [...read, ...kept].filter(({ id }) => used.has(id));
  return repositories.length === 0 ? {} : { source_repositories: repositories };
}

const replaced = ({ base, solved }: LockfileInput, index: number): readonly string[] =>
  base === undefined ? [] : (solved.changes?.find((change) => change.package === index)?.replaces ?? []);

const withReplaced = (locked: LockedPackage, nevras: readonly string[]): LockedPackage =>
  nevras.length === 0 ? locked : { ...locked, replaces: nevras };

const withRemoved = (base: LockedBase, removed: readonly string[]): LockedBase => (removed.length === 0 ? base : { ...base, removed });

/** Names of packages that match a spec, if the spec and the names alone do not show it. */
function matchesOfSpecs(lockfile: Lockfile, { packages, requests }: LockfileInput['solved']): [string, string[]][] {
  const { unknown } = requestedNames(lockfile);
  if (unknown.length === 0) return [];
  const found = new Map(requests.map((request) => [request.spec, request.packages]));
  return unknown.map((spec) => [spec, uniqueSorted((found.get(spec) ?? []).map((index) => packages[index]!.name))]);
}

/** The last second of the year 9999, the maximum of ISO 8601 with four digits. */
const MAX_TIME = 253_402_300_799;

function lockedPackageOf(record: PackageRecord, dependencies: readonly string[], sha256s: ReadonlyMap<string, string>): LockedPackage {
  const { name, epoch, version, release, arch, repository, location, size, source, checksum } = record;
  const filename = filenameOf(record);
  const digest = packageDigest(checksum);
  const isSha256 = checksum.type.toLowerCase() === 'sha256';
  const sha256 = isSha256 ? checksum.value.toLowerCase() : digest === undefined ? undefined : sha256s.get(digest);
  if (sha256 === undefined) throw withoutSha256(record);
  const others = isSha256 || digest === undefined ? {} : { digest };
  // The size is 0 if the metadata has none.
  const sizes = size === 0 ? {} : { size };
  const locked = { name, epoch, version, release, arch, sha256, ...others, filename, repository, location, ...sizes, source, dependencies };
  const mistake = lockedPackageMistake(locked);
  if (mistake === undefined) return locked;
  throw new RpmDepsError(
    'METADATA_INVALID',
    `\`${shortPrintable(`${name}-${version}-${release}.${arch}`)}\` in \`${repository}\` has the ${mistake.key} \`${shortPrintable(mistake.value)}\`, which is not allowed in a lockfile`,
    { hint: 'check the metadata of the repository' },
  );
}

function withoutSha256({ name, version, release, arch, repository, checksum }: PackageRecord): RpmDepsError {
  return new RpmDepsError(
    'METADATA_INVALID',
    `\`${shortPrintable(`${name}-${version}-${release}.${arch}`)}\` in \`${repository}\` has no sha256 checksum but ${shortPrintable(checksum.type) || 'none'}`,
    { hint: 'lockfiles need sha256 checksums: ask the operator of the repository to use them' },
  );
}

const PLAIN_FILENAME = new RegExp(LOCKFILE_SCHEMA.properties.packages.items.properties.filename.pattern, 'u');

/** The last part of the package's location if it is a plain file name of an RPM; else rpm's standard file name. */
function filenameOf(record: PackageRecord): string {
  const { location } = record;
  const path = isUrl(location) ? location.replace(/\?.*$/s, '') : location;
  const last = path.slice(path.lastIndexOf('/') + 1);
  const filename = isUrl(location) ? decodeEscapes(last) : last;
  return PLAIN_FILENAME.test(filename) ? filename : formatRpmFilename(record);
}

/** Files of one lock share a directory: `a/latest.rpm` and `b/latest.rpm` get rpm's standard file names. */
function withOwnFilenames(lockedPackages: readonly LockedPackage[]): readonly LockedPackage[] {
  const counts = new Map<string, number>();
  for (const { filename } of lockedPackages) counts.set(filename, (counts.get(filename) ?? 0) + 1);
  return counts.size === lockedPackages.length
    ? lockedPackages
    : lockedPackages.map((locked) => (counts.get(locked.filename) === 1 ? locked : { ...locked, filename: formatRpmFilename(locked) }));
}

/** 1.2 only for content that readers of 1.1 do not support. */
const schemaFor = (lockedPackages: readonly LockedPackage[]): string =>
  lockedPackages.some(({ location = '' }) => /^\.\.\/|^[A-Za-z][A-Za-z0-9+.-]*:/.test(location)) ? '1.2' : '1.1';

/** For each package the names of the packages that it requires or, with weak dependencies, recommends. */
function dependencyNames({ packages, dependencies }: LockfileInput['solved']): string[][] {
  return dependencies.map((needed, from) => uniqueSorted(needed.flatMap((to) => (to === from ? [] : packages[to]!.name))));
}

function uniqueSorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
