/** One repository: repomd.xml, then the files it names, each checked before anybody opens it. */
import { createHash } from 'node:crypto';
import { RpmDepsError } from '../base/errors.ts';
import { collectMetadata } from '../io/bytes.ts';
import { DigestCheck } from '../io/digest.ts';
import { redact, withoutSecrets } from '../net/redact.ts';
import type { RepoInfo } from '../pool/package-pool.ts';
import { parsedOnce } from '../repodata/modulemd.ts';
import type { RepomdRecord } from '../repodata/repomd.ts';
import { checkWhileReading, fromMirrors, type RecordSource, readRecord, tellProgress } from './fetch-record.ts';
import { type FetchContext, type FetchedRepomd, fetchRepomd, type RepomdOptions } from './fetch-repomd.ts';
import type { MetadataCache } from './metadata-cache.ts';
import type { ResolvedRepository } from './repository.ts';
import type { PrimaryFile } from './scan-pool.ts';
import { joinOrStart } from './under-way.ts';

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

/** comps.xml, as it is or compressed: createrepo_c writes one or both. */
const GROUP_TYPES = ['group', 'group_gz', 'group_xz', 'group_zst'];
const MAX_SMALL_FILE = 256 * 1024 * 1024;
/** Of a primary.xml as it comes, compressed. */
const MAX_PRIMARY = 1024 * 1024 * 1024;

/** repomd.xml of the first mirror that has one which is proved, where that is asked for. */
export async function openRepo(repository: ResolvedRepository, context: LoadContext, options: RepomdOptions = {}): Promise<OpenedRepo> {
  const tried = new Set<string>();
  const stale = [...(options.stale ?? [])];
  for (let fresh = options.fresh === true; ; fresh = true) {
    const fetched = await fetchRepomd(repository, context, { ...options, fresh, stale });
    try {
      if (repository.repoGpgcheck) await context.checkRepomd?.(repository, fetched);
      return { repository, fetched, source: { id: repository.id, baseurls: fetched.baseurls, http: context.http } };
    } catch (error) {
      // Another mirror may be better, or this one was updated between repomd.xml and its signature.
      const isOfMirror = error instanceof RpmDepsError && (error.code === 'SIGNATURE' || error.code === 'NETWORK');
      const place = `${fetched.baseurls[0]} ${fetched.sha256}`;
      if (!isOfMirror || context.offline || tried.has(place)) throw error;
      context.emit({ kind: 'debug', text: `repository ${repository.id}: ${error.message}` });
      tried.add(place);
      stale.push(fetched.baseurls[0]!);
    }
  }
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
      if (seen.has(current.fetched.sha256)) throw namesLostFile(error);
      context.emit({ kind: 'debug', text: `repository ${repository.id} changed while it was read; starting again` });
    }
  }
}

function namesLostFile(error: RpmDepsError): RpmDepsError {
  return new RpmDepsError(error.code, error.message, {
    hint: 'repomd.xml names a file that is not there: it is that of another repository, or the mirror is broken',
    details: error.details,
    ...(error.data === undefined ? {} : { data: error.data }),
    cause: error,
  });
}

async function loadOnce<T>(opened: OpenedRepo, context: LoadContext, load: (opened: OpenedRepo) => Promise<T>): Promise<LoadedRepo<T>> {
  const { repository, fetched, source } = opened;
  const { repomd, baseurls } = fetched;
  const { records } = repomd;
  // What takes longest comes first: small files are opened while packages are read.
  const value = await load(opened);
  const [modules, comps] = await Promise.all([
    openOnce(records.get('modules'), source, context),
    openOnce(
      GROUP_TYPES.map((type) => records.get(type)).find((record) => record !== undefined),
      source,
      context,
    ),
  ]);
  const info = {
    id: repository.id,
    priority: repository.priority,
    baseurl: withoutSecrets(baseurls[0]!),
    revision: repomd.revision,
    repomdSha256: fetched.sha256,
    timestamp: repomd.timestamp,
    moduleHotfixes: repository.moduleHotfixes,
    exclude: repository.exclude,
    includePackages: repository.includePackages,
    modules: modules === undefined ? undefined : parsedOnce(modules, `${repository.id}: modules.yaml`),
    comps,
  };
  return { ...opened, info, value };
}

/** primary.xml, as it came, from the cache or the first mirror that has it whole. */
export async function fetchPrimary({ fetched, source }: OpenedRepo, context: LoadContext): Promise<PrimaryFile> {
  const record = fetched.repomd.records.get('primary')!;
  const name = `${record.checksum.value}.primary`;
  return joinOrStart(source.http, keyOf(name, source, context), async () => {
    const known = await context.cache.read(name);
    if (known !== undefined && isWhole(known, record))
      return { bytes: known, openSize: record.openSize, what: `primary.xml of ${source.id}` };
    const started = performance.now();
    const file = await downloadPrimary(record, name, source, context);
    context.emit({ kind: 'timing', stage: 'download', text: `${source.id}: primary.xml`, ms: performance.now() - started });
    return file;
  });
}

function downloadPrimary(record: RepomdRecord, name: string, source: RecordSource, { cache }: LoadContext): Promise<PrimaryFile> {
  return fromMirrors(record, source, async (url, patience) => {
    const { body } = await source.http.request(url, patience);
    const check = new DigestCheck(redact(url), record);
    const bytes = await collectMetadata(checkWhileReading(tellProgress(body, url, record, source), check), {
      limit: MAX_PRIMARY,
      what: redact(url),
    });
    check.finish();
    if (!url.startsWith('file:')) await cache.writeLater(name, [bytes]);
    return { bytes, openSize: record.openSize, what: redact(url) };
  });
}

/** The same content from the same place: elsewhere it may fail. */
const keyOf = (name: string, { baseurls }: RecordSource, { cache }: Pick<LoadContext, 'cache'>): string =>
  JSON.stringify([cache.path(name), baseurls]);

function isWhole(bytes: Uint8Array, record: RepomdRecord): boolean {
  try {
    const check = new DigestCheck('', record);
    check.update(bytes);
    check.finish();
    return true;
  } catch {
    return false;
  }
}

/**
 * Opens a small file into the cache, where whoever needs it reads it later. Its sha256 stands before it: repomd.xml need not tell one
 * of what is opened, and what is compressed is not known by its name.
 */
async function openOnce(
  record: RepomdRecord | undefined,
  source: RecordSource,
  { cache }: LoadContext,
): Promise<(() => string) | undefined> {
  if (record === undefined) return undefined;
  const name = `${record.checksum.value}.small`;
  const read = (): string => readOpened(name, `${record.href} of ${source.id}`, cache);
  return joinOrStart(source.http, keyOf(name, source, { cache }), async () => {
    const known = await cache.size(name);
    const isWhole =
      known !== undefined && known >= DIGEST_BYTES && (record.openSize === undefined || known === DIGEST_BYTES + record.openSize);
    if (isWhole) return read;
    const bytes = await readRecord(record, source, (chunks, what) => collectMetadata(chunks, { limit: MAX_SMALL_FILE, what }));
    if (await cache.write(name, [digestOf(bytes), bytes])) return read;
    return () => new TextDecoder().decode(bytes);
  });
}

const DIGEST_BYTES = 32;

function digestOf(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}

/** The cache is not forced to the disk: what a power cut left of a file is seen here, and gone for the next run. */
function readOpened(name: string, what: string, cache: MetadataCache): string {
  const file = cache.readSync(name);
  const bytes = file?.subarray(DIGEST_BYTES);
  if (bytes !== undefined && digestOf(bytes).equals(file!.subarray(0, DIGEST_BYTES))) return bytes.toString('utf8');
  cache.removeSync(name);
  throw new RpmDepsError('METADATA_INVALID', `${what} is damaged in the cache`, {
    hint: 'it was removed from the cache: run the command again, and it is downloaded anew',
  });
}
