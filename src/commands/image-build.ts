import { resolve } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import {
  askedArchitectures,
  buildMachine,
  type ContainerOutput,
  type ContainerServices,
  type FetchLocked,
  SERVICES,
} from '../images/container-input.ts';
import {
  givenPrefix,
  givenVersion,
  imageLine,
  requiredPrefix,
  sessionOutput,
  versionToBuild,
  withContainers,
} from '../images/container-session.ts';
import { chosenEngine } from '../images/engine.ts';
import { imageContainerfile } from '../images/image-containerfile.ts';
import { type ImageOutput, parseImageOutput, writeImageOutput } from '../images/image-output.ts';
import { baseOf } from '../images/locked-base.ts';
import { type BuiltImage, buildLockedImages, type LockedBuild, type LockedBuildInput, readContainerfile } from '../images/locked-build.ts';
import { chosenTargets, type DigestedLock, type ImageTarget, imageNameOf, readDigestedLock } from '../images/locked-images.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { findManifest } from '../project/locked-sources.ts';
import { lockfilesDirectory } from '../project/project-paths.ts';
import type { Context } from '../run/context.ts';
import { EXPORT_WRITERS } from '../views/export-formats.ts';
import { fetchLocks } from './fetch.ts';

export interface ImageBuildInput extends LockedBuildInput {
  /** All sets but the builder's when empty. */
  readonly sets: readonly string[];
  /** Name of the image instead of the set's name; only for one set. */
  readonly name?: string | undefined;
  readonly base?: string | undefined;
  readonly containerfile?: string | undefined;
  /** `oci:DIR`, `oci-archive:FILE` or `tar:FILE`, for one image; then no registry name is needed. */
  readonly output?: string | undefined;
  /** Put a CycloneDX file of the lock into the image. */
  readonly sbom?: boolean | undefined;
}

export interface ImageBuildOutput extends ContainerOutput {
  readonly images: readonly BuiltImage[];
}

/** Builds an image with exactly the locked RPMs for each set and architecture. */
export async function imageBuild(
  input: ImageBuildInput,
  context: Context,
  fetchLocked: FetchLocked = fetchLocks,
  services: ContainerServices = SERVICES,
): Promise<ImageBuildOutput> {
  const output =
    input.output === undefined ? undefined : parseImageOutput(input.output, { cwd: context.cwd, engine: chosenEngine(input, context) });
  const prefix = output === undefined ? requiredPrefix(input, context) : (givenPrefix(input, context) ?? 'localhost');
  const directory = lockfilesDirectory(input, context);
  const architectures = askedArchitectures(input, context, 'BUILD_ARCH') ?? [buildMachine(services)];
  const targets = await chosenTargets(directory, input.sets, architectures);
  refuseSharedName(targets, input.name);
  refuseSeveralOutputs(targets, output);
  const version = output === undefined ? await versionToBuild(input, context, services) : (givenVersion(input, context) ?? 'latest');
  const own = input.containerfile === undefined ? undefined : resolve(context.cwd, input.containerfile);
  if (own !== undefined) await readContainerfile(own, '`rpm-deps image containerfile SET` prints one');

  const manifest = await findManifest(input, context);
  const builds: LockedBuild[] = [];
  for (const { set, architectures } of targets) {
    for (const architecture of architectures) {
      const lock = await readDigestedLock(directory, set, architecture);
      const base = baseOf(lock, input.base);
      if (base === undefined) refuseLostBase(lock, manifest);
      const upgrade = lock.lock.base !== undefined;
      builds.push({
        lock,
        reference: `${prefix}/${imageNameOf(set, input.name)}:${version}-${architecture.container}`,
        containerfile:
          own === undefined
            ? {
                kind: 'text',
                text: (databasePath, settings, ofBase) => imageContainerfile(set, { base, databasePath, settings, upgrade, ofBase }),
              }
            : { kind: 'file', path: own },
        base,
        ...(input.sbom === true ? { files: { [`/usr/share/sbom/${set}.cdx.json`]: EXPORT_WRITERS.cyclonedx.write([lock.lock]) } } : {}),
      });
    }
  }
  return withContainers(input, context, services, async (session) => {
    const images = await buildLockedImages(builds, input, session, fetchLocked);
    if (output !== undefined) await writeImageOutput(session.engine, { reference: images[0]!.reference, output, scratch: session.scratch });
    return { ...sessionOutput(session, images.map(imageLine)), images };
  });
}

/** rpms.lock.yaml does not record the base of a set, and its packages alone are not a complete image. */
function refuseLostBase({ lock, path }: DigestedLock, manifest: Manifest | undefined): void {
  if (manifest?.sets.find(({ name }) => name === lock.package_set)?.base === undefined) return;
  throw new RpmDepsError('USAGE', `the set ${lock.package_set} has a base, and ${path} does not record its image`, {
    hint: '--base names the image; a lockfile of rpm-packages.yaml records the base when it is locked again with `rpm-deps lock`',
  });
}

function refuseSeveralOutputs(targets: readonly ImageTarget[], output: ImageOutput | undefined): void {
  const count = targets.reduce((sum, { architectures }) => sum + architectures.length, 0);
  if (output === undefined || count === 1) return;
  throw new RpmDepsError('USAGE', `--output requires exactly one image (${count} selected)`, {
    hint: `name one set, ${targets.map(({ set }) => set).join(' or ')}, and one --arch`,
  });
}

export function refuseSharedName(targets: readonly ImageTarget[], name: string | undefined): void {
  if (name === undefined || targets.length === 1) return;
  throw new RpmDepsError('USAGE', `--name requires exactly one set (${targets.length} selected)`, {
    hint: `name the set: ${targets.map(({ set }) => set).join(', ')}`,
  });
}
