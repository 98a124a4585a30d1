/**
 * Stores a file next to an image in its registry, as an artifact whose `subject` is the image (OCI image and distribution specification 1.1). In a
 * registry without support for subjects, the tag `sha256-HEX` of the image gets an index of all attached artifacts.
 */
import { sha256 } from '../base/sha256.ts';
import { statusOf } from '../net/failures.ts';
import type { PulledManifest, RegistryRepository } from './registry.ts';

export interface Artifact {
  /** Media type of the file and of the artifact. */
  readonly mediaType: string;
  readonly bytes: Uint8Array;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface AttachedArtifact {
  /** `sha256:...` of the artifact's manifest. */
  readonly digest: string;
  /** How clients find it, starting from the image. */
  readonly found_by: 'referrers' | 'tag';
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json';
const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json';
const EMPTY = Buffer.from('{}');
/** Statuses that registries return for unknown kinds of manifests. */
const REFUSED: ReadonlySet<number> = new Set([400, 404, 405, 406, 415, 422, 501]);

/** Attaching the same file again has no effect. Returns undefined if the registry does not accept such artifacts. */
export async function attachArtifact(
  repository: RegistryRepository,
  image: PulledManifest,
  artifact: Artifact,
): Promise<AttachedArtifact | undefined> {
  const { mediaType, bytes, annotations } = artifact;
  const config = { mediaType: EMPTY_TYPE, digest: await repository.pushBlob(EMPTY), size: EMPTY.length };
  const layer = { mediaType, digest: await repository.pushBlob(bytes), size: bytes.length };
  const subject = { mediaType: image.mediaType, digest: image.digest, size: image.sizeBytes };
  const manifest = encode({
    ...{ schemaVersion: 2, mediaType: MANIFEST_TYPE, artifactType: mediaType },
    ...{ config, layers: [layer], subject, annotations },
  });
  const digest = `sha256:${sha256(manifest)}`;
  try {
    const headers = await repository.pushManifest(digest, MANIFEST_TYPE, manifest);
    if (headers['oci-subject'] === image.digest) return { digest, found_by: 'referrers' };
    await addToIndex(repository, image.digest.replace(':', '-'), {
      ...{ mediaType: MANIFEST_TYPE, digest, size: manifest.length },
      ...{ artifactType: mediaType, annotations },
    });
    return { digest, found_by: 'tag' };
  } catch (error) {
    if (REFUSED.has(statusOf(error) ?? 0)) return undefined;
    throw error;
  }
}

async function addToIndex(repository: RegistryRepository, tag: string, entry: { readonly digest: string }): Promise<void> {
  const before = await repository.manifest(tag).catch((error: unknown) => {
    if (statusOf(error) === 404 || statusOf((error as Error).cause) === 404) return undefined;
    throw error;
  });
  const listed = before?.content['manifests'];
  const others = Array.isArray(listed) ? (listed as readonly unknown[]) : [];
  if (others.some((other) => (other as { digest?: unknown } | null)?.digest === entry.digest)) return;
  await repository.pushManifest(tag, INDEX_TYPE, encode({ schemaVersion: 2, mediaType: INDEX_TYPE, manifests: [...others, entry] }));
}

const encode = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
