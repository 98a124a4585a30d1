import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type ContainerArchitecture, containerArchitecture } from '../containers/container-architecture.ts';
import { imageName } from '../containers/image-reference.ts';
import { RpmDepsError } from '../errors.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { LOCKFILE_SUFFIX, listLockfiles, lockfileName } from '../lockfile/lockfile-dir.ts';
import { parseLockfile } from '../lockfile/read.ts';
import type { LockInput } from './container-input.ts';
import type { Context } from './context.ts';

/** A lockfile, the bytes of which are known by their digest. */
export interface DigestedLock {
  readonly lock: Lockfile;
  readonly architecture: ContainerArchitecture;
  readonly path: string;
  readonly digest: string;
}

export function lockfileDirectory(input: LockInput, context: Context): string {
  return resolve(context.cwd, input.lockfiles ?? 'rpm-lockfiles');
}

export async function readDigestedLock(directory: string, set: string, architecture: ContainerArchitecture): Promise<DigestedLock> {
  const path = join(directory, lockfileName(set, architecture.rpm));
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))) throw error;
    const others = (await architecturesOf(directory, set)).map(({ container }) => container);
    throw new RpmDepsError('LOCKFILE_MISSING', `there is no lockfile of ${set} for ${architecture.container}: ${path}`, {
      hint: others.length > 0 ? `there is one for ${others.join(', ')}` : `\`rpm-deps update --set ${set}\` makes it`,
      cause: error,
    });
  }
  const lock = parseLockfile(bytes.toString('utf8'), path);
  if (lock.architecture !== architecture.rpm || lock.package_set !== set) {
    throw new RpmDepsError('LOCKFILE_INVALID', `${path} is the lock of ${JSON.stringify(`${lock.package_set}-${lock.architecture}`)}`);
  }
  if (lock.packages.length === 0)
    throw new RpmDepsError('LOCKFILE_INVALID', `${path} locks no packages: there is nothing to make an image of`);
  return { lock, architecture, path, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

/** The architectures that a set has lockfiles for. */
export async function architecturesOf(directory: string, set: string): Promise<readonly ContainerArchitecture[]> {
  return (await lockNames(directory)).filter((name) => name.set === set).map(({ architecture }) => containerArchitecture(architecture));
}

/** The sets asked for, or all that have lockfiles. */
export async function chosenSets(directory: string, asked: readonly string[] | undefined): Promise<readonly string[]> {
  const known = [...new Set((await lockNames(directory)).map(({ set }) => set))];
  if (known.length === 0) {
    throw new RpmDepsError('LOCKFILE_MISSING', `there are no lockfiles in ${directory}`, { hint: '`rpm-deps update` makes them' });
  }
  if (asked === undefined || asked.length === 0) return known;
  const unknown = asked.find((set) => !known.includes(set));
  if (unknown === undefined) return [...new Set(asked)];
  throw new RpmDepsError('LOCKFILE_MISSING', `there is no lockfile of the set ${JSON.stringify(unknown)}`, {
    hint: `there are: ${known.join(', ')}`,
  });
}

/** What an image of a set is called: by flag, which only one set can have, else like the set. */
export function imageNameOf(set: string, flag: string | undefined): string {
  return flag === undefined ? imageName(set, 'the set') : imageName(flag, '--name');
}

async function lockNames(directory: string): Promise<readonly { set: string; architecture: string }[]> {
  return (await listLockfiles(directory)).flatMap(({ file }) => {
    const name = file.slice(0, -LOCKFILE_SUFFIX.length);
    const dash = name.lastIndexOf('-');
    return dash < 1 ? [] : [{ set: name.slice(0, dash), architecture: name.slice(dash + 1) }];
  });
}
