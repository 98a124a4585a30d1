/** The canonical repository URLs in lockfiles. */
import { listWithoutSecrets, withoutSecrets, withoutSecretValues } from '../base/redact.ts';
import type { Manifest, RepositoryDefinition } from './manifest.ts';
import { repositoriesFor } from './repositories-for.ts';
import { expandVariables } from './repository-variables.ts';

/**
 * Canonical URLs of the repositories of an architecture, by id, as recorded in lockfiles: the first URL in the manifest, with the manifest's own
 * `mirror` even if another mirror is used; for a repository with only a mirror list, the URL of the list. Logins, keys and values of secret
 * variables are removed.
 */
export function canonicalUrls(
  manifest: Manifest,
  architecture: string,
  repositories: readonly RepositoryDefinition[] = repositoriesFor(manifest, architecture),
): ReadonlyMap<string, string> {
  const { ownMirror: mirror, releasever, variables: own } = manifest;
  const variables = { mirror, architecture, releasever, variables: withoutSecretValues(own) };
  return new Map(
    repositories.map(({ id, baseurl, metalink, mirrorlist }) => {
      if (baseurl[0] !== undefined) return [id, withoutSecrets(expandVariables(baseurl[0], variables))];
      return [id, listWithoutSecrets(expandVariables(metalink ?? mirrorlist ?? '', variables))];
    }),
  );
}

/** Tests whether the URL of a locked repository is one of its base URLs in the manifest, with any mirror as prefix. */
export function placesOf(manifest: Manifest, architecture: string): (id: string, lockedUrl: string) => boolean {
  const { releasever, variables: own } = manifest;
  const variables = { mirror: '', architecture, releasever, variables: withoutSecretValues(own) };
  const canonical = canonicalUrls(manifest, architecture);
  const places = repositoriesFor(manifest, architecture).map(({ id, baseurl }) => {
    const expanded = baseurl.map((url) => ({ isBelowMirror: MIRROR.test(url), text: expandVariables(url.replace(MIRROR, ''), variables) }));
    return [
      id,
      expanded.map(({ isBelowMirror, text }) => ({ isBelowMirror: isBelowMirror && text.length > 1, text: withoutSecrets(text) })),
    ] as const;
  });
  const byId = new Map(places);
  return (id, lockedUrl) =>
    canonical.get(id) === lockedUrl ||
    (byId.get(id) ?? []).some(({ isBelowMirror, text }) => (isBelowMirror ? lockedUrl.endsWith(text) : lockedUrl === text));
}

const MIRROR = /^\$(?:mirror\b|\{mirror\})/;

/** Repositories with only a mirror list, by id: the kind of list that their canonical URL refers to. */
export function listKinds(repositories: readonly RepositoryDefinition[]): ReadonlyMap<string, 'metalink' | 'mirrorlist'> {
  const lists = repositories.filter(({ baseurl, metalink, mirrorlist }) => {
    return baseurl.length === 0 && (metalink ?? mirrorlist) !== undefined;
  });
  return new Map(lists.map(({ id, metalink }) => [id, metalink === undefined ? 'mirrorlist' : 'metalink']));
}
