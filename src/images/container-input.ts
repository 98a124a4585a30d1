import { RpmDepsError } from '../base/errors.ts';
import { type RunProgram, runProgram } from '../io/run-program.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { ProjectInput } from '../project/manifest-input.ts';
import { type ContainerArchitecture, containerArchitectures, machineArchitecture } from '../rpm/container-architecture.ts';
import type { Context } from '../run/context.ts';
import type { RegistryAccess } from './build-arguments.ts';
import { type GuideVariable, setting, settingSource } from './guide-environment.ts';
import { imageName } from './image-reference.ts';
import type { FetchedRpms } from './rpm-context.ts';

/** Flags that every builder and image command has. */
export interface ContainerInput {
  /** podman or docker; instead of KUBEVIRT_CRI. */
  readonly engine?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** RPM or container name of an architecture; a string may list several, separated by commas. */
  readonly arch?: readonly string[] | undefined;
  /** Instead of DOCKER_PREFIX. */
  readonly prefix?: string | undefined;
  /** Instead of VERSION. */
  readonly tag?: string | undefined;
  /** Record of what was built and pushed; default `_out/image-digests.json`. */
  readonly digests?: string | undefined;
  readonly authfile?: string | undefined;
  readonly tlsVerify?: boolean | undefined;
  /** Build argument for the Containerfile, `NAME=VALUE`, or `NAME` for a value in the environment. */
  readonly buildArg?: readonly string[] | undefined;
}

/** Flags of the commands that work from lockfiles. */
export interface LockInput extends ContainerInput, ProjectInput {
  readonly toolImage?: string | undefined;
  /** Where rpm's database is in the image. */
  readonly dbpath?: string | undefined;
}

/** Downloads the RPMs of locks into the store; returns the path of each, by sha256. */
export type FetchLocked = (locks: readonly Lockfile[], input: ProjectInput, context: Context) => Promise<FetchedRpms>;

/** External services besides the context; tests replace them. */
export interface ContainerServices {
  readonly run: RunProgram;
  /** `process.arch` of the build machine. */
  readonly machine: string;
  /** Directory in which the kernel lists interpreters of foreign programs (binfmt_misc). */
  readonly binfmt: string;
}

export const SERVICES: ContainerServices = { run: runProgram, machine: process.arch, binfmt: '/proc/sys/fs/binfmt_misc' };

export interface ContainerOutput {
  readonly dryRun: boolean;
  /** Every engine command that was run (or with --dry-run would be), with the engine as first word. */
  readonly commands: readonly (readonly string[])[];
  /** Output for users; with --dry-run a shell script. */
  readonly lines: readonly string[];
}

/** The requested architectures: from the flag, else from the variable; undefined if neither is set. */
export function askedArchitectures(
  input: ContainerInput,
  context: Context,
  variable: 'ARCH' | 'BUILD_ARCH',
): readonly ContainerArchitecture[] | undefined {
  const names = input.arch && input.arch.length > 0 ? input.arch : listOf(setting(context.env, undefined, variable));
  return names && containerArchitectures(names);
}

export function buildMachine(services: ContainerServices): ContainerArchitecture {
  return machineArchitecture(services.machine);
}

export function registryAccess(input: ContainerInput): RegistryAccess {
  return { authfile: input.authfile, tlsVerify: input.tlsVerify };
}

/** QUAY_REPOSITORY and PACKAGE_NAME, for the record; only valid names, because they are copied into generated files. */
export function operatorPackage(
  input: { readonly quayRepository?: string | undefined; readonly packageName?: string | undefined },
  context: Context,
): { quay_repository?: string; package_name?: string } {
  const named = (flag: string | undefined, flagName: string, variable: GuideVariable): string | undefined => {
    const value = setting(context.env, flag, variable);
    return value === undefined ? undefined : imageName(value, settingSource(flag, flagName, variable));
  };
  const quay = named(input.quayRepository, '--quay-repository', 'QUAY_REPOSITORY');
  const name = named(input.packageName, '--package-name', 'PACKAGE_NAME');
  return { ...(quay === undefined ? {} : { quay_repository: quay }), ...(name === undefined ? {} : { package_name: name }) };
}

/** `NAME=VALUE`, or `NAME` alone for a value in the environment. */
export function checkedBuildArguments(texts: readonly string[] | undefined): readonly string[] {
  for (const text of texts ?? []) {
    if (/^[A-Za-z_][A-Za-z0-9_]*(=|$)/.test(text)) continue;
    // The value may be a secret, so it is redacted.
    throw new RpmDepsError('USAGE', `--build-arg ${JSON.stringify(text.replace(/=.*$/s, '=***'))} is not NAME=VALUE`, {
      hint: 'a name has letters, digits and underscores',
    });
  }
  return texts ?? [];
}

function listOf(value: string | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [value];
}
