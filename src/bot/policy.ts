/** Decides which available updates are not proposed now, and why. */
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import type { LockfileDiff, SourceDiff } from '../lockfile/lockfile-diff.ts';
import { fullVersionText } from '../lockfile/package-version.ts';
import { sourceName } from '../lockfile/source-names.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { packagesNamed } from '../resolution/query-packages.ts';
import { globMatcher } from '../rpm/glob.ts';
import type { Run } from '../run/run.ts';
import type { Suppressed } from '../views/bot-report.ts';
import type { FirstSeen } from './first-seen.ts';
import type { BotSettings } from './settings.ts';

export interface Decision {
  readonly suppressed: readonly Suppressed[];
  /** Sources that keep their locked version. */
  readonly kept: ReadonlySet<string>;
  /** Sources that move to an older build than the newest: file names of source RPMs. */
  readonly instead: ReadonlyMap<string, string>;
}

export interface PolicyInput {
  /** With advisories, if the repositories have them. */
  readonly diff: LockfileDiff;
  readonly after: readonly Lockfile[];
  readonly manifest: Manifest;
  readonly settings: BotSettings;
  readonly firstSeen: FirstSeen;
}

/** Security advisories override the minimum age, but not `ignore`. */
export async function decide({ diff, after, manifest, settings, firstSeen }: PolicyInput, run: Run): Promise<Decision> {
  const suppressed: Suppressed[] = [];
  const kept = new Set<string>();
  const instead = new Map<string, string>();
  const isIgnored = anyGlob(settings.ignore);
  const candidates = settings.minimumAgeMs > 0 ? await readBuilds({ manifest, diff, locks: after, firstSeen }, run) : undefined;
  const youngest = run.now().getTime() - settings.minimumAgeMs;
  for (const source of diff.sources) {
    const change = source.changes.find(({ kind }) => kind === 'upgraded' || kind === 'changed_checksum');
    if (change === undefined) continue;
    const suppress = (reason: Suppressed['reason'], text: string): void => {
      suppressed.push({ source: source.source, to: change.after ?? '', reason, text });
      kept.add(source.source);
    };
    const names = source.changes.flatMap(({ packages }) => packages.map(({ name }) => name));
    if (isIgnored(source.source) || names.every(isIgnored)) suppress('ignored', '`ignore` names it');
    else if (settings.only === 'security' && !isSecurity(source)) suppress('not_security', 'no security advisory names it');
    else if (candidates !== undefined && !hasAdvisory(source)) {
      const builds = candidates.get(source.source) ?? [];
      const chosen = new Set(packagesOf(source, after).map(fullVersionText));
      const young = builds
        .filter(({ evr, ageFromMs }) => chosen.has(evr) && ageFromMs > youngest)
        .sort((a, b) => b.ageFromMs - a.ageFromMs);
      if (young.length === 0) continue;
      const older = newestOldEnough(source, builds, { youngest, after });
      if (older !== undefined) instead.set(source.source, older);
      suppress('minimum_age', `${ageOf(young[0]!)}, younger than the minimum age`);
    }
  }
  return { suppressed, kept, instead };
}

/** By the type of an advisory, as in dnf, or by its CVEs. Only an advisory without a type is judged by its severity: bug fixes have one too. */
export const isSecurity = ({ advisories = [] }: SourceDiff): boolean =>
  advisories.some(
    ({ type, severity, cves }) =>
      type.toLowerCase() === 'security' || cves.length > 0 || (type === '' && severity !== '' && !/^none$/i.test(severity)),
  );

const hasAdvisory = ({ advisories = [] }: SourceDiff): boolean => advisories.length > 0;

export function anyGlob(globs: readonly string[]): (name: string) => boolean {
  const matchers = globs.map(globMatcher);
  return (name) => matchers.some((matches) => matches(name));
}

interface Build {
  readonly name: string;
  readonly evr: string;
  readonly source: string;
  readonly builtMs: number;
  /** Build time or, if later, the time when it was first seen; milliseconds since 1970. */
  readonly ageFromMs: number;
  readonly isSeen: boolean;
  readonly architecture: string;
}

function ageOf({ builtMs, ageFromMs, isSeen }: Build): string {
  const [built, from] = [builtMs, ageFromMs].map((ms) => new Date(ms).toISOString().slice(0, 10));
  return isSeen && built !== from ? `first seen on ${from}${builtMs > 0 ? ` (built on ${built})` : ''}` : `built on ${from}`;
}

/** All available builds of the sources that would change, by name of the source. */
async function readBuilds(
  {
    manifest,
    diff,
    locks,
    firstSeen,
  }: { readonly manifest: Manifest; readonly diff: LockfileDiff; readonly locks: readonly Lockfile[]; readonly firstSeen: FirstSeen },
  run: Run,
): Promise<Map<string, Build[]>> {
  const found = new Map<string, Build[]>();
  const moving = new Set(diff.sources.map(({ source }) => source));
  for (const architecture of new Set(locks.map((lock) => lock.architecture))) {
    const names = new Set(
      locks.filter((lock) => lock.architecture === architecture).flatMap(({ packages }) => packages.map(({ name }) => name)),
    );
    const pool = await loadArchitecture(manifest, architecture, run, { locks });
    for (const name of names) {
      for (const known of packagesNamed(pool, name)) {
        const source = sourceName(known.source) ?? name;
        if (!moving.has(source)) continue;
        const evr = fullVersionText(known);
        const { ms, isSeen } = firstSeen.of(known.source || `${name}-${evr}`, known.builtMs);
        const build = { name, evr, source: known.source, builtMs: known.builtMs, ageFromMs: ms, isSeen, architecture };
        found.set(source, [...(found.get(source) ?? []), build]);
      }
    }
  }
  return found;
}

/** The source RPM of the newest build that is old enough and newer than the locked one, for all packages and architectures that change. */
function newestOldEnough(
  source: SourceDiff,
  builds: readonly Build[],
  { youngest, after }: { readonly youngest: number; readonly after: readonly Lockfile[] },
): string | undefined {
  const change = source.changes.find(({ kind }) => kind === 'upgraded');
  if (change === undefined) return undefined;
  const wanted = new Set(packagesOf(source, after).map(({ name }) => name));
  const architectures = new Set(change.locks.map(({ architecture }) => architecture));
  const before = new Set(change.packages.flatMap((item) => (item.before === null ? [] : [item.before])));
  const now = new Set(change.packages.flatMap((item) => (item.after === null ? [] : [item.after])));
  const bySource = new Map<string, Build[]>();
  for (const build of builds) bySource.set(build.source, [...(bySource.get(build.source) ?? []), build]);
  const fits = [...bySource].filter(([, list]) => {
    if (list.some(({ ageFromMs, evr }) => ageFromMs > youngest || now.has(shortOf(evr)) || before.has(shortOf(evr)))) return false;
    return [...wanted].every((name) =>
      [...architectures].every((arch) => list.some((build) => build.name === name && build.architecture === arch)),
    );
  });
  const times = fits.map(([name, list]) => ({ name, builtMs: Math.max(...list.map(({ builtMs }) => builtMs)) }));
  const locked = Math.max(0, ...builds.filter(({ evr }) => before.has(shortOf(evr))).map(({ builtMs }) => builtMs));
  return times.filter(({ builtMs }) => builtMs > locked).sort((a, b) => b.builtMs - a.builtMs)[0]?.name;
}

const shortOf = (evr: string): string => evr.replace(/^0:/, '');

const packagesOf = (source: SourceDiff, locks: readonly Lockfile[]): LockedPackage[] =>
  locks.flatMap(({ packages }) =>
    packages.filter((lockedPackage) => (sourceName(lockedPackage.source) ?? lockedPackage.name) === source.source),
  );
