/** Rebuilds lockfiles of schema 1.0 from the headers of their RPMs, which an archive has where the mirrors do not any more. */
import pLimit from 'p-limit';
import { readRemoteHeader } from '../artifacts/remote-header.ts';
import { ERROR_CODES, type ErrorCode, RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { GENERATOR } from '../base/version.ts';
import { ContentStore } from '../io/content-store.ts';
import { fallbackUrls } from '../lockfile/fallback-urls.ts';
import type { Lockfile, Pin } from '../lockfile/lockfile.ts';
import { type HeaderOfPin, rebuildLock } from '../lockfile/rebuild-lock.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { canonicalUrls } from '../manifest/repository-urls.ts';
import { FolderProject } from '../project/folder-project.ts';
import { resolvedRepositories } from '../project/load-architecture.ts';
import { type LockedRpm, lockedRpms } from '../project/locked-sources.ts';
import type { ProjectInput, TargetInput } from '../project/manifest-input.ts';
import { readChosenLocks } from '../project/read-locks.ts';
import { formatNevra } from '../rpm/nevra.ts';
import { type RpmPackage, readRpmPackage } from '../rpm/rpm-package.ts';
import type { Context } from '../run/context.ts';

export interface MigrateInput extends ProjectInput, TargetInput {
  readonly dryRun?: boolean | undefined;
}

interface MigratedLock {
  readonly set: string;
  readonly architecture: string;
  readonly path: string;
  readonly packages: number;
  /** Requirements that no package of the lock meets, and specs of the manifest that none answers. */
  readonly unmet: readonly { readonly package: string; readonly requirement: string }[];
  readonly unanswered: readonly string[];
}

interface MigrateOutput {
  readonly migrated: readonly MigratedLock[];
  /** How many chosen lockfiles were of a newer schema. */
  readonly current: number;
  readonly dryRun: boolean;
  /** Lockfiles that were left alone because RPMs of them are nowhere. */
  readonly failure: RpmDepsError | undefined;
}

const PARALLEL = 8;

export async function migrateLocks(input: MigrateInput, context: Context): Promise<MigrateOutput> {
  const project = new FolderProject(input, context);
  const manifest = await project.manifest();
  const chosen = await readChosenLocks(input, context);
  const old = chosen.filter(({ schema_version: version }) => version === '1.0');
  for (const lock of old) refuseStray(lock, manifest);
  const reader = new HeaderReader(old, manifest, context);
  const migrated: (MigratedLock & { readonly lock: Lockfile })[] = [];
  const failed: { readonly lock: Lockfile; readonly missing: readonly Pin[] }[] = [];
  for (const lock of old) {
    const headers = await reader.headersOf(lock);
    const missing = lock.packages.filter((_, i) => headers[i] === undefined);
    if (missing.length > 0) {
      failed.push({ lock, missing });
      continue;
    }
    const rebuilt = rebuildLock(lock, headers as HeaderOfPin[], manifest, GENERATOR);
    const { package_set: set, architecture } = lock;
    migrated.push({ set, architecture, path: project.lockPath({ set, architecture }), packages: lock.packages.length, ...rebuilt });
  }
  context.signal.throwIfAborted();
  if (input.dryRun !== true && migrated.length > 0) await project.write({ locks: migrated.map(({ lock }) => lock) });
  return {
    migrated,
    current: chosen.length - old.length,
    dryRun: input.dryRun === true,
    failure: failed.length === 0 ? undefined : notFound(failed, reader.worstCode),
  };
}

function refuseStray({ package_set: set, architecture }: Lockfile, { sets }: Manifest): void {
  if (sets.find(({ name }) => name === set)?.architectures.includes(architecture) === true) return;
  throw new RpmDepsError('USAGE', `the manifest has no set \`${printable(set)}\` for ${printable(architecture)}`, {
    hint: 'choose lockfiles with --set and --arch, or make a manifest with `rpm-deps import`',
  });
}

/** Each file is read once, for whatever locks have it. */
class HeaderReader {
  /** The worst reason why a header could not be read, other than that nobody has it. */
  worstCode: ErrorCode | undefined;
  readonly #manifest: Manifest;
  readonly #context: Context;
  readonly #store: ContentStore;
  readonly #rpms: ReadonlyMap<string, LockedRpm>;
  readonly #found = new Map<string, Promise<HeaderOfPin | undefined>>();
  readonly #limit = pLimit(PARALLEL);

  constructor(locks: readonly Lockfile[], manifest: Manifest, context: Context) {
    this.#manifest = manifest;
    this.#context = context;
    this.#store = new ContentStore(context.cacheDir);
    this.#rpms = new Map(lockedRpms(locks, manifest, context).map((rpm) => [`${rpm.architecture} ${rpm.sha256}`, rpm]));
  }

  headersOf({ architecture, packages }: Lockfile): Promise<(HeaderOfPin | undefined)[]> {
    return Promise.all(
      packages.map((pin) => {
        const key = `${architecture} ${pin.sha256}`;
        const known = this.#found.get(key) ?? this.#limit(() => this.#find(pin, architecture));
        this.#found.set(key, known);
        return known;
      }),
    );
  }

  async #find(pin: Pin, architecture: string): Promise<HeaderOfPin | undefined> {
    this.#context.signal.throwIfAborted();
    const archives = fallbackUrls(this.#manifest.fallbacks, pin);
    if (await this.#store.has(pin.sha256)) {
      const [url = (await this.#mirrorUrls(pin, architecture))[0]] = archives;
      if (url !== undefined) return this.#placed(pin, architecture, url, await readRpmPackage(this.#store.path(pin.sha256)));
    }
    for (const urls of [async () => archives, () => this.#mirrorUrls(pin, architecture)]) {
      for (const url of await urls()) {
        const rpm = await this.#read(url, pin);
        if (rpm !== undefined) return this.#placed(pin, architecture, url, rpm);
      }
    }
    return undefined;
  }

  async #read(url: string, pin: Pin): Promise<RpmPackage | undefined> {
    try {
      const rpm = await readRemoteHeader(url, pin, this.#context.http);
      if (rpm === undefined || formatNevra(rpm) === formatNevra(pin)) return rpm;
      throw new RpmDepsError('WRONG_PACKAGE', `\`${printable(pin.filename)}\` is ${printable(formatNevra(rpm))} on the server`);
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      this.#remember(error.code);
      this.#context.emit({ kind: 'debug', text: `${pin.filename}: ${error.message}` });
      return undefined;
    }
  }

  /** Only where the archives do not have it: they are to be enough. */
  async #mirrorUrls(pin: Pin, architecture: string): Promise<readonly string[]> {
    try {
      return (await this.#rpms.get(`${architecture} ${pin.sha256}`)?.mirrorUrls()) ?? [];
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      this.#remember(error.code);
      this.#context.emit({ kind: 'debug', text: `${pin.filename}: ${error.message}` });
      return [];
    }
  }

  #remember(code: ErrorCode): void {
    if (this.worstCode === undefined || ERROR_CODES[code].exit > ERROR_CODES[this.worstCode].exit) this.worstCode = code;
  }

  /** Below a repository of the manifest where the URL is there, else below the archive. */
  #placed(pin: Pin, architecture: string, url: string, rpm: RpmPackage): HeaderOfPin {
    for (const { id, baseurls } of resolvedRepositories(this.#manifest, architecture)) {
      const base = baseurls.map(withSlash).find((one) => url.startsWith(one));
      if (base === undefined) continue;
      const baseurl = canonicalUrls(this.#manifest, architecture).get(id) ?? base;
      return { pin, rpm, repository: id, baseurl, location: decode(url.slice(base.length)) };
    }
    const end = url.replace(/[?#].*$/s, '').lastIndexOf('/') + 1;
    const archives = [...new Set(this.#manifest.fallbacks.map((template) => folderOf(template)))];
    const number = archives.indexOf(url.slice(0, end)) + 1;
    const repository = number <= 1 ? 'archive' : `archive-${number}`;
    return { pin, rpm, repository, baseurl: url.slice(0, end), location: decode(url.slice(end)) };
  }
}

const withSlash = (url: string): string => (url.endsWith('/') ? url : `${url}/`);
const folderOf = (template: string): string => template.slice(0, template.lastIndexOf('/') + 1);

const decode = (path: string): string =>
  path
    .split('/')
    .map((part) => decodeURIComponent(part))
    .join('/');

function notFound(
  failed: readonly { readonly lock: Lockfile; readonly missing: readonly Pin[] }[],
  code: ErrorCode | undefined,
): RpmDepsError {
  const [{ lock, missing } = failed[0]!] = failed;
  const what = `${missing.length} RPMs of ${lock.package_set} for ${lock.architecture}`;
  return new RpmDepsError(code ?? 'NETWORK', `no header is found for ${what}: its lockfile stays as it is`, {
    details: failed
      .flatMap((one) => one.missing.map((pin) => `${one.lock.package_set}-${one.lock.architecture}: ${pin.filename}`))
      .slice(0, 50),
    hint: 'name an archive that has them under `fallbacks`, for example https://storage.example/rpms/{sha256}; or lock anew with `rpm-deps lock`',
  });
}
