import type { OptionDefinition } from './command.ts';

/** Understood by every command, before and after its name. */
export const GLOBAL_OPTIONS: readonly OptionDefinition[] = [
  { name: 'manifest', value: 'FILE', help: 'the manifest (default: rpm-packages.yaml, or .json)' },
  { name: 'lockfiles', value: 'DIR', help: 'where lockfiles are (default: rpm-lockfiles)' },
  { name: 'mirror', value: 'URL', help: 'in place of the mirror of the manifest; also a folder (env: RPM_DEPS_MIRROR)' },
  {
    name: 'version-from-env',
    value: 'NAME',
    many: true,
    help: 'let the variable NAME override `versions` (repeatable; env: RPM_DEPS_VERSIONS_FROM_ENV)',
  },
  { name: 'cache-dir', value: 'DIR', help: 'where metadata and files are kept (env: RPM_DEPS_CACHE_DIR)' },
  { name: 'offline', help: 'use only what is in the cache' },
  { name: 'json', help: 'print data for programs' },
  { name: 'solver-seconds', value: 'N', help: 'stop a solve that takes longer than N seconds (default: 300)' },
  { name: 'quiet', short: 'q', help: 'say nothing but results and errors' },
  { name: 'verbose', short: 'v', help: 'tell what is done and how long it takes' },
  { name: 'directory', short: 'C', value: 'DIR', help: 'start in another directory' },
  { name: 'help', short: 'h', help: 'show help' },
];

export const ARCH: OptionDefinition = {
  name: 'arch',
  value: 'ARCH',
  many: true,
  help: 'only this architecture: x86_64 or amd64, aarch64 or arm64, s390x, ... (repeatable)',
};
export const SET: OptionDefinition = { name: 'set', value: 'SET', many: true, help: 'only this package set (repeatable)' };
export const DRY_RUN: OptionDefinition = { name: 'dry-run', help: 'show what would change and write nothing' };
export const TIMINGS: OptionDefinition = { name: 'timings', help: 'print how long each stage took' };
export const KEEP_GOING: OptionDefinition = { name: 'keep-going', help: 'write the sets that can be solved even if others cannot' };
export const ALLOW_DOWNGRADE: OptionDefinition = {
  name: 'allow-downgrade',
  value: 'NAME',
  optional: true,
  many: true,
  help: 'let locked packages (or only NAME) go to older versions, and take older metadata (repeatable)',
};
export const PULL_REQUEST: readonly OptionDefinition[] = [
  { name: 'pr-title', help: 'print a title for a pull request on stdout' },
  { name: 'pr-body', value: 'FILE', help: 'write a description for a pull request (Markdown) to FILE' },
];
export const ENV: readonly (readonly [string, string])[] = [
  ['RPM_DEPS_MIRROR', 'mirror, when --mirror is not given'],
  ['RPM_DEPS_CACHE_DIR', 'cache directory, when --cache-dir is not given'],
  ['RPM_DEPS_VERSION_<NAME>', 'value of NAME under `versions`'],
  ['RPM_DEPS_VERSIONS_FROM_ENV', 'plain variables that may override `versions`, with commas between'],
  ['HTTP_PROXY, HTTPS_PROXY, NO_PROXY', 'proxies'],
  ['NO_COLOR', 'no colours'],
];
