import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { manifestPools, parseManifest, plan, renderLockfile } from 'rpm-deps';

const FIXTURES = resolve(import.meta.dirname, '../../../fixtures');

/** The fixtures' manifest, on one of their mirrors. */
export function fixtureManifest(mirror: 'mirror' | 'mirror-next' = 'mirror'): string {
  return readFileSync(join(FIXTURES, 'rpm-packages.yaml'), 'utf8').replace(/^mirror: .*$/m, `mirror: file://${join(FIXTURES, mirror)}`);
}

/** Its lockfiles by path, made by the library. */
export async function fixtureLocks(mirror: 'mirror' | 'mirror-next', text = fixtureManifest(mirror)): Promise<Record<string, string>> {
  const cacheDir = mkdtempSync(join(tmpdir(), 'rpm-deps-cache-'));
  try {
    const manifest = await parseManifest(text, 'rpm-packages.yaml', { env: {} });
    const { locks } = await plan({ manifest, locks: [], pools: manifestPools(manifest, { cacheDir, env: {} }), mode: 'update' });
    return Object.fromEntries(
      locks.map((lock) => [`rpm-lockfiles/${lock.package_set}-${lock.architecture}.lock.json`, renderLockfile(lock)]),
    );
  } finally {
    rmSync(cacheDir, { recursive: true, force: true });
  }
}
