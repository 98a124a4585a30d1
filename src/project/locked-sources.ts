/** URLs of the RPMs of locks, and the keys that must have signed them. */
import type { WantedRpm } from '../artifacts/fetch-artifacts.ts';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { redact } from '../base/redact.ts';
import { isUrl, joinUrl } from '../base/urls.ts';
import { fallbackUrls } from '../lockfile/fallback-urls.ts';
import { lockedRepository } from '../lockfile/locked-repository.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import { metadataChecksum } from '../lockfile/package-digest.ts';
import type { Manifest, RepositoryDefinition } from '../manifest/manifest.ts';
import { knownRepositoriesFor } from '../manifest/repositories-for.ts';
import { canonicalUrls } from '../manifest/repository-urls.ts';
import { placeMistake } from '../net/place-policy.ts';
import type { PackageRecord, Pool } from '../pool/pool.ts';
import type { ListedRepository } from '../repositories/mirrors.ts';
import type { ResolvedRepository } from '../repositories/repository.ts';
import { packagesNamed } from '../resolution/query-packages.ts';
import { formatNevra } from '../rpm/nevra.ts';
import type { Context } from '../run/context.ts';
import { listedRepository, mirrorsOf } from './list-mirrors.ts';
import { loadArchitecture, loadSources, resolvedRepositories } from './load-architecture.ts';
import { loadManifest, type ProjectInput } from './manifest-input.ts';

/** A locked package, once for each architecture that locks it. */
export interface LockedRpm extends WantedRpm {
  readonly lockedPackage: LockedPackage;
  /** Data about the file in locks: `lockedPackage`, and different values in locks of other sets. */
  readonly lockedPackages: readonly LockedPackage[];
  /** Architecture of the lock, not of the package: a noarch package is listed for each; `src` for source RPMs. */
  readonly architecture: string;
  readonly sets: readonly string[];
  /** URLs without the fallbacks of the manifest. */
  readonly mirrorUrls: () => Promise<readonly string[]>;
  /** URLs of the keys; empty if signatures are not checked. */
  readonly keys: readonly string[];
  /** Fingerprints of the only allowed keys, if recorded in the lock. */
  readonly fingerprints: readonly string[] | undefined;
}

/** The manifest; undefined if it does not exist and was not named explicitly, because locks are enough for most commands. */
export async function findManifest(input: ProjectInput, context: Context): Promise<Manifest | undefined> {
  try {
    return await loadManifest(input, context);
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'MANIFEST_MISSING' && input.manifest === undefined) return undefined;
    throw error;
  }
}

/** Directory name for source RPMs, which have no architecture. */
const SOURCE_FOLDER = 'src';

export interface LockedRpmsOptions {
  /** Include the source RPMs. */
  readonly sources?: boolean | undefined;
}

/** Sorted by architecture and file name; each file once for all locks. */
export function lockedRpms(
  locks: readonly Lockfile[],
  manifest: Manifest | undefined,
  context: Context,
  options: LockedRpmsOptions = {},
): LockedRpm[] {
  const found = new Map<string, LockedRpm & { readonly sets: string[]; readonly lockedPackages: LockedPackage[] }>();
  const sources = new Map<string, Sources>();
  for (const lock of locks) {
    const { architecture } = lock;
    if (!sources.has(architecture)) sources.set(architecture, new Sources(architecture, manifest, context));
    const packages = lock.packages.map((lockedPackage) => ({ lockedPackage, folder: architecture }));
    const ofSources =
      options.sources === true ? (lock.sources ?? []).map((lockedPackage) => ({ lockedPackage, folder: SOURCE_FOLDER })) : [];
    for (const { lockedPackage, folder } of [...packages, ...ofSources]) {
      const key = `${folder}/${lockedPackage.filename}/${lockedPackage.sha256}`;
      const known = found.get(key);
      if (known === undefined) {
        const rpm = { ...sources.get(architecture)!.rpm(lockedPackage, lock), architecture: folder };
        found.set(key, { ...rpm, sets: [lock.package_set], lockedPackages: [lockedPackage] });
      } else {
        known.sets.push(lock.package_set);
        if (!known.lockedPackages.some((other) => isSamePackage(other, lockedPackage))) known.lockedPackages.push(lockedPackage);
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rpm]) => rpm);
}

const isSamePackage = (a: LockedPackage, b: LockedPackage): boolean => formatNevra(a) === formatNevra(b) && a.source === b.source;

/** The modules.yaml of a repository with a locked module package. */
export interface LockedModules extends WantedRpm {
  readonly architecture: string;
  readonly repository: string;
  /** URLs of another file of the repository. */
  readonly urlsOf: (location: string) => Promise<readonly string[]>;
}

/** Sorted by architecture, then in the order of repositories; each file once. */
export function lockedModules(locks: readonly Lockfile[], manifest: Manifest | undefined, context: Context): LockedModules[] {
  const found = new Map<string, LockedModules>();
  const sources = new Map<string, Sources>();
  for (const lock of locks) {
    const { architecture, repositories = [] } = lock;
    const here = sources.get(architecture) ?? new Sources(architecture, manifest, context);
    sources.set(architecture, here);
    for (const { id, modules } of repositories) {
      const key = `${architecture} ${modules?.sha256}`;
      if (modules === undefined || found.has(key)) continue;
      const { sha256, size, location } = modules;
      const urlsOf = async (place: string): Promise<readonly string[]> => here.fileUrls(place, id, lock);
      const filename = `modules.yaml of ${id}`;
      found.set(key, { architecture, repository: id, sha256, size, filename, urlsOf, urls: () => urlsOf(location) });
    }
  }
  return [...found.values()];
}

/** The repositories of one architecture, read on demand and at most once. */
class Sources {
  readonly #architecture: string;
  readonly #manifest: Manifest | undefined;
  readonly #context: Context;
  readonly #definitions: readonly RepositoryDefinition[];
  readonly #repositories: readonly ResolvedRepository[];
  readonly #canonical: ReadonlyMap<string, string>;
  /** The only hosts that may be contacted; undefined without a manifest, when only locks are available. */
  readonly #hosts: ReadonlySet<string> | undefined;
  readonly #mirrors = new Map<string, Promise<readonly string[] | RpmDepsError>>();
  #pool: Promise<Pool> | undefined;

  constructor(architecture: string, manifest: Manifest | undefined, context: Context) {
    this.#architecture = architecture;
    this.#manifest = manifest;
    this.#context = context;
    this.#definitions = manifest === undefined ? [] : knownRepositoriesFor(manifest, architecture);
    this.#repositories = manifest === undefined ? [] : resolvedRepositories(manifest, architecture, this.#definitions);
    this.#canonical = manifest === undefined ? new Map() : canonicalUrls(manifest, architecture, this.#definitions);
    this.#hosts = manifest === undefined ? undefined : new Set([...this.#ownUrls(manifest)].map(hostOf));
  }

  *#ownUrls({ mirror, ownMirror }: Manifest): Generator<string> {
    yield* [mirror, ownMirror, ...this.#canonical.values()];
    for (const { baseurls } of this.#repositories) yield* baseurls;
  }

  rpm(lockedPackage: LockedPackage, lock: Lockfile): Omit<LockedRpm, 'sets' | 'lockedPackages'> {
    const mirrorUrls = (): Promise<readonly string[]> => this.#mirrorUrls(lockedPackage, lock);
    const fallbacks = fallbackUrls(this.#manifest?.fallbacks ?? [], lockedPackage);
    const locked = lockedRepository(lock, lockedPackage.repository);
    return {
      lockedPackage,
      architecture: this.#architecture,
      sha256: lockedPackage.sha256,
      filename: lockedPackage.filename,
      repository: lockedPackage.repository,
      size: lockedPackage.size,
      keys: this.#keys(lockedPackage, lock),
      fingerprints: locked?.gpgkey_fingerprints,
      mirrorUrls,
      urls: async () => {
        try {
          return [...new Set([...(await mirrorUrls()), ...fallbacks])];
        } catch (error) {
          // If repositories cannot be read, the fallbacks are still tried.
          if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED' || fallbacks.length === 0) throw error;
          this.#context.emit({ kind: 'debug', text: `${lockedPackage.filename}: ${error.message}` });
          return fallbacks;
        }
      },
    };
  }

  /** The package was found in an archive by `migrate`: no repository has it. */
  #isArchived(lockedPackage: LockedPackage, lock: Lockfile): boolean {
    const isKnown = this.#definitions.some(({ id }) => id === lockedPackage.repository);
    const baseurl = lockedRepository(lock, lockedPackage.repository)?.baseurl;
    return !isKnown && baseurl !== undefined && (this.#manifest?.fallbacks ?? []).some((template) => template.startsWith(baseurl));
  }

  /** If a locked package has no repository (schema 1.0) or is in an archive, any key of the manifest is accepted. */
  #keys(lockedPackage: LockedPackage, lock: Lockfile): readonly string[] {
    const isAnyones = lockedPackage.repository === undefined || this.#isArchived(lockedPackage, lock);
    const ids = new Set(this.#definitions.filter(({ gpgcheck }) => gpgcheck).map(({ id }) => id));
    const enabled = new Set(this.#definitions.filter((repository) => repository.enabled).map(({ id }) => id));
    const own = this.#repositories.filter(({ id }) => ids.has(id) && (isAnyones ? enabled.has(id) : id === lockedPackage.repository));
    return [...new Set(own.flatMap(({ gpgkey }) => gpgkey))];
  }

  async #mirrorUrls(lockedPackage: LockedPackage, lock: Lockfile): Promise<readonly string[]> {
    if (this.#isArchived(lockedPackage, lock)) return [];
    if (lockedPackage.location !== undefined && lockedPackage.repository !== undefined)
      return this.#at(lockedPackage.location, lockedPackage.repository, { lock, lockedPackage });
    const record = findRecord(await this.#loadPool(), lockedPackage);
    return record === undefined ? [] : this.#at(record.location, record.repository, { lock });
  }

  /** URLs of a file of a repository in a lockfile. */
  fileUrls(location: string, id: string, lock: Lockfile): Promise<readonly string[]> {
    if (isUrl(location) && this.#isForeign(location)) throw foreignHost(location, id);
    return this.#at(location, id, { lock });
  }

  /** With `lockedPackage` the location is from a lockfile, otherwise from metadata. */
  async #at(
    location: string,
    id: string,
    { lock, lockedPackage }: { readonly lock: Lockfile; readonly lockedPackage?: LockedPackage },
  ): Promise<readonly string[]> {
    if (lockedPackage !== undefined && isUrl(location)) await this.#refuseForeign(location, lockedPackage);
    const repository = this.#repositories.find((candidate) => candidate.id === id);
    const locked = lockedRepository(lock, id);
    const isTrusted = locked !== undefined && !this.#isForeign(locked.baseurl);
    // A repository of the manifest is read from the chosen mirror; the URL of a mirror list is not a base URL.
    const isPlace = isTrusted && locked.list === undefined && (repository === undefined || locked.baseurl !== this.#canonical.get(id));
    const mirrors = await this.#mirrorsOf(repository ?? (isTrusted ? listedRepository(locked, this.#architecture) : undefined));
    const listed = mirrors instanceof RpmDepsError ? [] : mirrors;
    const bases = [...(repository?.baseurls ?? []), ...(isPlace ? [locked.baseurl] : []), ...listed];
    if (bases.length === 0 && mirrors instanceof RpmDepsError) throw mirrors;
    if (bases.length === 0 && locked !== undefined && !isTrusted) throw foreignHost(locked.baseurl, id);
    const mistakes = new Map(bases.map((base) => [base, isUrl(location) ? placeMistake(location, base) : undefined]));
    const allowed = bases.filter((base) => mistakes.get(base) === undefined);
    const [why] = mistakes.values();
    if (allowed.length === 0 && why !== undefined) {
      throw new RpmDepsError(
        'LOCKFILE_INVALID',
        `\`${printable(redact(location))}\` of repository ${printable(id)} is not fetched: ${why}`,
        {
          hint: 'ask the operator of the repository; only a repository on this machine or network may use such a location',
        },
      );
    }
    return [...new Set(allowed.map((base) => joinUrl(base, location)))];
  }

  #isForeign(url: string): boolean {
    return this.#hosts !== undefined && !this.#hosts.has(hostOf(url));
  }

  /** Refuses a package URL on another host, unless the repository's own metadata contains it: lockfiles are easily changed. */
  async #refuseForeign(location: string, lockedPackage: LockedPackage): Promise<void> {
    if (!this.#isForeign(location)) return;
    const pool =
      lockedPackage.arch === 'src' || lockedPackage.arch === 'nosrc' ? await this.#loadSourcePool(lockedPackage) : await this.#loadPool();
    if (findRecord(pool, lockedPackage)?.location !== location) throw foreignHost(location, lockedPackage.repository ?? '');
  }

  /** Returns the error if the list cannot be read, because base URLs may be enough. */
  #mirrorsOf(repository: ListedRepository | undefined): Promise<readonly string[] | RpmDepsError> {
    if (repository === undefined || (repository.metalink ?? repository.mirrorlist) === undefined) return Promise.resolve([]);
    const known = this.#mirrors.get(repository.id);
    if (known !== undefined) return known;
    const mirrors = mirrorsOf(repository, this.#context, this.#context.offline).catch((error: unknown) => {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      this.#context.emit({ kind: 'debug', text: `mirrors of ${repository.id}: ${error.message}` });
      return error;
    });
    this.#mirrors.set(repository.id, mirrors);
    return mirrors;
  }

  /** The pool for a source RPM, whose repository may not be in the main pool. */
  async #loadSourcePool({ repository }: LockedPackage): Promise<Pool> {
    const wishes = { required: false, repositories: repository === undefined ? [] : [repository] };
    const more = this.#manifest && (await loadSources(this.#manifest, wishes, this.#architecture, this.#context));
    return more ?? this.#loadPool();
  }

  #loadPool(): Promise<Pool> {
    if (this.#manifest === undefined) {
      throw new RpmDepsError('MANIFEST_MISSING', 'the lockfiles have no locations for their RPMs, and no manifest was found', {
        hint: 'schema 1.0 has no locations: give the manifest with --manifest FILE',
      });
    }
    this.#pool ??= loadArchitecture(this.#manifest, this.#architecture, this.#context);
    return this.#pool;
  }
}

/** Scheme, host and port; all local files are one host. */
const hostOf = (url: string): string => (/^file:/i.test(url) ? 'file:' : URL.canParse(url) ? new URL(url).host : url);

function foreignHost(url: string, id: string): RpmDepsError {
  const text = `a lockfile names ${printable(hostOf(url))} for repository ${printable(id)}, and neither the manifest nor its repositories do`;
  return new RpmDepsError('LOCKFILE_INVALID', text, {
    hint: 'run `rpm-deps lock` if the repository has moved; otherwise restore the lockfile from git',
    data: { url: redact(url), repository: id },
  });
}

/** Searches by checksum, else by NEVRA: the download is checked with the sha256 of the lock anyway. */
function findRecord(pool: Pool, lockedPackage: LockedPackage): PackageRecord | undefined {
  const nevra = formatNevra(lockedPackage);
  const packages = packagesNamed(pool, lockedPackage.name);
  const same = packages.find(({ checksum }) => checksum.value.toLowerCase() === metadataChecksum(lockedPackage));
  return same ?? packages.find((known) => formatNevra(known) === nevra);
}
