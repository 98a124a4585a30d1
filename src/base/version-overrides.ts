/**
 * Which environment variables override `versions`. A manifest may come with a pull request and must not choose what
 * it reads, so the person who starts the run allows plain variables.
 */

import { RpmDepsError } from './errors.ts';
import { splitList } from './split-list.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Names of plain variables, with commas between; `--version-from-env` adds to it. */
const ALLOWED_VERSIONS = 'RPM_DEPS_VERSIONS_FROM_ENV';
const PREFIX = 'RPM_DEPS_VERSION_';
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface VersionOverride {
  /** The variable that gives it. */
  readonly variable: string;
  readonly value: string;
}

/** What replaces the value of `name`; an empty variable replaces nothing. */
export function versionOverride(name: string, env: Environment): VersionOverride | undefined {
  const candidates = allowedNames(env).has(name) ? [`${PREFIX}${name}`, name] : [`${PREFIX}${name}`];
  for (const variable of candidates) {
    // `constructor` is a name as any other.
    const value = Object.hasOwn(env, variable) ? env[variable] : undefined;
    if (value !== undefined && value !== '') return { variable, value };
  }
  return undefined;
}

/** Variables that are set, have the name of a version, and do not count. */
export function ignoredVariables(names: readonly string[], env: Environment): string[] {
  return names.filter((name) => Object.hasOwn(env, name) && (env[name] ?? '') !== '' && versionOverride(name, env) === undefined);
}

/** The environment of a run in which further plain variables count. Throws USAGE for what is no name. */
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
