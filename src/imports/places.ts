/** Derives repositories and fallbacks from the URLs of packages, for files that contain only these. */
import { splitArchitecture } from './file-target.ts';
import type { ImportedRepository } from './imported.ts';

export interface PackagePlace {
  readonly url: string;
  /** Id of the repository, if the file contains it. */
  readonly repository?: string | undefined;
  readonly architecture: string;
  readonly sha256?: string | undefined;
}

export interface FoundPlaces {
  readonly repositories: readonly ImportedRepository[];
  readonly fallbacks: readonly string[];
  readonly lost: readonly string[];
}

/** A longer list of repositories would not be readable. */
const MAX_REPOSITORIES = 60;

export function findPlaces(places: readonly PackagePlace[]): FoundPlaces {
  const fallbacks = new Set<string>();
  const bases = new Map<string, { readonly base: string; readonly architecture: string; readonly ids: Map<string, number> }>();
  const elsewhere = new Set<string>();
  for (const { url, repository, architecture, sha256 } of places) {
    const plain = plainUrl(url);
    if (plain === undefined) continue;
    if (sha256 !== undefined && sha256 !== '' && plain.includes(sha256)) {
      fallbacks.add(plain.replaceAll(sha256, '{sha256}'));
      continue;
    }
    const base = baseOfUrl(plain);
    if (base === undefined) {
      elsewhere.add(plain.slice(0, plain.lastIndexOf('/') + 1));
      continue;
    }
    const key = `${architecture} ${base}`;
    const known = bases.get(key) ?? { base, architecture, ids: new Map<string, number>() };
    bases.set(key, known);
    if (repository !== undefined && repository !== '') known.ids.set(repository, (known.ids.get(repository) ?? 0) + 1);
  }
  const found = [...bases.values()].slice(0, MAX_REPOSITORIES).map(({ base, architecture, ids }) => ({
    definition: { id: idOf(ids, base, architecture), baseurl: base },
    architecture,
    isUnnamed: ids.size === 0,
  }));
  const missing = [...elsewhere].slice(0, 10);
  const left = bases.size - found.length;
  return {
    repositories: found,
    fallbacks: [...fallbacks],
    lost: [
      ...(left > 0 ? [`${left} more repositories: the files name ${bases.size}`] : []),
      ...missing.map((folder) => `the repository of the packages in ${folder}, whose base URL the file does not have`),
      ...(elsewhere.size > missing.length ? [`the repositories of packages in ${elsewhere.size - missing.length} more folders`] : []),
    ],
  };
}

/** The id that most of its packages name. */
const idOf = (ids: ReadonlyMap<string, number>, base: string, architecture: string): string =>
  [...ids].sort(([, a], [, b]) => b - a)[0]?.[0] ?? idOfUrl(base, architecture);

/** Without login, query and fragment; undefined if it is not the URL of a file on a server. */
export function plainUrl(text: string): string | undefined {
  if (!/^(?:https?|ftp|file):\/\//i.test(text) || text.length > 4096) return undefined;
  try {
    const url = new URL(text);
    return `${url.protocol}//${url.host}${url.pathname}`;
  } catch {
    return undefined;
  }
}

/** The part before `Packages/`, where repositories of distributions keep their files. */
export function baseOfUrl(url: string): string | undefined {
  const at = url.lastIndexOf('/Packages/');
  if (at > 0) return url.slice(0, at + 1);
  const tree = /^(.*\/(?:os|tree|repo)\/)/.exec(url)?.[1];
  // COPR: RESULTS/OWNER/PROJECT/CHROOT/BUILD/FILE.
  return tree ?? /^(.*\/results\/[^/]+\/[^/]+\/[^/]+\/)/.exec(url)?.[1];
}

/** `baseos` of `https://mirror/9-stream/BaseOS/x86_64/os/`. */
export function idOfUrl(url: string, architecture: string): string {
  const steps = url
    .replace(/^[a-z]+:\/\/[^/]*/i, '')
    .split('/')
    .filter((step) => step !== '' && !/^(?:os|tree|repo|Everything|\$basearch)$/.test(step) && step !== architecture);
  const last = steps.at(-1) ?? 'repository';
  const chroot = splitArchitecture(last);
  const name = chroot.architecture === undefined ? last : `${steps.at(-2) ?? ''}-${chroot.set}`;
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9_.-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'repository'
  );
}
