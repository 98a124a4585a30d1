import { RpmDepsError } from '../base/errors.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { chooseQuestionArchitectures, type ProjectInput, repositoriesOrDefaults } from '../project/manifest-input.ts';
import { type FoundInPool, searchPackages } from '../resolution/ask-search.ts';
import type { Context } from '../run/context.ts';

export interface SearchInput extends ProjectInput {
  readonly patterns: readonly string[];
  readonly arch?: readonly string[] | undefined;
}

export interface FoundPackage extends FoundInPool {
  /** Architectures whose repositories have it, in that newest version. */
  readonly architectures: readonly string[];
}

/** Packages by part of their name, glob, path or capability. Throws CHECK_FAILED when there are none. */
export async function search(input: SearchInput, context: Context): Promise<FoundPackage[]> {
  const manifest = await repositoriesOrDefaults(input, context);
  const rows = new Map<string, FoundPackage & { readonly architectures: string[] }>();
  for (const architecture of chooseQuestionArchitectures(input.arch, manifest)) {
    const pool = await loadArchitecture(manifest, architecture, context);
    for (const row of await searchPackages(pool, input.patterns)) {
      const key = JSON.stringify(row);
      const known = rows.get(key);
      if (known === undefined) rows.set(key, { ...row, architectures: [architecture] });
      else known.architectures.push(architecture);
    }
  }
  if (rows.size === 0) {
    throw new RpmDepsError('CHECK_FAILED', `no package matches ${input.patterns.map((pattern) => `\`${pattern}\``).join(' or ')}`, {
      hint: 'a pattern is part of a name, a glob, an absolute path or a capability',
    });
  }
  return [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.arch < b.arch ? -1 : a.arch > b.arch ? 1 : 0));
}
