import type { LockfileDiff, SourceDiff } from '../lockfile/lockfile-diff.ts';

const MAX_LENGTH = 72;

/**
 * One line for a pull request: what was bumped, else the sources that moved, as many as fit. Undefined where nothing changed.
 * `bumps` are pins as a person says them: `libvirt to 11.0.0-1.el9`.
 */
export function pullRequestTitle(diff: LockfileDiff, bumps: readonly string[] = []): string | undefined {
  const { sources, added_locks: added, removed_locks: removed, renamed_locks: renamed, requests } = diff;
  if (bumps.length > 0) return fitted('bump', bumps);
  if (sources.length > 0) return fitted('update', sources.length === 1 ? [alone(sources[0]!)] : sources.map(({ source }) => source));
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

/** There is room for the version then, where there is one. */
function alone({ source, changes }: SourceDiff): string {
  const [change] = changes;
  return changes.length === 1 && change?.kind === 'upgraded' ? `${source} to ${change.after}` : source;
}

/** A title is seen in shells, mails and lists of commits: a name out of metadata has no say in those. */
const harmless = (name: string, limit: number): string => {
  const text = name.replace(/[^\w .+:~^%{}()-]/g, '_');
  return text.length > limit ? `${text.slice(0, limit - 3)}...` : text;
};

function fitted(verb: string, all: readonly string[]): string {
  const prefix = `rpm lockfiles: ${verb} `;
  const room = MAX_LENGTH - prefix.length - ` and ${all.length} more`.length;
  const names = all.map((name) => harmless(name, room));
  const shown: string[] = [];
  for (const name of names) {
    const left = names.length - shown.length - 1;
    const tail = left > 0 ? ` and ${left} more` : '';
    if (shown.length > 0 && `${prefix}${[...shown, name].join(', ')}${tail}`.length > MAX_LENGTH) break;
    shown.push(name);
  }
  const left = names.length - shown.length;
  return `${prefix}${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
}
