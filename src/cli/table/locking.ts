import { DISTRIBUTIONS } from '../../manifest/distribution-names.ts';
import type { CommandDefinition } from '../command.ts';
import type { ArgumentDefinition } from '../option-definition.ts';
import { ALLOW_DOWNGRADE, ARCH, DISTRIBUTION, DRY_RUN, KEEP_GOING, PULL_REQUEST, RUN_OPTIONS, SET, TIMINGS } from '../options.ts';

const NAMES: ArgumentDefinition = { name: 'NAME', many: true, completes: ['packages'] };

/** Commands that write lockfiles and the manifest. */
export const LOCKING_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'init',
    summary: 'write a manifest to start from',
    description: `Never overwrites a file. Without --distribution and --repofile the repositories are those of CentOS Stream 9.\nNAME is one of ${DISTRIBUTIONS.join(', ')}.\nWith --builder it writes the Containerfile of a builder image instead.`,
    arguments: [],
    options: [
      { ...DISTRIBUTION, help: 'write the repositories of this distribution (repeatable)' },
      { name: 'repofile', value: 'FILE', many: true, help: 'write the repositories of a .repo file (repeatable)' },
      { name: 'releasever', value: 'VERSION', help: 'value of $releasever in URLs, for example 44' },
      { ...ARCH, help: 'architecture of the manifest (repeatable; default: x86_64, aarch64, s390x)' },
      { name: 'builder', help: 'write builder/Containerfile' },
      { name: 'containerfile', value: 'FILE', help: 'with --builder: the file to write (default: builder/Containerfile)' },
      { name: 'set', value: 'SET', help: 'with --builder: the package set of the builder (default: builder)' },
    ],
    examples: [
      '',
      '--distribution fedora --arch x86_64',
      '--distribution ubi9 --distribution epel-9',
      '--distribution centos-stream-10 --distribution copr:@kubevirt/nightly',
      '--repofile /etc/yum.repos.d/internal.repo --releasever 9',
      '--builder',
    ],
    load: () => import('../actions/init.ts').then((module) => module.initAction),
  },
  {
    name: 'add',
    summary: 'add packages to a set in the manifest, and lock them',
    description:
      'NAME is a spec as in dnf: a name, name-version, path or capability. The rest of the manifest is kept, comments too.\nIf the set is in an included file, that file is edited. If NAME is in no repository, or the set cannot be resolved,\nnothing is written.',
    arguments: [{ name: 'NAME', many: true, required: true }],
    options: [
      { ...SET, help: 'add the packages to this set; not needed if there is only one (repeatable)' },
      { ...ARCH, help: 'add the packages for this architecture only (repeatable)' },
      ALLOW_DOWNGRADE,
      DRY_RUN,
      TIMINGS,
      ...RUN_OPTIONS,
    ],
    examples: ['nginx', 'libvirt-client qemu-img --set launcherbase', 'edk2-ovmf --set launcherbase --arch x86_64 --dry-run'],
    load: () => import('../actions/edit-sets.ts').then((module) => module.addAction),
  },
  {
    name: 'remove',
    summary: 'remove packages from the sets in the manifest, and from the lockfiles',
    description:
      'NAME is a package of a set or a group, with or without its version. Without --set it is removed from every set and group.\nPackages that only NAME needed are no longer locked. The rest of the manifest is kept, comments too. If NAME is in an\nincluded file, that file is edited.',
    arguments: [{ ...NAMES, required: true }],
    options: [{ ...SET, help: 'remove the packages from this set only (repeatable)' }, ALLOW_DOWNGRADE, DRY_RUN, TIMINGS, ...RUN_OPTIONS],
    examples: ['nginx', 'libvirt-client --set launcherbase', 'vim-minimal --dry-run'],
    load: () => import('../actions/edit-sets.ts').then((module) => module.removeAction),
  },
  {
    name: 'update',
    summary: 'lock the newest versions; with NAME, update only it and the dependencies that must change with it',
    description:
      'NAME is a package or a glob. If one set cannot be resolved, no lockfile is written. If neither the packages nor the request\nof a lockfile change, the file is not written.',
    arguments: [NAMES],
    options: [
      ARCH,
      SET,
      { name: 'source', value: 'NAME', many: true, help: 'update the packages built from this source RPM (repeatable)' },
      ALLOW_DOWNGRADE,
      DRY_RUN,
      KEEP_GOING,
      TIMINGS,
      ...RUN_OPTIONS,
      ...PULL_REQUEST,
    ],
    examples: [
      '',
      '--arch s390x --set launcherbase',
      'openssl-libs curl-minimal',
      '--source qemu-kvm --dry-run',
      '--set-variable COMPOSE=CentOS-Stream-9-20250113.0 --dry-run',
      '--pr-title --pr-body body.md',
    ],
    load: () => import('../actions/relock.ts').then((module) => module.updateAction),
  },
  {
    name: 'lock',
    summary: 'update lockfiles after editing the manifest, changing as little as possible',
    arguments: [],
    options: [ARCH, SET, ALLOW_DOWNGRADE, DRY_RUN, KEEP_GOING, TIMINGS, ...RUN_OPTIONS, ...PULL_REQUEST],
    examples: ['', '--dry-run', '--set launcherbase', '--repo nightly=https://rpms.example/nightly/ --dry-run'],
    load: () => import('../actions/relock.ts').then((module) => module.lockAction),
  },
  {
    name: 'bump',
    summary: 'update pins in the manifest to the newest version for all architectures, then the lockfiles',
    description:
      'NAME is a name under `versions` or `variables`, a package, or a source RPM. A variable with a list (a page, a\nfolder or a file), such as `COMPOSE: { value: ..., list: URL }`, is set to the newest name in that list.\nPackages of one source RPM are updated together. Comments, order and quoting of the manifest are kept. Lockfiles change\nas little as possible.',
    arguments: [{ ...NAMES, completes: ['variables', 'packages'] }],
    options: [
      { name: 'to', value: 'VERSION', help: 'use this version instead of the newest; requires exactly one NAME' },
      ALLOW_DOWNGRADE,
      DRY_RUN,
      TIMINGS,
      ...RUN_OPTIONS,
      ...PULL_REQUEST,
    ],
    examples: ['', 'LIBVIRT_VERSION', 'COMPOSE', 'qemu-kvm --dry-run', 'libvirt --to 10.10.0-3.el9'],
    load: () => import('../actions/bump.ts').then((module) => module.bumpAction),
  },
  {
    name: 'check',
    summary: 'check that lockfiles match the manifest (offline)',
    description:
      'The exit code is 1 if they do not match. With --online, it is also 1 if a locked RPM is no longer available or not the\nnewest. Each finding names the command that fixes it.',
    arguments: [],
    options: [
      { name: 'online', help: 'also check that each locked RPM is still on its mirror, and is the newest' },
      { name: 'annotate', help: 'print findings as annotations of GitHub Actions' },
      ...RUN_OPTIONS,
    ],
    examples: ['', '--online', '--json'],
    load: () => import('../actions/check.ts').then((module) => module.checkAction),
  },
  {
    name: 'diff',
    summary: 'show what changed between two states of the lockfiles',
    description:
      'OLD and NEW are git revisions, directories or lockfiles (default: HEAD and the working tree). REVISION:PATH and OLD..NEW work\ntoo, and OLD... shows the changes since the branch left OLD. If you name one lockfile, only its changes are shown.',
    arguments: [{ name: 'OLD' }, { name: 'NEW' }],
    options: [
      { name: 'format', value: 'FORMAT', choices: ['text', 'markdown', 'json'], help: 'output format (default: text)' },
      { name: 'exit-code', help: 'exit 1 if there is a difference' },
      { name: 'comment', help: 'keep one comment with the changes on the pull request of this CI job (GitHub, GitLab, Gitea)' },
      { name: 'changelog', help: 'add changelog entries and advisories from the repositories' },
    ],
    examples: ['', 'HEAD~1', 'main...', 'old-locks/ rpm-lockfiles/ --format markdown', 'v1.0 v1.1 --format json'],
    load: () => import('../actions/diff.ts').then((module) => module.diffAction),
  },
];
