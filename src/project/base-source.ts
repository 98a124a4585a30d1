/** Reads the bases of sets: images in registries, images named in Containerfiles, and rpm databases in directories. */

import { dirname, resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { readProblem } from '../base/read-problem.ts';
import { type BaseImageRun, installedDigest, readBaseImage } from '../installed/base-image.ts';
import { readFolderDatabase } from '../installed/folder-database.ts';
import { formatImageName, parseImageName } from '../installed/image-name.ts';
import { readWithin } from '../io/read-within.ts';
import type { LockedBase, Lockfile } from '../lockfile/lockfile.ts';
import { type BaseSource, type InstalledBase, listedBase } from '../locking/installed-base.ts';
import type { Target } from '../locking/target.ts';
import { baseOfContainerfile } from '../manifest/containerfile.ts';
import { MAX_MANIFEST_BYTES, type Manifest } from '../manifest/manifest.ts';
import type { BaseDefinition } from '../manifest/set-base.ts';

export interface BaseReading {
  /** The existing lockfiles. */
  readonly locks: readonly Lockfile[];
  /** Keeps a locked tag at the image that it had then. */
  readonly keep: boolean;
}

/** Each base is read once per run. */
export function baseSource(manifest: Manifest, { locks, keep }: BaseReading, run: BaseImageRun): BaseSource {
  const folder = dirname(manifest.path);
  const known = new Map<string, Promise<InstalledBase>>();
  return ({ set, architecture }: Target) => {
    const { base } = set;
    if (base === undefined) throw new Error(`the set ${set.name} has no base`);
    const locked = keep ? locks.find((lock) => lock.package_set === set.name && lock.architecture === architecture)?.base : undefined;
    const key = JSON.stringify([base, architecture, locked?.digest]);
    let reading = known.get(key);
    if (reading === undefined) {
      reading = readBase(base, { architecture, folder, locked }, run);
      known.set(key, reading);
    }
    return reading;
  };
}

interface Place {
  readonly architecture: string;
  /** Directory of the manifest. */
  readonly folder: string;
  readonly locked: LockedBase | undefined;
}

async function readBase(base: BaseDefinition, place: Place, run: BaseImageRun): Promise<InstalledBase> {
  if (base.kind === 'packages') return listedBase(base.packages);
  if (base.kind === 'rpmdb') {
    const { packages } = await readFolderDatabase(resolve(place.folder, base.path));
    return { installed: packages, locked: { rpmdb: base.path, installed_digest: installedDigest(packages) } };
  }
  const image = await imageOf(base, place);
  const name = parseImageName(image, base.kind === 'image' ? '`base`' : `the image that ${base.path} starts from`);
  const isKept = name.digest === undefined && place.locked?.digest !== undefined && place.locked.image === formatImageName(name);
  const read = await readBaseImage(formatImageName(isKept ? { ...name, digest: place.locked!.digest } : name), place.architecture, run);
  return {
    installed: read.packages,
    locked: {
      image: formatImageName(name),
      digest: read.digest,
      architecture_digest: read.manifestDigest,
      ...(base.kind === 'containerfile' ? { containerfile: base.path } : {}),
      installed_digest: read.installedDigest,
    },
  };
}

/** The image of a base definition; reads the Containerfile if necessary. */
export async function imageOf(
  base: Extract<BaseDefinition, { kind: 'image' | 'containerfile' }>,
  { folder, architecture }: Pick<Place, 'folder' | 'architecture'>,
): Promise<string> {
  if (base.kind === 'image') return base.image;
  const read = await readWithin(resolve(folder, base.path), MAX_MANIFEST_BYTES).catch((cause: NodeJS.ErrnoException) => {
    throw new RpmDepsError('MANIFEST_INVALID', `the Containerfile \`${base.path}\` cannot be read: ${readProblem(cause)}`, {
      hint: 'its path starts from the folder of the manifest',
      cause,
    });
  });
  return baseOfContainerfile(read.toString('utf8'), base.path, { stage: base.stage, args: base.args, architecture });
}
