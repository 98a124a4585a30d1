/** One repository: repomd.xml, then its packages from a snapshot, or else from primary.xml. */
import { RpmDepsError } from '../errors.ts';
import { collectBytes } from '../io/bytes.ts';
import type { RepomdRecord } from '../metadata/repomd.ts';
import type { RepoInfo } from '../pool/package-pool.ts';
import type { RepoData } from '../pool/repo-data.ts';
import { decodeSnapshot, encodeSnapshot } from '../pool/repo-snapshot.ts';
import { fromMirrors, type RecordSource, readRecord } from './fetch-record.ts';
import { type FetchContext, type FetchedRepomd, fetchRepomd, type RepomdOptions } from './fetch-repomd.ts';
import type { ResolvedRepository } from './repository.ts';
import { scanPrimary } from './scan-primary.ts';
import { scanWorkers } from './scan-workers.ts';

/** How repomd.xml is proved where `repo_gpgcheck` is set; throws SIGNATURE. */
export type RepomdCheck = (repository: ResolvedRepository, fetched: FetchedRepomd) => Promise<void>;

export interface LoadContext extends FetchContext {
  readonly checkRepomd?: RepomdCheck | undefined;
}

/** A repository whose repomd.xml is known. */
export interface OpenedRepo {
  readonly repository: ResolvedRepository;
  readonly fetched: FetchedRepomd;
  readonly source: RecordSource;
}

/** A repository with everything that was asked of it; its files are in the cache. */
export interface LoadedRepo<T> extends OpenedRepo {
  readonly info: RepoInfo;
  readonly value: T;
}

const MAX_SMALL_FILE = 256 * 1024 * 1024;
/** Smaller files are read before a thread would have started. */
const WORKER_BYTES = 256 * 1024;

export async function openRepo(repository: ResolvedRepository, context: LoadContext, options: RepomdOptions = {}): Promise<OpenedRepo> {
  const fetched = await fetchRepomd(repository, context, options);
  if (repository.repoGpgcheck) await context.checkRepomd?.(repository, fetched);
  return { repository, fetched, source: { id: repository.id, baseurls: fetched.baseurls, http: context.http } };
}

/** Gets the small files of a repository into the cache, and what `load` gets. */
export async function loadRepo<T>(
  opened: OpenedRepo,
  context: LoadContext,
  load: (opened: OpenedRepo) => Promise<T>,
): Promise<LoadedRepo<T>> {
  const { repository } = opened;
  const seen = new Set<string>();
  const stale: string[] = [];
  for (let current = opened; ; ) {
    try {
      return await loadOnce(current, context, load);
    } catch (error) {
      // A file that repomd.xml names is gone: the mirror was updated between the two requests, or is behind the others. Another
      // repomd.xml, of the next mirror or the new one of this, names files that are there.
      if (!(error instanceof RpmDepsError) || error.data?.['status'] !== 404 || context.offline) throw error;
      seen.add(current.fetched.sha256);
      stale.push(current.fetched.baseurls[0]!);
      current = await openRepo(repository, context, { fresh: true, stale });
      if (seen.has(current.fetched.sha256)) throw error;
      context.emit({ kind: 'debug', text: `repository ${repository.id} changed while it was read; starting again` });
    }
  }
}

async function loadOnce<T>(opened: OpenedRepo, context: LoadContext, load: (opened: OpenedRepo) => Promise<T>): Promise<LoadedRepo<T>> {
  const { repository, fetched, source } = opened;
  const { repomd, baseurls } = fetched;
  const [value, modules, comps] = await Promise.all([
    load(opened),
    openOnce(repomd.records.get('modules'), source, context),
    openOnce(repomd.records.get('group') ?? repomd.records.get('group_gz'), source, context),
  ]);
  const info = {
    id: repository.id,
    priority: repository.priority,
    baseurl: baseurls[0]!,
    revision: repomd.revision,
    repomdSha256: fetched.sha256,
    timestamp: repomd.timestamp,
    moduleHotfixes: repository.moduleHotfixes,
    exclude: repository.exclude,
    includePackages: repository.includePackages,
    modules,
    comps,
  };
  return { ...opened, info, value };
}

/** All packages of a repository. */
export async function loadPackages({ fetched, source }: OpenedRepo, context: LoadContext): Promise<RepoData> {
  const record = fetched.repomd.records.get('primary')!;
  const key = `${record.checksum.type}:${record.checksum.value}`;
  const name = `${record.checksum.value}.packages`;
  const started = performance.now();
  const snapshot = await context.cache.read(name);
  if (snapshot !== undefined) {
    const data = decodeSnapshot(snapshot, key);
    if (data !== undefined) {
      context.emit({ kind: 'timing', stage: 'index', text: `${source.id}: snapshot`, ms: performance.now() - started });
      return data;
    }
    context.emit({ kind: 'debug', text: `the snapshot of ${source.id} is damaged; reading primary.xml again` });
  }
  const data = await readPrimary(record, source);
  context.emit({ kind: 'timing', stage: 'scan', text: `${source.id}: primary.xml`, ms: performance.now() - started });
  await context.cache.writeLater(name, encodeSnapshot(data, key));
  return data;
}

function readPrimary(record: RepomdRecord, source: RecordSource): Promise<RepoData> {
  if ((record.size ?? 0) < WORKER_BYTES) return readRecord(record, source, scanPrimary);
  return fromMirrors(record, source, (url) => scanWorkers.scan({ url, record, http: source.http }));
}

/** Opens a small file into the cache, where whoever needs it reads it later. */
async function openOnce(record: RepomdRecord | undefined, source: RecordSource, context: LoadContext): Promise<(() => string) | undefined> {
  if (record === undefined) return undefined;
  const name = `${record.checksum.value}.opened`;
  if (await context.cache.has(name)) return () => context.cache.readTextSync(name);
  const bytes = await readRecord(record, source, (opened) => collectBytes(opened, MAX_SMALL_FILE));
  if (await context.cache.write(name, bytes)) return () => context.cache.readTextSync(name);
  return () => new TextDecoder().decode(bytes);
}
