import type { CommandDefinition } from '../command.ts';
import { ARCH, REPOSITORIES_FOR_RUN, RUN_OPTIONS, SET } from '../options.ts';

const SPEC = 'NAME is a name, name.arch, name-version or NEVRA.';

/** Read-only commands. */
export const QUERY_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'outdated',
    summary: 'compare locked packages and pins with the newest versions in the repositories',
    arguments: [],
    options: [ARCH, SET, { name: 'exit-code', help: 'exit 1 if anything is outdated' }, ...RUN_OPTIONS],
    examples: ['', '--arch x86_64 --json'],
    load: () => import('../actions/outdated.ts').then((module) => module.outdatedAction),
  },
  {
    name: 'why',
    summary: 'show which requested packages bring in NAME, and through which dependencies (offline)',
    description: SPEC,
    arguments: [{ name: 'NAME', required: true, completes: ['packages'] }],
    options: [ARCH, SET, { name: 'all', help: 'show all chains instead of the shortest' }],
    examples: ['glibc', 'python3-libs --set launcherbase --arch s390x', 'openssl-libs --all'],
    load: () => import('../actions/why.ts').then((module) => module.whyAction),
  },
  {
    name: 'tree',
    summary: 'draw the dependencies in a lockfile (offline)',
    description: SPEC,
    arguments: [{ name: 'NAME', many: true, completes: ['packages'] }],
    options: [
      ARCH,
      SET,
      { name: 'depth', value: 'N', help: 'number of levels to draw' },
      { name: 'invert', help: 'draw reverse dependencies: the packages that need each package' },
      { name: 'format', value: 'FORMAT', choices: ['text', 'dot', 'mermaid', 'json'], help: 'output format (default: text)' },
    ],
    examples: ['--set launcherbase --arch x86_64 --depth 2', 'glibc --invert', '--set handlerbase --arch s390x --format dot'],
    load: () => import('../actions/tree.ts').then((module) => module.treeAction),
  },
  {
    name: 'resolve',
    summary: 'resolve packages without locking them',
    description:
      'Uses the repositories of the manifest, or without a manifest BaseOS, AppStream and CRB of CentOS Stream 9.\nModules that all sets of the manifest enable or disable are enabled or disabled here too.\nWith --installed, lists the packages to install and the changes to installed packages.',
    arguments: [{ name: 'SPEC', many: true }],
    options: [
      { ...ARCH, many: false, help: 'architecture (default: the first of the manifest, else that of this machine)' },
      { name: 'weak', help: 'install weak dependencies too' },
      { name: 'best', help: 'fail if the newest version cannot be installed' },
      { name: 'exclude', value: 'GLOB', many: true, help: 'never consider these packages (repeatable)' },
      { name: 'ignore', value: 'PATTERN', many: true, help: 'leave these packages out, and those that only they need (repeatable)' },
      {
        name: 'repo',
        value: 'ID',
        many: true,
        completes: 'repositories',
        help: 'use only this repository; ID=URL needs no manifest (repeatable)',
      },
      { name: 'installed', value: 'FILE', help: 'NEVRAs of installed packages, one per line; the repositories must have them' },
      { name: 'upgrade', value: 'SPEC', many: true, help: "upgrade installed packages; '*' for all (repeatable)" },
      {
        name: 'distro-sync',
        value: 'SPEC',
        many: true,
        help: "move installed packages to the repositories' versions; '*' for all (repeatable)",
      },
      { name: 'reinstall', value: 'SPEC', many: true, help: 'reinstall installed packages (repeatable)' },
      { name: 'remove', value: 'SPEC', many: true, help: 'remove installed packages (repeatable)' },
      { name: 'allow-erasing', help: 'allow removing installed packages to resolve conflicts' },
      { name: 'enable-module', value: 'NAME:STREAM', many: true, help: 'enable a module stream (repeatable)' },
      { name: 'disable-module', value: 'NAME', many: true, help: 'disable a module (repeatable)' },
      ...REPOSITORIES_FOR_RUN,
    ],
    examples: [
      'bash --arch s390x',
      "--arch amd64 --repo baseos --repo appstream 'python3 >= 3.9' /usr/bin/make --json",
      'podman --distribution fedora',
      "--repo r=file:///repo --installed base.txt httpd --upgrade 'openssl*'",
    ],
    load: () => import('../actions/resolve.ts').then((module) => module.resolveAction),
  },
  {
    name: 'search',
    summary: 'find packages in the repositories by name, summary, glob, path or capability',
    description: 'Case is ignored. The best matches come first.',
    arguments: [{ name: 'PATTERN', required: true, many: true }],
    options: [
      ARCH,
      { name: 'limit', value: 'N', help: 'show at most N names (default: 100; 0: all)' },
      { name: 'summaries', negatable: true, help: 'search in summaries too, and show them (default: yes)' },
      ...RUN_OPTIONS,
    ],
    examples: ['libvirt', "'container runtime' --limit 5", "'qemu-kvm-*' --arch s390x", '/usr/bin/make', "'libcurl.so.4()(64bit)'"],
    load: () => import('../actions/search.ts').then((module) => module.searchAction),
  },
  {
    name: 'info',
    summary: 'show summary, licence, versions, dependencies and locks of a package',
    description: SPEC,
    arguments: [{ name: 'NAME', required: true, completes: ['packages'] }],
    options: [ARCH, ...RUN_OPTIONS],
    examples: ['seabios-bin', 'glibc --arch s390x --json', 'podman --distribution fedora --releasever 45'],
    load: () => import('../actions/info.ts').then((module) => module.infoAction),
  },
];
