/** Computes the changes of a topic from the manifest and the lockfiles of the base branch, from scratch in each run. */
import { writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { leadsOut } from '../base/leads-out.ts';
import { addChangelogs } from '../commands/add-changelogs.ts';
import { bump } from '../commands/bump.ts';
import { exportText } from '../commands/export.ts';
import { relock } from '../commands/relock.ts';
import { makeFolders } from '../io/make-folders.ts';
import type { BumpRow } from '../lockfile/bump.ts';
import { diffLockfiles } from '../lockfile/diff.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { readLockfiles } from '../lockfile/lockfile-dir.ts';
import { sourcesByPackage, sourcesIn } from '../lockfile/source-names.ts';
import type { LockPolicy } from '../locking/plan.ts';
import type { ExportFormat } from '../manifest/export-names.ts';
import { holdsInForce, isHoldExpired } from '../manifest/holds.ts';
import type { Hold, Manifest, PackageSet } from '../manifest/manifest.ts';
import { editedFiles, isInside, textsOf, withoutHolds } from '../manifest/manifest-texts.ts';
import { FolderProject } from '../project/folder-project.ts';
import { readKnownBases } from '../project/known-bases.ts';
import { loadManifest } from '../project/manifest-input.ts';
import type { Failure, Suppressed } from '../views/bot-report.ts';
import { failureOf } from './failure.ts';
import type { FirstSeen } from './first-seen.ts';
import { refuseOutward } from './outward-links.ts';
import { anyGlob, type Decision, decide, isSecurity } from './policy.ts';
import type { BotSettings } from './settings.ts';
import type { Workspace } from './workspace.ts';

/** Changes in the workspace to be committed. */
export interface WorkedOut {
  /** Diff of the lockfiles, with changelogs and advisories. */
  readonly diff: LockfileDiff;
  /** Name of the source RPM of a locked package. */
  readonly sourceOf: (locked: LockedPackage) => string;
  /** Editable files that the manifest includes, relative to its directory. */
  readonly included: readonly string[];
  /** Pins that moved, such as `QEMU_VERSION to 17:9.1.0-7.el9`. */
  readonly bumps: readonly string[];
  /** Holds that are removed from the manifest. */
  readonly expired: readonly Hold[];
  /** Further notes for the reviewer. */
  readonly notes: readonly string[];
  readonly suppressed: readonly Suppressed[];
  readonly failures: readonly Failure[];
  readonly isSecurity: boolean;
  /** Newest timestamp of the locks, in seconds since 1970. */
  readonly time: number;
}

export interface WorkInput {
  readonly workspace: Workspace;
  readonly settings: BotSettings;
  readonly mirror: string | undefined;
  readonly firstSeen: FirstSeen;
}

const projectOf = ({ workspace, mirror }: WorkInput) => ({ manifest: workspace.manifest, lockfiles: workspace.lockfiles, mirror });

/** A source RPM, and the result of updating all sources together. */
export interface OneSource {
  readonly source: string;
  readonly whole: WorkedOut;
}

/** Updates everything that the policy allows, or only the packages of one source RPM. */
export async function workOutUpdate(input: WorkInput, only?: OneSource): Promise<WorkedOut> {
  const { workspace, settings } = input;
  const manifest = await loadManifest(projectOf(input), workspace.context);
  const before = await readLocks(workspace);
  const isOther = (locked: LockedPackage): boolean => !!only && only.whole.sourceOf(locked) !== only.source;
  const sets = only && setsToMove(only, manifest, before);
  const work = { ...input, sets };
  const first = await lockAll(work, manifest, (locked) => (isOther(locked) ? 'keep' : only ? 'move' : 'free'));
  const { after, diff, decision } = await decideNow(input, manifest, { before, settings });
  const suppressed = [...decision.suppressed.map((one) => withInstead(one, decision)), ...heldBack(manifest, diff, workspace)];
  if (decision.kept.size === 0) return finish(input, { manifest, before, failures: first, suppressed });
  const sourceOf = sourcesIn([...before, ...after]);
  const failures = await lockWithout(work, manifest, { before, decision, isOther, sourceOf });
  return finish(input, { manifest, before, failures, suppressed });
}

/** Sets without a package of the source are skipped if their locks are up to date with the manifest. */
function setsToMove({ source, whole: { diff, sourceOf } }: OneSource, { sets }: Manifest, before: readonly Lockfile[]): string[] {
  const changed = [...diff.requests.flatMap(({ locks }) => locks), ...diff.bases.flatMap(({ installed }) => installed)];
  const stale = new Set(changed.map((lock) => lock.package_set));
  const mayMove = ({ name, architectures }: PackageSet): boolean => {
    const locks = before.filter((lock) => lock.package_set === name);
    if (stale.has(name) || locks.length !== architectures.length) return true;
    return locks.some(({ packages }) => packages.some((locked) => sourceOf(locked) === source));
  };
  return sets.filter(mayMove).map(({ name }) => name);
}

/** Applies the policy to the changes in the workspace. */
async function decideNow(
  input: WorkInput,
  manifest: Manifest,
  { before, settings }: { readonly before: readonly Lockfile[]; readonly settings: BotSettings },
) {
  const { workspace, firstSeen } = input;
  const after = await readLocks(workspace);
  const diff = await describe(input, manifest, { before, after });
  return { after, diff, decision: await decide({ diff, after, manifest, settings, firstSeen }, workspace.context) };
}

/** Adds the older build that is proposed instead. */
function withInstead(one: Suppressed, { instead }: Decision): Suppressed {
  const older = instead.get(one.source);
  return older === undefined ? one : { ...one, text: `${one.text}; ${older.replace(/\.src\.rpm$/, '')} is used` };
}

/**
 * Solves again with the suppressed sources kept at their locked versions. If some of them move anyway, other packages require it. Those are then
 * held, so that the solver finds older versions of the packages that require them. If there are none, the first result is used.
 */
async function lockWithout(
  input: LockInput,
  manifest: Manifest,
  {
    before,
    decision,
    isOther,
    sourceOf,
  }: {
    readonly before: readonly Lockfile[];
    readonly decision: Decision;
    readonly isOther: (locked: LockedPackage) => boolean;
    readonly sourceOf: WorkedOut['sourceOf'];
  },
): Promise<readonly Failure[]> {
  const { workspace } = input;
  const { kept, instead } = decision;
  const policy: LockPolicy = (locked) => {
    const source = sourceOf(locked);
    const older = instead.get(source);
    if (older !== undefined) return { source: older };
    return kept.has(source) || isOther(locked) ? 'keep' : 'free';
  };
  await workspace.reset();
  const failures = await lockAll(input, manifest, policy);
  const moved = movedAnyway(before, await readLocks(workspace), (locked) => kept.has(sourceOf(locked)) && !instead.has(sourceOf(locked)));
  if (moved.length === 0) return failures;
  const holds = moved.map((locked) => ({
    package: locked.name,
    version: `${locked.epoch || '0'}:${locked.version}-${locked.release}`,
    reason: 'kept by the bot',
    until: undefined,
    issue: undefined,
  }));
  await workspace.reset();
  const strict = await lockAll(input, { ...manifest, holds: [...manifest.holds, ...holds] }, policy);
  if (strict.length <= failures.length) return strict;
  await workspace.reset();
  return lockAll(input, manifest, policy);
}

/** Packages to keep that moved anyway, if all locks had them in one version. */
function movedAnyway(before: readonly Lockfile[], after: readonly Lockfile[], isKept: (locked: LockedPackage) => boolean): LockedPackage[] {
  const now = new Set(after.flatMap((lock) => lock.packages.map((locked) => `${lock.package_set}/${lock.architecture}/${locked.sha256}`)));
  const moved = new Map<string, LockedPackage[]>();
  for (const lock of before) {
    for (const locked of lock.packages) {
      if (!isKept(locked) || now.has(`${lock.package_set}/${lock.architecture}/${locked.sha256}`)) continue;
      moved.set(locked.name, [...(moved.get(locked.name) ?? []), locked]);
    }
  }
  const isOne = (lockedPackages: readonly LockedPackage[]): boolean =>
    new Set(lockedPackages.map(({ epoch, version, release }) => `${epoch}:${version}-${release}`)).size === 1;
  return [...moved.values()].filter(isOne).map(([locked]) => locked!);
}

interface LockInput extends WorkInput {
  /** Names of sets; undefined: all. */
  readonly sets: readonly string[] | undefined;
}

async function lockAll(input: LockInput, manifest: Manifest, policy: LockPolicy): Promise<readonly Failure[]> {
  const project = { ...projectOf(input), set: input.sets, keepGoing: true };
  const { failure } = await relock({ manifest, mode: 'update', policy }, project, input.workspace.context);
  return failure === undefined ? [] : [failureOf(failure)];
}

/** Moves pins of the manifest and updates the locks; skips individual pins that the policy suppresses or that cannot be solved. */
export async function workOutBump(input: WorkInput): Promise<WorkedOut> {
  const { workspace, settings } = input;
  const project = { ...projectOf(input), keepGoing: true };
  const manifest = await loadManifest(project, workspace.context);
  const before = await readLocks(workspace);
  const { rows, failure: stuck } = await bump({ ...project, planOnly: true }, workspace.context);
  const matchesIgnored = anyGlob(settings.ignore);
  const isIgnored = (row: BumpRow): boolean => namesOf(row).some(matchesIgnored);
  let wanted = rows.filter((row) => row.edit !== null && !isIgnored(row));
  const suppressed = rows
    .filter((row) => (row.has_newer && row.status === 'held') || (row.edit !== null && isIgnored(row)))
    .map(suppressedPin);
  const first: readonly Failure[] = stuck === undefined ? [] : [failureOf(stuck)];
  while (wanted.length > 0) {
    const { bumps, failure } = await movePins(input, wanted.map(nameOf));
    const barred = await barredPins(input, manifest, { before, rows: wanted });
    if (barred.size === 0) {
      const failures = failure === undefined ? first : [...first, failureOf(failure)];
      return finish(input, { manifest, before, failures, suppressed, bumps });
    }
    suppressed.push(...barred.values());
    wanted = wanted.filter((row) => !barred.has(row));
    await workspace.reset();
  }
  return finish(input, { manifest, before, failures: first, suppressed });
}

/** Moves all of these pins or, if they cannot move together, those that can. */
async function movePins(
  input: WorkInput,
  wanted: readonly string[],
): Promise<{ readonly bumps: readonly string[]; readonly failure: RpmDepsError | undefined }> {
  const { workspace } = input;
  const attempt = (names: readonly string[], keepGoing: boolean) => bump({ ...projectOf(input), names, keepGoing }, workspace.context);
  const all = await attempt(wanted, true);
  const failure = all.locks?.failure;
  if (failure === undefined) return { bumps: bumpsOf(all.rows), failure };
  const good: string[] = [];
  for (const name of wanted) {
    await workspace.reset();
    const alone = await attempt([...good, name], false).catch((error: unknown) => {
      if (!(error instanceof RpmDepsError) || !UNSOLVED.has(error.code)) throw error;
      return undefined;
    });
    if (alone !== undefined) good.push(name);
  }
  await workspace.reset();
  const { rows: moved } = good.length === 0 ? { rows: [] } : await attempt(good, false);
  return { bumps: bumpsOf(moved), failure };
}

/** Pins whose new build is too young, or fixes no security advisory if only those are wanted. */
async function barredPins(
  input: WorkInput,
  manifest: Manifest,
  { before, rows }: { readonly before: readonly Lockfile[]; readonly rows: readonly BumpRow[] },
): Promise<ReadonlyMap<BumpRow, Suppressed>> {
  const { settings } = input;
  if (settings.minimumAgeMs === 0 && settings.only === 'all') return new Map();
  const { after, decision } = await decideNow(input, manifest, { before, settings: { ...settings, ignore: [] } });
  const reasons = new Map(decision.suppressed.map((one) => [one.source, one]));
  const sources = sourcesByPackage(after);
  const barred = new Map<BumpRow, Suppressed>();
  for (const row of rows) {
    const why = row.pin.packages.map((name) => reasons.get(sources.get(name) ?? name)).find((reason) => reason !== undefined);
    if (why !== undefined) barred.set(row, { ...why, source: nameOf(row) });
  }
  return barred.size > 0 ? barred : draggingPins(input, manifest, { before, rows });
}

/** Pins that require too young builds of other packages: those that do so individually or, if none does, all of them. */
async function draggingPins(
  input: WorkInput,
  manifest: Manifest,
  { before, rows }: { readonly before: readonly Lockfile[]; readonly rows: readonly BumpRow[] },
): Promise<ReadonlyMap<BumpRow, Suppressed>> {
  const settings: BotSettings = { ...input.settings, ignore: [], only: 'all' };
  const youngNow = async (): Promise<Suppressed | undefined> => {
    const { decision } = await decideNow(input, manifest, { before, settings });
    return decision.suppressed.find(({ reason }) => reason === 'minimum_age');
  };
  const together = await youngNow();
  if (together === undefined) return new Map();
  const alone: (readonly [BumpRow, Suppressed])[] = [];
  for (const row of rows.length > 1 ? rows : []) {
    await input.workspace.reset();
    await movePins(input, [nameOf(row)]);
    const young = await youngNow();
    if (young !== undefined) alone.push([row, young]);
  }
  const found = alone.length > 0 ? alone : rows.map((row) => [row, together] as const);
  return new Map(
    found.map(([row, young]) => {
      const text = `it needs \`${young.source}\` ${young.to}: ${young.text}`;
      return [row, { source: nameOf(row), to: row.to ?? '', reason: 'minimum_age', text }];
    }),
  );
}

const UNSOLVED: ReadonlySet<string> = new Set(['UNSOLVABLE', 'NO_SUCH_PACKAGE', 'PIN_GONE', 'DOWNGRADE']);
const namesOf = ({ pin }: BumpRow): string[] => [pin.variable ?? '', ...pin.packages].filter((name) => name !== '');
const nameOf = (row: BumpRow): string => namesOf(row)[0] ?? row.pin.template ?? '';
const bumpsOf = (rows: readonly BumpRow[]): string[] =>
  rows.filter(({ status }) => status === 'bump').map((row) => `${nameOf(row)} to ${row.to}`);

function suppressedPin(row: BumpRow): Suppressed {
  const { hold, status } = row;
  const text = status === 'held' && hold !== null ? `held at ${hold.version}: ${hold.reason}` : '`ignore` names it';
  return { source: nameOf(row), to: row.to ?? '', reason: status === 'held' ? 'hold' : 'ignored', text };
}

/** Removes expired holds from the manifest, and updates the locks. */
export async function workOutHolds(input: WorkInput): Promise<WorkedOut> {
  const { workspace } = input;
  const manifest = await loadManifest(projectOf(input), workspace.context);
  const before = await readLocks(workspace);
  const today = workspace.context.now().toISOString().slice(0, 10);
  const expired = manifest.holds.filter((hold) => isHoldExpired(hold, today));
  if (expired.length === 0) return finish(input, { manifest, before, failures: [], suppressed: [] });
  const indexes = manifest.holds.flatMap((hold, index) => (isHoldExpired(hold, today) ? [index] : []));
  const project = new FolderProject(projectOf(input), workspace.context);
  const texts = textsOf(await project.manifestText(), manifest);
  const edited = await withoutHolds(texts, indexes, manifest);
  await project.write({ locks: [], manifestText: edited.own, editedFrom: texts.own, included: editedFiles(texts, edited) });
  return finish(input, { manifest, before, failures: [], suppressed: [], expired });
}

interface Finished {
  readonly manifest: Manifest;
  readonly before: readonly Lockfile[];
  readonly failures: readonly Failure[];
  readonly suppressed: readonly Suppressed[];
  readonly bumps?: readonly string[];
  readonly expired?: readonly Hold[];
}

async function finish(
  input: WorkInput,
  { manifest, before, failures, suppressed, bumps = [], expired = [] }: Finished,
): Promise<WorkedOut> {
  const { workspace, settings } = input;
  const after = await readLocks(workspace);
  const diff = await describe(input, manifest, { before, after });
  if (diff.summary.locks_changed + diff.added_locks.length + diff.removed_locks.length + diff.requests.length > 0 || bumps.length > 0) {
    await writeExports(workspace, settings);
  }
  const times = after.map(({ generated }) => Date.parse(generated)).filter((time) => !Number.isNaN(time));
  return {
    diff,
    sourceOf: sourcesIn([...before, ...after]),
    included: [...(manifest.included?.keys() ?? [])].filter(isInside),
    bumps,
    expired,
    notes: [...new Set(workspace.warnings.filter(({ code }) => code !== 'CHANGELOG_MISSING').map(({ text }) => text))],
    suppressed,
    failures,
    isSecurity: diff.sources.some(isSecurity),
    time: times.length === 0 ? 0 : Math.floor(Math.max(...times) / 1000),
  };
}

async function describe(
  input: WorkInput,
  manifest: Manifest,
  { before, after }: { readonly before: readonly Lockfile[]; readonly after: readonly Lockfile[] },
): Promise<LockfileDiff> {
  const { context } = input.workspace;
  const holds = holdsInForce(manifest.holds, context.now().toISOString().slice(0, 10));
  const diff = diffLockfiles(before, after, { holds, installedOf: await readKnownBases([...before, ...after], context) });
  if (diff.sources.length === 0) return diff;
  return addChangelogs(diff, { before, after, manifest }, context);
}

/** Updates that a hold of the manifest prevents, as far as the diff shows them. */
function heldBack(manifest: Manifest, diff: LockfileDiff, { context }: Workspace): Suppressed[] {
  const today = context.now().toISOString().slice(0, 10);
  const inForce = new Set(holdsInForce(manifest.holds, today).map((hold) => hold.package));
  return diff.holds
    .filter((hold) => inForce.size > 0 && hold.version !== '')
    .map((hold) => ({
      source: hold.package,
      to: '',
      reason: 'hold',
      text: `held at ${hold.version}${hold.until === null ? '' : ` until ${hold.until}`}: ${hold.reason}`,
    }));
}

async function readLocks({ context, lockfiles }: Workspace): Promise<Lockfile[]> {
  return (await readLockfiles(join(context.cwd, lockfiles))).map(({ lockfile }) => lockfile);
}

async function writeExports({ context, lockfiles, files, outward }: Workspace, { exports }: BotSettings): Promise<void> {
  for (const { format, path, set, architecture } of exports) {
    const output = posix.normalize(posix.join(posix.relative(files.directory, context.cwd), path));
    if (leadsOut(output)) throw new RpmDepsError('USAGE', `the export \`${path}\` is outside of the repository`);
    refuseOutward(output, outward);
    const text = await exportText({ lockfiles, format: format as ExportFormat, set: listed(set), arch: listed(architecture) }, context);
    const place = join(context.cwd, path);
    makeFolders(dirname(place));
    await writeFile(place, text);
  }
}

const listed = (name: string | undefined): string[] => (name === undefined ? [] : [name]);
