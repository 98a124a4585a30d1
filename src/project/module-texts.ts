/** Reads the modules.yaml of repositories, for a local repository of the locked packages. */
import { createReadStream } from 'node:fs';
import { type FetchContext, fetchArtifacts, fetchAvailable } from '../artifacts/fetch-artifacts.ts';
import type { RpmDepsError } from '../base/errors.ts';
import { collectBytes } from '../io/bytes.ts';
import { openStream } from '../io/decompress.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { Pool } from '../pool/pool.ts';
import type { Context } from '../run/context.ts';
import { loadArchitecture } from './load-architecture.ts';
import { type LockedModules, lockedModules } from './locked-sources.ts';

const MAX_BYTES = 256 << 20;

export interface ModuleText {
  readonly architecture: string;
  readonly sha256: string;
  readonly text: string;
}

/**
 * The locked files. Mirrors keep only the newest: if a locked one is gone, the current one is used instead, with a warning. It is checked
 * with repomd.xml like all metadata, and also lists the packages of older builds.
 */
export async function readModuleTexts(
  locks: readonly Lockfile[],
  manifest: Manifest | undefined,
  context: Context,
  store: FetchContext,
): Promise<ModuleText[]> {
  const wanted = lockedModules(locks, manifest, context);
  if (wanted.length === 0) return [];
  const { fetched, failure } = await fetchAvailable(wanted, store);
  const pools = new Map<string, Promise<Pool>>();
  const texts: ModuleText[] = [];
  for (const [i, file] of wanted.entries()) {
    const { architecture } = file;
    const found = fetched[i] ?? (await newerFile(file, { manifest, failure: failure!, pools }, context, store));
    texts.push({ architecture, sha256: found.sha256, text: await openText(found.path, file.filename) });
  }
  return texts;
}

async function newerFile(
  { architecture, repository, filename, urlsOf }: LockedModules,
  known: { readonly manifest: Manifest | undefined; readonly failure: RpmDepsError; readonly pools: Map<string, Promise<Pool>> },
  context: Context,
  store: FetchContext,
): Promise<{ readonly sha256: string; readonly path: string }> {
  const { manifest, failure, pools } = known;
  if (manifest === undefined) throw failure;
  const loading = pools.get(architecture) ?? loadArchitecture(manifest, architecture, context);
  pools.set(architecture, loading);
  const pool = await loading;
  const file = pool.repos.find(({ id }) => id === repository)?.modulesFile;
  if (file === undefined) throw failure;
  const urls = (): Promise<readonly string[]> => urlsOf(file.location);
  const [found] = await fetchArtifacts([{ sha256: file.sha256, size: file.size, filename, urls }], store);
  const text = `the ${filename} that was locked is no longer available, and the current one is used`;
  context.emit({ kind: 'warning', code: 'MODULES_CHANGED', text, architecture });
  return found!;
}

async function openText(path: string, what: string): Promise<string> {
  const bytes = await collectBytes(openStream(createReadStream(path), { what, limitBytes: MAX_BYTES }), MAX_BYTES);
  return new TextDecoder().decode(bytes);
}
