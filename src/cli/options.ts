import { DISTRIBUTIONS } from '../manifest/distribution-names.ts';
import type { OptionDefinition } from './option-definition.ts';

/** Options of every command, allowed before and after its name. */
export const GLOBAL_OPTIONS: readonly OptionDefinition[] = [
  { name: 'manifest', value: 'FILE', help: 'the manifest (default: rpm-packages.yaml, or .json)' },
  { name: 'lockfiles', value: 'DIR', help: 'directory of the lockfiles (default: rpm-lockfiles)' },
  { name: 'mirror', value: 'URL', help: "override the manifest's mirror (URL or directory; env: RPM_DEPS_MIRROR)" },
  {
    name: 'version-from-env',
    value: 'NAME',
    many: true,
    help: 'let environment variable NAME override `versions` (repeatable; env: RPM_DEPS_VERSIONS_FROM_ENV)',
  },
  { name: 'cache-dir', value: 'DIR', help: 'directory of the cache (env: RPM_DEPS_CACHE_DIR)' },
  { name: 'shared-cache', help: 'use a cache that other users may write, for RPMs only (env: RPM_DEPS_SHARED_CACHE=1)' },
  { name: 'offline', help: 'use only the cache, never the network' },
  { name: 'json', help: 'print JSON for programs (docs/json.md)' },
  { name: 'solver-seconds', value: 'N', help: 'stop the solver after N seconds (default: 300)' },
  { name: 'color', value: 'WHEN', choices: ['auto', 'always', 'never'], help: 'colours (default: auto; env: NO_COLOR)' },
  { name: 'quiet', short: 'q', help: 'print only results and errors' },
  { name: 'verbose', short: 'v', help: 'print the steps and their duration' },
  { name: 'directory', short: 'C', value: 'DIR', help: 'start in another directory' },
  { name: 'help', short: 'h', help: 'show help' },
];

export const ARCH: OptionDefinition = {
  name: 'arch',
  value: 'ARCH',
  many: true,
  completes: 'architectures',
  help: 'only this architecture, such as x86_64 or amd64, aarch64 or arm64, s390x (repeatable)',
};
export const SET: OptionDefinition = {
  name: 'set',
  value: 'SET',
  many: true,
  completes: 'sets',
  help: 'only this package set (repeatable)',
};
/** Only presets can be completed; a name such as `copr:OWNER/PROJECT` must be typed. */
export const DISTRIBUTION = {
  name: 'distribution',
  value: 'NAME',
  many: true,
  suggestions: DISTRIBUTIONS.filter((name) => !/[A-Z]/.test(name)),
} as const;
/** Repositories and variables besides those of the manifest. */
export const REPOSITORIES_FOR_RUN: readonly OptionDefinition[] = [
  { name: 'repofile', value: 'FILE', many: true, help: 'also use the repositories of a .repo file (repeatable)' },
  { ...DISTRIBUTION, help: 'also use the repositories of a distribution, see `init` (repeatable)' },
  { name: 'enable-repo', value: 'ID', many: true, completes: 'repositories', help: 'enable a repository; a glob works too (repeatable)' },
  { name: 'set-variable', value: 'NAME=VALUE', many: true, help: 'value of $NAME in URLs of repositories (repeatable)' },
  { name: 'releasever', value: 'VERSION', help: 'value of $releasever in URLs of repositories, except for sets with `releasever`' },
];
const REPO: OptionDefinition = {
  name: 'repo',
  value: 'ID=URL',
  many: true,
  help: 'also use this repository, in this run only (repeatable)',
};
export const RUN_OPTIONS: readonly OptionDefinition[] = [REPO, ...REPOSITORIES_FOR_RUN];
export const DRY_RUN: OptionDefinition = { name: 'dry-run', help: 'show what would change without writing anything' };
export const TIMINGS: OptionDefinition = { name: 'timings', help: 'print how long each stage took' };
export const KEEP_GOING: OptionDefinition = {
  name: 'keep-going',
  help: 'write the lockfiles of resolved sets even if other sets cannot be resolved',
};
export const ALLOW_DOWNGRADE: OptionDefinition = {
  name: 'allow-downgrade',
  value: 'NAME',
  completes: 'packages',
  optional: true,
  many: true,
  help: 'allow downgrades of all locked packages or only of NAME, and older metadata (repeatable)',
};
export const PULL_REQUEST: readonly OptionDefinition[] = [
  { name: 'pr-title', help: 'print a title for a pull request' },
  { name: 'pr-body', value: 'FILE', help: 'write a description for a pull request to FILE (Markdown)' },
];
export const ENV: readonly (readonly [string, string])[] = [
  ['RPM_DEPS_MIRROR', 'mirror, if --mirror is not given'],
  ['RPM_DEPS_CACHE_DIR', 'cache directory, if --cache-dir is not given'],
  ['RPM_DEPS_SHARED_CACHE', '1: use a cache that other users may write, for RPMs only'],
  ['RPM_DEPS_VERSION_<NAME>', 'value of NAME under `versions`'],
  ['RPM_DEPS_VERSIONS_FROM_ENV', 'environment variables that may override `versions`, separated by commas'],
  ['HTTP_PROXY, HTTPS_PROXY, NO_PROXY', 'proxy servers'],
  ['NO_COLOR', 'no colours'],
];
export const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'done, or nothing to do'],
  ['1', 'a check failed, or differences were found'],
  ['2', 'usage, manifest or lockfile'],
  ['3', 'unsolvable'],
  ['4', 'mirror or network'],
  ['5', 'checksum or signature'],
  ['6', 'a pinned version is no longer in any repository'],
  ['70', 'a bug'],
  ['130', 'interrupted'],
];
