/** The available versions of a package, and those that a request may choose. */
import type { StringId } from '../pool/ids.ts';
import type { Pool } from '../pool/pool.ts';
import { compareEvr } from '../rpm/evr.ts';
import type { ResolveRequest } from './resolution.ts';
import { findVisibility, type Visibility } from './visibility.ts';

export interface KnownVersion {
  readonly evr: string;
  /** Id of its repository, and its priority: smaller wins. */
  readonly repository: string;
  readonly priority: number;
  /** The request may not choose it: excluded, held, or of another module stream. */
  readonly isHidden: boolean;
  /** Hidden only because another stream of its module is active, or none. */
  readonly isOfOtherStream: boolean;
}

/** Versions that fit the architecture, by package name, in the order of the pool. */
export function queryVersions(pool: Pool, request: ResolveRequest): (name: string) => readonly KnownVersion[] {
  const visibility = findVisibility(pool, request);
  return (name) => versionsOf(pool, name, visibility);
}

/** The same without a request: nothing is hidden. */
export function installableVersions(pool: Pool): (name: string) => readonly KnownVersion[] {
  return (name) => versionsOf(pool, name, undefined);
}

/** Each EVR once, newest first. */
export function newestFirst(versions: readonly Pick<KnownVersion, 'evr'>[]): string[] {
  return [...new Set(versions.map(({ evr }) => evr))].sort((a, b) => compareEvr(b, a));
}

function versionsOf(pool: Pool, name: string, visibility: Visibility | undefined): KnownVersion[] {
  const id = pool.strings.find(name);
  const solvables = id === 0 ? [] : [...pool.withName(id)].filter((s) => pool.archRank[s] !== 0);
  return solvables.map((s) => {
    const repo = pool.repos[pool.repo[s]!]!;
    const evr = pool.strings.get(pool.evr[s] as StringId);
    const isHidden = visibility?.hidden?.[s] === 1;
    return { evr, repository: repo.id, priority: repo.priority, isHidden, isOfOtherStream: isHidden && visibility!.isOfOtherStream(s) };
  });
}
