/** The formats that can be imported. README and the error for unknown formats list them from here; the help of `import` describes them. */
import type { Imported, ImportFile } from './imported.ts';
import { readBazel } from './read-bazel.ts';
import { readKickstart } from './read-kickstart.ts';
import { readAria2, readLines, readListsBySet, readVersionLock, readVersionLockToml } from './read-lists.ts';
import { readBazeldnfLock, readLock, readPackageManifest, readRpmsLock } from './read-locks.ts';
import { readRepoFile, readRepoYaml } from './read-repositories.ts';
import { readRpmsIn } from './read-rpms-in.ts';
import { readCycloneDx, readSpdx } from './read-sbom.ts';
import { readShell } from './read-shell.ts';

export interface ImportFormat {
  /** Files of the format, as users call them. */
  readonly files: string;
  /** What it becomes in the manifest. */
  readonly gives: string;
  /** Undefined if the file has another format. */
  readonly read: (file: ImportFile, signal: AbortSignal | undefined) => Imported | undefined | Promise<Imported | undefined>;
}

/** In the order in which they are tried: the last ones accept almost any text. */
export const IMPORT_FORMATS: readonly ImportFormat[] = [
  { files: 'lockfiles of schema 1.0, 1.1 and 1.2', gives: 'what was requested, repositories, `sources`; 1.0: roots', read: readLock },
  { files: '`rpms.lock.yaml`', gives: 'roots, repositories, `sources`', read: readRpmsLock },
  { files: '`packages.manifest.yaml`', gives: 'roots, repositories, modules', read: readPackageManifest },
  { files: 'lock JSON of bazeldnf', gives: 'targets or roots, `ignore`, repositories', read: readBazeldnfLock },
  { files: 'CycloneDX JSON', gives: 'dependencies of the main component, or roots; repositories', read: readCycloneDx },
  { files: 'SPDX 2 JSON', gives: 'dependencies of the described package, or roots; repositories', read: readSpdx },
  { files: '`rpms.in.yaml`', gives: 'everything that `lock --manifest rpms.in.yaml` reads', read: readRpmsIn },
  { files: '`repo.yaml` of bazeldnf', gives: 'repositories', read: readRepoYaml },
  { files: 'lists by set, JSON or YAML', gives: 'sets, groups, versions', read: readListsBySet },
  { files: '`versionlock.list` of dnf', gives: '`holds`, `exclude`', read: readVersionLock },
  { files: '`versionlock.toml` of dnf5', gives: '`holds`', read: readVersionLockToml },
  { files: '`.repo` files', gives: 'repositories', read: readRepoFile },
  {
    files: '`WORKSPACE`, `MODULE.bazel`, `BUILD.bazel`, `.bzl`',
    gives: 'a set for each `rpmtree`: roots; repositories, `fallbacks`',
    read: readBazel,
  },
  { files: '`rpm-packages.sh`, `rpm-deps.sh`', gives: 'sets, groups, versions, `ignore`', read: readShell },
  { files: 'kickstart files', gives: '`%packages`, or its roots; `exclude`, repositories, modules', read: readKickstart },
  { files: 'lists for aria2', gives: 'roots, repositories, `fallbacks`', read: readAria2 },
  { files: 'one package a line', gives: 'packages; whole NEVRAs: roots', read: readLines },
];
