/** `diff --changelog`: changelog entries and advisories of the versions between the old and the new one. */
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import type { Advisory, ChangelogEntry, LockfileDiff, LockName, SourceDiff } from '../lockfile/lockfile-diff.ts';
import { metadataChecksum } from '../lockfile/package-digest.ts';
import { comparePackageVersions } from '../lockfile/package-version.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { resolvedRepositories } from '../project/load-architecture.ts';
import { newChanges, type ChangelogEntry as RpmChange, readChangelogs } from '../repodata/other.ts';
import { type Advisory as RpmAdvisory, readAdvisories } from '../repodata/updateinfo.ts';
import { readRecord } from '../repositories/fetch-record.ts';
import { fetchRepomd } from '../repositories/fetch-repomd.ts';
import { MetadataCache } from '../repositories/metadata-cache.ts';
import type { Run } from '../run/run.ts';

interface Sides {
  readonly before: readonly Lockfile[];
  readonly after: readonly Lockfile[];
  readonly manifest: Manifest;
}

/** An upgraded source, with one of its packages: all packages of a source share one changelog. Advisories name each package. */
interface Upgrade {
  readonly architecture: string;
  readonly before: LockedPackage;
  readonly after: LockedPackage;
  readonly moved: readonly { readonly before: LockedPackage; readonly after: LockedPackage }[];
}

export async function addChangelogs(diff: LockfileDiff, sides: Sides, context: Run): Promise<LockfileDiff> {
  const upgrades = new Map(diff.sources.map((source) => [source, findUpgrade(source, sides)]));
  const found = new Map<string, ReleaseNotes>();
  for (const architecture of new Set([...upgrades.values()].map((one) => one?.architecture))) {
    if (architecture === undefined || !sides.manifest.architectures.includes(architecture)) continue;
    const here = [...upgrades.values()].filter((one) => one?.architecture === architecture).filter((one) => one !== undefined);
    found.set(architecture, await readReleaseNotes(sides.manifest, architecture, here, context));
  }
  const sources = diff.sources.map((source) => {
    const one = upgrades.get(source);
    const known = one && found.get(one.architecture);
    return one && known ? { ...source, ...describe(one, known) } : source;
  });
  const hasNotes = sources.some(({ changelog, advisories }) => changelog !== undefined || advisories !== undefined);
  if (!hasNotes && found.size > 0) context.emit({ kind: 'warning', code: 'CHANGELOG_MISSING', text: describeMissing(found) });
  return { ...diff, sources };
}

/** Warns explicitly: an empty list could be read as "no CVEs fixed". */
function describeMissing(found: ReadonlyMap<string, ReleaseNotes>): string {
  const hasFiles = [...found.values()].some((one) => one.hasFiles);
  const where = [...found.keys()].join(', ');
  return hasFiles
    ? `the repositories for ${where} have changelogs or advisories, but none for the upgraded packages`
    : `the repositories for ${where} have neither changelogs (other.xml) nor advisories (updateinfo.xml)`;
}

function findUpgrade({ changes }: SourceDiff, { before, after }: Sides): Upgrade | undefined {
  const change = changes.find(({ kind }) => kind === 'upgraded');
  const architecture = change?.locks[0]?.architecture;
  if (change === undefined || architecture === undefined) return undefined;
  const places = change.locks.filter((place) => place.architecture === architecture);
  const moved = change.packages.flatMap(({ name }) => {
    for (const place of places) {
      const [old, now] = [lockedPackageOf(before, place, name), lockedPackageOf(after, place, name)];
      if (old && now) return [{ before: old, after: now }];
    }
    return [];
  });
  return moved[0] && { architecture, ...moved[0], moved };
}

const lockedPackageOf = (locks: readonly Lockfile[], place: LockName, name: string): LockedPackage | undefined =>
  locks
    .find((lock) => lock.package_set === place.package_set && lock.architecture === place.architecture)
    ?.packages.find((locked) => locked.name === name);

interface ReleaseNotes {
  readonly changes: ReadonlyMap<string, readonly RpmChange[]>;
  readonly advisories: readonly RpmAdvisory[];
  /** Whether any repository has the files at all. */
  readonly hasFiles: boolean;
}

async function readReleaseNotes(
  manifest: Manifest,
  architecture: string,
  upgrades: readonly Upgrade[],
  context: Run,
): Promise<ReleaseNotes> {
  const { http, offline, emit, cacheDir } = context;
  const pkgids = new Set(upgrades.flatMap(({ before, after }) => [metadataChecksum(before), metadataChecksum(after)]));
  const names = new Set(upgrades.flatMap(({ moved }) => moved.map(({ after }) => after.name)));
  let hasFiles = false;
  const changes = new Map<string, readonly RpmChange[]>();
  const advisories: RpmAdvisory[] = [];
  for (const repository of resolvedRepositories(manifest, architecture)) {
    emit({ kind: 'stage', stage: 'download', text: `reading changelogs of ${repository.id} for ${architecture}` });
    const { repomd, baseurls } = await fetchRepomd(repository, { http, offline, emit, cache: new MetadataCache(cacheDir, emit) });
    const source = { id: repository.id, baseurls, http, emit, allowWeakChecksums: repository.allowWeakChecksums };
    const other = repomd.records.get('other');
    const updateinfo = repomd.records.get('updateinfo');
    hasFiles ||= other !== undefined || updateinfo !== undefined;
    if (other)
      for (const entry of await readRecord(other, source, (bytes, url) => readChangelogs(bytes, pkgids, url))) changes.set(...entry);
    if (updateinfo) advisories.push(...(await readRecord(updateinfo, source, (bytes, url) => readAdvisories(bytes, url, names))));
    context.signal.throwIfAborted();
  }
  return { changes, advisories, hasFiles };
}

function describe({ before, after, moved }: Upgrade, notes: ReleaseNotes): { changelog?: ChangelogEntry[]; advisories?: Advisory[] } {
  const changelog = changesBetween(before, notes.changes.get(metadataChecksum(before)), notes.changes.get(metadataChecksum(after)) ?? []);
  const advisories = notes.advisories.filter(({ packages }) =>
    packages.some((one) =>
      moved.some(
        (versions) =>
          one.name === versions.after.name &&
          comparePackageVersions(one, versions.before) > 0 &&
          comparePackageVersions(one, versions.after) <= 0,
      ),
    ),
  );
  return {
    ...(changelog.length === 0 ? {} : { changelog }),
    ...(advisories.length === 0 ? {} : { advisories: eachOnce(advisories) }),
  };
}

const SEVERITIES = ['critical', 'important', 'moderate', 'low'];

/** Several repositories may list the same advisory, each with its own packages. Sorted by severity, most severe first. */
function eachOnce(advisories: readonly RpmAdvisory[]): Advisory[] {
  const byId = new Map<string, Advisory>();
  for (const { id, type, severity, cves, title } of advisories) {
    const known = byId.get(id);
    byId.set(id, known ? { ...known, cves: [...new Set([...known.cves, ...cves])].sort() } : { id, type, severity, cves, title });
  }
  const rank = ({ severity }: Advisory): number => SEVERITIES.indexOf(severity.toLowerCase()) + 1 || SEVERITIES.length + 1;
  return [...byId.values()].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

/** If the repositories no longer have the old version, its entry is looked up by version in the new changelog. */
function changesBetween(before: LockedPackage, older: readonly RpmChange[] | undefined, newer: readonly RpmChange[]): ChangelogEntry[] {
  const version = `${before.version}-${before.release.replace(/\.[a-z]+\d.*$/, '')}`;
  const at = newer.findIndex(({ author }) => isOfVersion(author, version));
  const entries = older ? newChanges(older, newer) : newer.slice(0, at < 0 ? MAX_ENTRIES : at);
  return entries
    .slice(0, MAX_ENTRIES)
    .map(({ date, author, text }) => ({ date: new Date(date * 1000).toISOString().slice(0, 10), author, text }));
}

/** `Jane Doe <jane@test> - 1:2.34-14.el9` is of 2.34-14 and not of 2.34-1. */
function isOfVersion(author: string, version: string): boolean {
  const at = author.lastIndexOf(version);
  return at >= 0 && !/[\w.]/.test(author[at - 1] ?? ' ') && !/\w/.test(author[at + version.length] ?? ' ');
}

const MAX_ENTRIES = 20;
