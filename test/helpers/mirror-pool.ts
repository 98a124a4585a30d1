import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildPool, type RepoInput } from '../../src/pool/build-pool.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { parseRepomd, type Repomd } from '../../src/repodata/repomd.ts';
import { plainInfo } from './plain-repository.ts';

export interface MirrorRepo {
  readonly id: string;
  /** The folder that has `repodata`. */
  readonly path: string;
  readonly moduleHotfixes?: boolean;
}

/** A pool straight from folders, without cache and without checks: for tests that compare with other programs. */
export function mirrorPool(architecture: string, repos: readonly MirrorRepo[]): Pool {
  return buildPool({ architecture, repos: repos.map(readRepo) });
}

function readRepo({ id, path, moduleHotfixes = false }: MirrorRepo): RepoInput {
  const repomd = parseRepomd(readFileSync(join(path, 'repodata/repomd.xml')), path);
  const open = (type: string): Buffer | undefined => openRecord(path, repomd, type);
  const info = plainInfo(id, { baseurl: path, revision: repomd.revision, moduleHotfixes });
  const text = (type: string) => (repomd.records.has(type) ? (): string => open(type)!.toString('utf8') : undefined);
  return { info, primary: open('primary')!, modules: text('modules'), comps: text('group') };
}

function openRecord(path: string, repomd: Repomd, type: string): Buffer | undefined {
  const record = repomd.records.get(type);
  if (record === undefined) return undefined;
  const file = join(path, record.href);
  if (file.endsWith('.xz')) return execFileSync('xz', ['-dc', file], { maxBuffer: 1 << 30 });
  return file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file);
}
