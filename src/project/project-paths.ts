import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { quoteWord } from '../base/quote-word.ts';
import type { Context } from '../run/context.ts';
import type { RunRepositories } from './run-repositories.ts';

/** Flags that select the manifest and the lockfiles; the same for all commands. */
export interface ProjectInput {
  /** Default `rpm-packages.yaml` or, if that does not exist, `rpm-packages.json`. */
  readonly manifest?: string | undefined;
  /** Directory; default `rpm-lockfiles`. */
  readonly lockfiles?: string | undefined;
  /** Value of `$mirror`: a URL or a folder. */
  readonly mirror?: string | undefined;
  /** Repositories and variables of this run only. */
  readonly forRun?: RunRepositories | undefined;
}

/** A directory; for `rpms.in.yaml` the file beside it that contains all locks. */
export function lockfilesDirectory(input: ProjectInput, context: Context): string {
  if (input.lockfiles !== undefined) return resolve(context.cwd, input.lockfiles);
  return resolve(context.cwd, lockfilesOf(manifestPath(input, context)));
}

/** Default path of a manifest's lockfiles; for `rpms.in.yaml` a file beside it. */
export const lockfilesOf = (manifest: string): string =>
  basename(manifest) === 'rpms.in.yaml' ? join(dirname(manifest), 'rpms.lock.yaml') : 'rpm-lockfiles';

/** Default names; the first one that exists is used, and the first is the name of a new manifest. */
export const MANIFESTS: readonly string[] = ['rpm-packages.yaml', 'rpm-packages.yml', 'rpm-packages.json', 'rpms.in.yaml'];

/** `--manifest` if it was given, for a command in a hint. */
export const manifestOption = ({ manifest }: Pick<ProjectInput, 'manifest'>): string =>
  manifest === undefined ? '' : ` --manifest ${/^[\w./@:+-]+$/.test(manifest) ? manifest : quoteWord(manifest)}`;

export function manifestPath(input: ProjectInput, context: Context): string {
  if (input.manifest !== undefined) return resolve(context.cwd, input.manifest);
  const paths = MANIFESTS.map((name) => resolve(context.cwd, name));
  return paths.find((path) => existsSync(path)) ?? paths[0]!;
}

/** A missing flag and a flag without values both mean: everything. */
export const isEmpty = (values: readonly string[] | undefined): boolean => values === undefined || values.length === 0;
