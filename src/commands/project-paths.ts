import { resolve } from 'node:path';
import type { Context } from './context.ts';

/** Where a command finds the manifest and the lockfiles; the same flags everywhere. */
export interface ProjectInput {
  /** Default `rpm-packages.yaml`. */
  readonly manifest?: string | undefined;
  /** Directory; default `rpm-lockfiles`. */
  readonly lockfiles?: string | undefined;
  /** Value of `$mirror`: a URL or a folder. */
  readonly mirror?: string | undefined;
}

export const lockfilesDirectory = (input: ProjectInput, context: Context): string =>
  resolve(context.cwd, input.lockfiles ?? 'rpm-lockfiles');

export const manifestPath = (input: ProjectInput, context: Context): string => resolve(context.cwd, input.manifest ?? 'rpm-packages.yaml');

/** No flag and a flag without values mean the same: everything. */
export const isEmpty = (values: readonly string[] | undefined): boolean => values === undefined || values.length === 0;
