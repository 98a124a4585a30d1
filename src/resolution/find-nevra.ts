import type { SolvableId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';

export interface ArtifactNevra {
  readonly name: string;
  /** As in pools: without an epoch of 0. */
  readonly evr: string;
  readonly arch: string;
}

/** Splits `name-epoch:version-release.arch`; undefined if a part is missing. */
export function splitArtifact(artifact: string): ArtifactNevra | undefined {
  const dot = artifact.lastIndexOf('.');
  const release = artifact.lastIndexOf('-', dot);
  const version = artifact.lastIndexOf('-', release - 1);
  if (version <= 0 || release <= version + 1 || dot <= release + 1 || dot === artifact.length - 1) return undefined;
  const evr = artifact.slice(version + 1, dot).replace(/^0+:/, '');
  return { name: artifact.slice(0, version), evr, arch: artifact.slice(dot + 1) };
}

/** All packages of a pool with exactly that NEVRA, in any repository. */
export function findNevra(pool: Pool, artifact: string): SolvableId[] {
  const nevra = splitArtifact(artifact);
  if (nevra === undefined) return [];
  const name = pool.strings.find(nevra.name);
  const arch = pool.strings.find(nevra.arch);
  const evr = pool.strings.find(nevra.evr);
  if (name === 0 || arch === 0 || evr === 0) return [];
  const found: SolvableId[] = [];
  for (const s of pool.withName(name)) if (pool.evr[s] === evr && pool.arch[s] === arch) found.push(s as SolvableId);
  return found;
}
