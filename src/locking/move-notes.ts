/** Warnings of a locking run: packages that moved without a request, could not move, or changed their content. */
import type { Warning, WarningCode } from '../base/warnings.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';

import { formatNevra } from '../rpm/nevra.ts';
import type { SolvedTarget } from './solve-targets.ts';
import type { Target } from './target.ts';

/** Locked packages that could not stay, and packages that could not be updated. */
export function moveNotes(solved: readonly SolvedTarget[]): Warning[] {
  const gone = solved.flatMap(({ target, lost }) =>
    lost.map((nevra) =>
      noteOf('LOCKED_VERSION_GONE', nevra.replace(/\.[^.]+$/, ''), 'cannot stay: this version is no longer in any repository', target),
    ),
  );
  const blocked = solved.flatMap(({ target, stuck }) =>
    stuck.map(({ name, version, reason }) => noteOf('UPDATE_BLOCKED', name, `cannot be updated to ${version}: ${reason}`, target)),
  );
  const downgraded = solved.flatMap(({ target, downgrades }) =>
    downgrades.map(({ name, from, to }) => noteOf('DOWNGRADED', name, `downgraded from ${from} to ${to}`, target)),
  );
  return [...downgraded, ...gone, ...blocked];
}

/** Packages with the locked version but different content. */
export function rebuiltNotes(made: readonly { target: Target; before: Lockfile | undefined; lockfile: Lockfile }[]): Warning[] {
  return made.flatMap(({ target, before, lockfile }) => {
    const known = new Map((before?.packages ?? []).map((locked) => [formatNevra(locked), locked.sha256]));
    return lockfile.packages
      .filter((locked) => known.has(formatNevra(locked)) && known.get(formatNevra(locked)) !== locked.sha256)
      .map((locked) => noteOf('CHECKSUM_CHANGED', formatNevra(locked), REBUILT, target));
  });
}

const REBUILT = 'HAS A DIFFERENT CHECKSUM than the locked package: rebuilt without a new release, or tampered with';

/** `name` comes first in backquotes, so that equal warnings about several names are printed in one line. */
function noteOf(code: WarningCode, name: string, text: string, { set, architecture }: Target): Warning {
  return { code, text: `\`${name}\` ${text}`, set: set.name, architecture };
}
