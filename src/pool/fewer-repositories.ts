import type { PoolParts } from './pool-parts.ts';
import type { ProviderIndex } from './providers.ts';

/** The same packages with the same ids, but packages of other repositories are not installable and provide nothing. Shares all other data. */
export function partsOfRepositories({ columns, repos, ...rest }: PoolParts, isWanted: (id: string) => boolean): PoolParts {
  const archRank = Uint8Array.from(columns.archRank);
  for (const [index, { id }] of repos.entries()) {
    if (!isWanted(id)) archRank.fill(0, columns.repoStarts[index], columns.repoStarts[index + 1]);
  }
  return {
    ...rest,
    repos: repos.map((info) => (isWanted(info.id) ? info : { ...info, modules: undefined, comps: undefined })),
    columns: { ...columns, archRank, providers: installableOf(columns.providers, archRank) },
  };
}

function installableOf({ start, ids, deps }: ProviderIndex, archRank: Uint8Array): ProviderIndex {
  const kept = { start: new Uint32Array(start.length), ids: new Int32Array(ids.length), deps: new Int32Array(ids.length) };
  let length = 0;
  for (let name = 0; name + 1 < start.length; name++) {
    kept.start[name] = length;
    for (let i = start[name]!; i < start[name + 1]!; i++) {
      if (archRank[ids[i]!] === 0) continue;
      kept.ids[length] = ids[i]!;
      kept.deps[length++] = deps[i]!;
    }
  }
  kept.start[start.length - 1] = length;
  return { start: kept.start, ids: kept.ids.slice(0, length), deps: kept.deps.slice(0, length) };
}
