import { EXPORT_FORMATS } from '../../views/export-names.ts';
import type { CommandDefinition } from '../command.ts';
import { ARCH, SET } from '../options.ts';

/** Other formats, and the cache. */
export const OTHER_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'export',
    summary: 'print locks in a format of another tool',
    description:
      'rpms.lock.yaml (rpm-lockfile-prototype, hermeto) and packages.manifest.yaml (dnf5) hold all chosen locks, each package once;\nbazeldnf and cyclonedx hold one lock; list is one NEVRA a line.',
    arguments: [],
    options: [
      {
        name: 'format',
        value: 'FORMAT',
        choices: EXPORT_FORMATS,
        help: 'the format',
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
    summary: 'make a manifest from what other tools have',
    description:
      'A FILE is a list of packages by set, as JSON or YAML, a lockfile of any schema, or rpms.in.yaml. Never overwrites a manifest.',
    arguments: [{ name: 'FILE', required: true, many: true }],
    options: [{ name: 'arch', value: 'ARCH', help: 'the architecture of lists that do not say it at the end of their name' }],
    examples: ['package-sets-x86_64.json package-sets-s390x.json', 'rpms.in.yaml --manifest new.yaml'],
    load: () => import('../actions/import.ts').then((module) => module.importAction),
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
    summary: 'remove from the cache what was not used for longest',
    arguments: [],
    description: 'Metadata, keys and what is known of the last runs. Fetched RPMs stay, since mirrors may have dropped them.',
    options: [
      { name: 'max-size', value: 'SIZE', help: 'keep this much, such as 500MB or 2GiB (default: nothing)' },
      { name: 'rpms', help: 'also fetched RPMs' },
    ],
    examples: ['', '--max-size 1GB', '--rpms --max-size 10GB'],
    load: () => import('../actions/cache.ts').then((module) => module.cacheCleanAction),
  },
];
