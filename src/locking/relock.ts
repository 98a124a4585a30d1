/** What `update`, `lock` and `bump` have in common: solve the chosen sets, compare with what is there, write all or nothing. */
import type { RpmDepsError } from '../base/errors.ts';
import { GENERATOR } from '../base/version.ts';
import type { FileToWrite } from '../io/atomic-file.ts';
import { diffLockfiles } from '../lockfile/diff.ts';
import { lockfileFromResolution } from '../lockfile/from-resolution.ts';
import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { comparePinVersions, fullVersionText } from '../lockfile/pin-version.ts';
import { sameContent } from '../lockfile/same-content.ts';
import { renderLockfile } from '../lockfile/write.ts';
import { holdsInForce } from '../manifest/holds.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { resolvedRepositories } from '../project/load-architecture.ts';
import {
  chooseTargets,
  isEmpty,
  lockfilePath,
  lockfilesDirectory,
  type ProjectInput,
  type Target,
  type TargetInput,
} from '../project/manifest-input.ts';
import { countChanges, readPresentLock, warnOfStrays, writeLocks } from '../project/write-locks.ts';
import type { ResolvedRepository } from '../repositories/repository.ts';
import type { UnmetRequirement } from '../resolution/resolution.ts';
import { formatNevra } from '../rpm/nevra.ts';
import type { Context } from '../run/context.ts';
import type { SolvedForArchitecture } from './common-versions.ts';
import { moveNotes, rebuiltNotes, warningTargets } from './move-notes.ts';
import type { MovedPackage } from './moved-packages.ts';
import { type FailedTarget, type LockedPackage, type SolvedTarget, solveTargets } from './solve-targets.ts';
import { unsolvedError } from './unsolved.ts';

export interface RelockInput extends ProjectInput, TargetInput {
  readonly dryRun?: boolean | undefined;
  /** Write the sets that could be solved even when others could not. */
  readonly keepGoing?: boolean | undefined;
  /** Only these; default what the flags choose. */
  readonly targets?: readonly Target[];
  /** Lockfiles that stay whatever comes: the diff names places among them too. */
  readonly others?: readonly Lockfile[];
  /** Written together with the lockfiles, or not at all. */
  readonly alsoWrite?: readonly FileToWrite[];
}

/** What is done with a locked package: `move` it to the newest, `keep` it where it still fits, be `free`, or prefer the build of a source RPM. */
export type PinPolicy = (pin: Pin) => 'move' | 'keep' | 'free' | { readonly source: string };

export interface RelockedSet {
  readonly set: string;
  readonly architecture: string;
  readonly path: string;
  readonly packages: number;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  /** Whether the file was written, or would be without `--dry-run`. */
  readonly written: boolean;
  readonly milliseconds: number;
  readonly ignored: readonly string[];
  readonly unmet: readonly UnmetRequirement[];
}

export interface RelockOutput {
  readonly sets: readonly RelockedSet[];
  /** Made when it is first asked for. */
  readonly diff: LockfileDiff;
  /** The diff of another run right after this one: no changes. */
  readonly settled: LockfileDiff;
  /** Text of the lockfiles that were written, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** What was read, and in which state. */
  readonly repositories: readonly { readonly repository: ResolvedRepository; readonly repomdSha256: string }[];
  readonly dryRun: boolean;
  /** With `keepGoing`: what became of the sets that are not in `sets`. */
  readonly failure: RpmDepsError | undefined;
}

/** Each name once, with the oldest version that is locked. */
function movedPackages(pins: readonly Pin[]): MovedPackage[] {
  const moved = new Map<string, Pin>();
  for (const pin of pins) {
    const known = moved.get(pin.name);
    if (known === undefined || comparePinVersions(pin, known) < 0) moved.set(pin.name, pin);
  }
  return [...moved].map(([name, pin]) => ({ name, evr: fullVersionText(pin) }));
}

const lockedPackage = (pin: Pin): LockedPackage => ({ nevra: formatNevra(pin), sha256: pin.sha256, repository: pin.repository });

export async function relock(manifest: Manifest, input: RelockInput, policy: PinPolicy, context: Context): Promise<RelockOutput> {
  const directory = lockfilesDirectory(input, context);
  const targets = input.targets ?? chooseTargets(manifest, input);
  const present = await readPresent(directory, targets);
  const jobs = targets.map((target) => {
    const pins = (present.get(target)?.packages ?? []).map((pin) => ({ pin, fate: policy(pin) }));
    return {
      target,
      favor: pins.filter(({ fate }) => fate === 'keep' || typeof fate === 'object').map(({ pin }) => lockedPackage(pin)),
      moved: movedPackages(pins.filter(({ fate }) => fate === 'move').map(({ pin }) => pin)),
      rebuilt: pins.flatMap(({ pin, fate }) =>
        typeof fate === 'object' ? [{ nevra: formatNevra(pin), name: pin.name, source: fate.source }] : [],
      ),
    };
  });
  const keepGoing = input.keepGoing === true;
  const { solved, failed: refused } = await solveTargets(manifest, jobs, context, {
    keepGoing,
    others: await readOthers(manifest, directory, targets),
  });
  const failed = await withOtherArchitectures(manifest, refused, context);
  if (failed.length > 0 && !keepGoing) throw unsolvedError(failed, { written: false });

  const all = warningTargets(chooseTargets(manifest, {}));
  context.emit({ kind: 'warnings', warnings: moveNotes(solved), targets: all });

  const keys = await fingerprints(manifest, solved, context);
  const made = solved.map((answer) => compare(manifest, directory, answer, { before: present.get(answer.target), keys }));
  const rebuilt = made.map(({ before, lockfile }, i) => ({ target: solved[i]!.target, before, lockfile }));
  context.emit({ kind: 'warnings', warnings: rebuiltNotes(rebuilt), targets: all });
  const lockfiles = made
    .filter(({ row }) => row.written)
    .map(({ row, lockfile }) => ({ path: row.path, content: renderLockfile(lockfile) }));
  context.signal.throwIfAborted();
  if (input.dryRun !== true) await writeLocks([...lockfiles, ...(input.alsoWrite ?? [])], directory, context);
  if (input.targets === undefined && isEmpty(input.arch) && isEmpty(input.set)) {
    await warnOfStrays(pathsOfAll(manifest, directory), directory, context);
  }
  const others = input.others ?? [];
  const before = [...others, ...made.flatMap((lock) => (lock.before === undefined ? [] : [lock.before]))];
  const after = [...others, ...made.map((lock) => (lock.row.written || lock.before === undefined ? lock.lockfile : lock.before))];
  const holds = holdsInForce(manifest.holds, context.now().toISOString().slice(0, 10));
  let diff: LockfileDiff | undefined;
  return {
    sets: made.map(({ row }) => row),
    get diff() {
      diff ??= diffLockfiles(before, after, { holds });
      return diff;
    },
    get settled() {
      return diffLockfiles(after, after, { holds });
    },
    texts: new Map(lockfiles.map(({ path, content }) => [path, content])),
    repositories: repositoriesRead(manifest, solved),
    dryRun: input.dryRun === true,
    failure: failed.length > 0 ? unsolvedError(failed, { written: input.dryRun !== true }) : undefined,
  };
}

async function withOtherArchitectures(manifest: Manifest, failed: readonly FailedTarget[], context: Context): Promise<FailedTarget[]> {
  if (failed.length === 0) return [];
  const { tellOtherArchitectures } = await import('./other-architectures.ts');
  const refusals = failed.map(({ target, problems }) => ({ architecture: target.architecture, problems }));
  const told = await tellOtherArchitectures(manifest, refusals, context);
  return failed.map((failure, i) => ({ ...failure, problems: told[i]! }));
}

function repositoriesRead(manifest: Manifest, solved: readonly SolvedTarget[]): RelockOutput['repositories'] {
  const read = new Map(solved.map(({ target, repositories }) => [target.architecture, repositories]));
  return [...read].flatMap(([architecture, repositories]) =>
    resolvedRepositories(manifest, architecture).flatMap((repository) => {
      const found = repositories.find(({ id }) => id === repository.id);
      return found === undefined ? [] : [{ repository, repomdSha256: found.repomdSha256 }];
    }),
  );
}

const pathsOfAll = (manifest: Manifest, directory: string): string[] =>
  manifest.sets.flatMap((set) => set.architectures.map((architecture) => lockfilePath(directory, { set, architecture })));

interface MadeLock {
  readonly row: RelockedSet;
  readonly before: Lockfile | undefined;
  readonly lockfile: Lockfile;
}

/** By architecture, then repository. */
type Fingerprints = ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>;

async function fingerprints(manifest: Manifest, solved: readonly SolvedTarget[], context: Context): Promise<Fingerprints> {
  const architectures = [...new Set(solved.map(({ target }) => target.architecture))];
  const repositories = architectures.map((architecture) => [architecture, resolvedRepositories(manifest, architecture)] as const);
  if (!repositories.some(([, list]) => list.some(({ gpgkey }) => gpgkey.length > 0))) return new Map();
  const { readFingerprints } = await import('../project/repository-keys.ts');
  return new Map(
    await Promise.all(repositories.map(async ([architecture, list]) => [architecture, await readFingerprints(list, context)] as const)),
  );
}

function compare(
  manifest: Manifest,
  directory: string,
  answer: SolvedTarget,
  { before, keys }: { readonly before: Lockfile | undefined; readonly keys: Fingerprints },
): MadeLock {
  const { target, solved, repositories, milliseconds } = answer;
  const { architecture } = target;
  const set = target.set.name;
  const lockfile = lockfileFromResolution({
    manifest,
    set,
    architecture,
    solved,
    repositories,
    generator: GENERATOR,
    fingerprints: keys.get(architecture) ?? new Map(),
  });
  const row = {
    set,
    architecture,
    path: lockfilePath(directory, target),
    packages: lockfile.packages.length,
    ...countChanges(before, lockfile),
    written: before === undefined || !sameContent(before, lockfile),
    milliseconds,
    ignored: solved.ignored,
    unmet: solved.unmet,
  };
  return { row, before, lockfile };
}

/** What is locked for other architectures of the same sets, where all are to have one version of something. */
async function readOthers(manifest: Manifest, directory: string, targets: readonly Target[]): Promise<SolvedForArchitecture[]> {
  if (manifest.sameVersion.length === 0) return [];
  const others = [...new Set(targets.map(({ set }) => set))].flatMap((set) =>
    set.architectures
      .filter((architecture) => !targets.some((target) => target.set === set && target.architecture === architecture))
      .map((architecture) => ({ set, architecture })),
  );
  const locks = await readPresent(directory, others);
  return [...locks].map(([target, { packages }]) => ({ target, solved: { packages } }));
}

async function readPresent(directory: string, targets: readonly Target[]): Promise<Map<Target, Lockfile>> {
  const present = new Map<Target, Lockfile>();
  const read = targets.map((target) => readPresentLock(lockfilePath(directory, target)));
  for (const [i, lockfile] of (await Promise.all(read)).entries()) if (lockfile !== undefined) present.set(targets[i]!, lockfile);
  return present;
}
