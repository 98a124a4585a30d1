/** One repository: repomd.xml, then the files listed in it, each verified before use. */
import { createHash } from 'node:crypto';
import { RpmDepsError } from '../base/errors.ts';
import { redact, withoutSecrets } from '../base/redact.ts';
import { collectMetadata } from '../io/bytes.ts';
import type { CompsFile, RepoInfo } from '../pool/pool-parts.ts';
import { ModulesFile } from '../repodata/modulemd.ts';
import { ENTRY_HINT, type RepomdRecord } from '../repodata/repomd.ts';
import {
  checkWhileReading,
  fromMirrors,
  type RecordSource,
  readRecord,
  recordCheck,
  reportProgress,
  reportWrongSize,
} from './fetch-record.ts';
import { type FetchContext, type FetchedRepomd, fetchRepomd, type RepomdOptions } from './fetch-repomd.ts';
import type { ResolvedRepository } from './repository.ts';
import type { PrimaryFile } from './scan-pool.ts';
import { singleFlight } from './single-flight.ts';

/** Verifies the signature of repomd.xml if `repo_gpgcheck` is set; throws SIGNATURE. */
export type RepomdCheck = (repository: ResolvedRepository, fetched: FetchedRepomd) => Promise<void>;

/** Whether the repomd.xml of a mirror is outdated. */
export type BehindCheck = (repository: ResolvedRepository, fetched: FetchedRepomd) => boolean;

export interface LoadContext extends FetchContext {
  readonly checkRepomd?: RepomdCheck | undefined;
  readonly isBehind?: BehindCheck | undefined;
  /** Load comps.xml in any case; otherwise only when a request has a group. */
  readonly groups: boolean;
}

/** A repository after repomd.xml was read. */
export interface OpenedRepo {
  readonly repository: ResolvedRepository;
  readonly fetched: FetchedRepomd;
  readonly source: RecordSource;
}

/** A repository whose required files are read and in the cache. */
export interface LoadedRepo<T> extends OpenedRepo {
  readonly info: RepoInfo;
  readonly value: T;
}

/** comps.xml, compressed or not: createrepo_c writes one or both, and dnf prefers the compressed file. */
const GROUP_TYPES = ['group_gz', 'group_xz', 'group_zst', 'group'];
const MAX_SMALL_FILE = 256 * 1024 * 1024;
const SHA256_LENGTH = 64;
/** Maximum compressed bytes of a primary.xml. */
const MAX_PRIMARY = 1024 * 1024 * 1024;

/** Maximum number of mirrors to try for one that is not outdated. */
const MAX_MIRRORS = 5;

/** repomd.xml of the first mirror; if that is outdated, of the first mirror that is not, or else the newest one. */
export async function openRepo(repository: ResolvedRepository, context: LoadContext, options: RepomdOptions = {}): Promise<OpenedRepo> {
  let best = await openVerified(repository, context, options);
  const { isBehind, offline, emit } = context;
  const asked = new Set([best.fetched.baseurls[0]!]);
  for (let last = best; isBehind?.(repository, last.fetched) === true && !offline && asked.size < MAX_MIRRORS; ) {
    emit({
      kind: 'debug',
      text: `repository ${repository.id}: ${redact(last.fetched.baseurls[0]!)} has older metadata than what was locked`,
    });
    if (asked.size >= best.fetched.baseurls.length) break;
    const stale = [...(options.stale ?? []), ...asked];
    const next = await openVerified(repository, context, { ...options, fresh: true, stale });
    const place = next.fetched.baseurls[0]!;
    // No other mirror responds.
    if (asked.has(place)) break;
    asked.add(place);
    last = next;
    if (!isBehind(repository, next.fetched) || next.fetched.repomd.timestamp > best.fetched.repomd.timestamp) best = next;
  }
  return best;
}

/** The first valid repomd.xml; with `repo_gpgcheck` also its signature is verified. */
async function openVerified(repository: ResolvedRepository, context: LoadContext, options: RepomdOptions = {}): Promise<OpenedRepo> {
  const tried = new Set<string>();
  const stale = [...(options.stale ?? [])];
  for (let fresh = options.fresh === true; ; fresh = true) {
    const fetched = await fetchRepomd(repository, context, { ...options, fresh, stale });
    try {
      if (repository.repoGpgcheck) await context.checkRepomd?.(repository, fetched);
      return { repository, fetched, source: sourceOf(repository, fetched, context) };
    } catch (error) {
      // Try another mirror; or this mirror was updated between repomd.xml and its signature.
      const isOfMirror = error instanceof RpmDepsError && (error.code === 'SIGNATURE' || error.code === 'NETWORK');
      const place = `${fetched.baseurls[0]} ${fetched.sha256}`;
      if (!isOfMirror || context.offline || tried.has(place)) throw error;
      context.emit({ kind: 'debug', text: `repository ${repository.id}: ${error.message}` });
      tried.add(place);
      stale.push(fetched.baseurls[0]!);
    }
  }
}

function sourceOf(repository: ResolvedRepository, { baseurls }: FetchedRepomd, { http, emit }: LoadContext): RecordSource {
  return { id: repository.id, baseurls, http, emit, allowWeakChecksums: repository.allowWeakChecksums };
}

/** Loads the small files of a repository into the cache, and everything that `load` reads. */
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
      // A file listed in repomd.xml is gone: the mirror was updated between the two requests, or is outdated. Retry with
      // a new repomd.xml, of the next mirror or of this one.
      if (!isGone(error) || context.offline) throw error;
      seen.add(current.fetched.sha256);
      stale.push(current.fetched.baseurls[0]!);
      current = await openRepo(repository, context, { fresh: true, stale });
      if (seen.has(current.fetched.sha256)) return await loadOnce(current, context, load, { isLast: true });
      context.emit({ kind: 'debug', text: `repository ${repository.id} changed while it was read; starting again` });
    }
  }
}

const isGone = (error: unknown): error is RpmDepsError => error instanceof RpmDepsError && error.data?.['status'] === 404;

function namesLostFile(error: RpmDepsError): RpmDepsError {
  return new RpmDepsError(error.code, error.message, {
    hint: 'repomd.xml names a file that does not exist: it belongs to another repository, or the mirror is broken',
    details: error.details,
    ...(error.data === undefined ? {} : { data: error.data }),
    cause: error,
  });
}

/** `isLast`: there is no newer repomd.xml, so a missing file is an error. */
async function loadOnce<T>(
  opened: OpenedRepo,
  context: LoadContext,
  load: (opened: OpenedRepo) => Promise<T>,
  { isLast = context.offline } = {},
): Promise<LoadedRepo<T>> {
  const { repository, fetched } = opened;
  const { repomd, baseurls } = fetched;
  // Start the longest step first: small files are opened while packages are read.
  const value = await load(opened).catch((error: unknown) => {
    throw isLast && isGone(error) ? namesLostFile(error) : error;
  });
  const groups = new GroupsFile(opened, context);
  const [modules] = await Promise.all([
    openFirst(['modules'], opened, { ...context, isLast }),
    context.groups ? groups.loadFirst({ isLast }) : undefined,
  ]);
  const info = {
    id: repository.id,
    priority: repository.priority,
    cost: repository.cost,
    baseurl: withoutSecrets(baseurls[0]!),
    revision: repomd.revision,
    repomdSha256: fetched.sha256,
    timestamp: repomd.timestamp,
    moduleHotfixes: repository.moduleHotfixes,
    exclude: repository.exclude,
    includePackages: repository.includePackages,
    modules: modulesOf(repository, modules),
    modulesFile: fileOf(repomd.records.get('modules'), modules),
    comps: groups.isThere ? groups : undefined,
  };
  return { ...opened, info, value };
}

/**
 * Reads the first usable form of a small file into the cache. If there is none, the error is thrown only when the file is needed: packages can be
 * resolved without groups.
 */
async function openFirst(
  types: readonly string[],
  { fetched: { repomd }, source }: OpenedRepo,
  context: LoadContext & { readonly isLast: boolean },
): Promise<SmallFile | undefined> {
  const failures: RpmDepsError[] = [];
  for (const type of types) {
    const broken = repomd.broken[type];
    if (broken !== undefined) failures.push(new RpmDepsError('METADATA_INVALID', broken, { hint: ENTRY_HINT }));
    const record = repomd.records.get(type);
    if (record === undefined) continue;
    try {
      return await openOnce(record, source, context);
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED' || error.code === 'WRITE_FAILED') throw error;
      context.emit({ kind: 'debug', text: `repository ${source.id}: ${error.message}` });
      failures.push(isGone(error) && context.isLast ? namesLostFile(error) : error);
    }
  }
  const gone = failures.find(isGone);
  if (gone !== undefined && !context.isLast) throw gone;
  const [failure] = failures;
  return failure === undefined ? undefined : { failure };
}

/** comps.xml, in its first usable form. */
class GroupsFile implements CompsFile {
  readonly #opened: OpenedRepo;
  readonly #context: LoadContext;
  #file: SmallFile | undefined;
  #loading: Promise<void> | undefined;

  constructor(opened: OpenedRepo, context: LoadContext) {
    this.#opened = opened;
    this.#context = context;
  }

  get isThere(): boolean {
    const { broken, records } = this.#opened.fetched.repomd;
    return GROUP_TYPES.some((type) => broken[type] !== undefined || records.has(type));
  }

  get isLoaded(): boolean {
    return this.#file !== undefined;
  }

  /** Throws if the file is gone and this is not the last attempt: the mirror may have changed. */
  async loadFirst({ isLast }: { readonly isLast: boolean }): Promise<void> {
    if (this.isThere) this.#file = await openFirst(GROUP_TYPES, this.#opened, { ...this.#context, isLast });
  }

  load(): Promise<void> {
    if (this.isLoaded) return Promise.resolve();
    this.#loading ??= this.loadFirst({ isLast: true }).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  read(): string {
    if (this.#file === undefined) throw new Error('comps.xml is not loaded');
    return readerOf(this.#file)();
  }
}

interface OpenFile {
  readonly read: () => string;
  /** Digest of the (compressed) file on the mirror. */
  readonly sha256: string;
}

/** The content of a small file, or the reason why it is not readable. */
type SmallFile = OpenFile | { readonly failure: RpmDepsError };

function readerOf(file: Pick<OpenFile, 'read'> | { readonly failure: RpmDepsError }): () => string {
  if ('read' in file) return file.read;
  return () => {
    throw file.failure;
  };
}

function fileOf(record: RepomdRecord | undefined, file: SmallFile | undefined): RepoInfo['modulesFile'] {
  if (record === undefined || file === undefined || 'failure' in file) return undefined;
  return { location: record.href, sha256: file.sha256, ...(record.size === undefined ? {} : { size: record.size }) };
}

/** Without modules.yaml, packages of disabled modules cannot be recognized; with `module_hotfixes` it is not needed. */
function modulesOf({ id, moduleHotfixes }: ResolvedRepository, file: SmallFile | undefined): RepoInfo['modules'] {
  if (file === undefined) return undefined;
  if ('failure' in file) {
    if (moduleHotfixes) return undefined;
    const { code, message, hint, details, data } = file.failure;
    const way =
      'without modules.yaml it is not known which packages may be used; `module_hotfixes: true` for this repository uses all of them';
    const failure = new RpmDepsError(code, message, {
      hint: hint === undefined ? way : `${hint}; ${way}`,
      details,
      ...(data === undefined ? {} : { data }),
      cause: file.failure,
    });
    return new ModulesFile(readerOf({ failure }), `${id}: modules.yaml`);
  }
  return new ModulesFile(readerOf(file), `${id}: modules.yaml`);
}

/** The original bytes of primary.xml, from the cache or from the first mirror that has it completely. */
export async function fetchPrimary({ fetched, source }: OpenedRepo, context: LoadContext): Promise<PrimaryFile> {
  const record = fetched.repomd.records.get('primary')!;
  const name = `${record.checksum.value}.primary`;
  return singleFlight(source.http, keyOf(name, source, context), async () => {
    const known = await context.cache.read(name);
    if (known !== undefined && isWhole(known, record, source))
      return { bytes: known, openSize: record.openSize, what: `primary.xml of ${source.id}` };
    const started = performance.now();
    const file = await downloadPrimary(record, name, source, context);
    context.emit({ kind: 'timing', stage: 'download', text: `${source.id}: primary.xml`, ms: performance.now() - started });
    return file;
  });
}

function downloadPrimary(record: RepomdRecord, name: string, source: RecordSource, { cache }: LoadContext): Promise<PrimaryFile> {
  return fromMirrors(record, source, async (url, retry) => {
    const { body } = await source.http.request(url, retry);
    const check = recordCheck(redact(url), record, source);
    const bytes = await collectMetadata(checkWhileReading(reportProgress(body, url, record, source), check), {
      limit: MAX_PRIMARY,
      what: redact(url),
    });
    check.finish();
    reportWrongSize(check, record, source);
    if (!url.startsWith('file:')) await cache.writeLater(name, [bytes]);
    return { bytes, openSize: record.openSize, what: redact(url) };
  });
}

/** Includes the base URLs: the same file may fail at another place. */
const keyOf = (name: string, { baseurls }: RecordSource, { cache }: Pick<LoadContext, 'cache'>): string =>
  JSON.stringify([cache.path(name), baseurls]);

function isWhole(bytes: Uint8Array, record: RepomdRecord, source: RecordSource): boolean {
  try {
    const check = recordCheck('', record, source);
    check.update(bytes);
    check.finish();
    return true;
  } catch {
    return false;
  }
}

/**
 * Decompresses a small file into the cache. The name in the cache is the checksum of the compressed file; the seal of the cache protects the
 * content. If repomd.xml has no sha256 of the compressed file, the computed one is stored before the content.
 */
async function openOnce(record: RepomdRecord, source: RecordSource, { cache }: LoadContext): Promise<OpenFile> {
  const { type, value } = record.checksum;
  const isHashed = type !== 'sha256';
  const name = `${value}.${isHashed ? 'hashed' : 'small'}`;
  return singleFlight(source.http, keyOf(name, source, { cache }), async () => {
    const known = await cache.read(name);
    if (known !== undefined) {
      return isHashed
        ? { sha256: known.toString('latin1', 0, SHA256_LENGTH), read: () => known.toString('utf8', SHA256_LENGTH) }
        : { sha256: value, read: () => known.toString('utf8') };
    }
    let hash = createHash('sha256');
    const hashed = async function* (body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      hash = createHash('sha256');
      for await (const chunk of body) {
        hash.update(chunk);
        yield chunk;
      }
    };
    const collect = (chunks: AsyncIterable<Uint8Array>, what: string): Promise<Uint8Array> =>
      collectMetadata(chunks, { limit: MAX_SMALL_FILE, what });
    const bytes = await readRecord(record, source, collect, isHashed ? hashed : undefined);
    const sha256 = isHashed ? hash.digest('hex') : value;
    await cache.write(name, isHashed ? [Buffer.from(sha256), bytes] : bytes);
    return { sha256, read: () => new TextDecoder().decode(bytes) };
  });
}
