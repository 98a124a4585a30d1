import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { isUrl } from '../base/urls.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { manifestDigest, requestedSpecs } from '../manifest/manifest-digest.ts';
import { canonicalUrls, listKinds } from '../manifest/repository-urls.ts';
import type { PackageRecord, PoolRepo } from '../pool/pool.ts';
import type { Solved } from '../resolution/resolution.ts';
import type { LockedBase, Lockfile, Pin } from './lockfile.ts';
import { packageDigest } from './package-digest.ts';
import { pinMistake } from './pin-mistake.ts';
import { requestedNames } from './requested-names.ts';
import { LOCKFILE_SCHEMA } from './schema.ts';
import { comparePins } from './write.ts';

export interface LockfileInput {
  readonly manifest: Manifest;
  readonly set: string;
  readonly architecture: string;
  readonly solved: Pick<Solved, 'packages' | 'dependencies' | 'requests' | 'ignored'> & Partial<Pick<Solved, 'changes' | 'removed'>>;
  /** What the packages come on top of. */
  readonly base?: LockedBase | undefined;
  /** The repositories that were read for it, in order of preference. */
  readonly repositories: readonly Pick<PoolRepo, 'id' | 'baseurl' | 'revision' | 'repomdSha256' | 'timestamp'>[];
  /** Fingerprints of signing keys by repository id, where they are known. */
  readonly fingerprints?: ReadonlyMap<string, readonly string[]>;
  /** Of packages whose repository has another checksum, by that: `sha512:...`. */
  readonly sha256s?: ReadonlyMap<string, string> | undefined;
  /** Such as `rpm-deps 0.1.0`. */
  readonly generator: string;
}

/** Writes an answer down. The same manifest and metadata give the same lockfile: there is no clock in it. */
export function lockfileFromResolution(input: LockfileInput): Lockfile {
  const { manifest, set, architecture, solved, repositories, fingerprints } = input;
  const dependencies = dependencyNames(solved);
  const canonical = canonicalUrls(manifest, architecture);
  const lists = listKinds(manifest, architecture);
  const newest = Math.max(0, ...repositories.map(({ timestamp }) => timestamp).filter(Number.isFinite));
  const packages = withOwnFilenames(
    solved.packages
      .map((record, i) => withReplaced(pinOf(record, dependencies[i]!, input.sha256s ?? new Map()), replaced(input, i)))
      .sort(comparePins),
  );
  const lockfile = {
    schema_version: input.base === undefined ? schemaFor(packages) : '1.2',
    architecture,
    package_set: set,
    generated: new Date(Math.min(newest, MAX_TIME) * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
    generator: input.generator,
    manifest_digest: manifestDigest(manifest, set, architecture),
    requested: requestedSpecs(manifest, set, architecture),
    ignored: uniqueSorted(solved.ignored),
    repositories: repositories.map(({ id, baseurl, revision, repomdSha256 }) => {
      const keys = fingerprints?.get(id);
      const list = lists.get(id);
      return {
        id,
        baseurl: canonical.get(id) ?? baseurl,
        ...(list === undefined ? {} : { list }),
        revision,
        repomd_sha256: repomdSha256,
        ...(keys ? { gpgkey_fingerprints: uniqueSorted(keys) } : {}),
      };
    }),
    ...(input.base === undefined ? {} : { base: withRemoved(input.base, solved.removed ?? []) }),
    packages,
  };
  const answers = answersForSpecs(lockfile, solved);
  return answers.length === 0 ? lockfile : { ...lockfile, answered_by: Object.fromEntries(answers) };
}

const replaced = ({ base, solved }: LockfileInput, index: number): readonly string[] =>
  base === undefined ? [] : (solved.changes?.find((change) => change.package === index)?.replaces ?? []);

const withReplaced = (pin: Pin, nevras: readonly string[]): Pin => (nevras.length === 0 ? pin : { ...pin, replaces: nevras });

const withRemoved = (base: LockedBase, removed: readonly string[]): LockedBase => (removed.length === 0 ? base : { ...base, removed });

/** What nobody could tell from a spec and the names of the packages. */
function answersForSpecs(lockfile: Lockfile, { packages, requests }: LockfileInput['solved']): [string, string[]][] {
  const { unknown } = requestedNames(lockfile);
  if (unknown.length === 0) return [];
  const found = new Map(requests.map((request) => [request.spec, request.packages]));
  return unknown.map((spec) => [spec, uniqueSorted((found.get(spec) ?? []).map((index) => packages[index]!.name))]);
}

/** The last second of the year 9999, the end of what ISO 8601 writes with four digits. */
const MAX_TIME = 253_402_300_799;

function pinOf(record: PackageRecord, dependencies: readonly string[], sha256s: ReadonlyMap<string, string>): Pin {
  const { name, epoch, version, release, arch, repository, location, size, source, checksum } = record;
  const filename = filenameOf(record);
  const digest = packageDigest(checksum);
  const isSha256 = checksum.type === 'sha256';
  const sha256 = isSha256 ? checksum.value.toLowerCase() : digest === undefined ? undefined : sha256s.get(digest);
  if (sha256 === undefined) throw withoutSha256(record);
  const others = isSha256 || digest === undefined ? {} : { digest };
  const pin = { name, epoch, version, release, arch, sha256, ...others, filename, repository, location, size, source, dependencies };
  const mistake = pinMistake(pin);
  if (mistake === undefined) return pin;
  throw new RpmDepsError(
    'METADATA_INVALID',
    `\`${shortPrintable(`${name}-${version}-${release}.${arch}`)}\` in \`${repository}\` has the ${mistake.key} \`${shortPrintable(mistake.value)}\`, which no lockfile takes`,
    { hint: 'no real package has this: check the repository' },
  );
}

function withoutSha256({ name, version, release, arch, repository, checksum }: PackageRecord): RpmDepsError {
  return new RpmDepsError(
    'METADATA_INVALID',
    `\`${shortPrintable(`${name}-${version}-${release}.${arch}`)}\` in \`${repository}\` has no sha256 checksum but ${shortPrintable(checksum.type) || 'none'}`,
    { hint: 'a lockfile names every package by its sha256; ask the repository to use it' },
  );
}

const PLAIN_FILENAME = new RegExp(LOCKFILE_SCHEMA.properties.packages.items.properties.filename.pattern, 'u');

/** The last part of its place, where that is a plain name of an RPM; else the name that rpm would give it. */
function filenameOf(record: PackageRecord): string {
  const { location } = record;
  const path = isUrl(location) ? location.replace(/\?.*$/s, '') : location;
  const last = path.slice(path.lastIndexOf('/') + 1);
  const filename = isUrl(location) ? unescapeName(last) : last;
  return PLAIN_FILENAME.test(filename) ? filename : usualFilename(record);
}

const usualFilename = ({ name, version, release, arch }: Pick<Pin, 'name' | 'version' | 'release' | 'arch'>): string =>
  `${name}-${version}-${release}.${arch}.rpm`;

function unescapeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Files of one lock are laid out side by side: `a/latest.rpm` and `b/latest.rpm` get the names that rpm would give them. */
function withOwnFilenames(pins: readonly Pin[]): readonly Pin[] {
  const counts = new Map<string, number>();
  for (const { filename } of pins) counts.set(filename, (counts.get(filename) ?? 0) + 1);
  return counts.size === pins.length
    ? pins
    : pins.map((pin) => (counts.get(pin.filename) === 1 ? pin : { ...pin, filename: usualFilename(pin) }));
}

/** 1.2 only for what readers of 1.1 would not understand. */
const schemaFor = (pins: readonly Pin[]): string =>
  pins.some(({ location = '' }) => /^\.\.\/|^[A-Za-z][A-Za-z0-9+.-]*:/.test(location)) ? '1.2' : '1.1';

/** For each package the names of those that it needs or, with weak dependencies, brings in. */
function dependencyNames({ packages, dependencies }: LockfileInput['solved']): string[][] {
  return dependencies.map((needed, from) => uniqueSorted(needed.flatMap((to) => (to === from ? [] : packages[to]!.name))));
}

function uniqueSorted(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}
