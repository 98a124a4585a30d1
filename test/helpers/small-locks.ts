import { createHash } from 'node:crypto';
import type { LockedPackage, Lockfile } from '../../src/lockfile/lockfile.ts';

export interface LockedInput {
  readonly arch?: string;
  readonly source?: string;
  readonly dependencies?: readonly string[];
  readonly repository?: string;
  readonly size?: number;
  readonly sha256?: string;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `pin('glibc 2.34-147.el9', { dependencies: ['glibc-common'] })`; the rest follows from it. */
export function lockedPackage(text: string, input: LockedInput = {}): LockedPackage {
  const [, name, epoch = '0', version, release] = /^(\S+) (?:(\d+):)?(\S+)-(\S+)$/.exec(text)!;
  const arch = input.arch ?? 'x86_64';
  const filename = `${name}-${version}-${release}.${arch}.rpm`;
  return {
    name: name!,
    epoch,
    version: version!,
    release: release!,
    arch,
    sha256: input.sha256 ?? sha256(filename),
    filename,
    repository: input.repository ?? 'baseos',
    location: `Packages/${filename}`,
    size: input.size ?? 1000,
    source: input.source ?? `${name}-${version}-${release}.src.rpm`,
    dependencies: input.dependencies ?? [],
  };
}

/** `lock('launcherbase-x86_64', ['acl'], [pin(...)])` in schema 1.1. */
export function lock(
  file: string,
  requested: readonly string[],
  packages: readonly LockedPackage[],
  rest: Partial<Lockfile> = {},
): Lockfile {
  const [, packageSet, architecture] = /^(.+)-([^-]+)$/.exec(file)!;
  return {
    schema_version: '1.1',
    architecture: architecture!,
    package_set: packageSet!,
    generated: '2025-01-13T09:43:32Z',
    generator: 'rpm-deps 0.1.0',
    manifest_digest: `sha256:${'0'.repeat(64)}`,
    requested,
    ignored: [],
    repositories: [{ id: 'baseos', baseurl: 'https://mirror.test/BaseOS/', revision: '1', repomd_sha256: sha256('repomd') }],
    packages,
    ...rest,
  };
}

/** The same as other tools write it: schema 1.0. */
export function oldLock({ architecture, package_set, packages }: Lockfile): Lockfile {
  return {
    schema_version: '1.0',
    architecture,
    package_set,
    generated: '2026-02-03T12:17:51Z',
    generator: 'other',
    packages: packages.map(({ name, epoch, version, release, arch, sha256: digest, filename }) => ({
      name,
      epoch,
      version,
      release,
      arch,
      sha256: digest,
      filename,
    })),
  };
}
