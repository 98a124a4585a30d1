import { RpmDepsError } from '../base/errors.ts';
import { loadArchitecture } from '../project/load-architecture.ts';
import { chooseQueryArchitectures, type ProjectInput, repositoriesOrDefaults } from '../project/manifest-input.ts';
import type { PackageText } from '../repodata/package-texts.ts';
import { isWord, searchPackages } from '../resolution/query-search.ts';
import type { Context } from '../run/context.ts';
import type { SearchData, SearchRow } from '../views/search.ts';

export interface SearchInput extends ProjectInput {
  readonly patterns: readonly string[];
  readonly arch?: readonly string[] | undefined;
  /** Search words also in summaries, and show summaries. */
  readonly summaries: boolean;
  /** Maximum number of names; undefined for all. */
  readonly limit?: number | undefined;
}

/** Searches packages by part of their name or summary, glob, path or capability. Throws CHECK_FAILED if there are none. */
export async function search(input: SearchInput, context: Context): Promise<SearchData> {
  const { patterns, summaries, limit = Number.POSITIVE_INFINITY } = input;
  const manifest = await repositoriesOrDefaults(input, context);
  const words = patterns.filter(isWord).map((word) => word.toLowerCase());
  const rows = new Map<string, SearchRow & { readonly architectures: string[] }>();
  for (const architecture of chooseQueryArchitectures(input.arch, manifest)) {
    const pool = await loadArchitecture(manifest, architecture, context);
    // Only words are searched in summaries. Summaries are slow to read, so first check whether the other patterns match.
    const unworded = words.length > 0 ? undefined : await searchPackages(pool, patterns);
    const texts = summaries && unworded?.length !== 0 ? await readSummaries(architecture) : [];
    const byChecksum = new Map(texts.map((text) => [text.checksum, text.summary]));
    const named = texts.filter(({ summary }) => words.some((word) => summary.toLowerCase().includes(word))).map(({ name }) => name);
    for (const { checksum, ...found } of unworded ?? (await searchPackages(pool, patterns, new Set(named)))) {
      const row = { ...found, summary: byChecksum.get(checksum) || null };
      const key = JSON.stringify(row);
      const known = rows.get(key);
      if (known === undefined) rows.set(key, { ...row, architectures: [architecture] });
      else known.architectures.push(architecture);
    }
  }
  if (rows.size === 0) {
    throw new RpmDepsError('CHECK_FAILED', `no package matches ${patterns.map((pattern) => `\`${pattern}\``).join(' or ')}`, {
      hint: 'a pattern is part of a name or summary, a glob, an absolute path or a capability',
    });
  }
  const sorted = [...rows.values()].sort((a, b) => rankOf(a.name, patterns) - rankOf(b.name, patterns) || compare(a, b));
  const names = [...new Set(sorted.map(({ name }) => name))];
  const shown = new Set(names.slice(0, limit));
  return { packages: sorted.filter(({ name }) => shown.has(name)), total: names.length, omitted: names.length - shown.size };

  /** Reads primary.xml a second time, because pools contain no texts. */
  async function readSummaries(architecture: string): Promise<readonly PackageText[]> {
    const { readTexts } = await import('../project/read-texts.ts');
    return readTexts(manifest, architecture, context);
  }
}

/** Order of results: the exact name, its beginning, a part of it, then other matches: a summary, a path, a capability. */
function rankOf(name: string, patterns: readonly string[]): number {
  const folded = name.toLowerCase();
  const rank = (pattern: string): number =>
    folded === pattern ? 0 : folded.startsWith(pattern) ? 1 : folded.includes(pattern) ? 2 : isWord(pattern) ? 3 : 1;
  return Math.min(...patterns.map((pattern) => rank(pattern.toLowerCase())));
}

const compare = (a: SearchRow, b: SearchRow): number => (keyOf(a) < keyOf(b) ? -1 : 1);

const keyOf = ({ name, arch }: SearchRow): string => `${name}\0${arch}`;
