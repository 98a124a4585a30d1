import type { CommandDefinition, OptionDefinition } from '../command.ts';
import { ARCH, SET } from '../options.ts';

const SIGNATURES: OptionDefinition = {
  name: 'signatures',
  negatable: true,
  help: 'check signatures where a repository has a `gpgkey` (default: yes)',
};

/** Commands that move or look at .rpm files. */
export const ARTIFACT_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'fetch',
    summary: 'get the locked RPMs into the cache, checked, and lay them out',
    description:
      'Sources in order: base URLs of the repository, its mirrors, then `fallbacks` of the manifest. What was broken off is taken up again.\n' +
      'With --repodata, `dnf --repofrompath` takes exactly the locked files from DIR or from DIR/<arch>.',
    arguments: [],
    options: [
      ARCH,
      SET,
      { name: 'output', short: 'o', value: 'DIR', help: 'lay out <arch>/<filename> in DIR, by hard link where that is possible' },
      { name: 'copy', help: 'copy into DIR instead of linking' },
      { name: 'repodata', help: 'write repository metadata for DIR' },
      { name: 'jobs', short: 'j', value: 'N', help: 'how many files at once (default 8)' },
      SIGNATURES,
    ],
    examples: ['', '--arch s390x --set launcherbase --output rpms --repodata', '--offline --json'],
    load: () => import('../actions/artifacts.ts').then((module) => module.fetchAction),
  },
  {
    name: 'verify',
    summary: 'compare what is in the cache, or in a directory, with the lockfiles',
    description:
      'Missing, extra, altered and unsigned files are failures: exit 1, or 5 for a file that was altered, is wrongly signed or is another package.\n' +
      'Extra are RPMs in DIR that no lockfile names; the cache may hold those of other projects.',
    arguments: [{ name: 'DIR' }],
    options: [ARCH, SET, SIGNATURES],
    examples: ['', 'rpms', 'rpms --arch s390x --json'],
    load: () => import('../actions/artifacts.ts').then((module) => module.verifyAction),
  },
  {
    name: 'archive',
    summary: 'keep the locked RPMs where no mirror can drop them',
    description:
      'TARGET is a directory, or a URL that takes PUT; each file is named after its sha256, as `fallbacks` can name it.\n' +
      'A token for the server is taken from RPM_DEPS_ARCHIVE_TOKEN.\n' +
      'What cannot be had, or is not taken, is named at the end, and the others are kept all the same.',
    arguments: [],
    options: [
      ARCH,
      SET,
      { name: 'to', value: 'TARGET', help: 'where to: a directory or an http(s) URL' },
      { name: 'check', help: 'copy nothing; report what exists only there, what is not there, and what is nowhere' },
      SIGNATURES,
    ],
    examples: ['--to /srv/rpms', '--to https://rpms.example.com/sha256 --arch x86_64', '--to /srv/rpms --check'],
    load: () => import('../actions/artifacts.ts').then((module) => module.archiveAction),
  },
];
