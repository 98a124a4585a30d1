/** Finds the packages that own a path with filelists.xml, which is read only on demand, and searched only for the needed paths. */
import type { MessagePort } from 'node:worker_threads';
import { RpmDepsError } from '../base/errors.ts';
import type { Emit } from '../base/events.ts';
import type { HttpClient } from '../net/http-client.ts';
import type { HttpSettings } from '../net/http-settings.ts';
import type { FilelistSource } from '../pool/pool-parts.ts';
import { FilelistsReader } from '../repodata/filelists.ts';
import type { RepomdRecord } from '../repodata/repomd.ts';
import { type RecordSource, readRecord } from './fetch-record.ts';
import { MetadataCache } from './metadata-cache.ts';
import { fromPlainError, type PlainError } from './plain-error.ts';
import { startWorker } from './start-worker.ts';

type Owners = Record<string, readonly string[]>;
type OwnersByPath = ReadonlyMap<string, readonly string[]>;

/** Location of the filelists.xml of a repository. */
export interface ListedRepo extends Omit<RecordSource, 'http' | 'emit'> {
  readonly filelists: RepomdRecord | undefined;
}

export interface OwnersContext {
  readonly cacheDir: string;
}

/** Input of the thread. It sends the result to `port`, then sets `done` to 1 and wakes the waiting thread. */
export interface OwnersOrder extends OwnersContext {
  readonly settings: HttpSettings;
  readonly repos: readonly ListedRepo[];
  readonly paths: readonly string[];
  readonly port: MessagePort;
  readonly done: Int32Array;
}

export type OwnersAnswer = { readonly owners: OwnersByPath } | { readonly error: PlainError };

/** undefined if no repository has filelists.xml. */
export function fileOwners(
  repos: readonly ListedRepo[],
  http: HttpClient,
  context: OwnersContext & { readonly emit: Emit },
): FilelistSource | undefined {
  const { cacheDir, emit } = context;
  const listed = repos.filter(({ filelists }) => filelists !== undefined);
  if (listed.length === 0) return undefined;
  return {
    load: (paths) => {
      emit({ kind: 'stage', stage: 'download', text: 'reading file lists' });
      return findOwners(listed, paths, { http, emit }, cacheDir);
    },
    loadSync: (paths) => loadInThread({ repos: listed, paths, cacheDir, settings: http.settings }),
  };
}

/** Path -> checksums of the packages that own it. */
export async function findOwners(
  repos: readonly ListedRepo[],
  paths: readonly string[],
  reach: Pick<RecordSource, 'http' | 'emit'>,
  cacheDir: string,
): Promise<OwnersByPath> {
  const cache = new MetadataCache(cacheDir, reach.emit);
  const found = repos.map(({ filelists, ...place }) => ownersIn(filelists!, { ...place, ...reach }, paths, cache));
  return merge(await Promise.all(found));
}

async function ownersIn(record: RepomdRecord, source: RecordSource, paths: readonly string[], cache: MetadataCache): Promise<Owners> {
  const name = `${record.checksum.value}.owners.json`;
  const known = parseKnown(await cache.read(name));
  const missing = paths.filter((path) => known[path] === undefined);
  if (missing.length === 0) return known;
  const found = await readRecord(record, source, async (bytes, url) => {
    const reader = new FilelistsReader(missing, url);
    for await (const chunk of bytes) reader.write(chunk);
    reader.end();
    return Object.fromEntries(reader.owners);
  });
  const all = { ...known, ...found };
  await cache.write(name, JSON.stringify(all));
  return all;
}

function parseKnown(bytes: Buffer | undefined): Owners {
  if (bytes === undefined) return {};
  try {
    const known: unknown = JSON.parse(bytes.toString('utf8'));
    // Cache files are not synced to disk: after a power failure their content may be invalid.
    return isOwners(known) ? known : {};
  } catch {
    return {};
  }
}

function isOwners(value: unknown): value is Owners {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).every((owners) => Array.isArray(owners) && owners.every((owner) => typeof owner === 'string'));
}

/** Short, because a waiting thread receives no signals. */
const MAX_WAIT_MS = 60_000;

/** Like `findOwners`, but in another thread while this one waits. */
function loadInThread(order: Omit<OwnersOrder, 'port' | 'done'>): OwnersByPath {
  const { MessageChannel, receiveMessageOnPort } = process.getBuiltinModule('node:worker_threads');
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { ...order, port: port2, done } satisfies OwnersOrder;
  const worker = startWorker('owners-worker', { workerData, transferList: [port2] });
  Atomics.wait(done, 0, 0, MAX_WAIT_MS);
  const answer = receiveMessageOnPort(port1)?.message as OwnersAnswer | undefined;
  port1.close();
  void worker.terminate();
  if (answer === undefined) {
    throw new RpmDepsError('NETWORK', `the file lists were not read within ${MAX_WAIT_MS / 1000} seconds`, {
      hint: '`resolveAsync` waits longer, without blocking its thread, and can be stopped',
    });
  }
  if ('error' in answer) throw fromPlainError(answer.error);
  return answer.owners;
}

function merge(all: readonly Owners[]): OwnersByPath {
  const merged = new Map<string, string[]>();
  for (const owners of all) for (const [path, found] of Object.entries(owners)) merged.set(path, [...(merged.get(path) ?? []), ...found]);
  return merged;
}
