/** Repositories and variables from options, for one run. */

import { resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { nearestOf } from '../base/nearest.ts';
import { shortPrintable } from '../base/printable.ts';
import { readProblem } from '../base/read-problem.ts';
import { redact } from '../base/redact.ts';
import { fillVariables } from '../base/variables.ts';
import { readWithin } from '../io/read-within.ts';
import { DEFAULT_REPOSITORIES } from '../manifest/default-repositories.ts';
import { findDistributions } from '../manifest/distributions.ts';
import { MAX_MANIFEST_BYTES, type Manifest, type RepositoryDefinition } from '../manifest/manifest.ts';
import { MistakeList } from '../manifest/mistake.ts';
import { parseRepoFile, withoutEmptyCheck } from '../manifest/repo-file.ts';
import { buildRepositories } from '../manifest/repository-definitions.ts';
import { knownNames, VARIABLE_NAMES, variableValues } from '../manifest/repository-variables.ts';
import type { Plain } from '../manifest/source-text.ts';
import { toUrl } from '../net/urls.ts';
import { globMatcher } from '../rpm/glob.ts';

export interface RunRepositories {
  /** `ID=URL`. */
  readonly repositories?: readonly string[] | undefined;
  /** `.repo` files. */
  readonly repofiles?: readonly string[] | undefined;
  /** Names of distribution presets. */
  readonly distributions?: readonly string[] | undefined;
  /** Globs on ids of repositories that the manifest or a `.repo` file disables. */
  readonly enable?: readonly string[] | undefined;
  /** `NAME=VALUE`. */
  readonly variables?: readonly string[] | undefined;
  readonly releasever?: string | undefined;
}

/** Values of variables, which are needed before the manifest's URLs are read. */
export function runVariables({ variables = [], releasever }: RunRepositories) {
  if (releasever !== undefined && !/^[\w.+-]+$/.test(releasever)) {
    throw new RpmDepsError('USAGE', `--releasever: \`${shortPrintable(releasever)}\` is no version of a distribution`, {
      hint: 'for example: --releasever 9',
    });
  }
  const values = variables.map((text) => {
    const [, name = '', value = ''] = /^(\w+)=(.*)$/s.exec(text) ?? [];
    if (name === '' || /\s/.test(value))
      throw new RpmDepsError('USAGE', `--set-variable: \`${shortPrintable(text)}\` is not NAME=VALUE`, {
        hint: 'for example: --set-variable COMPOSE=latest',
      });
    if (VARIABLE_NAMES.includes(name))
      throw new RpmDepsError('USAGE', `--set-variable: \`${name}\` has a value already`, {
        hint: name === 'releasever' ? 'use --releasever VERSION' : name === 'mirror' ? 'use --mirror URL' : 'choose another name',
      });
    return [name, value] as const;
  });
  return { variables: Object.fromEntries(values), releasever };
}

/** Appends the repositories of the options to those of the manifest; `isDefault`: named distributions replace the default ones. */
export async function withRunRepositories(
  manifest: Manifest,
  run: RunRepositories | undefined,
  { cwd }: { readonly cwd: string },
  { isDefault = false } = {},
): Promise<Manifest> {
  if (run === undefined) return manifest;
  const distributions = findDistributions(run.distributions ?? []);
  const added = [
    ...distributions.flatMap(({ mirror, repositories }) =>
      repositories.map((repository) => ({
        ...repository,
        ...(repository.baseurl === undefined || mirror === undefined ? {} : { baseurl: repository.baseurl.replace('$mirror', mirror) }),
      })),
    ),
    ...(await Promise.all((run.repofiles ?? []).map((file) => readRepoFile(file, cwd)))).flat(),
  ];
  const repositories = [...built(added, manifest), ...(run.repositories ?? []).map((text) => repositoryOf(text, cwd))];
  const own = isDefault && distributions.length > 0 ? [] : manifest.repositories;
  for (const { id } of repositories) {
    if (!own.some((other) => other.id === id)) continue;
    throw new RpmDepsError('USAGE', `the manifest has a repository \`${shortPrintable(id)}\` already`, { hint: 'choose another id' });
  }
  const releasever = run.releasever ?? (isDefault ? distributions.find((one) => one.releasever !== undefined)?.releasever : undefined);
  const ids = repositories.map(({ id }) => id);
  return {
    ...manifest,
    ...(releasever === undefined ? {} : { releasever }),
    repositories: enabled({ ...manifest, releasever: releasever ?? manifest.releasever }, [...own, ...repositories], run.enable ?? []),
    // Sets that name their repositories also get those of the run, because these were requested explicitly.
    sets: manifest.sets.map((set) => (set.repositories === undefined ? set : { ...set, repositories: [...set.repositories, ...ids] })),
  };
}

/** One value of `--repo ID=URL`; a directory is allowed too. */
export function repositoryOf(text: string, cwd: string): RepositoryDefinition {
  const [, id = '', place = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  if (!/^[\w.:+~-]+$/.test(id) || place === '')
    throw new RpmDepsError('USAGE', `--repo: \`${redact(text)}\` is neither an id nor \`ID=URL\``, {
      hint: 'for example: --repo baseos=https://mirror.example/BaseOS/x86_64/os/',
    });
  return { ...DEFAULT_REPOSITORIES[0]!, id, baseurl: [toUrl(place, cwd)], gpgkey: [], gpgcheck: false };
}

function built(added: readonly { readonly [key: string]: Plain }[], { releasever, variables }: Manifest): readonly RepositoryDefinition[] {
  if (added.length === 0) return [];
  const value = added.map((definition) => ({ ...definition }));
  const mistakes = new MistakeList({ locate: () => ({ line: 1, column: 1 }) });
  const repositories = buildRepositories(value, knownNames(releasever, variables), mistakes);
  const [mistake] = mistakes.all;
  if (mistake !== undefined) throw new RpmDepsError('USAGE', mistake.message);
  return repositories;
}

async function readRepoFile(file: string, cwd: string): Promise<readonly { readonly [key: string]: Plain }[]> {
  const read = await readWithin(resolve(cwd, file), MAX_MANIFEST_BYTES).catch((cause: NodeJS.ErrnoException) => {
    throw new RpmDepsError('USAGE', `--repofile: \`${shortPrintable(file)}\` cannot be read: ${readProblem(cause)}`, { cause });
  });
  const { sections, mistakes } = parseRepoFile(read.toString('utf8'));
  if (mistakes.length > 0 || sections.length === 0)
    throw new RpmDepsError('USAGE', `--repofile: \`${shortPrintable(file)}\` is not a usable \`.repo\` file`, {
      details: mistakes.map(({ line, message }) => `${shortPrintable(file)}:${line}: ${message}`),
      hint: 'use a file with sections such as `[baseos]` and lines such as `baseurl=https://...`, or --repo ID=URL',
    });
  return sections.map(({ definition }) => withoutEmptyCheck(definition));
}

/** A glob matches ids as written in the manifest, and as expanded for each architecture. */
function enabled(
  manifest: Manifest,
  repositories: readonly RepositoryDefinition[],
  globs: readonly string[],
): readonly RepositoryDefinition[] {
  const values = manifest.architectures.map((architecture) => variableValues({ ...manifest, architecture }));
  const own = repositories.map((repository) => {
    const ids = new Set([repository.id, ...values.map((known) => fillVariables(repository.id, known))]);
    return { repository, ids: [...ids] };
  });
  const chosen = new Set<RepositoryDefinition>();
  for (const glob of globs) {
    const isMeant = globMatcher(glob);
    const found = own.filter(({ ids }) => glob === ids[0] || ids.some(isMeant));
    for (const { repository } of found) chosen.add(repository);
    if (found.length > 0) continue;
    const known = own.flatMap(({ ids }) => ids);
    const near = nearestOf(glob, known);
    throw new RpmDepsError('USAGE', `--enable-repo: there is no repository \`${shortPrintable(glob)}\``, {
      hint: near === undefined ? `repositories are: ${known.join(', ')}` : `did you mean \`${near}\`?`,
    });
  }
  return chosen.size === 0 ? repositories : repositories.map((one) => (chosen.has(one) ? { ...one, enabled: true } : one));
}
