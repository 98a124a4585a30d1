import { posix } from 'node:path';
import { isHoldExpired } from '../manifest/holds.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { manifestDigest, requestedSpecs } from '../manifest/manifest-digest.ts';
import { knownRepositoriesFor } from '../manifest/repositories-for.ts';
import { canonicalUrls } from '../manifest/repository-urls.ts';
import { architectureRank } from '../pool/arch.ts';
import { globMatcher } from '../rpm/glob.ts';
import { formatNevra, formatRpmFilename } from '../rpm/nevra.ts';
import { versionDisagreements } from './cross-architecture.ts';
import { isLockArchive, lockfileName } from './lock-archive.ts';
import type { LockedPackage, Lockfile } from './lockfile.ts';
import { fullVersionText, matchesVersion } from './package-version.ts';
import { requestedNames } from './requested-names.ts';

type CheckKind =
  | 'missing_lock'
  | 'stray_lock'
  | 'misnamed_lock'
  | 'broken_lock'
  | 'stale'
  /** The lock names another repository URL than the manifest, such as that of the mirror that was read. */
  | 'repository_url'
  /** No locked package matches a requested spec, though the lock was made for that request: edited by hand. */
  | 'unanswered'
  | 'foreign_architecture'
  | 'not_closed'
  | 'duplicate'
  | 'duplicate_version'
  /** Two packages have the checksum of one file: edited by hand. */
  | 'same_file'
  /** A required source RPM is not locked, or a locked one belongs to no package: edited by hand. */
  | 'source_missing'
  | 'source_unneeded'
  | 'held'
  | 'hold_expired'
  | 'versions_differ';

/** One finding: what is wrong, where, and the command that fixes it. */
export interface CheckFinding {
  readonly kind: CheckKind;
  /** File of the lock, or the manifest. */
  readonly file: string;
  readonly package_set: string | null;
  readonly architecture: string | null;
  readonly message: string;
  readonly details: readonly string[];
  readonly fix: string;
}

/** A lockfile found in the directory: its content, or why it could not be read. */
export type FoundLock =
  | { readonly file: string; readonly lockfile: Lockfile }
  | { readonly file: string; readonly error: { readonly message: string; readonly hint?: string; readonly details?: readonly string[] } };

export interface CheckOptions {
  /** YYYY-MM-DD: decides whether a hold has expired. */
  readonly today: string;
  /** Names of packages that may be locked in several versions, as dnf's `installonlypkgs`. */
  readonly installOnly?: readonly string[];
  /** Directory before the names of lockfiles, so that commands can be copied: `rpm-lockfiles`. */
  readonly directory?: string;
}

/** Whether the lockfiles are up to date with the manifest. Needs no network and no files; an empty list means yes. */
export function checkLockfiles(manifest: Manifest, found: readonly FoundLock[], options: CheckOptions): CheckFinding[] {
  const findings: CheckFinding[] = [...expiredHolds(manifest, options.today)];
  const byFile = new Map(found.map((lock) => [lock.file, lock]));
  const pathOf = (file: string): string => {
    if (options.directory === undefined) return file;
    return isLockArchive(options.directory) ? options.directory : posix.join(options.directory, file);
  };
  for (const set of manifest.sets) {
    const locks: Lockfile[] = [];
    for (const architecture of set.architectures) {
      const file = lockfileName(set.name, architecture);
      const lock = byFile.get(file);
      byFile.delete(file);
      const place = { file: pathOf(file), package_set: set.name, architecture };
      if (!lock) {
        findings.push({
          ...place,
          kind: 'missing_lock',
          message: 'there is no lockfile for this set and architecture',
          details: [],
          fix: 'rpm-deps lock',
        });
      } else if ('error' in lock) {
        findings.push({
          ...place,
          kind: 'broken_lock',
          message: lock.error.message,
          details: lock.error.details ?? [],
          fix: lock.error.hint ?? 'rpm-deps lock',
        });
      } else {
        locks.push(lock.lockfile);
        findings.push(...checkOne(manifest, lock.lockfile, place, options));
      }
    }
    findings.push(...differingVersions(manifest, set.name, locks));
  }
  for (const [file, lock] of byFile) findings.push(strayLock(pathOf(file), 'lockfile' in lock ? lock.lockfile : undefined));
  return findings;
}

type LockPlace = Pick<CheckFinding, 'file'> & { readonly package_set: string; readonly architecture: string };

function checkOne(manifest: Manifest, lockfile: Lockfile, place: LockPlace, options: CheckOptions): CheckFinding[] {
  if (lockfile.package_set !== place.package_set || lockfile.architecture !== place.architecture) {
    const message = `the content is for set \`${lockfile.package_set}\` on ${lockfile.architecture}`;
    return [{ ...place, kind: 'misnamed_lock', message, details: [], fix: 'rpm-deps lock' }];
  }
  return [
    ...staleness(manifest, lockfile, place),
    ...otherUrls(manifest, lockfile, place),
    ...findForeignArchitectures(lockfile, place),
    ...closure(lockfile, place),
    ...repetition(lockfile, place, options),
    ...sharedFiles(lockfile, place),
    ...sourceRpms(manifest, lockfile, place),
    ...brokenHolds(manifest, lockfile, place, options),
  ];
}

function staleness(manifest: Manifest, lockfile: Lockfile, place: LockPlace): CheckFinding[] {
  const isCurrent = lockfile.manifest_digest === manifestDigest(manifest, place.package_set, place.architecture);
  const finding = { ...place, kind: 'stale', fix: 'rpm-deps lock' } as const;
  if (lockfile.manifest_digest === undefined || lockfile.requested === undefined) {
    const writer = isLockArchive(place.file) ? 'another tool wrote the lockfile, which' : `schema ${lockfile.schema_version}`;
    return [{ ...finding, message: `${writer} does not record the request`, details: [] }];
  }
  const asked = requestedSpecs(manifest, place.package_set, place.architecture);
  const added = asked.filter((spec) => !lockfile.requested!.includes(spec));
  const removed = lockfile.requested.filter((spec) => !asked.includes(spec));
  if (isCurrent && added.length + removed.length === 0) return unmatchedSpecs(lockfile, place);
  const details = [
    ...removed.map((spec) => `no longer in the manifest: ${spec}`),
    ...added.map((spec) => `not in the lockfile: ${spec}`),
    ...(added.length + removed.length === 0
      ? ['the requested packages are the same; ignore, exclude, options, modules, repositories or order changed']
      : []),
  ];
  return [{ ...finding, message: 'the manifest requests something else than the lockfile records', details }];
}

/** Specs that no locked package matches, although the digest matches the manifest. */
function unmatchedSpecs(lockfile: Lockfile, place: LockPlace): CheckFinding[] {
  const { unknown } = requestedNames(lockfile);
  if (unknown.length === 0) return [];
  const details = unknown.map((spec) => `requested: ${spec}`);
  return [{ ...place, kind: 'unanswered', message: 'no locked package matches a requested spec', details, fix: lockThis(place) }];
}

/** Repositories with another URL in the lock. If the request changed too, the lock is stale and is made again anyway. */
function otherUrls(manifest: Manifest, lockfile: Lockfile, place: LockPlace): CheckFinding[] {
  if (lockfile.manifest_digest !== manifestDigest(manifest, place.package_set, place.architecture)) return [];
  const canonical = canonicalUrls(manifest, place.architecture, knownRepositoriesFor(manifest, place.architecture));
  const details = [...(lockfile.repositories ?? []), ...(lockfile.source_repositories ?? [])]
    .filter(({ id, baseurl }) => (canonical.get(id) ?? baseurl) !== baseurl)
    .map(({ id, baseurl }) => `${id}: ${baseurl} in the lockfile, ${canonical.get(id)} in the manifest`);
  if (details.length === 0) return [];
  return [
    {
      ...place,
      kind: 'repository_url',
      message: 'the lockfile and the manifest have different URLs for a repository',
      details,
      fix: lockThis(place),
    },
  ];
}

function findForeignArchitectures({ packages }: Lockfile, place: LockPlace): CheckFinding[] {
  const foreign = packages.filter((lockedPackage) => architectureRank(place.architecture, lockedPackage.arch) === 0);
  if (foreign.length === 0) return [];
  const details = foreign.map((lockedPackage) => `${lockedPackage.name}.${lockedPackage.arch}`);
  const message = `packages cannot be installed on ${place.architecture}`;
  return [{ ...place, kind: 'foreign_architecture', message, details, fix: lockThis(place) }];
}

/** The command that changes as little as possible, unlike `update`. */
const lockThis = ({ package_set: set, architecture }: LockPlace): string => `rpm-deps lock --set ${set} --arch ${architecture}`;

/** Checks that every dependency is in the lock. */
function closure(lockfile: Lockfile, place: LockPlace): CheckFinding[] {
  const names = new Set(lockfile.packages.map((lockedPackage) => lockedPackage.name));
  const missing = lockfile.packages.flatMap((lockedPackage) =>
    (lockedPackage.dependencies ?? []).filter((name) => !names.has(name)).map((name) => `${lockedPackage.name} needs ${name}`),
  );
  if (missing.length === 0) return [];
  return [
    {
      ...place,
      kind: 'not_closed',
      message: 'locked packages require packages that are not locked',
      details: missing,
      fix: lockThis(place),
    },
  ];
}

/** dnf's default `installonlypkgs`, as names. */
const INSTALL_ONLY = [
  'kernel',
  'kernel-PAE',
  'kernel-core',
  'kernel-modules',
  'kernel-modules-core',
  'kernel-modules-extra',
  'kernel-devel',
  'kernel-headers',
  'kernel-debug*',
  'kernel-rt*',
];

/** Checks that each name and architecture has one version, except packages that may be installed in several versions. */
function sharedFiles(lockfile: Lockfile, place: LockPlace): CheckFinding[] {
  const names = new Map<string, Set<string>>();
  for (const lockedPackage of lockfile.packages)
    names.set(lockedPackage.sha256, (names.get(lockedPackage.sha256) ?? new Set()).add(formatNevra(lockedPackage)));
  return [...names.values()]
    .filter((packages) => packages.size > 1)
    .map((packages) => ({
      ...place,
      kind: 'same_file',
      message: `one file is locked as ${packages.size} packages`,
      details: [...packages],
      fix: `git checkout -- ${place.file}`,
    }));
}

/** Skips stale locks, which are made again anyway. */
function sourceRpms(manifest: Manifest, lockfile: Lockfile, place: LockPlace): CheckFinding[] {
  const needed = new Set(lockfile.packages.map(({ source }) => source ?? ''));
  const locked = new Set((lockfile.sources ?? []).map((lockedPackage) => formatRpmFilename(lockedPackage)));
  const finding = { ...place, fix: lockThis(place) };
  const unneeded = [...locked].filter((file) => !needed.has(file));
  const wishes = manifest.sets.find(({ name }) => name === place.package_set)?.sources;
  const isCurrent = lockfile.manifest_digest === manifestDigest(manifest, place.package_set, place.architecture);
  const missing = wishes?.required === true && isCurrent ? [...needed].filter((file) => !locked.has(file)) : [];
  return [
    ...(missing.length === 0
      ? []
      : [
          {
            ...finding,
            kind: 'source_missing' as const,
            message: 'source RPMs that the set requires are not locked',
            details: missing,
          },
        ]),
    ...(unneeded.length === 0
      ? []
      : [
          {
            ...finding,
            kind: 'source_unneeded' as const,
            message: 'the lockfile has source RPMs of no locked package',
            details: unneeded,
          },
        ]),
  ];
}

function repetition(lockfile: Lockfile, place: LockPlace, { installOnly = INSTALL_ONLY }: CheckOptions): CheckFinding[] {
  const mayRepeat = installOnly.map(globMatcher);
  const versions = new Map<string, LockedPackage[]>();
  for (const lockedPackage of lockfile.packages) {
    const key = `${lockedPackage.name}.${lockedPackage.arch}`;
    const lockedPackages = versions.get(key);
    if (lockedPackages) lockedPackages.push(lockedPackage);
    else versions.set(key, [lockedPackage]);
  }
  const findings: CheckFinding[] = [];
  const fix = lockThis(place);
  for (const [key, lockedPackages] of versions) {
    if (lockedPackages.length < 2) continue;
    const different = new Set(lockedPackages.map(fullVersionText));
    if (different.size < lockedPackages.length)
      findings.push({ ...place, kind: 'duplicate', message: `\`${key}\` is in the lockfile twice`, details: [], fix });
    else if (!mayRepeat.some((matches) => matches(lockedPackages[0]!.name))) {
      findings.push({
        ...place,
        kind: 'duplicate_version',
        message: `\`${key}\` has ${lockedPackages.length} versions`,
        details: [...different],
        fix,
      });
    }
  }
  return findings;
}

/** Holds in force that a locked version violates. */
function brokenHolds(manifest: Manifest, lockfile: Lockfile, place: LockPlace, { today }: CheckOptions): CheckFinding[] {
  const findings: CheckFinding[] = [];
  for (const hold of manifest.holds.filter((candidate) => !isHoldExpired(candidate, today))) {
    const isHeld = globMatcher(hold.package);
    const isAllowed = globMatcher(hold.version);
    for (const lockedPackage of lockfile.packages) {
      if (!isHeld(lockedPackage.name) || matchesVersion(isAllowed, lockedPackage)) continue;
      const message = `\`${lockedPackage.name}\` is locked at ${fullVersionText(lockedPackage)}, but held at \`${hold.version}\`: ${hold.reason}`;
      findings.push({ ...place, kind: 'held', message, details: [], fix: 'rpm-deps lock' });
    }
  }
  return findings;
}

function expiredHolds({ holds, path }: Manifest, today: string): CheckFinding[] {
  return holds
    .filter((hold) => isHoldExpired(hold, today))
    .map((hold) => ({
      kind: 'hold_expired',
      file: path,
      package_set: null,
      architecture: null,
      message: `the hold on \`${hold.package}\` ended on ${hold.until}: ${hold.reason}`,
      details: hold.issue === undefined ? [] : [hold.issue],
      fix: `edit \`holds\`: remove it or give it a later date; then rpm-deps update '${hold.package}'`,
    }));
}

function differingVersions(manifest: Manifest, set: string, locks: readonly Lockfile[]): CheckFinding[] {
  return versionDisagreements(locks, manifest.sameVersion).map(({ name, versions }) => ({
    kind: 'versions_differ',
    file: manifest.path,
    package_set: set,
    architecture: null,
    message: `\`${name}\` must have one version on all architectures`,
    details: versions.map(({ architecture, version }) => `${architecture}: ${version}`),
    fix: `rpm-deps update --set ${set} ${name}`,
  }));
}

function strayLock(file: string, lockfile: Lockfile | undefined): CheckFinding {
  const place = { file, package_set: lockfile?.package_set ?? null, architecture: lockfile?.architecture ?? null };
  return {
    ...place,
    kind: 'stray_lock',
    message: 'the manifest has no such set and architecture',
    details: [],
    fix: isLockArchive(file) ? 'rpm-deps lock' : `rm ${file}; or add the set to the manifest`,
  };
}
