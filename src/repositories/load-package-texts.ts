/** Summaries, licences and URLs of packages, read from primary.xml on demand and cached (primary.xml itself is not cached). */
import { type PackageText, readPackageTexts } from '../repodata/package-texts.ts';
import { readRecord } from './fetch-record.ts';
import { type FetchContext, fetchRepomd } from './fetch-repomd.ts';
import type { ResolvedRepository } from './repository.ts';

/** Throws OFFLINE or NETWORK if they are not cached and cannot be read. */
export async function loadPackageTexts(repository: ResolvedRepository, context: FetchContext): Promise<readonly PackageText[]> {
  const { http, emit, cache } = context;
  const { repomd, baseurls } = await fetchRepomd(repository, context);
  const record = repomd.records.get('primary');
  if (record === undefined) return [];
  const name = `${record.checksum.value}.texts.json`;
  const known = parseKnown(await cache.read(name));
  if (known !== undefined) return known;
  emit({ kind: 'stage', stage: 'download', text: `reading summaries of ${repository.id}` });
  const source = { id: repository.id, baseurls, http, emit, allowWeakChecksums: repository.allowWeakChecksums };
  const texts = await readRecord(record, source, readPackageTexts);
  await cache.write(name, JSON.stringify(texts));
  return texts;
}

function parseKnown(bytes: Buffer | undefined): readonly PackageText[] | undefined {
  if (bytes === undefined) return undefined;
  try {
    const known: unknown = JSON.parse(bytes.toString('utf8'));
    // Cache files are not synced to disk: after a power failure their content may be invalid.
    return Array.isArray(known) && known.every(isText) ? known : undefined;
  } catch {
    return undefined;
  }
}

const isText = (value: unknown): value is PackageText =>
  typeof value === 'object' &&
  value !== null &&
  ['name', 'arch', 'checksum', 'summary', 'license', 'url'].every((key) => typeof (value as Record<string, unknown>)[key] === 'string');
