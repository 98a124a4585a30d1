/** `$releasever` of an image, from its installed packages (dnf, rpm/__init__.py: detect_releasever). */
import { RpmDepsError } from '../base/errors.ts';
import { type BaseImageRun, readBaseImage } from './base-image.ts';
import { imageCachePath, keepAnswer, readAnswer } from './image-cache.ts';
import type { InstalledPackage } from './installed-package.ts';

/** Variable name -> value. */
export type ReleaseVariables = Readonly<Record<string, string>>;

/** Packages that provide the release, in dnf's order. */
const RELEASES = [
  'system-release(releasever)',
  'system-release',
  'distribution-release(releasever)',
  'distribution-release',
  'redhat-release',
  'suse-release',
];

/** Empty if no package defines the release. If the registry is unavailable, the last known result is used. */
export async function readReleaseVariables(image: string, architecture: string, run: BaseImageRun): Promise<ReleaseVariables> {
  const path = imageCachePath(run.cacheDir, 'releasever-v1', `${image} ${architecture}`);
  try {
    const { packages } = await readBaseImage(image, architecture, run);
    const found = releaseVariables(packages);
    await keepAnswer(path, found);
    return found;
  } catch (error) {
    if (!(error instanceof RpmDepsError) || (error.code !== 'OFFLINE' && error.code !== 'NETWORK')) throw error;
    const last = await readAnswer(path);
    if (last === undefined) throw error;
    return Object.fromEntries(Object.entries(last).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  }
}

export function releaseVariables(packages: readonly Pick<InstalledPackage, 'name' | 'version' | 'relations'>[]): ReleaseVariables {
  for (const wanted of RELEASES) {
    for (const { name, version, relations } of packages) {
      const provided = relations.provides?.find((provide) => provide.name === wanted);
      if (provided === undefined) continue;
      const isExact = wanted.endsWith('(releasever)') && provided.flags === 'EQ';
      const releasever = (isExact ? provided.version : undefined) || version;
      if (!/^[\w.+-]{1,50}$/.test(releasever)) continue;
      // Same variables as in /etc/dnf/vars of this package.
      return name.startsWith('centos-stream-') ? { releasever, stream: `${releasever}-stream`, contentdir: 'centos' } : { releasever };
    }
  }
  return {};
}
