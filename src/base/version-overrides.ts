/**
 * Which environment variables override `versions`. A manifest may come from an untrusted pull request and must not choose which
 * variables it reads, so the user who starts the run must allow plain variables.
 */

import { RpmDepsError } from './errors.ts';
import { splitList } from './split-list.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Comma-separated names of allowed plain variables; `--version-from-env` adds to it. */
const ALLOWED_VERSIONS = 'RPM_DEPS_VERSIONS_FROM_ENV';
const PREFIX = 'RPM_DEPS_VERSION_';
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface VersionOverride {
  /** Name of the environment variable. */
  readonly variable: string;
  readonly value: string;
}

/** The override for `name`; an empty variable is ignored. */
export function versionOverride(name: string, env: Environment): VersionOverride | undefined {
  const candidates = allowedNames(env).has(name) ? [`${PREFIX}${name}`, name] : [`${PREFIX}${name}`];
  for (const variable of candidates) {
    // `hasOwn`: `constructor` may be a name too.
    const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
    if (value !== undefined && value !== '') return { variable, value };
  }
  return undefined;
}

/** Variables that are set and have the name of a version, but are not allowed. */
export function ignoredVariables(names: readonly string[], env: Environment): string[] {
  return names.filter((name) => Object.hasOwn(env, name) && (env[name] ?? '') !== '' && versionOverride(name, env) === undefined);
}

/** The environment with additional allowed plain variables. Throws USAGE for an invalid name. */
export function allowVersions(names: readonly string[], env: Environment): Environment {
  const all = [...allowedNames(env), ...names.flatMap((text) => text.split(',')).map((name) => name.trim())];
  const wrong = all.find((name) => !NAME.test(name));
  if (wrong !== undefined) {
    throw new RpmDepsError('USAGE', `${JSON.stringify(wrong.slice(0, 100))} is not the name of an environment variable`, {
      hint: `name the variables, for example \`--version-from-env LIBVIRT_VERSION\` or \`${ALLOWED_VERSIONS}=LIBVIRT_VERSION,QEMU_VERSION\``,
    });
  }
  return all.length === 0 ? env : { ...env, [ALLOWED_VERSIONS]: all.join(',') };
}

function allowedNames(env: Environment): ReadonlySet<string> {
  return new Set(splitList(env[ALLOWED_VERSIONS] ?? ''));
}
