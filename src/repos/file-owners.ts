/** Who owns a path, by filelists.xml: read only when a path is asked for, and only for the paths asked for. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { RpmDepsError } from '../errors.ts';
import { DigestCheck } from '../io/digest.ts';
import { FilelistsReader } from '../metadata/filelists.ts';
import type { RepomdRecord } from '../metadata/repomd.ts';
import { redact } from '../net/redact.ts';
import { joinUrl } from '../net/urls.ts';
import type { FilelistSource } from '../pool/package-pool.ts';
import { type RecordSource, readRecord } from './fetch-record.ts';
import type { MetadataCache } from './metadata-cache.ts';

type Owners = Record<string, readonly string[]>;

export interface ListedRepo {
  readonly source: RecordSource;
  readonly filelists: RepomdRecord | undefined;
}

/** undefined when no repository has filelists.xml. */
export function fileOwners(repos: readonly ListedRepo[], cache: MetadataCache): FilelistSource | undefined {
  const sources = repos.flatMap(({ filelists, source }) => (filelists === undefined ? [] : [{ record: filelists, source }]));
  if (sources.length === 0) return undefined;
  return {
    load: async (paths) => merge(await Promise.all(sources.map(({ record, source }) => ownersIn(record, source, paths, cache)))),
    loadSync: (paths) => merge(sources.map(({ record, source }) => ownersInSync(record, source, paths))),
  };
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
    return JSON.parse(bytes.toString('utf8')) as Owners;
  } catch {
    return {};
  }
}

function ownersInSync(record: RepomdRecord, source: RecordSource, paths: readonly string[]): Owners {
  const url = joinUrl(source.baseurls[0]!, record.href);
  const compressed = url.startsWith('file:') ? readFileSync(fileURLToPath(url)) : download(url);
  const check = new DigestCheck(redact(url), { checksum: record.checksum, size: record.size });
  check.update(compressed);
  check.finish();
  const reader = new FilelistsReader(paths, redact(url));
  reader.write(openSync(compressed, url));
  reader.end();
  return Object.fromEntries(reader.owners);
}

/** gzip and plain can be opened without returning to the event loop; the rest cannot in this Node. */
function openSync(bytes: Buffer, url: string): Buffer {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return gunzipSync(bytes);
  if (bytes[0] === 0x3c) return bytes;
  throw new RpmDepsError('METADATA_INVALID', `${redact(url)} is in a format that only \`resolveAsync\` can open`);
}

const DOWNLOAD =
  'fetch(process.argv[1]).then(async r=>{if(!r.ok)throw Error(r.status);process.stdout.write(Buffer.from(await r.arrayBuffer()))}).catch(e=>{console.error(e.message);process.exit(1)})';

/** A download without returning to the event loop: another process has one. */
function download(url: string): Buffer {
  try {
    return execFileSync(process.execPath, ['-e', DOWNLOAD, url], {
      maxBuffer: 1024 ** 3,
      timeout: 300_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    throw new RpmDepsError('NETWORK', `${redact(url)} cannot be read`, { cause: error });
  }
}

function merge(all: readonly Owners[]): ReadonlyMap<string, readonly string[]> {
  const merged = new Map<string, string[]>();
  for (const owners of all) for (const [path, found] of Object.entries(owners)) merged.set(path, [...(merged.get(path) ?? []), ...found]);
  return merged;
}
