/**
 * Reads the installed packages of an image from its registry, without an engine: index, manifest of the architecture, layers. The result is
 * cached by digest and architecture.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { printable } from '../base/printable.ts';
import { sha256 } from '../base/sha256.ts';
import { writeFileAtomic } from '../io/atomic-file.ts';
import { findOtherWriter, PRIVATE_FOLDER_MODE } from '../io/private-folder.ts';
import { containerArchitecture, findArchitecture } from '../rpm/container-architecture.ts';
import type { Run } from '../run/run.ts';
import { formatImageName, type ImageName, parseImageName } from './image-name.ts';
import type { InstalledPackage } from './installed-package.ts';
import { layerEntries } from './layer-entries.ts';
import { pullSources } from './registries-conf.ts';
import { type PulledManifest, RegistryRepository } from './registry.ts';
import { RootFiles } from './root-files.ts';
import { readInstalled } from './rpm-database.ts';

export interface BaseImage {
  /** As it was asked for. */
  readonly reference: string;
  /** `sha256:...` of the index, or of the manifest where the image is for one architecture alone. */
  readonly digest: string;
  /** `sha256:...` of the manifest of the architecture. */
  readonly manifestDigest: string;
  /** `sha256:...` of name, epoch, version, release and architecture of all installed packages. */
  readonly installedDigest: string;
  /** Folder of the rpm database, such as `usr/lib/sysimage/rpm`. */
  readonly databaseFolder: string;
  readonly packages: readonly InstalledPackage[];
  /** The configuration of its containers, such as `Env` and `Cmd` (OCI image specification, config.md). */
  readonly config: Readonly<Record<string, unknown>>;
}

export type BaseImageRun = Run & { readonly env: Readonly<Record<string, string | undefined>> };

/**
 * Reads the image `reference` (`registry/name:tag@digest`) for an architecture (RPM's name). Throws IMAGE_NOT_FOUND, RPMDB_INVALID, OFFLINE,
 * NETWORK or DIGEST_MISMATCH.
 */
export async function readBaseImage(reference: string, architecture: string, run: BaseImageRun): Promise<BaseImage> {
  const name = parseImageName(reference, 'the base image');
  return fromSources(name, run, (repository) => readFrom(repository, name, architecture, run));
}

/** An image with this digest that an earlier run read; undefined if it is not in the cache. Needs no network. */
export async function cachedBaseImage(
  digest: string,
  architecture: string,
  run: Pick<BaseImageRun, 'cacheDir'>,
): Promise<Omit<BaseImage, 'reference'> | undefined> {
  return readCached(cachePath(run, digest, architecture));
}

/** Tries each mirror, then the registry itself, whose error is reported if all fail. */
async function fromSources<T>(name: ImageName, run: BaseImageRun, read: (repository: RegistryRepository) => Promise<T>): Promise<T> {
  let failure: unknown;
  for (const source of await pullSources(name.registry, name.repository, run.env)) {
    try {
      return await read(new RegistryRepository(source, run));
    } catch (error) {
      run.signal.throwIfAborted();
      failure = error;
    }
  }
  throw failure;
}

async function readFrom(repository: RegistryRepository, name: ImageName, architecture: string, run: BaseImageRun): Promise<BaseImage> {
  const known = name.digest === undefined ? undefined : await readCached(cachePath(run, name.digest, architecture));
  const reference = formatImageName(name);
  if (known !== undefined) return { ...known, reference };
  const top = await repository.manifest(name.digest ?? name.tag!);
  const path = cachePath(run, top.digest, architecture);
  const cached = await readCached(path);
  if (cached !== undefined) return { ...cached, reference };
  const manifest = isIndex(top) ? await repository.manifest(chosenDigest(top, architecture, reference)) : top;
  const { databaseFolder, packages, config } = await readLayers(repository, manifest, {
    architecture,
    shown: reference,
    isAlone: manifest === top,
    run,
  });
  const image = {
    digest: top.digest,
    manifestDigest: manifest.digest,
    installedDigest: installedDigest(packages),
    databaseFolder,
    packages,
    config,
  };
  // A cache that cannot be written costs the next run a download, and nothing else.
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER_MODE })
    .then(() => writeFileAtomic(path, JSON.stringify(image)))
    .catch(() => undefined);
  return { reference, ...image };
}

/** The content of a digest never changes, so neither does the cached result. */
const cachePath = ({ cacheDir }: Pick<BaseImageRun, 'cacheDir'>, digest: string, architecture: string): string =>
  join(cacheDir, 'installed-v1', `${sha256(`${digest} ${architecture}`)}.json`);

/** A digest of the installed packages, independent of the format of the database. */
export function installedDigest(packages: readonly Pick<InstalledPackage, 'name' | 'epoch' | 'version' | 'release' | 'arch'>[]): string {
  const lines = packages.map(({ name, epoch, version, release, arch }) => `${name}-${epoch}:${version}-${release}.${arch}`).sort();
  return `sha256:${sha256(lines.join('\n'))}`;
}

const isIndex = ({ content }: PulledManifest): boolean => Array.isArray(content['manifests']);

function chosenDigest({ content }: PulledManifest, architecture: string, shown: string): string {
  const wanted = containerArchitecture(architecture).container;
  const entries = (content['manifests'] as readonly unknown[]).flatMap((entry) => {
    const { digest, platform } = (entry ?? {}) as { digest?: unknown; platform?: { os?: unknown; architecture?: unknown } };
    return typeof digest === 'string' && platform?.os === 'linux' ? [{ digest, architecture: String(platform.architecture) }] : [];
  });
  const found = entries.find((entry) => entry.architecture === wanted);
  if (found !== undefined && /^sha256:[0-9a-f]{64}$/.test(found.digest)) return found.digest;
  const there = [...new Set(entries.map((entry) => findArchitecture(entry.architecture)?.rpm ?? printable(entry.architecture)))];
  throw wrongArchitecture(shown, architecture, there);
}

function wrongArchitecture(shown: string, architecture: string, there: readonly string[]): RpmDepsError {
  return new RpmDepsError('IMAGE_NOT_FOUND', `the base image ${shown} has no variant for ${architecture}`, {
    hint: `it is made for: ${there.join(', ') || 'no architecture'}; leave ${architecture} out of the set, or use another base`,
  });
}

async function readLayers(
  repository: RegistryRepository,
  { content }: PulledManifest,
  { architecture, shown, isAlone, run }: { architecture: string; shown: string; isAlone: boolean; run: BaseImageRun },
): Promise<Pick<BaseImage, 'databaseFolder' | 'packages' | 'config'>> {
  const described = content['config'] as { digest?: unknown } | undefined;
  const about = typeof described?.digest === 'string' ? await repository.json(described.digest) : {};
  if (isAlone && typeof about['architecture'] === 'string') {
    const found = about['architecture'];
    if (found !== containerArchitecture(architecture).container)
      throw wrongArchitecture(shown, architecture, [findArchitecture(found)?.rpm ?? printable(found)]);
  }
  const layers = Array.isArray(content['layers']) ? (content['layers'] as readonly { digest?: unknown; size?: unknown }[]) : [];
  const files = new RootFiles();
  for (const [i, { digest, size }] of layers.entries()) {
    run.signal.throwIfAborted();
    run.emit({ kind: 'debug', text: `reading layer ${i + 1} of ${layers.length} of ${shown}` });
    const bytes = repository.blob(String(digest), typeof size === 'number' ? size : undefined);
    await files.addLayer(layerEntries(bytes, `layer ${i + 1} of ${shown}`), shown);
  }
  const { folder, packages } = await readInstalled(async (path) => files.read(path), `the image ${shown}`);
  return { databaseFolder: folder, packages, config: isObject(about['config']) ? about['config'] : {} };
}

async function readCached(path: string): Promise<Omit<BaseImage, 'reference'> | undefined> {
  // What other users may write proves nothing.
  if ([path, dirname(path), dirname(dirname(path))].some((place) => findOtherWriter(place) !== undefined)) return undefined;
  try {
    const value = JSON.parse(await readFile(path, 'utf8')) as BaseImage;
    const isWhole = Array.isArray(value.packages) && installedDigest(value.packages) === value.installedDigest && isObject(value.config);
    return isWhole ? value : undefined;
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
