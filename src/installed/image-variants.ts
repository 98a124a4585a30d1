/** The registry to read an image from, and the variants in the index of the image. */
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { findArchitecture } from '../rpm/container-architecture.ts';
import type { ImageName } from './image-name.ts';
import { pullSources } from './registries-conf.ts';
import { type PulledManifest, RegistryRepository, type RegistryRun } from './registry.ts';

interface ImageVariant {
  /** `sha256:...` of the manifest. */
  readonly digest: string;
  /** Container name, such as `amd64`. */
  readonly architecture: string;
}

/** Tries each mirror, then the registry itself; if all fail, throws the error of the registry. */
export async function fromSources<T>(name: ImageName, run: RegistryRun, read: (repository: RegistryRepository) => Promise<T>): Promise<T> {
  let failure: unknown;
  for (const source of await pullSources(name, run.env)) {
    try {
      return await read(new RegistryRepository(source, run));
    } catch (error) {
      run.signal.throwIfAborted();
      failure = error;
    }
  }
  throw failure;
}

export const isIndex = ({ content }: PulledManifest): boolean => Array.isArray(content['manifests']);

/** Variants for Linux, in the order of the index. */
export function variantsOf({ content }: PulledManifest): readonly ImageVariant[] {
  return (content['manifests'] as readonly unknown[]).flatMap((entry) => {
    const { digest, platform } = (entry ?? {}) as { digest?: unknown; platform?: { os?: unknown; architecture?: unknown } };
    const isUsable = typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest) && platform?.os === 'linux';
    return isUsable ? [{ digest, architecture: String(platform.architecture) }] : [];
  });
}

export function wrongArchitecture(
  shown: string,
  architecture: string,
  variants: readonly Pick<ImageVariant, 'architecture'>[],
): RpmDepsError {
  const there = [...new Set(variants.map(({ architecture: found }) => findArchitecture(found)?.rpm ?? printable(found)))];
  return new RpmDepsError('IMAGE_NOT_FOUND', `the base image ${shown} has no variant for ${architecture}`, {
    hint: `it is made for: ${there.join(', ') || 'no architecture'}; leave ${architecture} out of the set, or use another base`,
  });
}
