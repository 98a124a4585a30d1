/**
 * Reads the installed packages of an image from its registry, without podman or docker: index, manifest of the architecture, layers. Caches the
 * result by digest and architecture.
 */
import { sha256 } from '../base/sha256.ts';
import { containerArchitecture } from '../rpm/container-architecture.ts';
import type { Run } from '../run/run.ts';
import { imageCachePath, keepAnswer, readAnswer } from './image-cache.ts';
import { formatImageName, type ImageName, parseImageName } from './image-name.ts';
import { fromSources, isIndex, variantsOf, wrongArchitecture } from './image-variants.ts';
import type { InstalledPackage } from './installed-package.ts';
import { layerEntries } from './layer-entries.ts';
import type { PulledManifest, RegistryRepository } from './registry.ts';
import { RootFiles } from './root-files.ts';
import { readInstalled } from './rpm-database.ts';

export interface BaseImage {
  /** As given by the caller. */
  readonly reference: string;
  /** `sha256:...` of the index, or of the manifest if the image has no index. */
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
 * Reads the image `reference` (`registry/name:tag@digest`) for an architecture (RPM name). Throws IMAGE_NOT_FOUND, RPMDB_INVALID, OFFLINE,
 * NETWORK or DIGEST_MISMATCH.
 */
export async function readBaseImage(reference: string, architecture: string, run: BaseImageRun): Promise<BaseImage> {
  const name = parseImageName(reference, 'the base image');
  return fromSources(name, run, (repository) => readFrom(repository, name, architecture, run));
}

/** An image with this digest from the cache; undefined if no earlier run read it. Needs no network. */
export async function cachedBaseImage(
  digest: string,
  architecture: string,
  run: Pick<BaseImageRun, 'cacheDir'>,
): Promise<Omit<BaseImage, 'reference'> | undefined> {
  return readCached(cachePath(run, digest, architecture));
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
  await keepAnswer(path, image);
  return { reference, ...image };
}

/** No expiry: the content of a digest never changes. */
const cachePath = ({ cacheDir }: Pick<BaseImageRun, 'cacheDir'>, digest: string, architecture: string): string =>
  imageCachePath(cacheDir, 'installed-v1', `${digest} ${architecture}`);

/** A digest of the installed packages, independent of the format of the database. */
export function installedDigest(packages: readonly Pick<InstalledPackage, 'name' | 'epoch' | 'version' | 'release' | 'arch'>[]): string {
  const lines = packages.map(({ name, epoch, version, release, arch }) => `${name}-${epoch}:${version}-${release}.${arch}`).sort();
  return `sha256:${sha256(lines.join('\n'))}`;
}

function chosenDigest(top: PulledManifest, architecture: string, shown: string): string {
  const variants = variantsOf(top);
  const wanted = containerArchitecture(architecture).container;
  const found = variants.find((variant) => variant.architecture === wanted);
  if (found !== undefined) return found.digest;
  throw wrongArchitecture(shown, architecture, variants);
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
    if (found !== containerArchitecture(architecture).container) throw wrongArchitecture(shown, architecture, [{ architecture: found }]);
  }
  const layers = Array.isArray(content['layers']) ? (content['layers'] as readonly { digest?: unknown; size?: unknown }[]) : [];
  const files = new RootFiles();
  for (const [i, { digest, size }] of layers.entries()) {
    run.signal.throwIfAborted();
    run.emit({ kind: 'debug', text: `reading layer ${i + 1} of ${layers.length} of ${shown}` });
    const bytes = () => repository.blob(String(digest), typeof size === 'number' ? size : undefined);
    await files.addLayer(() => layerEntries(bytes(), `layer ${i + 1} of ${shown}`), shown);
  }
  const { folder, packages } = await readInstalled(async (path) => files.read(path), `the image ${shown}`);
  return { databaseFolder: folder, packages, config: isObject(about['config']) ? about['config'] : {} };
}

async function readCached(path: string): Promise<Omit<BaseImage, 'reference'> | undefined> {
  const value = (await readAnswer(path)) as BaseImage | undefined;
  const isWhole =
    value !== undefined &&
    Array.isArray(value.packages) &&
    installedDigest(value.packages) === value.installedDigest &&
    isObject(value.config);
  return isWhole ? value : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
