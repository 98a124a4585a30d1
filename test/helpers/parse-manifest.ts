import { RpmDepsError } from '../../src/base/errors.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { parseManifest } from '../../src/manifest/read-manifest.ts';

export const manifestOf = (text: string, env: Record<string, string> = {}): Promise<Manifest> =>
  parseManifest(text, 'rpm-packages.yaml', { env });

/** The lines that a manifest is refused with. */
export async function mistakesOf(text: string, env: Record<string, string> = {}, path = 'rpm-packages.yaml'): Promise<readonly string[]> {
  try {
    await parseManifest(text, path, { env });
  } catch (error) {
    if (error instanceof RpmDepsError && error.code === 'MANIFEST_INVALID') return error.details;
    throw error;
  }
  return [];
}
