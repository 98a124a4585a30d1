/** What `update`, `lock` and `bump` have in common: solve the chosen sets, compare with what is there, write all or nothing. */
import { readFile } from 'node:fs/promises';
import { RpmDepsError } from '../errors.ts';
import { removeLeftovers, writeAllOrNothing } from '../io/atomic-file.ts';
import { diffLockfiles } from '../lockfile/diff.ts';
import { lockfileFromResolution } from '../lockfile/from-resolution.ts';
import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { parseLockfile } from '../lockfile/read.ts';
import { sameContent } from '../lockfile/same-content.ts';
import { renderLockfile } from '../lockfile/write.ts';
import { isHoldExpired } from '../manifest/holds.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { requestedSpecs } from '../manifest/manifest-digest.ts';
import type { Pool } from '../pool/pool.ts';
import type { Problem, ResolveRequest, Solved, UnmetRequirement, VersionConstraint } from '../resolution/resolution.ts';
import { resolveAsync } from '../resolution/resolve.ts';
import { formatNevra } from '../version/nevra.ts';
import { GENERATOR } from '../version.ts';
import { commonVersions } from './common-versions.ts';
import type { Context } from './context.ts';
import { loadArchitecture } from './load-architecture.ts';
import { chooseTargets, lockfilePath, lockfilesDirectory, type ProjectInput, type Target, type TargetInput } from './manifest-input.ts';

export interface RelockInput extends ProjectInput, TargetInput {
  readonly dryRun?: boolean | undefined;
  /** Write the sets that could be solved even when others could not. */
  readonly keepGoing?: boolean | undefined;
}

/** Whether a locked package is to stay in its version where it still fits. */
export type KeepPin = (pin: Pin, lockfile: Lockfile) => boolean;

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

export interface FailedSet {
  readonly set: string;
  readonly architecture: string;
  readonly problems: readonly Problem[];
}

export interface RelockOutput {
  readonly sets: readonly RelockedSet[];
  readonly failed: readonly FailedSet[];
  readonly diff: LockfileDiff;
  readonly dryRun: boolean;
}

interface SolvedTarget {
  readonly target: Target;
  readonly pool: Pool;
  readonly solved: Solved;
  readonly milliseconds: number;
}

interface PresentLock {
  readonly text: string;
  readonly lockfile: Lockfile;
}

export async function relock(manifest: Manifest, input: RelockInput, keep: KeepPin, context: Context): Promise<RelockOutput> {
  const directory = lockfilesDirectory(input, context);
  const targets = chooseTargets(manifest, input);
  const present = await readPresent(directory, targets);
  const { solved, failed } = await solveAll(manifest, targets, present, keep, context);
  if (failed.length > 0 && input.keepGoing !== true) throw unsolvedError(failed);

  const results: RelockedSet[] = [];
  const files: { path: string; content: string }[] = [];
  const before: Lockfile[] = [];
  const after: Lockfile[] = [];
  for (const { target, pool, solved: answer, milliseconds } of solved) {
    const path = lockfilePath(directory, target);
    const made = lockfileFromResolution({
      manifest,
      set: target.set.name,
      architecture: target.architecture,
      solved: answer,
      repositories: pool.repos,
      generator: GENERATOR,
    });
    const old = present.get(path);
    const isSame = old !== undefined && sameContent(old.lockfile, made);
    if (old !== undefined) before.push(old.lockfile);
    after.push(isSame ? old.lockfile : made);
    if (!isSame) files.push({ path, content: renderLockfile(made) });
    const { set, architecture } = { set: target.set.name, architecture: target.architecture };
    const counts = countChanges(old?.lockfile, made);
    const { ignored, unmet } = answer;
    results.push({ set, architecture, path, packages: made.packages.length, ...counts, written: !isSame, milliseconds, ignored, unmet });
  }
  if (input.dryRun !== true && files.length > 0) {
    context.signal.throwIfAborted();
    await writeAllOrNothing(files);
    await removeLeftovers(directory, context.now().getTime());
  }
  const output = { sets: results, failed, diff: diffLockfiles(before, after), dryRun: input.dryRun === true };
  if (failed.length > 0) throw unsolvedError(failed, output);
  return output;
}

async function solveAll(
  manifest: Manifest,
  targets: readonly Target[],
  present: ReadonlyMap<string, PresentLock>,
  keep: KeepPin,
  context: Context,
): Promise<{ solved: SolvedTarget[]; failed: FailedSet[] }> {
  const solved: SolvedTarget[] = [];
  const failed: FailedSet[] = [];
  const pools = new Map<string, Pool>();
  const locks = [...present.values()].map(({ lockfile }) => lockfile);
  const solveTarget = async (target: Target, constraints: readonly VersionConstraint[]): Promise<void> => {
    const pool = pools.get(target.architecture)!;
    const old = locks.find((lock) => lock.package_set === target.set.name && lock.architecture === target.architecture);
    const started = performance.now();
    context.emit({ kind: 'stage', stage: 'solve', text: `solving ${target.set.name} for ${target.architecture}` });
    const outcome = await resolveAsync(pool, requestFor(manifest, target, old, keep, constraints));
    context.signal.throwIfAborted();
    const milliseconds = performance.now() - started;
    context.emit({ kind: 'timing', stage: 'solve', text: `${target.set.name}-${target.architecture}`, ms: milliseconds });
    if (outcome.kind === 'solved') solved.push({ target, pool, solved: outcome, milliseconds });
    else failed.push({ set: target.set.name, architecture: target.architecture, problems: outcome.problems });
  };
  const holds = activeHolds(manifest, context);
  for (const architecture of new Set(targets.map((target) => target.architecture))) {
    pools.set(architecture, await loadArchitecture(manifest, architecture, context));
    for (const target of targets) if (target.architecture === architecture) await solveTarget(target, holds);
    // One architecture's packages at a time in memory, unless versions are to be compared across architectures.
    if (manifest.sameVersion.length === 0) pools.delete(architecture);
  }
  if (manifest.sameVersion.length === 0) return { solved, failed };

  const uneven = commonVersions(solved, manifest.sameVersion);
  for (const { set, constraints, problems } of uneven) {
    const again = solved.filter(({ target }) => target.set.name === set);
    for (const { target } of again) {
      solved.splice(
        solved.findIndex((other) => other.target === target),
        1,
      );
      if (problems.length > 0) failed.push({ set, architecture: target.architecture, problems });
      else await solveTarget(target, [...holds, ...constraints]);
    }
  }
  const order = new Map(targets.map((target, index) => [target, index]));
  solved.sort((a, b) => order.get(a.target)! - order.get(b.target)!);
  return { solved, failed };
}

function requestFor(manifest: Manifest, target: Target, old: Lockfile | undefined, keep: KeepPin, constraints: readonly VersionConstraint[]): ResolveRequest {
  const { set, architecture } = target;
  return {
    install: requestedSpecs(manifest, set.name, architecture),
    weakDependencies: set.weakDependencies,
    best: set.best,
    exclude: set.exclude,
    ignore: set.ignore,
    modules: set.modules,
    constraints,
    favor: (old?.packages ?? []).filter((pin) => keep(pin, old!)).map(formatNevra),
  };
}

function activeHolds(manifest: Manifest, context: Context): VersionConstraint[] {
  const today = context.now().toISOString().slice(0, 10);
  return manifest.holds
    .filter((hold) => !isHoldExpired(hold, today))
    .map((hold) => ({
      name: hold.package,
      version: hold.version,
      reason: `held at ${hold.version}${hold.until === undefined ? '' : ` until ${hold.until}`}: ${hold.reason}`,
    }));
}

async function readPresent(directory: string, targets: readonly Target[]): Promise<Map<string, PresentLock>> {
  const present = new Map<string, PresentLock>();
  for (const target of targets) {
    const path = lockfilePath(directory, target);
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined;
      throw new RpmDepsError('LOCKFILE_INVALID', `${path} cannot be read: ${error.message}`, { cause: error });
    });
    if (text !== undefined) present.set(path, { text, lockfile: parseLockfile(text, path) });
  }
  return present;
}

function countChanges(before: Lockfile | undefined, after: Lockfile): { added: number; removed: number; changed: number } {
  const key = ({ name, arch }: Pin): string => `${name}.${arch}`;
  const old = new Map((before?.packages ?? []).map((pin) => [key(pin), formatNevra(pin)]));
  const now = new Map(after.packages.map((pin) => [key(pin), formatNevra(pin)]));
  const added = [...now.keys()].filter((name) => !old.has(name)).length;
  const removed = [...old.keys()].filter((name) => !now.has(name)).length;
  const changed = [...now].filter(([name, nevra]) => old.has(name) && old.get(name) !== nevra).length;
  return { added, removed, changed };
}

/** One error for all sets that have no answer; its code says which kind of failure it was. */
export function unsolvedError(failed: readonly FailedSet[], output?: RelockOutput): RpmDepsError {
  const kinds = new Set(failed.flatMap(({ problems }) => problems.map(({ kind }) => kind)));
  const code = kinds.has('unsolvable') ? 'UNSOLVABLE' : kinds.has('version-gone') ? 'PIN_GONE' : 'NO_SUCH_PACKAGE';
  const details: string[] = [];
  const shown = new Map<string, string[]>();
  for (const { set, architecture, problems } of failed) {
    for (const { text, suggestions } of problems) {
      const whole = [text, ...suggestions.map((suggestion) => `  - ${suggestion}`)].join('\n');
      const where = shown.get(whole);
      if (where === undefined) shown.set(whole, [`${set}-${architecture}`]);
      else where.push(`${set}-${architecture}`);
    }
  }
  for (const [whole, where] of shown) details.push(`${where.join(', ')}:`, ...whole.split('\n').map((line) => `  ${line}`));
  const count = failed.length === 1 ? `set ${failed[0]!.set} for ${failed[0]!.architecture}` : `${failed.length} sets`;
  const what = code === 'PIN_GONE' ? 'ask for versions that are in no repository' : code === 'UNSOLVABLE' ? 'cannot be solved' : 'ask for packages that are not there';
  const verb = failed.length === 1 ? what.replace(/^ask /, 'asks ') : what;
  return new RpmDepsError(code, `${count} ${verb}`, {
    details,
    hint: output === undefined ? 'nothing was written; --keep-going writes the sets that can be solved' : 'the other sets were written',
    data: { failed, ...(output === undefined ? {} : { sets: output.sets }) },
  });
}
