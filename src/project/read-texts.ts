import { RpmDepsError } from '../base/errors.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { PackageText } from '../repodata/package-texts.ts';
import { loadPackageTexts } from '../repositories/load-package-texts.ts';
import { MetadataCache } from '../repositories/metadata-cache.ts';
import type { Run } from '../run/run.ts';
import { resolvedRepositories } from './load-architecture.ts';

/** Summaries and descriptions of an architecture's packages. If a repository's texts cannot be read, this is a warning. */
export async function readTexts(manifest: Manifest, architecture: string, run: Run): Promise<readonly PackageText[]> {
  const context = { ...run, cache: new MetadataCache(run.cacheDir, run.emit) };
  const texts: PackageText[] = [];
  for (const repository of resolvedRepositories(manifest, architecture)) {
    try {
      for (const text of await loadPackageTexts(repository, context)) texts.push(text);
    } catch (error) {
      if (!(error instanceof RpmDepsError) || error.code === 'INTERRUPTED') throw error;
      const text = `the summaries of repository ${repository.id} for ${architecture} cannot be read: ${error.message}`;
      run.emit({ kind: 'warning', code: 'SUMMARIES_UNREAD', text });
    }
    run.signal.throwIfAborted();
  }
  return texts;
}
