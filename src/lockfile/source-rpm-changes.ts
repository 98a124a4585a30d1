/** Source RPMs that were added or whose file changed, while their packages are the same. Other source RPMs change with their packages. */
import { formatRpmFilename } from '../rpm/nevra.ts';
import type { LockPair } from './lock-pair.ts';
import type { Lockfile } from './lockfile.ts';
import type { LockName, SourceRpmChange } from './lockfile-diff.ts';

export function sourceRpmChanges(pairs: readonly LockPair[]): SourceRpmChange[] {
  const found = new Map<string, { readonly change: Omit<SourceRpmChange, 'locks'>; readonly locks: LockName[] }>();
  for (const { name, before, after } of pairs) {
    const [old, now] = [lockedFiles(before), lockedFiles(after)];
    if (old.size === 0 && now.size === 0) continue;
    const wanted = new Set(before.packages.map(({ source }) => source));
    for (const file of new Set(after.packages.map(({ source }) => source))) {
      if (file === undefined || !wanted.has(file) || old.get(file) === now.get(file)) continue;
      const change = { source_rpm: file, before: old.get(file) ?? null, after: now.get(file) ?? null };
      const key = JSON.stringify(change);
      const known = found.get(key) ?? { change, locks: [] };
      found.set(key, known);
      known.locks.push(name);
    }
  }
  return [...found.values()]
    .map(({ change, locks }) => ({ ...change, locks }))
    .sort((a, b) => (a.source_rpm < b.source_rpm ? -1 : a.source_rpm > b.source_rpm ? 1 : 0));
}

/** sha256 by the file name in `source` of packages. */
const lockedFiles = ({ sources = [] }: Lockfile): Map<string, string> =>
  new Map(sources.map((locked) => [formatRpmFilename(locked), locked.sha256]));
