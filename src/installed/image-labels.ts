/** Reads the labels of an image from its registry: index, manifests and configurations, no layers. Cached by digest. */
import { RpmDepsError } from '../base/errors.ts';
import { findArchitecture } from '../rpm/container-architecture.ts';
import type { BaseImageRun } from './base-image.ts';
import { imageCachePath, keepAnswer, readAnswer } from './image-cache.ts';
import { formatImageName, type ImageName, parseImageName } from './image-name.ts';
import { fromSources, isIndex, variantsOf, wrongArchitecture } from './image-variants.ts';
import type { PulledManifest, RegistryRepository } from './registry.ts';

/** One map of labels for each image variant of the architectures; at least one. */
type VariantLabels = readonly Readonly<Record<string, string>>[];

/**
 * Labels of `reference` (`registry/name:tag@digest`) for these architectures (RPM names). Each run asks the registry for the digest of a tag; if the
 * registry is unavailable, the last known digest is used. Throws IMAGE_NOT_FOUND, OFFLINE, NETWORK or DIGEST_MISMATCH.
 */
export async function readImageLabels(reference: string, architectures: readonly string[], run: BaseImageRun): Promise<VariantLabels> {
  const name = parseImageName(reference, 'the image of the labels');
  const wanted: Wanted = { name, shown: formatImageName(name), architectures: [...architectures].sort() };
  const known = name.digest === undefined ? undefined : await readCached(name.digest, wanted, run);
  if (known !== undefined) return known;
  try {
    return await fromSources(name, run, (repository) => readFrom(repository, wanted, run));
  } catch (error) {
    run.signal.throwIfAborted();
    if (!(error instanceof RpmDepsError) || (error.code !== 'OFFLINE' && error.code !== 'NETWORK')) throw error;
    const last = (await readAnswer(tagPath(wanted, run))) as { digest?: unknown } | undefined;
    const labels = typeof last?.digest === 'string' ? await readCached(last.digest, wanted, run) : undefined;
    if (labels === undefined) throw error;
    return labels;
  }
}

interface Wanted {
  readonly name: ImageName;
  readonly shown: string;
  readonly architectures: readonly string[];
}

async function readFrom(repository: RegistryRepository, wanted: Wanted, run: BaseImageRun): Promise<VariantLabels> {
  const { name } = wanted;
  const top = await repository.manifest(name.digest ?? name.tag!);
  const cached = await readCached(top.digest, wanted, run);
  const labels = cached ?? (await readVariants(repository, top, wanted));
  if (cached === undefined) await keepAnswer(labelsPath(top.digest, wanted, run), labels);
  if (name.digest === undefined) await keepAnswer(tagPath(wanted, run), { digest: top.digest });
  return labels;
}

async function readVariants(repository: RegistryRepository, top: PulledManifest, { architectures, shown }: Wanted): Promise<VariantLabels> {
  if (!isIndex(top)) return [await readConfig(repository, top)];
  const containers = new Set(architectures.map((architecture) => findArchitecture(architecture)?.container));
  const found = variantsOf(top).filter(({ architecture }) => containers.has(architecture));
  if (found.length === 0) throw wrongArchitecture(shown, architectures.join(' or '), variantsOf(top));
  const digests = [...new Set(found.map(({ digest }) => digest))];
  return Promise.all(digests.map(async (digest) => readConfig(repository, await repository.manifest(digest))));
}

async function readConfig(repository: RegistryRepository, { content }: PulledManifest): Promise<Readonly<Record<string, string>>> {
  const described = content['config'] as { digest?: unknown } | undefined | null;
  if (typeof described?.digest !== 'string') return {};
  const { config } = (await repository.json(described.digest)) as { config?: { Labels?: unknown } | null };
  const labels = config?.Labels;
  if (typeof labels !== 'object' || labels === null) return {};
  return Object.fromEntries(Object.entries(labels).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

const labelsPath = (digest: string, { architectures }: Wanted, { cacheDir }: BaseImageRun): string =>
  imageCachePath(cacheDir, 'labels-v1', `${digest} ${architectures.join(' ')}`);

const tagPath = ({ shown }: Wanted, { cacheDir }: BaseImageRun): string => imageCachePath(cacheDir, 'labels-v1', `tag ${shown}`);

async function readCached(digest: string, wanted: Wanted, run: BaseImageRun): Promise<VariantLabels | undefined> {
  const value = await readAnswer(labelsPath(digest, wanted, run));
  return Array.isArray(value) && value.length > 0 && value.every(isLabels) ? value : undefined;
}

const isLabels = (value: unknown): value is Readonly<Record<string, string>> =>
  typeof value === 'object' && value !== null && Object.values(value).every((text) => typeof text === 'string');
