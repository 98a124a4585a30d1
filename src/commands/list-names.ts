import { RpmDepsError } from '../base/errors.ts';
import { readLockfiles } from '../lockfile/lockfile-dir.ts';
import { loadManifest, lockfilesDirectory, type ProjectInput } from '../project/manifest-input.ts';
import type { Context } from '../run/context.ts';

/** Names in a project, for shell completion. Errors would disturb the user, so the list is empty if nothing can be read. */
export async function listNames(
  kind: 'sets' | 'architectures' | 'packages' | 'variables' | 'repositories',
  input: ProjectInput,
  context: Context,
): Promise<readonly string[]> {
  const quiet = { ...context, emit: () => undefined };
  try {
    if (kind === 'packages') {
      const locks = await readLockfiles(lockfilesDirectory(input, quiet));
      return [...new Set(locks.flatMap(({ lockfile }) => lockfile.packages.map(({ name }) => name)))].sort();
    }
    const { sets, architectures, versions, repositories, listedVariables = [] } = await loadManifest(input, quiet);
    if (kind === 'sets') return sets.map(({ name }) => name);
    if (kind === 'architectures') return architectures;
    return kind === 'variables' ? [...Object.keys(versions), ...listedVariables.map(({ name }) => name)] : repositories.map(({ id }) => id);
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
    return [];
  }
}
