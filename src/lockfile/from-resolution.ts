import { RpmDepsError } from '../base/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { manifestDigest, requestedSpecs } from '../manifest/manifest-digest.ts';
import { printable } from '../manifest/printable.ts';
import type { PackageRecord, PoolRepo } from '../pool/pool.ts';
import type { Solved } from '../resolution/resolution.ts';
import type { Lockfile, Pin } from './lockfile.ts';
import { pinMistake } from './pin-mistake.ts';
import { SCHEMA_VERSION } from './read.ts';
import { requestedNames } from './requested-names.ts';
import { comparePins } from './write.ts';

export interface LockfileInput {
  readonly manifest: Manifest;
  readonly set: string;
  readonly architecture: string;
  readonly solved: Pick<Solved, 'packages' | 'dependencies' | 'requests' | 'ignored'>;
  /** The repositories that were read for it, in order of preference. */
  readonly repositories: readonly Pick<PoolRepo, 'id' | 'baseurl' | 'revision' | 'repomdSha256' | 'timestamp'>[];
  /** Fingerprints of signing keys by repository id, where they are known. */
  readonly fingerprints?: ReadonlyMap<string, readonly string[]>;
  /** Such as `rpm-deps 0.1.0`. */
  readonly generator: string;
}

/** Writes an answer down. The same manifest and metadata give the same lockfile: there is no clock in it. */
export function lockfileFromResolution(input: LockfileInput): Lockfile {
  const { manifest, set, architecture, solved, repositories, fingerprints } = input;
  const dependencies = dependencyNames(solved);
  const newest = Math.max(0, ...repositories.map(({ timestamp }) => timestamp).filter(Number.isFinite));
  const lockfile = {
    schema_version: SCHEMA_VERSION,
    architecture,
    package_set: set,
    generated: new Date(Math.min(newest, MAX_TIME) * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
    generator: input.generator,
    manifest_digest: manifestDigest(manifest, set, architecture),
    requested: requestedSpecs(manifest, set, architecture),
    ignored: uniqueSorted(solved.ignored),
    repositories: repositories.map(({ id, baseurl, revision, repomdSha256 }) => {
      const keys = fingerprints?.get(id);
      return { id, baseurl, revision, repomd_sha256: repomdSha256, ...(keys ? { gpgkey_fingerprints: uniqueSorted(keys) } : {}) };
    }),
    packages: solved.packages.map((record, i) => pinOf(record, dependencies[i]!)).sort(comparePins),
  };
  const answers = unspokenAnswers(lockfile, solved);
  return answers.length === 0 ? lockfile : { ...lockfile, answered_by: Object.fromEntries(answers) };
}

/** What nobody could tell from a spec and the names of the packages. */
function unspokenAnswers(lockfile: Lockfile, { packages, requests }: LockfileInput['solved']): [string, string[]][] {
  const { unknown } = requestedNames(lockfile);
  if (unknown.length === 0) return [];
  const found = new Map(requests.map((request) => [request.spec, request.packages]));
  return unknown.map((spec) => [spec, uniqueSorted((found.get(spec) ?? []).map((index) => packages[index]!.name))]);
}

/** The last second of the year 9999, the end of what ISO 8601 writes with four digits. */
const MAX_TIME = 253_402_300_799;

function pinOf(record: PackageRecord, dependencies: readonly string[]): Pin {
  const { name, epoch, version, release, arch, repository, location, size, source, checksum } = record;
  if (checksum.type !== 'sha256') {
    throw new RpmDepsError(
      'METADATA_INVALID',
      `\`${printable(`${name}-${version}-${release}.${arch}`)}\` in \`${repository}\` has no sha256 checksum but ${printable(checksum.type) || 'none'}`,
      {
        hint: 'a lockfile names every package by its sha256; ask the repository to use it',
      },
    );
  }
  const filename = location.slice(location.lastIndexOf('/') + 1);
  const sha256 = checksum.value.toLowerCase();
  const pin = { name, epoch, version, release, arch, sha256, filename, repository, location, size, source, dependencies };
  const mistake = pinMistake(pin);
  if (mistake === undefined) return pin;
  throw new RpmDepsError(
    'METADATA_INVALID',
    `\`${printable(`${name}-${version}-${release}.${arch}`)}\` in \`${repository}\` has the ${mistake.key} \`${printable(mistake.value)}\`, which no lockfile takes`,
    { hint: 'no real package has it: is the repository what it should be?' },
  );
}

/** For each package the names of those that it needs or, with weak dependencies, brings in. */
function dependencyNames({ packages, dependencies }: LockfileInput['solved']): string[][] {
  return dependencies.map((needed, from) => uniqueSorted(needed.flatMap((to) => (to === from ? [] : packages[to]!.name))));
}

function uniqueSorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
