import { setImmediate } from 'node:timers/promises';
import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import { printable } from '../base/printable.ts';
import type { HttpClient } from '../net/http-client.ts';
import { placeMistake } from '../net/place-policy.ts';
import type { SolvableId } from '../pool/ids.ts';
import { PackagePool } from '../pool/package-pool.ts';
import type { Pool } from '../pool/pool.ts';
import type { PoolColumns } from '../pool/pool-columns.ts';
import type { ModulesFile } from '../repodata/modulemd.ts';
import { fileOwners, type OwnersContext } from './file-owners.ts';
import {
  type BehindCheck,
  fetchPrimary,
  type LoadContext,
  type LoadedRepo,
  loadRepo,
  type OpenedRepo,
  openRepo,
  type RepomdCheck,
} from './load-repo.ts';
import { MetadataCache } from './metadata-cache.ts';
import { knownRepomds, readStoredPool, type StoredPool, storedPoolName, storePool } from './pool-store.ts';
import type { ResolvedRepository } from './repository.ts';
import type { PrimaryFile } from './scan-pool.ts';
import { scanThreads } from './scan-threads.ts';

export interface LoadPoolOptions {
  /** RPM name of the target architecture. */
  readonly architecture: string;
  /** In order of preference among equal priorities. */
  readonly repositories: readonly ResolvedRepository[];
  readonly cacheDir: string;
  readonly http: HttpClient;
  readonly emit: Emit;
  readonly offline: boolean;
  readonly checkRepomd?: RepomdCheck;
  /** Whether a mirror is outdated; such a mirror is used only if no other one is newer. */
  readonly isBehind?: BehindCheck;
  /** Whether a request may have groups (default true); if not, comps.xml is loaded on demand. */
  readonly groups?: boolean;
}

/** Maximum milliseconds without a pause for the event loop. */
const TURN_MS = 50;

/**
 * Reads all repositories in parallel and merges them in their configured order. If no repomd.xml has changed, maps the pool of the last run from
 * the cache and reads no packages.
 */
export async function loadPool(options: LoadPoolOptions): Promise<Pool> {
  return scanThreads.during(async () => (await openRepositories(options, { isWanted: true })).load());
}

export interface OpenedRepositories {
  /** Digests of repomd.xml, by repository. */
  readonly digests: readonly string[];
  /** Reads the packages. */
  readonly load: () => Promise<Pool>;
}

/** Reads only repomd.xml of each repository, which identifies its state. `isWanted`: also prepares reading the packages meanwhile. */
export async function openRepositories(
  options: LoadPoolOptions,
  { isWanted }: { readonly isWanted: boolean },
): Promise<OpenedRepositories> {
  const { architecture, repositories, http, emit, offline, checkRepomd, isBehind, groups = true } = options;
  const cache = new MetadataCache(options.cacheDir, emit);
  const context = { http, cache, cacheDir: options.cacheDir, offline, emit, checkRepomd, isBehind, groups };
  emit({ kind: 'stage', stage: 'download', text: `reading repositories for ${architecture}` });
  const started = performance.now();
  const name = storedPoolName(architecture, repositories);
  const early = isWanted ? readStoredPool(cache, name) : undefined;
  const known = early?.then(knownRepomds);
  void early?.then((pool) => pool ?? scanThreads.prepare());
  const answers = await allInOrder(
    repositories.map((repository) => orSkipped(repository, openRepo(repository, context, known === undefined ? {} : { known }), options)),
  );
  const opened = answers.filter((repo) => repo !== undefined);
  const areSkipped = opened.length < repositories.length;
  const digests = opened.map(({ fetched }) => fetched.sha256);
  const load = (): Promise<Pool> =>
    scanThreads.during(async () => {
      // A snapshot contains all its repositories, so some of them need another snapshot.
      const own = areSkipped
        ? storedPoolName(
            architecture,
            opened.map(({ repository }) => repository),
          )
        : name;
      const stored = await (areSkipped ? readStoredPool(cache, own) : (early ?? readStoredPool(cache, name)));
      return readPackages({ architecture, opened, name: own, stored, context, started });
    });
  return { digests, load };
}

/** undefined for an unavailable repository with `skip_if_unavailable`. The only repository of a request is never skipped. */
async function orSkipped(
  repository: ResolvedRepository,
  opening: Promise<OpenedRepo>,
  { architecture, emit, repositories }: LoadPoolOptions,
): Promise<OpenedRepo | undefined> {
  if (repository.skipIfUnavailable !== true || repositories.length === 1) return opening;
  try {
    return await opening;
  } catch (error) {
    const isUnavailable = error instanceof RpmDepsError && (error.code === 'NETWORK' || error.code === 'OFFLINE');
    if (!isUnavailable) throw error;
    const text = `\`${printable(repository.id)}\` is skipped (skip_if_unavailable): ${error.message}`;
    emit({ kind: 'warning', code: 'REPOSITORY_SKIPPED', text, architecture });
    return undefined;
  }
}

interface ReadOrder {
  readonly architecture: string;
  readonly opened: readonly OpenedRepo[];
  /** Name and content of the snapshot in the cache. */
  readonly name: string;
  readonly stored: StoredPool | undefined;
  readonly context: PoolContext;
  /** Start time, for the timing event. */
  readonly started: number;
}

async function readPackages({ architecture, opened, name, stored, context, started }: ReadOrder): Promise<Pool> {
  const { cache, emit } = context;
  if (stored !== undefined && opened.every(({ fetched }, i) => fetched.sha256 === stored.repomds[i]?.sha256)) {
    const repos = await Promise.all(opened.map((repo) => loadRepo(repo, context, async () => undefined)));
    // If a repository changed meanwhile, read all repositories again.
    if (repos.every(({ fetched }, i) => fetched.sha256 === stored.repomds[i]!.sha256)) {
      emit({ kind: 'timing', stage: 'index', text: `stored pool for ${architecture}`, ms: performance.now() - started });
      return makePool(architecture, repos, stored.columns, context);
    }
  }
  const scan = new EagerScan(architecture, opened.length, emit);
  const loaded = opened.map((repo, i) =>
    loadRepo(repo, context, async (latest) => {
      const file = await fetchPrimary(latest, context);
      await scan.offer(i, file);
      return file;
    }),
  );
  const repos = await allInOrder(loaded);
  // Use the time while another thread reads packages.
  if (scanThreads.isUsed) for (const { info } of repos) await readAhead(info.modules);
  const columns = await scan.columnsOf(repos.map(({ value }) => value));
  await storePool(cache, name, { repomds: repos.map(({ fetched }) => fetched), columns });
  return makePool(architecture, repos, columns, context);
}

/** Like Promise.all, but of several failures it throws that of the first repository, so that the message does not depend on timing. */
async function allInOrder<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  for (const promise of promises) promise.catch(() => undefined);
  const values: T[] = [];
  for (const promise of promises) values.push(await promise);
  return values;
}

/** Pauses for the event loop. A failure is reported later, to the caller that needs the result. */
async function readAhead(modules: ModulesFile | undefined): Promise<void> {
  if (modules === undefined) return;
  try {
    let began = performance.now();
    for (const _pause of modules.indexInTurns()) {
      if (performance.now() - began < TURN_MS) continue;
      await setImmediate();
      began = performance.now();
    }
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
  }
}

/** Starts to read packages when all primary.xml have arrived, without waiting for small files. */
class EagerScan {
  readonly #architecture: string;
  readonly #emit: Emit;
  readonly #offered: (PrimaryFile | undefined)[];
  #begun: { readonly files: readonly PrimaryFile[]; readonly scanned: Promise<PoolColumns> } | undefined;
  #onBegun = (): void => {};
  readonly #whenBegun = new Promise<void>((resolve) => {
    this.#onBegun = resolve;
  });

  constructor(architecture: string, repositories: number, emit: Emit) {
    this.#architecture = architecture;
    this.#offered = new Array<undefined>(repositories).fill(undefined);
    this.#emit = emit;
  }

  /**
   * Adds the file of a repository. A later file replaces it, if the repository changed meanwhile. Returns after the scan has started, so that other
   * work does not delay it.
   */
  async offer(repository: number, file: PrimaryFile): Promise<void> {
    this.#offered[repository] = file;
    const files = this.#offered.filter((offered) => offered !== undefined);
    if (this.#begun === undefined && files.length === this.#offered.length) {
      const scanned = this.#scan(files);
      // Avoids an unhandled rejection: the result may never be used.
      scanned.catch(() => undefined);
      this.#begun = { files, scanned };
      this.#onBegun();
    }
    await this.#whenBegun;
  }

  columnsOf(files: readonly PrimaryFile[]): Promise<PoolColumns> {
    const begun = this.#begun;
    return begun !== undefined && files.every((file, i) => file === begun.files[i]) ? begun.scanned : this.#scan(files);
  }

  async #scan(files: readonly PrimaryFile[]): Promise<PoolColumns> {
    this.#emit({ kind: 'stage', stage: 'scan', text: `reading packages for ${this.#architecture}` });
    const scanned = await scanThreads.scan(this.#architecture, files);
    const { columns, decompressMilliseconds, scanMilliseconds, indexMilliseconds } = scanned;
    const text = `${columns.name.length - 1} packages for ${this.#architecture}`;
    this.#emit({ kind: 'timing', stage: 'decompress', text, ms: decompressMilliseconds });
    this.#emit({ kind: 'timing', stage: 'scan', text, ms: scanMilliseconds });
    this.#emit({ kind: 'timing', stage: 'index', text, ms: indexMilliseconds });
    return columns;
  }
}

type PoolContext = LoadContext & OwnersContext;

function makePool(architecture: string, repos: readonly LoadedRepo<unknown>[], columns: PoolColumns, context: PoolContext): Pool {
  const listed = repos.map(({ source, fetched }) => ({
    id: source.id,
    baseurls: source.baseurls,
    allowWeakChecksums: source.allowWeakChecksums,
    filelists: fetched.repomd.records.get('filelists'),
  }));
  const filelists = fileOwners(listed, context.http, context);
  const refusal = (repo: number, url: string): string | undefined => placeMistake(url, repos[repo]!.source.baseurls[0]!);
  const pool = new PackagePool({ architecture, columns, repos: repos.map(({ info }) => info), filelists, refusal });
  warnOfUnusable(pool, context);
  return pool;
}

/** One warning per repository: there may be thousands of packages. */
function warnOfUnusable(pool: Pool, { emit }: PoolContext): void {
  if (pool.unusable.size === 0) return;
  for (const { id, firstSolvable, endSolvable } of pool.repos) {
    const own = [...pool.unusable].filter(([s]) => s >= firstSolvable && s < endSolvable);
    const [first, ...more] = own;
    if (first === undefined) continue;
    const [s, why] = first;
    const others = more.length === 0 ? '' : ` (and ${more.length} more packages)`;
    const text = `repository ${id}: \`${printable(pool.nevra(s as SolvableId))}\`${others} is skipped, because ${why}`;
    emit({ kind: 'warning', code: 'PACKAGE_SKIPPED', text, architecture: pool.architecture });
  }
}
