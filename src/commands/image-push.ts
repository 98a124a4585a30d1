import type { AttachedSbom } from '../images/attach-sbom.ts';
import {
  askedArchitectures,
  buildMachine,
  type ContainerOutput,
  type ContainerServices,
  type LockInput,
  operatorPackage,
  SERVICES,
} from '../images/container-input.ts';
import { imageLine, requiredPrefix, sessionOutput, versionBuilt, withContainers } from '../images/container-session.ts';
import { chosenTargets, imageNameOf } from '../images/locked-images.ts';
import { type PushedImage, pushImages, recordedArchitectures } from '../images/push-images.ts';
import { lockfilesDirectory } from '../project/project-paths.ts';
import { containerArchitectures } from '../rpm/container-architecture.ts';
import type { Context } from '../run/context.ts';
import { attachedLine, attachPushed } from './image-attach.ts';
import { refuseSharedName } from './image-build.ts';

export interface ImagePushInput extends LockInput {
  readonly sets: readonly string[];
  readonly name?: string | undefined;
  /** Overrides QUAY_REPOSITORY and PACKAGE_NAME. */
  readonly quayRepository?: string | undefined;
  readonly packageName?: string | undefined;
}

interface SbomInput {
  /** Attach the CycloneDX file of the lock. */
  readonly sbom?: boolean | undefined;
}

export interface ImagePushOutput extends ContainerOutput {
  readonly images: readonly PushedImage[];
  readonly attached?: readonly AttachedSbom[];
}

/** Pushes built images, one tag for each architecture, and records their digests. */
export async function imagePush(
  input: ImagePushInput & SbomInput,
  context: Context,
  services: ContainerServices = SERVICES,
): Promise<ImagePushOutput> {
  const prefix = requiredPrefix(input, context);
  const asked = askedArchitectures(input, context, 'BUILD_ARCH');
  const chosen = await chosenTargets(lockfilesDirectory(input, context), input.sets, asked);
  refuseSharedName(chosen, input.name);
  const operator = operatorPackage(input, context);
  return withContainers(input, context, services, async (session) => {
    const targets = chosen.map(({ set, architectures }) => {
      const repository = `${prefix}/${imageNameOf(set, input.name)}`;
      return { set, repository, architectures, version: versionBuilt(input, context, session.record, repository) };
    });
    await session.update((record) => ({ ...record, ...operator }));
    const images: PushedImage[] = [];
    const attached: AttachedSbom[] = [];
    for (const target of targets) {
      const recorded = containerArchitectures(recordedArchitectures(session, target.repository, target.version));
      const architectures = asked ? target.architectures : recorded.length > 0 ? recorded : [buildMachine(services)];
      images.push(...(await pushImages({ ...target, architectures }, input, session)));
      if (input.sbom === true) attached.push(...(await attachPushed({ ...target, architectures }, input, session)));
    }
    const lines = [...images.map(imageLine), ...attached.map(attachedLine)];
    return { ...sessionOutput(session, lines), images, ...(input.sbom === true ? { attached } : {}) };
  });
}
