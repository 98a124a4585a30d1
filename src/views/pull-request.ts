import type { LockfileDiff, SourceDiff } from '../lockfile/lockfile-diff.ts';

const MAX_LENGTH = 72;

/**
 * Title of a pull request: the bumped pins, else the changed sources, as many as fit. Undefined if nothing changed.
 * `bumps` and `downgrades` are readable texts of pins: `libvirt to 11.0.0-1.el9`.
 */
export function pullRequestTitle(
  diff: LockfileDiff,
  { bumps = [], downgrades = [] }: { readonly bumps?: readonly string[]; readonly downgrades?: readonly string[] } = {},
): string | undefined {
  const { sources, added_locks: added, removed_locks: removed, renamed_locks: renamed, requests } = diff;
  if (downgrades.length > 0) return withDowngrades(downgrades, 'bump', bumps);
  if (bumps.length > 0) return fitted('bump', bumps);
  if (sources.length > 0) {
    const isDown = ({ changes }: SourceDiff): boolean => changes.some(({ kind }) => kind === 'downgraded');
    const names = (list: readonly SourceDiff[]): string[] => (sources.length === 1 ? list.map(alone) : list.map(({ source }) => source));
    const [down, others] = [sources.filter(isDown), sources.filter((source) => !isDown(source))];
    return down.length > 0 ? withDowngrades(names(down), 'update', names(others)) : fitted('update', names(sources));
  }
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

/** A single source has space for its version, if known. */
function alone({ source, changes }: SourceDiff): string {
  const [change] = changes;
  return changes.length === 1 && (change?.kind === 'upgraded' || change?.kind === 'downgraded') ? `${source} to ${change.after}` : source;
}

/** Downgrades come first, because reviewers should notice them. */
function withDowngrades(down: readonly string[], verb: string, others: readonly string[]): string {
  if (others.length === 0) return fitted('downgrade', down);
  const first = harmless(down[0]!, 30);
  return fitted(`downgrade ${first}${down.length > 1 ? ` and ${down.length - 1} more` : ''}, ${verb}`, others);
}

/** Titles appear in shells, mails and lists of commits, so names from metadata are sanitized. */
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
