import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import { sourceName } from '../lockfile/source-names.ts';
import { type RelockOutput, relock } from '../locking/relock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { chooseTargets, loadManifest, type Target } from '../project/manifest-input.ts';
import { readTargetLocks } from '../project/read-locks.ts';
import { globMatcher } from '../rpm/glob.ts';
import type { Context } from '../run/context.ts';
import type { UpdateInput } from './update.ts';

/** Moves packages that were named, by name or by source RPM, and what they force. */
export async function updateNamed(input: UpdateInput, context: Context): Promise<RelockOutput> {
  const manifest = await loadManifest(input, context);
  const isNamed = namesMatcher(input.names ?? []);
  const isSource = namesMatcher(input.source ?? []);
  const isMoved = (pin: Pin): boolean => isNamed(pin.name) || isSource(sourceName(pin.source) ?? '');
  const { targets, others } = await targetsWith(manifest, input, isMoved, context);
  return relock(manifest, { ...input, targets, others }, (pin) => (isMoved(pin) ? 'move' : 'keep'), context);
}

/** Only locks that have a named package are solved: the others have nothing to move. */
async function targetsWith(
  manifest: Manifest,
  input: UpdateInput,
  isMoved: (pin: Pin) => boolean,
  context: Context,
): Promise<{ readonly targets: readonly Target[]; readonly others: readonly Lockfile[] }> {
  const locks = await readTargetLocks(input, chooseTargets(manifest, input), context);
  refuseUnknown(input, [...locks.values()]);
  const hasNamed = ({ packages }: Lockfile): boolean => packages.some(isMoved);
  return {
    targets: [...locks].filter(([, lock]) => hasNamed(lock)).map(([target]) => target),
    others: [...locks.values()].filter((lock) => !hasNamed(lock)),
  };
}

function refuseUnknown({ names = [], source = [] }: UpdateInput, locks: readonly Lockfile[]): void {
  if (locks.length === 0) {
    throw new RpmDepsError('LOCKFILE_MISSING', 'there are no lockfiles in which a package could be moved', {
      hint: 'run `rpm-deps update` without names to make them',
    });
  }
  const pins = locks.flatMap(({ packages }) => packages);
  if (source.length > 0 && !pins.some((pin) => pin.source !== undefined)) {
    throw new RpmDepsError('LOCKFILE_INVALID', 'the lockfiles do not say which source RPM a package is from', {
      hint: 'they are of schema 1.0: run `rpm-deps lock` once',
    });
  }
  const refuse = (text: string, option: string, known: ReadonlySet<string>): void => {
    if ([...known].some(namesMatcher([text]))) return;
    const near = nearestOf(text, known);
    throw new RpmDepsError('USAGE', `no lock has ${option} \`${text}\``, {
      hint: near === undefined ? '`rpm-deps tree` shows what is locked' : `did you mean \`${near}\`?`,
    });
  };
  const packages = new Set(pins.map(({ name }) => name));
  const sources = new Set(pins.map((pin) => sourceName(pin.source) ?? '').filter((name) => name !== ''));
  for (const name of names) refuse(name, 'a package', packages);
  for (const name of source) refuse(name, 'a package of the source RPM', sources);
}

/** Whether one of the names or globs that a person typed means a package. */
function namesMatcher(names: readonly string[]): (name: string) => boolean {
  const matchers = names.map(globMatcher);
  return (name) => matchers.some((matches) => matches(name));
}
