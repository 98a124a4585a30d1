import { RpmDepsError } from '../base/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables of the build guide that users may have to set, each with the line that sets it. */
const EXPORT_LINES = {
  ARCH: 'export ARCH="<your-system-architecture>"',
  BUILD_ARCH: 'export BUILD_ARCH="<your-system-architecture>"',
  DOCKER_PREFIX: 'export DOCKER_PREFIX="<your-registry-URL>/<your-kubevirt-namespace>"',
  DOCKER_IMAGE: 'export DOCKER_IMAGE="builder"',
  VERSION: 'export VERSION="<your-docker-tag>"',
  KUBEVIRT_BUILDER_IMAGE: 'export KUBEVIRT_BUILDER_IMAGE="${DOCKER_PREFIX}/${DOCKER_IMAGE}/${VERSION}"',
  KUBEVIRT_CRI: 'export KUBEVIRT_CRI="podman"',
  QUAY_REPOSITORY: 'export QUAY_REPOSITORY="kubevirt"',
  PACKAGE_NAME: 'export PACKAGE_NAME="kubevirt-operatorhub"',
} as const;

export type GuideVariable = keyof typeof EXPORT_LINES;

/** The value of a flag, else of a variable. An empty variable counts as unset, as in the guide's scripts. */
export function setting(env: Environment, flag: string | undefined, variable: GuideVariable): string | undefined {
  return flag ?? (env[variable] || undefined);
}

/** The source of a value, for messages. */
export function settingSource(flag: string | undefined, flagName: string, variable: GuideVariable): string {
  return flag === undefined ? variable : flagName;
}

/** Throws one error for all missing settings, with the lines to type. */
export function requireSettings(
  wanted: readonly { readonly variable: GuideVariable; readonly flag: string; readonly value: string | undefined }[],
): void {
  const missing = wanted.filter(({ value }) => value === undefined);
  if (missing.length === 0) return;
  const names = missing.map(({ variable }) => variable);
  throw new RpmDepsError('USAGE', `${names.join(' and ')} ${names.length === 1 ? 'is' : 'are'} not set`, {
    hint: `set ${missing.length === 1 ? 'it as above with your value' : 'them as above with your values'}, or give ${missing.map(({ flag }) => flag).join(' and ')}`,
    details: missing.map(({ variable }) => EXPORT_LINES[variable]),
    data: { missing: names },
  });
}

/** `2501131210-1a2b3c4`: minute of the build and commit, as KubeVirt tags its builders. In UTC, so that all machines agree. */
export function defaultVersion(now: Date, shortCommit: string): string {
  return `${now.toISOString().slice(2, 16).replaceAll(/[-T:]/g, '')}-${shortCommit}`;
}
