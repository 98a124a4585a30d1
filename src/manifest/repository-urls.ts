/** URLs of repositories: variables, and the one name of a repository that lockfiles record. */
import { withoutLogin, withoutSecrets } from '../base/redact.ts';
import type { Manifest } from './manifest.ts';
import { repositoriesFor } from './manifest-digest.ts';

/**
 * What lockfiles call the repositories of an architecture, by id: the first URL that the manifest gives, with the manifest's own `mirror`,
 * whatever mirror is read. Where the manifest has only a list of mirrors, that is the URL of the list.
 */
export function canonicalUrls(manifest: Manifest, architecture: string): ReadonlyMap<string, string> {
  const variables = { mirror: manifest.ownMirror, architecture, releasever: manifest.releasever };
  return new Map(
    repositoriesFor(manifest, architecture).map(({ id, baseurl, metalink, mirrorlist }) => {
      if (baseurl[0] !== undefined) return [id, withoutSecrets(expandVariables(baseurl[0], variables))];
      // What a list is asked for is in its query: `metalink?repo=fedora-41&arch=x86_64`.
      return [id, withoutLogin(expandVariables(metalink ?? mirrorlist ?? '', variables))];
    }),
  );
}

/** Values of `$mirror`, `$basearch`, `$arch` and `$releasever`. */
export interface Variables {
  readonly mirror: string;
  readonly architecture: string;
  readonly releasever: string;
}

/** What dnf calls the base architecture of another. */
const BASE_ARCHITECTURES: Readonly<Record<string, string>> = {
  i686: 'i386',
  i586: 'i386',
  i486: 'i386',
  armv7hl: 'armhfp',
  armv8hl: 'armhfp',
};

export function expandVariables(text: string, { mirror, architecture, releasever }: Variables): string {
  const values: Readonly<Record<string, string>> = {
    mirror: mirror.replace(/\/+$/, ''),
    basearch: BASE_ARCHITECTURES[architecture] ?? architecture,
    arch: architecture,
    releasever,
  };
  return text.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced: string | undefined, bare: string | undefined) => values[braced ?? bare ?? ''] ?? whole,
  );
}
