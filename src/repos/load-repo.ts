/** One repository: repomd.xml, then its packages from a snapshot, or else from primary.xml. */
import { RpmDepsError } from '../errors.ts';
import { collectBytes } from '../io/bytes.ts';
import type { RepomdRecord } from '../metadata/repomd.ts';
import type { RepoInput } from '../pool/build-pool.ts';
import type { RepoData } from '../pool/repo-data.ts';
import { decodeSnapshot, encodeSnapshot } from '../pool/repo-snapshot.ts';
import { type RecordSource, readRecord } from './fetch-record.ts';
import { type FetchContext, type FetchedRepomd, fetchRepomd } from './fetch-repomd.ts';
import type { ResolvedRepository } from './repository.ts';
import { scanPrimary } from './scan-primary.ts';

export interface LoadedRepo {
  readonly input: RepoInput;
  readonly source: RecordSource;
  readonly filelists: RepomdRecord | undefined;
}

/** How repomd.xml is proved where `repo_gpgcheck` is set; throws SIGNATURE. */
export type RepomdCheck = (repository: ResolvedRepository, fetched: FetchedRepomd) => Promise<void>;

export interface LoadContext extends FetchContext {
  readonly checkRepomd?: RepomdCheck | undefined;
}

const MAX_SMALL_FILE = 256 * 1024 * 1024;

export async function loadRepo(repository: ResolvedRepository, context: LoadContext): Promise<LoadedRepo> {
  try {
    return await loadOnce(repository, context, await fetchRepomd(repository, context));
  } catch (error) {
    // A file that repomd.xml names is gone: the mirror was updated between the two requests. The new repomd.xml names the new one.
    if (!(error instanceof RpmDepsError) || error.data?.['status'] !== 404 || context.offline) throw error;
    context.emit({ kind: 'debug', text: `repository ${repository.id} changed while it was read; starting again` });
    return await loadOnce(repository, context, await fetchRepomd(repository, context, { fresh: true }));
  }
}

async function loadOnce(repository: ResolvedRepository, context: LoadContext, fetched: FetchedRepomd): Promise<LoadedRepo> {
  const { repomd, baseurls } = fetched;
  if (repository.repoGpgcheck) await context.checkRepomd?.(repository, fetched);
  const source = { id: repository.id, baseurls, http: context.http };
  const [data, modules, comps] = await Promise.all([
    loadPackages(repomd.records.get('primary')!, source, context),
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
  };
  return { input: { info, data, modules, comps }, source, filelists: repomd.records.get('filelists') };
}

async function loadPackages(record: RepomdRecord, source: RecordSource, context: LoadContext): Promise<RepoData> {
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
  const data = await readRecord(record, source, scanPrimary);
  context.emit({ kind: 'timing', stage: 'scan', text: `${source.id}: primary.xml`, ms: performance.now() - started });
  await context.cache.write(name, encodeSnapshot(data, key));
  return data;
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
