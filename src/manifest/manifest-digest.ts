import { listWithoutSecrets, withoutSecrets, withoutSecretValues } from '../base/redact.ts';
import { sha256 } from '../base/sha256.ts';
import type { Manifest, RepositoryDefinition, SourceSettings } from './manifest.ts';
import { repositoriesOfSet, sourceRepositoriesFor } from './repositories-for.ts';
import { isEmptyInstalledSettings } from './set-base.ts';

/**
 * Identifies what one set asks for on one architecture: its specs with versions filled in, ignore, exclude, options, modules, and the
 * repositories that serve the set on the architecture. Nothing else: another set, another architecture, a comment or a reordered key leaves it alone.
 * - `$mirror` stays a variable, so that a lock made from another copy of the same repositories is still in line.
 * - Logins and queries of URLs are not part: a lock is public, and from a digest of a short password the password can be guessed.
 * - Keys are not part: they decide whether a package is trusted, not which one is chosen.
 * - Holds and `same_version` are not part: they restrict the answer, whoever asks. A check compares the locked versions with them instead,
 *   so that a new hold on one package does not make every lock stale.
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
    // Only where something is installed: digests of other sets stay what they were before there were bases.
    ...(isEmptyInstalledSettings(installed) ? {} : { installed }),
    ...sources,
  };
  return `sha256:${sha256(JSON.stringify(asked))}`;
}

function sourcePart(manifest: Manifest, settings: SourceSettings, architecture: string): { readonly source_repositories?: unknown } {
  const repositories = sourceRepositoriesFor(manifest, settings, architecture);
  return repositories.length === 0 ? {} : { source_repositories: repositories.map(repositoryIdentity) };
}

/** Without those that stand only where a login or a query was. */
function usedVariables({ variables }: Manifest, identities: unknown): (readonly [string, string])[] {
  const text = JSON.stringify(identities);
  const isUsed = (name: string): boolean => text.includes(`$${name}`) || text.includes(`\${${name}`);
  return Object.entries(withoutSecretValues(variables))
    .filter(([name]) => isUsed(name))
    .sort();
}

/** What a lock records as `requested`: the specs of one set and architecture as text, in manifest order. */
export function requestedSpecs(manifest: Manifest, setName: string, architecture: string): string[] {
  const set = manifest.sets.find((candidate) => candidate.name === setName);
  return set ? set.specsFor(architecture).map((spec) => spec.text) : [];
}

/** The array's order and these keys' order are part of the digest: the first is meaning, the second must never change. */
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
    // What came later is named, and left out where it is as it always was.
    ...(repository.cost === 1000 ? [] : [{ cost: repository.cost }]),
    ...(repository.allowWeakChecksums ? [{ allow_weak_checksums: true }] : []),
  ];
}
