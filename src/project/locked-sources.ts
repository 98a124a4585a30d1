/** Where the RPMs of locks may be had, and which keys must have signed them. */
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

/** A package of a lock, once for each architecture that locks it. */
export interface LockedRpm extends WantedRpm {
  readonly lockedPackage: LockedPackage;
  /** What locks say that the file is: `lockedPackage`, and what differs from it in the lock of another set. */
  readonly lockedPackages: readonly LockedPackage[];
  /** Of the lock, not of the package: a noarch package is listed for each; `src` for source RPMs. */
  readonly architecture: string;
  readonly sets: readonly string[];
  /** The same without the fallbacks of the manifest. */
  readonly mirrorUrls: () => Promise<readonly string[]>;
  /** URLs of the keys; empty where signatures are not checked. */
  readonly keys: readonly string[];
  /** The only keys that may have signed it, where the lock says so. */
  readonly fingerprints: readonly string[] | undefined;
}

/** The manifest, or undefined where there is none and nobody named one: locks say enough for most things. */
export async function findManifest(input: ProjectInput, context: Context): Promise<Manifest | undefined> {
  try {
    return await loadManifest(input, context);
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'MANIFEST_MISSING' && input.manifest === undefined) return undefined;
    throw error;
  }
}

/** Source RPMs are for every architecture. */
const SOURCE_FOLDER = 'src';

export interface LockedRpmsOptions {
  /** The source RPMs too. */
  readonly sources?: boolean | undefined;
}

/** By architecture and file name; each file once however many locks name it. */
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

/** The modules.yaml of a repository that gave a package of a module. */
export interface LockedModules extends WantedRpm {
  readonly architecture: string;
  readonly repository: string;
  /** Where another file of the repository may be. */
  readonly urlsOf: (location: string) => Promise<readonly string[]>;
}

/** By architecture, then in the order of repositories; each file once. */
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

/** One architecture's repositories, read no earlier than they are needed and no more than once. */
class Sources {
  readonly #architecture: string;
  readonly #manifest: Manifest | undefined;
  readonly #context: Context;
  readonly #definitions: readonly RepositoryDefinition[];
  readonly #repositories: readonly ResolvedRepository[];
  readonly #canonical: ReadonlyMap<string, string>;
  /** The only ones that are asked; undefined without a manifest, when there is nothing but the locks. */
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
          // Repositories that cannot be read are no reason not to look in the fallbacks.
          if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED' || fallbacks.length === 0) throw error;
          this.#context.emit({ kind: 'debug', text: `${lockedPackage.filename}: ${error.message}` });
          return fallbacks;
        }
      },
    };
  }

  /** `migrate` found it in an archive: no repository has it. */
  #isArchived(lockedPackage: LockedPackage, lock: Lockfile): boolean {
    const isKnown = this.#definitions.some(({ id }) => id === lockedPackage.repository);
    const baseurl = lockedRepository(lock, lockedPackage.repository)?.baseurl;
    return !isKnown && baseurl !== undefined && (this.#manifest?.fallbacks ?? []).some((template) => template.startsWith(baseurl));
  }

  /** Where a locked package has no repository (schema 1.0), or is in an archive, any key of the manifest is accepted. */
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

  /** Of a file of a repository that a lockfile names. */
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
    // What the manifest calls the repository, it reads from the mirror that was chosen; a list of mirrors is no place of packages.
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

  /** A repository may have its packages on another host: then its own metadata says so, and not only a lockfile, which anybody may have changed. */
  async #refuseForeign(location: string, lockedPackage: LockedPackage): Promise<void> {
    if (!this.#isForeign(location)) return;
    const pool =
      lockedPackage.arch === 'src' || lockedPackage.arch === 'nosrc' ? await this.#loadSourcePool(lockedPackage) : await this.#loadPool();
    if (findRecord(pool, lockedPackage)?.location !== location) throw foreignHost(location, lockedPackage.repository ?? '');
  }

  /** Where the list cannot be read, why: base URLs may do without it. */
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

  /** Of a source RPM: its repository may be read for nothing else. */
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

/** Scheme, host and port; all of this machine is one place. */
const hostOf = (url: string): string => (/^file:/i.test(url) ? 'file:' : URL.canParse(url) ? new URL(url).host : url);

function foreignHost(url: string, id: string): RpmDepsError {
  const text = `a lockfile names ${printable(hostOf(url))} for repository ${printable(id)}, and neither the manifest nor its repositories do`;
  return new RpmDepsError('LOCKFILE_INVALID', text, {
    hint: 'run `rpm-deps lock` if the repository has moved; otherwise restore the lockfile from git',
    data: { url: redact(url), repository: id },
  });
}

/** The same bytes if they are there under any name, else the same NEVRA: what is fetched is checked against the sha256 anyway. */
function findRecord(pool: Pool, lockedPackage: LockedPackage): PackageRecord | undefined {
  const nevra = formatNevra(lockedPackage);
  const packages = packagesNamed(pool, lockedPackage.name);
  const same = packages.find(({ checksum }) => checksum.value.toLowerCase() === metadataChecksum(lockedPackage));
  return same ?? packages.find((known) => formatNevra(known) === nevra);
}
