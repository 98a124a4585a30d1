import { RpmDepsError } from '../errors.ts';
import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import { globMatcher } from '../version/glob.ts';
import type { Context } from './context.ts';
import { loadManifest } from './manifest-input.ts';
import { type RelockInput, type RelockOutput, relock } from './relock.ts';

export interface UpdateInput extends RelockInput {
  /** Only these packages (globs on the name) and what they force; everything where there are none. */
  readonly names?: readonly string[] | undefined;
  /** All packages built from these source RPMs. */
  readonly source?: readonly string[] | undefined;
}

/** Locks the newest versions; with names, moves only those and what they force. */
export async function update(input: UpdateInput, context: Context): Promise<RelockOutput> {
  const manifest = await loadManifest(input, context);
  return relock(manifest, input, pinsToKeep(input), context);
}

/** Locks in line with the manifest, keeping every locked version that still is there and still fits. */
export async function lock(input: RelockInput, context: Context): Promise<RelockOutput> {
  return relock(await loadManifest(input, context), input, () => true, context);
}

function pinsToKeep({ names = [], source = [] }: UpdateInput): (pin: Pin, lockfile: Lockfile) => boolean {
  if (names.length === 0 && source.length === 0) return () => false;
  const byName = names.map(globMatcher);
  const bySource = source.map(globMatcher);
  return (pin) => {
    if (byName.some((matches) => matches(pin.name))) return false;
    if (source.length === 0) return true;
    if (pin.source === undefined) {
      throw new RpmDepsError('LOCKFILE_INVALID', 'the lockfiles do not say which source RPM a package is from', {
        hint: 'they are of schema 1.0: run `rpm-deps lock` once',
      });
    }
    const sourceName = pin.source.replace(/-[^-]+-[^-]+\.(?:no)?src\.rpm$/, '');
    return !bySource.some((matches) => matches(sourceName));
  };
}
