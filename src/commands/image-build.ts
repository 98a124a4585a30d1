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
import { imageLine, requiredPrefix, sessionOutput, versionToBuild, withContainers } from '../images/container-session.ts';
import { imageContainerfile } from '../images/image-containerfile.ts';
import { imageReference } from '../images/image-reference.ts';
import { type BuiltImage, buildLockedImages, type LockedBuild, type LockedBuildInput, readContainerfile } from '../images/locked-build.ts';
import { chosenTargets, type ImageTarget, imageNameOf, lockfileDirectory, readDigestedLock } from '../images/locked-images.ts';
import type { Context } from '../run/context.ts';
import { fetchLocks } from './fetch.ts';

export interface ImageBuildInput extends LockedBuildInput {
  /** All sets but the builder's when empty. */
  readonly sets: readonly string[];
  /** Name of the image instead of the set's; for one set. */
  readonly name?: string | undefined;
  readonly base?: string | undefined;
  readonly containerfile?: string | undefined;
}

export interface ImageBuildOutput extends ContainerOutput {
  readonly images: readonly BuiltImage[];
}

/** Builds an image of each set and architecture that holds exactly the RPMs of its lock. */
export async function imageBuild(
  input: ImageBuildInput,
  context: Context,
  fetchLocked: FetchLocked = fetchLocks,
  services: ContainerServices = SERVICES,
): Promise<ImageBuildOutput> {
  const prefix = requiredPrefix(input, context);
  const directory = lockfileDirectory(input, context);
  const architectures = askedArchitectures(input, context, 'BUILD_ARCH') ?? [buildMachine(services)];
  const targets = await chosenTargets(directory, input.sets, architectures);
  refuseSharedName(targets, input.name);
  const version = await versionToBuild(input, context, services);
  const base = input.base === undefined ? undefined : imageReference(input.base, '--base');
  const own = input.containerfile === undefined ? undefined : resolve(context.cwd, input.containerfile);
  if (own !== undefined) await readContainerfile(own, '`rpm-deps image containerfile SET` prints one');

  const builds: LockedBuild[] = [];
  for (const { set, architectures } of targets) {
    for (const architecture of architectures) {
      builds.push({
        lock: await readDigestedLock(directory, set, architecture),
        reference: `${prefix}/${imageNameOf(set, input.name)}:${version}-${architecture.container}`,
        containerfile:
          own === undefined
            ? { kind: 'text', text: (databasePath) => imageContainerfile(set, base, databasePath) }
            : { kind: 'file', path: own },
        base,
      });
    }
  }
  return withContainers(input, context, services, async (session) => {
    const images = await buildLockedImages(builds, input, session, fetchLocked);
    return { ...sessionOutput(session, images.map(imageLine)), images };
  });
}

export function refuseSharedName(targets: readonly ImageTarget[], name: string | undefined): void {
  if (name === undefined || targets.length === 1) return;
  throw new RpmDepsError('USAGE', `--name is for one set, and this is about ${targets.length}`, {
    hint: `name the set: ${targets.map(({ set }) => set).join(', ')}`,
  });
}
