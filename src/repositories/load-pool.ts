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
  /** RPM name of the architecture that is solved for. */
  readonly architecture: string;
  /** In order of preference at equal priority. */
  readonly repositories: readonly ResolvedRepository[];
  readonly cacheDir: string;
  readonly http: HttpClient;
  readonly emit: Emit;
  readonly offline: boolean;
  readonly checkRepomd?: RepomdCheck;
  /** A mirror that is behind is read only where no other one is better. */
  readonly isBehind?: BehindCheck;
  /** Whether requests are known to have groups (default true); where not, comps.xml is loaded only when one has. */
  readonly groups?: boolean;
}

/** After so long the event loop gets a turn. */
const TURN_MS = 50;

/**
 * Reads all repositories at once and puts them together, in their configured order whichever arrives first. Where each repomd.xml is
 * as it was, the pool of the last time is mapped as it lies in the cache, and no package is looked at.
 */
export async function loadPool(options: LoadPoolOptions): Promise<Pool> {
  return scanThreads.during(async () => (await openRepositories(options, { isWanted: true })).load());
}

export interface OpenedRepositories {
  /** Of repomd.xml of each repository. */
  readonly digests: readonly string[];
  /** Reads the packages. */
  readonly load: () => Promise<Pool>;
}

/** Only repomd.xml of each repository: what state they are in. Where the packages are wanted in any case, reading them is prepared meanwhile. */
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
      // The snapshot of all repositories cannot be used for a part of them.
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

/** undefined for a repository that cannot be read and need not be. Where none is left, that is an error anyway. */
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
  /** Of the snapshot in the cache, and what it has. */
  readonly name: string;
  readonly stored: StoredPool | undefined;
  readonly context: PoolContext;
  /** For how long it took. */
  readonly started: number;
}

async function readPackages({ architecture, opened, name, stored, context, started }: ReadOrder): Promise<Pool> {
  const { cache, emit } = context;
  if (stored !== undefined && opened.every(({ fetched }, i) => fetched.sha256 === stored.repomds[i]?.sha256)) {
    const repos = await Promise.all(opened.map((repo) => loadRepo(repo, context, async () => undefined)));
    // A repository that changed in between is read again with all the others.
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
  // This thread has nothing else to do until another one has read packages.
  if (scanThreads.isUsed) for (const { info } of repos) await readAhead(info.modules);
  const columns = await scan.columnsOf(repos.map(({ value }) => value));
  await storePool(cache, name, { repomds: repos.map(({ fetched }) => fetched), columns });
  return makePool(architecture, repos, columns, context);
}

/** As Promise.all; of several failures that of the first repository is thrown, whichever came first: a message is the same from run to run. */
async function allInOrder<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  for (const promise of promises) promise.catch(() => undefined);
  const values: T[] = [];
  for (const promise of promises) values.push(await promise);
  return values;
}

/** With turns for the event loop. A failure is reported to the caller that needs the result. */
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

/** Reads packages from the moment when all primary.xml are there; the small files may take longer. */
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
   * The file of the repository with that number. A later one replaces it: the repository changed while it was read. Returns once packages
   * are being read, so that nothing else delays that.
   */
  async offer(repository: number, file: PrimaryFile): Promise<void> {
    this.#offered[repository] = file;
    const files = this.#offered.filter((offered) => offered !== undefined);
    if (this.#begun === undefined && files.length === this.#offered.length) {
      const scanned = this.#scan(files);
      // Whether it is wanted is not known yet.
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

/** One line for each repository: nobody reads thousands. */
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
