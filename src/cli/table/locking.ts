import type { ArgumentDefinition, CommandDefinition } from '../command.ts';
import { ALLOW_DOWNGRADE, ARCH, DRY_RUN, KEEP_GOING, PULL_REQUEST, SET, TIMINGS } from '../options.ts';

const NAMES: ArgumentDefinition = { name: 'NAME', many: true };

/** Commands that write lockfiles and the manifest. */
export const LOCKING_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'init',
    summary: 'write a manifest to start from',
    description: 'Never overwrites. With --builder it writes the Containerfile of a builder image instead.',
    arguments: [],
    options: [
      { name: 'builder', help: 'write builder/Containerfile' },
      { name: 'containerfile', value: 'FILE', help: 'with --builder: where to (default: builder/Containerfile)' },
      { name: 'set', value: 'SET', help: 'with --builder: the package set of the builder (default: builder)' },
    ],
    examples: ['', '--builder'],
    load: () => import('../actions/init.ts').then((module) => module.initAction),
  },
  {
    name: 'update',
    summary: 'lock the newest versions; with names, move only those and what they force',
    description:
      'A NAME is a package or a glob. Writes all lockfiles or, if one set cannot be solved, none. A lockfile whose packages and request\nstay as they are is not touched.',
    arguments: [NAMES],
    options: [
      ARCH,
      SET,
      { name: 'source', value: 'NAME', many: true, help: 'move the packages built from this source RPM (repeatable)' },
      ALLOW_DOWNGRADE,
      DRY_RUN,
      KEEP_GOING,
      TIMINGS,
      ...PULL_REQUEST,
    ],
    examples: [
      '',
      '--arch s390x --set launcherbase',
      'openssl-libs curl-minimal',
      '--source qemu-kvm --dry-run',
      '--pr-title --pr-body body.md',
    ],
    load: () => import('../actions/relock.ts').then((module) => module.updateAction),
  },
  {
    name: 'lock',
    summary: 'bring lockfiles in line with the manifest, keep every locked version that still fits',
    arguments: [],
    options: [ARCH, SET, ALLOW_DOWNGRADE, DRY_RUN, KEEP_GOING, TIMINGS, ...PULL_REQUEST],
    examples: ['', '--dry-run', '--set launcherbase'],
    load: () => import('../actions/relock.ts').then((module) => module.lockAction),
  },
  {
    name: 'bump',
    summary: 'move versions that the manifest pins to the newest that every architecture has, then update',
    description:
      'A NAME is a name under `versions`, a package, or a source RPM. Packages of one source RPM move together. Comments, order and\nquoting of the manifest stay. The lockfiles follow, with nothing else moved.',
    arguments: [NAMES],
    options: [
      { name: 'to', value: 'VERSION', help: 'this version instead of the newest; for one name' },
      ALLOW_DOWNGRADE,
      DRY_RUN,
      TIMINGS,
      ...PULL_REQUEST,
    ],
    examples: ['', 'LIBVIRT_VERSION', 'qemu-kvm --dry-run', 'libvirt --to 10.10.0-3.el9'],
    load: () => import('../actions/bump.ts').then((module) => module.bumpAction),
  },
  {
    name: 'check',
    summary: 'tell whether the lockfiles answer the manifest; offline',
    description: 'Exit 1 if they do not, or with --online if a locked RPM is gone or behind. Each finding names the command that mends it.',
    arguments: [],
    options: [{ name: 'online', help: 'also: is every locked RPM still on its mirror, and the newest?' }],
    examples: ['', '--online', '--json'],
    load: () => import('../actions/check.ts').then((module) => module.checkAction),
  },
  {
    name: 'diff',
    summary: 'tell what changed between two states of the lockfiles',
    description:
      'OLD and NEW are git revisions, directories or lockfiles; also REVISION:PATH, OLD..NEW, and OLD... for what came since the\nbranch left OLD. Without them: HEAD and the working tree.',
    arguments: [{ name: 'OLD' }, { name: 'NEW' }],
    options: [
      { name: 'format', value: 'FORMAT', choices: ['text', 'markdown', 'json'], help: 'how to print it (default text)' },
      { name: 'exit-code', help: 'exit 1 if there is a difference' },
      { name: 'changelog', help: 'with changelog entries and advisories, where repositories have them' },
    ],
    examples: ['', 'HEAD~1', 'main...', 'old-locks/ rpm-lockfiles/ --format markdown', 'v1.0 v1.1 --format json'],
    load: () => import('../actions/diff.ts').then((module) => module.diffAction),
  },
];
