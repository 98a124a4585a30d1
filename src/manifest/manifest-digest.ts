import { listWithoutSecrets, withoutSecrets, withoutSecretValues } from '../base/redact.ts';
import { sha256 } from '../base/sha256.ts';
import type { Manifest, RepositoryDefinition, SourceSettings } from './manifest.ts';
import { repositoriesOfSet, sourceRepositoriesFor } from './repositories-for.ts';
import { isEmptyInstalledSettings } from './set-base.ts';

/**
 * Digest of the request of one set for one architecture: its specs with versions expanded, ignore, exclude, options, modules, and the
 * repositories of the set on the architecture. Changes to other sets or architectures, comments and the order of keys do not change it.
 * - `$mirror` is not expanded, so that a lockfile stays up to date when it is made from another mirror of the same repositories.
 * - Logins and URL queries are excluded: a lockfile is public, and a short password could be guessed from its digest.
 * - Keys are excluded: they decide whether a package is trusted, not which package is chosen.
 * - Holds and `same_version` are excluded: they restrict the result, not the request. A check compares the locked versions with them instead,
 *   so that a new hold on one package does not make every lockfile stale.
 */
export function manifestDigest(manifest: Manifest, setName: string, architecture: string): string {
  const set = manifest.sets.find((candidate) => candidate.name === setName);
  if (!set) throw new Error(`no set ${setName} in the manifest`);
  const modules = set.modulesFor(architecture);
  const installed = set.installedFor(architecture);
  const repositories = repositoriesOfSet(manifest, set, architecture).map(repositoryIdentity);
  const sources = set.sources === undefined ? {} : { sources: set.sources, ...sourcePart(manifest, set.sources, architecture) };
  const variables = usedVariables(manifest, [repositories, sources]);
  const asked = {
    specs: requestedSpecs(manifest, setName, architecture),
    ignore: [...set.ignore].sort(),
    exclude: [...set.exclude].sort(),
    weak_dependencies: set.weakDependencies,
    best: set.best,
    modules: { enable: [...modules.enable].sort(), disable: [...modules.disable].sort() },
    releasever: manifest.releasever,
    ...(variables.length === 0 ? {} : { variables }),
    repositories,
    // Only with a base: the digests of other sets must stay the same as before bases were supported.
    ...(isEmptyInstalledSettings(installed) ? {} : { installed }),
    ...sources,
  };
  return `sha256:${sha256(JSON.stringify(asked))}`;
}

function sourcePart(manifest: Manifest, settings: SourceSettings, architecture: string): { readonly source_repositories?: unknown } {
  const repositories = sourceRepositoriesFor(manifest, settings, architecture);
  return repositories.length === 0 ? {} : { source_repositories: repositories.map(repositoryIdentity) };
}

/** Omits variables that are used only in logins or queries. */
function usedVariables({ variables }: Manifest, identities: unknown): (readonly [string, string])[] {
  const text = JSON.stringify(identities);
  const isUsed = (name: string): boolean => text.includes(`$${name}`) || text.includes(`\${${name}`);
  return Object.entries(withoutSecretValues(variables))
    .filter(([name]) => isUsed(name))
    .sort();
}

/** `requested` of a lockfile: the specs of one set and architecture as text, in manifest order. */
export function requestedSpecs(manifest: Manifest, setName: string, architecture: string): string[] {
  const set = manifest.sets.find((candidate) => candidate.name === setName);
  return set ? set.specsFor(architecture).map((spec) => spec.text) : [];
}

/** Both orders are part of the digest: the order of repositories has a meaning, and the order of these keys must never change. */
function repositoryIdentity(repository: RepositoryDefinition): readonly unknown[] {
  return [
    repository.id,
    repository.baseurl.map(withoutSecrets),
    repository.metalink === undefined ? null : listWithoutSecrets(repository.metalink),
    repository.mirrorlist === undefined ? null : listWithoutSecrets(repository.mirrorlist),
    repository.priority,
    [...repository.exclude].sort(),
    [...repository.includePackages].sort(),
    repository.moduleHotfixes,
    // Newer keys are named, and omitted if they have their default, to keep old digests.
    ...(repository.cost === 1000 ? [] : [{ cost: repository.cost }]),
    ...(repository.allowWeakChecksums ? [{ allow_weak_checksums: true }] : []),
  ];
}
