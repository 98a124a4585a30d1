/** Which repositories of a manifest are for an architecture, their ids without variables. */
import { fillVariables } from '../base/variables.ts';
import { DEFAULT_REPOSITORIES, DEFAULT_SOURCE_REPOSITORIES } from './default-repositories.ts';
import type { Manifest, PackageSet, RepositoryDefinition, SourceSettings } from './manifest.ts';
import { variableValues } from './repository-variables.ts';

/** The enabled ones that sets use, in order of preference. */
export const repositoriesFor = (manifest: Manifest, architecture: string): RepositoryDefinition[] =>
  knownRepositoriesFor(manifest, architecture).filter(({ enabled, ofNoSet }) => enabled && ofNoSet !== true);

/** Those that a set uses, of the enabled ones. */
export function repositoriesOfSet(manifest: Manifest, { repositories: named }: PackageSet, architecture: string): RepositoryDefinition[] {
  const enabled = repositoriesFor(manifest, architecture);
  if (named === undefined) return enabled;
  const values = variableValues({ ...manifest, architecture });
  const ids = new Set(named.map((id) => fillVariables(id, values)));
  return enabled.filter(({ id }) => ids.has(id));
}

/** The enabled ones, then the others: what a lockfile may name. */
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
 * Those that are read for source RPMs only: the named ones that are not enabled or, where none are named, those that dnf would enable for
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

/** What dnf calls the repository of the source RPMs of another. */
export const sourceName = (id: string): string => (id.endsWith('-rpms') ? `${id.slice(0, -5)}-source-rpms` : `${id}-source`);
