import { sha256 } from '../base/sha256.ts';
import { diffLockfiles } from '../lockfile/diff.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { sameContent } from '../lockfile/same-content.ts';
import { findDowngrades } from '../locking/downgrades.ts';
import { FolderProject } from '../project/folder-project.ts';
import { countChanges, readPresentLock } from '../project/write-locks.ts';
import type { Context } from '../run/context.ts';
import type { RelockInput, RelockOutput } from './relock.ts';
import { type Stamp, unchangedRow } from './stamp.ts';

/**
 * Writes missing or different lockfiles whose content is known, like the run that created them.
 * `stored` is the JSON of their texts by path; undefined if it does not match the stamp.
 */
export async function restoreLocks(
  stamp: Stamp,
  stored: string,
  changed: readonly string[],
  input: RelockInput,
  context: Context,
): Promise<RelockOutput | undefined> {
  const texts = parseTexts(stored, stamp);
  if (texts === undefined) return undefined;
  const parsed = new Map<string, Lockfile>();
  const parse = (path: string): Lockfile => {
    const lockfile = parsed.get(path) ?? (JSON.parse(texts.get(path)!) as Lockfile);
    parsed.set(path, lockfile);
    return lockfile;
  };
  const present = new Map<string, Lockfile>();
  for (const path of changed) {
    const lockfile = await readPresentLock(path);
    if (lockfile !== undefined) present.set(path, lockfile);
  }
  // The mirror has older metadata than the current lockfiles: only a real run can decide whether they may go back.
  if ([...present].some(([path, before]) => goesBack(before, parse(path)))) return undefined;
  const rows = stamp.sets.map((set) => {
    if (!changed.includes(set.path)) return unchangedRow(set);
    const [before, after] = [present.get(set.path), parse(set.path)];
    const written = before === undefined || !sameContent(before, after);
    return { ...set, ...countChanges(before, after), written, milliseconds: 0 };
  });
  context.signal.throwIfAborted();
  const dryRun = input.dryRun === true;
  if (!dryRun) {
    const rendered = new Map(rows.filter(({ written }) => written).map(({ path }) => [parse(path), texts.get(path)!]));
    await new FolderProject(input, context).write({ locks: [...rendered.keys()], rendered });
  }
  let diff: LockfileDiff | undefined;
  return {
    sets: rows,
    get diff() {
      if (diff !== undefined) return diff;
      const after = rows.map(({ path, written }) => (written ? undefined : present.get(path)) ?? parse(path));
      const before = rows.flatMap(({ path }, i) => (changed.includes(path) ? (present.get(path) ?? []) : after[i]!));
      const { holds } = stamp;
      diff = diffLockfiles(before, after, { holds });
      return diff;
    },
    settled: stamp.diff,
    texts: new Map(),
    repositories: stamp.repositories,
    lacksSources: false,
    dryRun,
    failure: undefined,
    failures: [],
  };
}

function goesBack(before: Lockfile, after: Lockfile): boolean {
  return Date.parse(after.generated) < Date.parse(before.generated) || findDowngrades(before, after.packages).length > 0;
}

function parseTexts(stored: string, { locks }: Stamp): ReadonlyMap<string, string> | undefined {
  try {
    const texts = new Map(Object.entries(JSON.parse(stored) as Record<string, string>));
    const isWhole = Object.entries(locks).every(([path, digest]) => {
      const text = texts.get(path);
      return typeof text === 'string' && sha256(text) === digest;
    });
    return isWhole ? texts : undefined;
  } catch {
    return undefined;
  }
}
