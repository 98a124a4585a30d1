import type { CommandDefinition } from '../command.ts';
import type { OptionDefinition } from '../option-definition.ts';
import { ARCH, RUN_OPTIONS, SET } from '../options.ts';

const SIGNATURES: OptionDefinition = {
  name: 'signatures',
  negatable: true,
  help: 'check the signatures of RPMs from repositories with a `gpgkey` (default: yes)',
};

const SOURCES: OptionDefinition = { name: 'sources', help: 'include locked source RPMs' };

/** Commands that copy or check .rpm files. */
export const ARTIFACT_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'fetch',
    summary: 'download and verify the locked RPMs',
    description:
      'Tries the base URLs of the repository, its mirrors, then `fallbacks` of the manifest. Interrupted downloads resume.\n' +
      'With --repodata, DIR and each DIR/<arch> are repositories for `dnf --repofrompath`, with exactly the locked RPMs.',
    arguments: [],
    options: [
      ARCH,
      SET,
      { name: 'output', short: 'o', value: 'DIR', help: 'put the RPMs into DIR as <arch>/<filename>, as hard links if possible' },
      { name: 'copy', help: 'copy into DIR instead of making hard links' },
      { name: 'repodata', help: 'write repository metadata for DIR' },
      { name: 'sources', help: 'download the locked source RPMs too; in DIR they are src/<filename>' },
      { name: 'jobs', short: 'j', value: 'N', help: 'number of parallel downloads (default: 8)' },
      SIGNATURES,
      ...RUN_OPTIONS,
    ],
    examples: ['', '--arch s390x --set launcherbase --output rpms --repodata', '--sources --output rpms', '--offline --json'],
    load: () => import('../actions/artifacts.ts').then((module) => module.fetchAction),
  },
  {
    name: 'verify',
    summary: 'verify the RPMs in the cache, or in a directory, against the lockfiles',
    description:
      'Reports missing, extra, altered and unsigned files. The exit code is 1, or 5 if a file was altered, has an invalid\n' +
      'signature or is a different package.\n' +
      'Extra files are RPMs in DIR that are in no lockfile. They are not reported in the cache, where other projects may need them.',
    arguments: [{ name: 'DIR' }],
    options: [ARCH, SET, SOURCES, SIGNATURES],
    examples: ['', 'rpms', 'rpms --arch s390x --json'],
    load: () => import('../actions/artifacts.ts').then((module) => module.verifyAction),
  },
  {
    name: 'archive',
    summary: 'copy locked RPMs to an archive',
    description:
      'TARGET is a directory, or the URL of a server that accepts PUT. File names are sha256 sums, as `fallbacks` expects them.\n' +
      'The environment variable RPM_DEPS_ARCHIVE_TOKEN has the token for the server.\n' +
      'If some RPMs cannot be copied, the others are copied, and the error lists the failures.',
    arguments: [],
    options: [
      ARCH,
      SET,
      { name: 'to', value: 'TARGET', help: 'the archive: a directory or an http(s) URL' },
      { name: 'check', help: 'copy nothing; list RPMs that are only in the archive, not in the archive, or nowhere' },
      SOURCES,
      SIGNATURES,
    ],
    examples: ['--to /srv/rpms', '--to https://rpms.example.com/sha256 --arch x86_64', '--to /srv/rpms --check'],
    load: () => import('../actions/artifacts.ts').then((module) => module.archiveAction),
  },
];
