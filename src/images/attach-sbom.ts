import { RpmDepsError } from '../base/errors.ts';
import { type AttachedArtifact, attachArtifact } from '../installed/attach-artifact.ts';
import type { RegistryRepository } from '../installed/registry.ts';
import type { Context } from '../run/context.ts';
import type { RegistryAccess } from './build-arguments.ts';
import type { DigestedLock } from './locked-images.ts';
import { openRepository } from './open-repository.ts';

const CYCLONEDX_TYPE = 'application/vnd.cyclonedx+json';

export interface AttachedSbom extends AttachedArtifact {
  readonly reference: string;
  /** Digest of the image. */
  readonly image_digest: string;
}

/**
 * Attaches the bill of materials of a lock to its image in a registry. Throws CHECK_FAILED if the image was built from another lock. If the
 * registry does not support attachments, it reports a warning and returns undefined.
 */
export async function attachSbom(
  { reference, lock, sbom }: { readonly reference: string; readonly lock: DigestedLock; readonly sbom: string },
  access: RegistryAccess,
  context: Context,
): Promise<AttachedSbom | undefined> {
  const { repository, version } = await openRepository(reference, access, 'pull,push', context);
  const image = await repository.manifest(version);
  checkLabels(await labelsOf(repository, image.content), reference, lock);
  const annotations = { 'org.opencontainers.image.title': `${lock.lock.package_set}-${lock.lock.architecture}.cdx.json` };
  const attached = await attachArtifact(repository, image, { mediaType: CYCLONEDX_TYPE, bytes: Buffer.from(sbom), annotations });
  if (attached !== undefined) return { ...attached, reference, image_digest: image.digest };
  context.emit({
    kind: 'warning',
    code: 'SBOM_NOT_ATTACHED',
    text: `the registry does not accept a CycloneDX file attached to ${reference}`,
    set: lock.lock.package_set,
    architecture: lock.lock.architecture,
  });
  return undefined;
}

async function labelsOf(
  repository: RegistryRepository,
  manifest: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const digest = (manifest['config'] as { digest?: unknown } | undefined)?.digest;
  if (typeof digest !== 'string') return {};
  const { config } = (await repository.json(digest)) as { config?: { Labels?: unknown } | null };
  return typeof config?.Labels === 'object' && config.Labels !== null ? (config.Labels as Record<string, unknown>) : {};
}

function checkLabels(labels: Readonly<Record<string, unknown>>, reference: string, lock: DigestedLock): void {
  const found = labels['rpm-deps.lock-digest'];
  if (found === lock.digest) return;
  throw new RpmDepsError('CHECK_FAILED', `${reference} was not built from the current ${lock.path}`, {
    hint: 'build and push the image again, or check out the commit that it was built from',
    details: [`lockfile:        ${lock.digest}`, `label of the image: ${typeof found === 'string' ? found.slice(0, 100) : 'none'}`],
  });
}
