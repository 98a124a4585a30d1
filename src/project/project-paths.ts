import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { quoteWord } from '../base/quote-word.ts';
import type { Context } from '../run/context.ts';
import type { RunRepositories } from './run-repositories.ts';

/** Where a command finds the manifest and the lockfiles; the same flags everywhere. */
export interface ProjectInput {
  /** Default `rpm-packages.yaml` or, where there is none, `rpm-packages.json`. */
  readonly manifest?: string | undefined;
  /** Directory; default `rpm-lockfiles`. */
  readonly lockfiles?: string | undefined;
  /** Value of `$mirror`: a URL or a folder. */
  readonly mirror?: string | undefined;
  /** Repositories and variables of this run only. */
  readonly forRun?: RunRepositories | undefined;
}

/** A folder; for `rpms.in.yaml` the one file beside it that holds all locks. */
export function lockfilesDirectory(input: ProjectInput, context: Context): string {
  if (input.lockfiles !== undefined) return resolve(context.cwd, input.lockfiles);
  return resolve(context.cwd, lockfilesOf(manifestPath(input, context)));
}

/** Where the lockfiles of a manifest are if nobody says it: of `rpms.in.yaml` beside it. */
export const lockfilesOf = (manifest: string): string =>
  basename(manifest) === 'rpms.in.yaml' ? join(dirname(manifest), 'rpms.lock.yaml') : 'rpm-lockfiles';

/** The one that is there; the first where none is. */
export const MANIFESTS: readonly string[] = ['rpm-packages.yaml', 'rpm-packages.yml', 'rpm-packages.json', 'rpms.in.yaml'];

/** `--manifest` where it was given, for a command to copy. */
export const manifestOption = ({ manifest }: Pick<ProjectInput, 'manifest'>): string =>
  manifest === undefined ? '' : ` --manifest ${/^[\w./@:+-]+$/.test(manifest) ? manifest : quoteWord(manifest)}`;

export function manifestPath(input: ProjectInput, context: Context): string {
  if (input.manifest !== undefined) return resolve(context.cwd, input.manifest);
  const paths = MANIFESTS.map((name) => resolve(context.cwd, name));
  return paths.find((path) => existsSync(path)) ?? paths[0]!;
}

/** No flag and a flag without values mean the same: everything. */
export const isEmpty = (values: readonly string[] | undefined): boolean => values === undefined || values.length === 0;
