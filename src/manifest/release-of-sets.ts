/** `releasever` of a set: copies of the repositories whose URLs use it, with their own ids. */
import { fillVariables, type VariableValues } from '../base/variables.ts';
import { DEFAULT_REPOSITORIES, DEFAULT_SOURCE_REPOSITORIES } from './default-repositories.ts';
import type { PackageSet, RepositoryDefinition } from './manifest.ts';
import { sourceName } from './repositories-for.ts';
import { variableValues } from './repository-variables.ts';

interface Definitions {
  readonly repositories: readonly RepositoryDefinition[];
  readonly sets: readonly PackageSet[];
}

interface Known {
  /** `releasever` of the manifest. */
  readonly releasever: string;
  /** Variables of the manifest, which keep their values. */
  readonly variables: VariableValues;
}

/**
 * Applies `releasever` of the sets: a set uses the copy `ID-RELEASEVER` of each repository that depends on it; other sets are unchanged. The copy
 * has its own id, because one lockfile cannot have two URLs for one id.
 */
export function followReleases({ repositories, sets }: Definitions, { releasever, variables }: Known): Definitions {
  const releaseOf = (set: PackageSet): string => set.releasever ?? releasever;
  if (sets.every((set) => releaseOf(set) === releasever)) return { repositories, sets };
  const all = repositories === DEFAULT_REPOSITORIES ? [...DEFAULT_REPOSITORIES, ...DEFAULT_SOURCE_REPOSITORIES] : repositories;
  const enabled = all.filter((repository) => repository.enabled).map(({ id }) => id);
  const copies = new Map<string, readonly RepositoryDefinition[]>();
  const copied = new Set<string>();
  const copyFor = (id: string, release: string): string => {
    const values = releaseValues(release, variables);
    const copyId = idOfCopy(id, release, values);
    const named = all.filter((repository) => repository.id === id);
    if (!named.some((repository) => dependsOn(repository, values))) return id;
    copied.add(id);
    copies.set(
      copyId,
      named.map((repository) => filled(repository, copyId, values)),
    );
    const sources = all.filter((repository) => repository.id === sourceName(id) && !repository.enabled);
    if (sources.length > 0)
      copies.set(
        sourceName(copyId),
        sources.map((repository) => filled(repository, sourceName(copyId), values)),
      );
    return copyId;
  };
  const followed = sets.map((set) => {
    const ids = set.repositories ?? enabled;
    const release = releaseOf(set);
    return { ...set, repositories: release === releasever ? ids : ids.map((id) => copyFor(id, release)) };
  });
  const known = new Set(all.map(({ id }) => id));
  const used = new Set(followed.flatMap((set) => set.repositories ?? []));
  const own = all.map((repository) =>
    repository.enabled && copied.has(repository.id) && !used.has(repository.id) ? { ...repository, ofNoSet: true as const } : repository,
  );
  return { repositories: [...own, ...[...copies].flatMap(([id, list]) => (known.has(id) ? [] : list))], sets: followed };
}

/** Only variables that depend on the release; others are expanded later. */
function releaseValues(releasever: string, variables: VariableValues): VariableValues {
  const { mirror: _mirror, basearch: _basearch, arch: _arch, ...values } = variableValues({ mirror: '', architecture: '', releasever });
  return Object.fromEntries(Object.entries(values).filter(([name]) => variables[name] === undefined));
}

function idOfCopy(id: string, release: string, values: VariableValues): string {
  const filledId = fillVariables(id, values);
  return filledId === id ? `${id}-${release}` : filledId;
}

const dependsOn = (repository: RepositoryDefinition, values: VariableValues): boolean =>
  JSON.stringify(filled(repository, '', values)) !== JSON.stringify({ ...repository, id: '', ofSets: true });

function filled(repository: RepositoryDefinition, id: string, values: VariableValues): RepositoryDefinition {
  const fill = (text: string): string => fillVariables(text, values);
  const { baseurl, metalink, mirrorlist, gpgkey } = repository;
  return {
    ...repository,
    id,
    baseurl: baseurl.map(fill),
    metalink: metalink === undefined ? undefined : fill(metalink),
    mirrorlist: mirrorlist === undefined ? undefined : fill(mirrorlist),
    gpgkey: gpgkey.map(fill),
    ofSets: true,
  };
}
