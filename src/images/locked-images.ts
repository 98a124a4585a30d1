import { basename, join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { sha256 } from '../base/sha256.ts';
import { readWithin } from '../io/read-within.ts';
import { isLockArchive, LOCKFILE_SUFFIX, lockfileName } from '../lockfile/lock-archive.ts';
import { type Lockfile, MAX_LOCKFILE_BYTES } from '../lockfile/lockfile.ts';
import { listLockfiles, readLockfiles } from '../lockfile/lockfile-dir.ts';
import { parseLockfile } from '../lockfile/parse-lockfile.ts';
import { renderLockfile } from '../lockfile/write.ts';
import { type ContainerArchitecture, findArchitecture } from '../rpm/container-architecture.ts';
import { imageName } from './image-reference.ts';

/** A lockfile with the digest of its bytes. */
export interface DigestedLock {
  readonly lock: Lockfile;
  readonly architecture: ContainerArchitecture;
  readonly path: string;
  readonly digest: string;
}

export async function readDigestedLock(directory: string, set: string, architecture: ContainerArchitecture): Promise<DigestedLock> {
  const path = join(directory, lockfileName(set, architecture.rpm));
  let text: string;
  try {
    text = await readLockText(path, directory);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))) throw error;
    const others =
      (await lockedTargets(directory)).find((target) => target.set === set)?.architectures.map(({ container }) => container) ?? [];
    throw new RpmDepsError('LOCKFILE_MISSING', `there is no lockfile of ${set} for ${architecture.container}: ${path}`, {
      hint: others.length > 0 ? `there is one for ${others.join(', ')}` : `\`rpm-deps update --set ${set}\` creates it`,
      cause: error,
    });
  }
  const lock = parseLockfile(text, path);
  if (lock.architecture !== architecture.rpm || lock.package_set !== set) {
    throw new RpmDepsError('LOCKFILE_INVALID', `${path} is the lock of ${JSON.stringify(`${lock.package_set}-${lock.architecture}`)}`);
  }
  // A lock on top of a base may have no packages: it only removes packages of the base, or changes nothing.
  if (lock.packages.length === 0 && lock.base === undefined)
    throw new RpmDepsError('LOCKFILE_INVALID', `${path} locks no packages: there is nothing to build`);
  return { lock, architecture, path, digest: `sha256:${sha256(text)}` };
}

/** The text of a lock in an archive (`rpms.lock.yaml`) as it would be in a separate file. */
async function readLockText(path: string, directory: string): Promise<string> {
  const lock = isLockArchive(directory) ? (await readLockfiles(directory)).find(({ file }) => file === basename(path)) : undefined;
  if (lock !== undefined) return renderLockfile(lock.lockfile);
  const read = await readWithin(path, MAX_LOCKFILE_BYTES).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== undefined) throw cause;
    throw new RpmDepsError('LOCKFILE_INVALID', `${path} cannot be read: ${cause.message}`, { cause });
  });
  return read.toString('utf8');
}

/** The set of the builder image: `builder build` builds it; here it is built only if named. */
export const BUILDER_SET = 'builder';

export interface ImageTarget {
  readonly set: string;
  readonly architectures: readonly ContainerArchitecture[];
}

/**
 * The requested sets, each for `architectures` or for all architectures with a lockfile. Without requested sets: all sets, each for those
 * of `architectures` that it has, because not every set exists for every architecture.
 */
export async function chosenTargets(
  directory: string,
  asked: readonly string[],
  architectures: readonly ContainerArchitecture[] | undefined,
): Promise<readonly ImageTarget[]> {
  const targets = await lockedTargets(directory);
  if (asked.length > 0) {
    const unknown = asked.find((set) => !targets.some((target) => target.set === set));
    if (unknown !== undefined) {
      throw new RpmDepsError('LOCKFILE_MISSING', `there is no lockfile of the set ${JSON.stringify(unknown)}`, {
        hint: `there are: ${targets.map(({ set }) => set).join(', ')}`,
      });
    }
    return targets
      .filter(({ set }) => asked.includes(set))
      .map((target) => ({ ...target, architectures: architectures ?? target.architectures }));
  }
  const chosen = targets
    .filter(({ set }) => set !== BUILDER_SET)
    .map((target) => ({
      ...target,
      architectures: architectures?.filter((one) => target.architectures.includes(one)) ?? target.architectures,
    }))
    .filter((target) => target.architectures.length > 0);
  if (chosen.length > 0) return chosen;
  const names = (architectures ?? []).map(({ container }) => container).join(', ');
  throw new RpmDepsError('LOCKFILE_MISSING', `no set has a lockfile for ${names} in ${directory}`, {
    hint: '`rpm-deps update` creates them',
  });
}

/** The name of a set's image: from the flag, else the name of the set. */
export function imageNameOf(set: string, flag: string | undefined): string {
  return flag === undefined ? imageName(set, 'the set') : imageName(flag, '--name');
}

async function lockedTargets(directory: string): Promise<readonly ImageTarget[]> {
  const bySet = new Map<string, ContainerArchitecture[]>();
  for (const { file } of await listLockfiles(directory)) {
    const name = file.slice(0, -LOCKFILE_SUFFIX.length);
    const dash = name.lastIndexOf('-');
    if (dash < 1) continue;
    const set = name.slice(0, dash);
    const architecture = findArchitecture(name.slice(dash + 1));
    if (architecture) bySet.set(set, [...(bySet.get(set) ?? []), architecture]);
  }
  if (bySet.size > 0) return [...bySet].map(([set, architectures]) => ({ set, architectures }));
  throw new RpmDepsError('LOCKFILE_MISSING', `there are no lockfiles in ${directory}`, { hint: '`rpm-deps update` creates them' });
}
