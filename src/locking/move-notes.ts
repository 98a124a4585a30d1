/** What a run that locks has to tell of packages that moved though nobody asked, or did not though somebody did, or are not what they were. */

import { describeLocks } from '../lockfile/lock-names.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { chooseTargets, type Target } from '../project/manifest-input.ts';
import { formatNevra } from '../rpm/nevra.ts';
import type { SolvedTarget } from './solve-targets.ts';

/** Sentences, each for all sets and architectures where the same is true. */
export function moveNotes(manifest: Manifest, solved: readonly SolvedTarget[]): string[] {
  const all = chooseTargets(manifest, {}).map(nameOf);
  const gone = new Groups();
  const stuck = new Groups();
  for (const { target, lost, stuck: left } of solved) {
    for (const nevra of lost) gone.add('cannot stay: no repository has that version any more', nevra.replace(/\.[^.]+$/, ''), target);
    for (const { name, version, reason } of left) stuck.add(`cannot move to ${version}: ${reason}`, name, target);
  }
  return [...gone.lines(all), ...stuck.lines(all)];
}

/** The same build as before and another file: said when it is locked, and not only in the diff. */
export function rebuiltNotes(
  manifest: Manifest,
  made: readonly { target: Target; before: Lockfile | undefined; lockfile: Lockfile }[],
): string[] {
  const rebuilt = new Groups();
  for (const { target, before, lockfile } of made) {
    const known = new Map((before?.packages ?? []).map((pin) => [formatNevra(pin), pin.sha256]));
    for (const pin of lockfile.packages) {
      const nevra = formatNevra(pin);
      if (known.has(nevra) && known.get(nevra) !== pin.sha256) {
        rebuilt.add('HAS ANOTHER CHECKSUM than what was locked: rebuilt without a new release, or tampered with', nevra, target);
      }
    }
  }
  return rebuilt.lines(chooseTargets(manifest, {}).map(nameOf));
}

/** Names of packages by what is said of them, then sets and architectures by those. */
class Groups {
  readonly #targets = new Map<string, { text: string; name: string; targets: Target[] }>();

  add(text: string, name: string, target: Target): void {
    const key = `${text}\n${name}`;
    const known = this.#targets.get(key);
    if (known === undefined) this.#targets.set(key, { text, name, targets: [target] });
    else if (known.targets.at(-1) !== target) known.targets.push(target);
  }

  lines(all: readonly LockedPlace[]): string[] {
    const lines = new Map<string, { where: string; names: string[]; text: string }>();
    for (const { text, name, targets } of this.#targets.values()) {
      const where = describeLocks(targets.map(nameOf), all);
      const key = `${where}\n${text}`;
      const line = lines.get(key) ?? { where, names: [], text };
      lines.set(key, line);
      line.names.push(name);
    }
    return [...lines.values()].map(({ where, names, text }) => `${where}: ${quoted(names)} ${text}`);
  }
}

interface LockedPlace {
  readonly package_set: string;
  readonly architecture: string;
}

const nameOf = ({ set, architecture }: Target): LockedPlace => ({ package_set: set.name, architecture });

const MAX_NAMES = 8;

function quoted(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES).map((name) => `\`${name}\``);
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `${shown.join(', ')}${more}`;
}
