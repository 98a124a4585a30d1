/** Selects repositories of a manifest for an architecture, by ids with variables unexpanded. */
import { fillVariables } from '../base/variables.ts';
import { DEFAULT_REPOSITORIES, DEFAULT_SOURCE_REPOSITORIES } from './default-repositories.ts';
import type { Manifest, PackageSet, RepositoryDefinition, SourceSettings } from './manifest.ts';
import { variableValues } from './repository-variables.ts';

/** Enabled repositories that any set uses, in order of preference. */
export const repositoriesFor = (manifest: Manifest, architecture: string): RepositoryDefinition[] =>
  knownRepositoriesFor(manifest, architecture).filter(({ enabled, ofNoSet }) => enabled && ofNoSet !== true);

/** Enabled repositories that a set uses. */
export function repositoriesOfSet(manifest: Manifest, { repositories: named }: PackageSet, architecture: string): RepositoryDefinition[] {
  const enabled = repositoriesFor(manifest, architecture);
  if (named === undefined) return enabled;
  const values = variableValues({ ...manifest, architecture });
  const ids = new Set(named.map((id) => fillVariables(id, values)));
  return enabled.filter(({ id }) => ids.has(id));
}

/** First the enabled repositories, then the others: all that a lockfile may contain. */
export function knownRepositoriesFor(manifest: Manifest, architecture: string): RepositoryDefinition[] {
  const values = variableValues({ ...manifest, architecture });
  const { repositories } = manifest;
  const known = [...repositories, ...(repositories === DEFAULT_REPOSITORIES ? DEFAULT_SOURCE_REPOSITORIES : [])]
    .filter(({ architectures }) => architectures === undefined || architectures.includes(architecture))
    .map((repository) => {
      const id = fillVariables(repository.id, values);
      return id === repository.id ? repository : { ...repository, id };
    });
  return [...known.filter(({ enabled }) => enabled), ...known.filter(({ enabled }) => !enabled)];
}

/**
 * Repositories used only for source RPMs: the named ones that are not enabled or, if none are named, those that dnf enables for
 * `--source`: `ID-source`, and `NAME-source-rpms` for `NAME-rpms`.
 */
export function sourceRepositoriesFor(manifest: Manifest, { repositories }: SourceSettings, architecture: string): RepositoryDefinition[] {
  const known = knownRepositoriesFor(manifest, architecture);
  const names = new Set(
    repositories === undefined
      ? known.filter(({ enabled }) => enabled).map(({ id }) => sourceName(id))
      : repositories.map((id) => fillVariables(id, variableValues({ ...manifest, architecture }))),
  );
  return known.filter(({ id, enabled }) => !enabled && names.has(id));
}

/** dnf's id of the source repository of another repository. */
export const sourceName = (id: string): string => (id.endsWith('-rpms') ? `${id.slice(0, -5)}-source-rpms` : `${id}-source`);
