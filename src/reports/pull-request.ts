import type { LockfileDiff } from '../lockfile/lockfile-diff.ts';
import { printable } from '../manifest/printable.ts';

const MAX_LENGTH = 72;

/**
 * One line for a pull request: what was bumped, else the sources that moved, as many as fit. Undefined where nothing changed.
 * `bumps` are pins as a person says them: `libvirt to 11.0.0-1.el9`.
 */
export function pullRequestTitle(diff: LockfileDiff, bumps: readonly string[] = []): string | undefined {
  const { sources, added_locks: added, removed_locks: removed, renamed_locks: renamed, requests } = diff;
  if (bumps.length > 0) return fitted('bump', bumps);
  if (sources.length > 0)
    return fitted(
      'update',
      sources.map(({ source }) => source),
    );
  if (added.length > 0)
    return fitted(
      'lock',
      added.map((lock) => `${lock.package_set}-${lock.architecture}`),
    );
  if (removed.length > 0)
    return fitted(
      'remove locks',
      removed.map((lock) => `${lock.package_set}-${lock.architecture}`),
    );
  if (renamed.length > 0)
    return fitted(
      'rename',
      renamed.map(({ package_set: set, architecture }) => `${set}-${architecture}`),
    );
  return requests.length > 0 ? 'rpm lockfiles: record the changed requests' : undefined;
}

function fitted(verb: string, names: readonly string[]): string {
  const prefix = `rpm lockfiles: ${verb} `;
  const shown: string[] = [];
  for (const name of names) {
    const left = names.length - shown.length - 1;
    const tail = left > 0 ? ` and ${left} more` : '';
    if (shown.length > 0 && `${prefix}${[...shown, name].join(', ')}${tail}`.length > MAX_LENGTH) break;
    shown.push(printable(name, MAX_LENGTH - prefix.length));
  }
  const left = names.length - shown.length;
  return `${prefix}${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
