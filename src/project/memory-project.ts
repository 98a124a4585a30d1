import { sha256 } from '../base/sha256.ts';
import { lockfileName } from '../lockfile/lock-archive.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import { renderLockfile } from '../lockfile/write.ts';
import { parseManifest, type ReadManifestOptions } from '../manifest/read-manifest.ts';
import type { LockPlace, Project, ProjectChange } from './project.ts';

export interface MemoryProjectOptions extends Partial<ReadManifestOptions> {
  /** The text of the manifest. */
  readonly manifest: string;
  readonly locks?: readonly Lockfile[];
  /** Name of the manifest in messages; JSON if it ends in `.json`. */
  readonly path?: string;
}

/** A project in memory: for programs that have the texts, and for tests. */
export function memoryProject({ manifest, locks = [], path = 'rpm-packages.yaml', ...options }: MemoryProjectOptions): Project {
  let text = manifest;
  const files = new Map<string, Lockfile>();
  const put = (lock: Lockfile): void => void files.set(lockfileName(lock.package_set, lock.architecture), lock);
  for (const lock of locks) put(lock);
  const at = ({ set, architecture }: LockPlace): Lockfile[] => {
    const lock = files.get(lockfileName(set, architecture));
    return lock === undefined ? [] : [lock];
  };
  return {
    manifest: () => parseManifest(text, path, { env: {}, ...options }),
    manifestText: async () => text,
    locks: async (places) =>
      places === undefined ? [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, lock]) => lock) : places.flatMap(at),
    write: async (change: ProjectChange) => {
      for (const lock of change.locks) put(lock);
      text = change.manifestText ?? text;
    },
    revision: async () => {
      const rendered = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, lock]) => [name, renderLockfile(lock)]);
      return `sha256:${sha256(JSON.stringify([text, rendered]))}`;
    },
  };
}
