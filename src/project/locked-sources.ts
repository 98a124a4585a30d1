/** Where the RPMs of locks may be had, and which keys must have signed them. */
import type { WantedRpm } from '../artifacts/fetch-artifacts.ts';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { redact } from '../base/redact.ts';
import { isUrl, joinUrl } from '../base/urls.ts';
import { fallbackUrls } from '../lockfile/fallback-urls.ts';
import { lockedRepository } from '../lockfile/locked-repository.ts';
import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import { metadataChecksum } from '../lockfile/package-digest.ts';
import type { Manifest, RepositoryDefinition } from '../manifest/manifest.ts';
import { knownRepositoriesFor } from '../manifest/repositories-for.ts';
import { canonicalUrls } from '../manifest/repository-urls.ts';
import { placeMistake } from '../net/place-policy.ts';
import type { PackageRecord, Pool } from '../pool/pool.ts';
import type { ListedRepository } from '../repositories/mirrors.ts';
import type { ResolvedRepository } from '../repositories/repository.ts';
import { packagesNamed } from '../resolution/ask-packages.ts';
import { formatNevra } from '../rpm/nevra.ts';
import type { Context } from '../run/context.ts';
import { listedRepository, mirrorsOf } from './list-mirrors.ts';
import { loadArchitecture, loadSources, resolvedRepositories } from './load-architecture.ts';
import { loadManifest, type ProjectInput } from './manifest-input.ts';

/** A package of a lock, once for each architecture that locks it. */
export interface LockedRpm extends WantedRpm {
  readonly pin: Pin;
  /** What locks say that the file is: `pin`, and what differs from it in the lock of another set. */
  readonly pins: readonly Pin[];
  /** Of the lock, not of the package: a noarch package is there for each; `src` for source RPMs. */
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
  const found = new Map<string, LockedRpm & { readonly sets: string[]; readonly pins: Pin[] }>();
  const sources = new Map<string, Sources>();
  for (const lock of locks) {
    const { architecture } = lock;
    if (!sources.has(architecture)) sources.set(architecture, new Sources(architecture, manifest, context));
    const packages = lock.packages.map((pin) => ({ pin, folder: architecture }));
    const ofSources = options.sources === true ? (lock.sources ?? []).map((pin) => ({ pin, folder: SOURCE_FOLDER })) : [];
    for (const { pin, folder } of [...packages, ...ofSources]) {
      const key = `${folder}/${pin.filename}/${pin.sha256}`;
      const known = found.get(key);
      if (known === undefined) {
        const rpm = { ...sources.get(architecture)!.rpm(pin, lock), architecture: folder };
        found.set(key, { ...rpm, sets: [lock.package_set], pins: [pin] });
      } else {
        known.sets.push(lock.package_set);
        if (!known.pins.some((other) => isSamePackage(other, pin))) known.pins.push(pin);
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rpm]) => rpm);
}

const isSamePackage = (a: Pin, b: Pin): boolean => formatNevra(a) === formatNevra(b) && a.source === b.source;

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

  rpm(pin: Pin, lock: Lockfile): Omit<LockedRpm, 'sets' | 'pins'> {
    const mirrorUrls = (): Promise<readonly string[]> => this.#mirrorUrls(pin, lock);
    const fallbacks = fallbackUrls(this.#manifest?.fallbacks ?? [], pin);
    const locked = lockedRepository(lock, pin.repository);
    return {
      pin,
      architecture: this.#architecture,
      sha256: pin.sha256,
      filename: pin.filename,
      repository: pin.repository,
      size: pin.size,
      keys: this.#keys(pin, lock),
      fingerprints: locked?.gpgkey_fingerprints,
      mirrorUrls,
      urls: async () => {
        try {
          return [...new Set([...(await mirrorUrls()), ...fallbacks])];
        } catch (error) {
          // Repositories that cannot be read are no reason not to look in the fallbacks.
          if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED' || fallbacks.length === 0) throw error;
          this.#context.emit({ kind: 'debug', text: `${pin.filename}: ${error.message}` });
          return fallbacks;
        }
      },
    };
  }

  /** `migrate` found it in an archive: no repository has it. */
  #isArchived(pin: Pin, lock: Lockfile): boolean {
    const isKnown = this.#definitions.some(({ id }) => id === pin.repository);
    const baseurl = lockedRepository(lock, pin.repository)?.baseurl;
    return !isKnown && baseurl !== undefined && (this.#manifest?.fallbacks ?? []).some((template) => template.startsWith(baseurl));
  }

  /** Where a pin does not say its repository, as in schema 1.0, or is in an archive, any key of the manifest will do. */
  #keys(pin: Pin, lock: Lockfile): readonly string[] {
    const isAnyones = pin.repository === undefined || this.#isArchived(pin, lock);
    const ids = new Set(this.#definitions.filter(({ gpgcheck }) => gpgcheck).map(({ id }) => id));
    const enabled = new Set(this.#definitions.filter((repository) => repository.enabled).map(({ id }) => id));
    const own = this.#repositories.filter(({ id }) => ids.has(id) && (isAnyones ? enabled.has(id) : id === pin.repository));
    return [...new Set(own.flatMap(({ gpgkey }) => gpgkey))];
  }

  async #mirrorUrls(pin: Pin, lock: Lockfile): Promise<readonly string[]> {
    if (this.#isArchived(pin, lock)) return [];
    if (pin.location !== undefined && pin.repository !== undefined) return this.#at(pin.location, pin.repository, { lock, pin });
    const record = findRecord(await this.#loadPool(), pin);
    return record === undefined ? [] : this.#at(record.location, record.repository, { lock });
  }

  /** Of a file of a repository that a lockfile names. */
  fileUrls(location: string, id: string, lock: Lockfile): Promise<readonly string[]> {
    if (isUrl(location) && this.#isForeign(location)) throw foreignHost(location, id);
    return this.#at(location, id, { lock });
  }

  /** With `pin` the location is what a lockfile says, and else what metadata says. */
  async #at(location: string, id: string, { lock, pin }: { readonly lock: Lockfile; readonly pin?: Pin }): Promise<readonly string[]> {
    if (pin !== undefined && isUrl(location)) await this.#refuseForeign(location, pin);
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
          hint: 'ask who runs the repository why it names such a place; a repository of yours on this machine or network may',
        },
      );
    }
    return [...new Set(allowed.map((base) => joinUrl(base, location)))];
  }

  #isForeign(url: string): boolean {
    return this.#hosts !== undefined && !this.#hosts.has(hostOf(url));
  }

  /** A repository may have its packages on another host: then its own metadata says so, and not only a lockfile, which anybody may have changed. */
  async #refuseForeign(location: string, pin: Pin): Promise<void> {
    if (!this.#isForeign(location)) return;
    const pool = pin.arch === 'src' || pin.arch === 'nosrc' ? await this.#loadSourcePool(pin) : await this.#loadPool();
    if (findRecord(pool, pin)?.location !== location) throw foreignHost(location, pin.repository ?? '');
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
  async #loadSourcePool({ repository }: Pin): Promise<Pool> {
    const wishes = { required: false, repositories: repository === undefined ? [] : [repository] };
    const more = this.#manifest && (await loadSources(this.#manifest, wishes, this.#architecture, this.#context));
    return more ?? this.#loadPool();
  }

  #loadPool(): Promise<Pool> {
    if (this.#manifest === undefined) {
      throw new RpmDepsError('MANIFEST_MISSING', 'the lockfiles have no locations for their RPMs, and no manifest was found', {
        hint: 'they are of schema 1.0, which has no locations: name the manifest with --manifest FILE',
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

/** The same bytes if they are there under any name, else the same NEVRA: what is fetched is checked against the sha256 all the same. */
function findRecord(pool: Pool, pin: Pin): PackageRecord | undefined {
  const nevra = formatNevra(pin);
  const packages = packagesNamed(pool, pin.name);
  const same = packages.find(({ checksum }) => checksum.value.toLowerCase() === metadataChecksum(pin));
  return same ?? packages.find((known) => formatNevra(known) === nevra);
}
