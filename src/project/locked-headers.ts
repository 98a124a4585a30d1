/** Finds the headers of locked RPMs: in the store, in the `fallbacks` of the manifest, else on the mirror. */

import pLimit from 'p-limit';
import { readRemoteHeader } from '../artifacts/remote-header.ts';
import { ERROR_CODES, RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { decodeEscapes } from '../base/urls.ts';
import { ContentStore } from '../io/content-store.ts';
import { fallbackUrls } from '../lockfile/fallback-urls.ts';
import type { LockedPackage, Lockfile } from '../lockfile/lockfile.ts';
import type { LockedHeader } from '../lockfile/rebuild-lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { canonicalUrls } from '../manifest/repository-urls.ts';
import { formatNevra } from '../rpm/nevra.ts';
import { type RpmPackage, readRpmPackage } from '../rpm/rpm-package.ts';
import type { Context } from '../run/context.ts';
import { resolvedRepositories } from './load-architecture.ts';
import { type LockedRpm, lockedRpms } from './locked-sources.ts';

const PARALLEL = 8;

/** Each file is read once for all locks. */
export class HeaderReader {
  /** The most serious error of reading a header, other than a missing file. */
  worst: RpmDepsError | undefined;
  readonly #manifest: Manifest;
  readonly #context: Context;
  readonly #store: ContentStore;
  readonly #rpms: ReadonlyMap<string, LockedRpm>;
  readonly #found = new Map<string, Promise<LockedHeader | undefined>>();
  readonly #limit = pLimit(PARALLEL);
  readonly #isArchiveOnly: boolean;

  constructor(
    locks: readonly Lockfile[],
    manifest: Manifest,
    context: Context,
    { archiveOnly }: { readonly archiveOnly: boolean } = { archiveOnly: false },
  ) {
    this.#isArchiveOnly = archiveOnly;
    this.#manifest = manifest;
    this.#context = context;
    this.#store = new ContentStore(context.cacheDir);
    this.#rpms = new Map(lockedRpms(locks, manifest, context).map((rpm) => [`${rpm.architecture} ${rpm.sha256}`, rpm]));
  }

  headersOf({ architecture, packages }: Pick<Lockfile, 'architecture' | 'packages'>): Promise<(LockedHeader | undefined)[]> {
    return Promise.all(
      packages.map((locked) => {
        const key = `${architecture} ${locked.sha256}`;
        const known = this.#found.get(key) ?? this.#limit(() => this.#find(locked, architecture));
        this.#found.set(key, known);
        return known;
      }),
    );
  }

  async #find(locked: LockedPackage, architecture: string): Promise<LockedHeader | undefined> {
    this.#context.signal.throwIfAborted();
    const archives = fallbackUrls(this.#manifest.fallbacks, locked);
    if (await this.#store.has(locked.sha256)) {
      const [url = (await this.#mirrorUrls(locked, architecture))[0]] = archives;
      if (url !== undefined) return this.#placed(locked, architecture, url, await readRpmPackage(this.#store.path(locked.sha256)));
    }
    for (const urls of [async () => archives, () => this.#mirrorUrls(locked, architecture)]) {
      for (const url of await urls()) {
        const rpm = await this.#read(url, locked);
        if (rpm !== undefined) return this.#placed(locked, architecture, url, rpm);
      }
    }
    return undefined;
  }

  async #read(url: string, locked: LockedPackage): Promise<RpmPackage | undefined> {
    try {
      const rpm = await readRemoteHeader(url, locked, this.#context.http);
      if (rpm === undefined || formatNevra(rpm) === formatNevra(locked)) return rpm;
      throw new RpmDepsError('WRONG_PACKAGE', `\`${printable(locked.filename)}\` is ${printable(formatNevra(rpm))} on the server`);
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      this.#remember(error);
      this.#context.emit({ kind: 'debug', text: `${locked.filename}: ${error.message}` });
      return undefined;
    }
  }

  /** URLs on mirrors, used only if the archives do not have the file. */
  async #mirrorUrls(locked: LockedPackage, architecture: string): Promise<readonly string[]> {
    if (this.#isArchiveOnly) return [];
    try {
      return (await this.#rpms.get(`${architecture} ${locked.sha256}`)?.mirrorUrls()) ?? [];
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      this.#remember(error);
      this.#context.emit({ kind: 'debug', text: `${locked.filename}: ${error.message}` });
      return [];
    }
  }

  #remember(error: RpmDepsError): void {
    if (this.worst === undefined || ERROR_CODES[error.code].exit > ERROR_CODES[this.worst.code].exit) this.worst = error;
  }

  /** Assigns the file to a repository of the manifest if the URL is below it, else to the archive. */
  #placed(locked: LockedPackage, architecture: string, url: string, rpm: RpmPackage): LockedHeader {
    for (const { id, baseurls } of resolvedRepositories(this.#manifest, architecture)) {
      const base = baseurls.map(withSlash).find((one) => url.startsWith(one));
      if (base === undefined) continue;
      const baseurl = canonicalUrls(this.#manifest, architecture).get(id) ?? base;
      return { locked, rpm, repository: id, baseurl, location: decodeEscapes(url.slice(base.length)) };
    }
    const end = url.replace(/[?#].*$/s, '').lastIndexOf('/') + 1;
    const archives = [...new Set(this.#manifest.fallbacks.map((template) => folderOf(template)))];
    const number = archives.indexOf(url.slice(0, end)) + 1;
    const repository = number <= 1 ? 'archive' : `archive-${number}`;
    return { locked, rpm, repository, baseurl: url.slice(0, end), location: decodeEscapes(url.slice(end)) };
  }
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
const folderOf = (template: string): string => template.slice(0, template.lastIndexOf('/') + 1);
