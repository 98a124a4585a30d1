import { EXPORT_FORMATS, EXPORT_HELP } from '../../manifest/export-names.ts';
import type { CommandDefinition } from '../command.ts';
import { ARCH, DRY_RUN, SET } from '../options.ts';

/** Other formats, and the cache. */
export const OTHER_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'export',
    summary: 'print lockfiles in a format of another tool',
    description: `${EXPORT_HELP}.`,
    arguments: [],
    options: [
      {
        name: 'format',
        value: 'FORMAT',
        choices: EXPORT_FORMATS,
        help: 'format',
      },
      ARCH,
      SET,
      { name: 'output', short: 'o', value: 'FILE', help: 'write to FILE instead of stdout' },
    ],
    examples: ['--format rpms.lock.yaml --set launcherbase', '--format cyclonedx --set launcherbase --arch s390x --output sbom.json'],
    load: () => import('../actions/export.ts').then((module) => module.exportAction),
  },
  {
    name: 'import',
    summary: 'make a manifest from files of other tools',
    description:
      'FILE is a lockfile of any schema, rpms.lock.yaml, packages.manifest.yaml, lock JSON of bazeldnf, CycloneDX or SPDX JSON, rpms.in.yaml,\na .repo file, repo.yaml, WORKSPACE, MODULE.bazel, BUILD.bazel, a shell script of lists (rpm-packages.sh, rpm-deps.sh), a kickstart\nfile, a list for aria2, versionlock.list or versionlock.toml, or a list of packages by set or one per line. `-` is standard input, except for files that are recognized by\ntheir name, such as versionlock.list. Several files make one manifest. If a file has only resolved packages, rpm-deps finds the\nroots with the metadata of the repositories. Settings that a manifest cannot express become a comment and a warning. Never overwrites a manifest.',
    arguments: [{ name: 'FILE', required: true, many: true }],
    options: [{ name: 'arch', value: 'ARCH', help: 'architecture of lists whose file name has none' }],
    examples: ['hack/rpm-packages.sh', 'WORKSPACE rpm/BUILD.bazel rpm/repo.yaml', 'rpm-lockfiles/*.lock.json --manifest new.yaml'],
    load: () => import('../actions/import.ts').then((module) => module.importAction),
  },
  {
    name: 'migrate',
    summary: 'rebuild lockfiles of schema 1.0 from the headers of their RPMs',
    description:
      'Reads the beginning of each RPM from the `fallbacks` of the manifest (by sha256 or file name), else from the mirror, and writes\nlockfiles of schema 1.1 with the same packages. check, why, export and fetch then need no repository. Lockfiles whose RPMs\ncannot be found are not changed.',
    arguments: [],
    options: [ARCH, SET, { name: 'dry-run', help: 'write nothing' }],
    examples: ['', '--set launcherbase --arch s390x', '--dry-run'],
    load: () => import('../actions/migrate.ts').then((module) => module.migrateAction),
  },
  {
    name: 'cache info',
    summary: 'show what is in the cache',
    arguments: [],
    options: [],
    examples: ['', '--json'],
    load: () => import('../actions/cache.ts').then((module) => module.cacheInfoAction),
  },
  {
    name: 'cache clean',
    summary: 'remove the least recently used files from the cache',
    arguments: [],
    description:
      'Removes metadata, keys, data of base images and records of earlier runs. Keeps downloaded RPMs, which mirrors may have deleted,\nand the state of the bot.',
    options: [
      { name: 'max-size', value: 'SIZE', help: 'size to keep, such as 500MB or 2GiB (default: 0)' },
      { name: 'rpms', help: 'remove downloaded RPMs too' },
      { ...DRY_RUN, help: 'show how much would be removed without removing anything' },
    ],
    examples: ['', '--dry-run', '--max-size 1GB', '--rpms --max-size 10GB'],
    load: () => import('../actions/cache.ts').then((module) => module.cacheCleanAction),
  },
];
