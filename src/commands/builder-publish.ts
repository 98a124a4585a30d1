import type { AttachedSbom } from '../images/attach-sbom.ts';
import {
  askedArchitectures,
  buildMachine,
  type ContainerOutput,
  type ContainerServices,
  type LockInput,
  SERVICES,
} from '../images/container-input.ts';
import { imageLine, sessionOutput, versionBuilt, withContainers } from '../images/container-session.ts';
import { setting } from '../images/guide-environment.ts';
import { BUILDER_SET } from '../images/locked-images.ts';
import { type PushedImage, type PushedManifest, pushImages, recordedArchitectures } from '../images/push-images.ts';
import { containerArchitectures } from '../rpm/container-architecture.ts';
import type { Context } from '../run/context.ts';
import { builderRepository } from './builder-build.ts';
import { attachedLine, attachPushed } from './image-attach.ts';
import { pushList } from './image-manifest.ts';

export interface BuilderPublishInput extends LockInput {
  /** Overrides DOCKER_IMAGE. */
  readonly image?: string | undefined;
  /** Attach the CycloneDX file of the lock of `set`. */
  readonly sbom?: boolean | undefined;
  /** The package set of the toolchain; default `builder`. */
  readonly set?: string | undefined;
}

export interface BuilderPublishOutput extends ContainerOutput {
  readonly version: string;
  readonly images: readonly PushedImage[];
  readonly manifests: readonly PushedManifest[];
  readonly attached?: readonly AttachedSbom[];
}

/** Pushes the builder of each architecture, and after all of them the manifest list. */
export async function builderPublish(
  input: BuilderPublishInput,
  context: Context,
  services: ContainerServices = SERVICES,
): Promise<BuilderPublishOutput> {
  const repository = builderRepository(input, context);
  return withContainers(input, context, services, async (session) => {
    const version = versionBuilt(input, context, session.record, repository);
    const byFlag = input.arch && input.arch.length > 0 ? askedArchitectures(input, context, 'ARCH') : undefined;
    // ARCH may select one architecture, but a new list must not lose the other architectures that were built.
    const known = containerArchitectures([
      ...(askedArchitectures(input, context, 'ARCH') ?? []).map(({ container }) => container),
      ...recordedArchitectures(session, repository, version),
    ]);
    const architectures = byFlag ?? (known.length > 0 ? known : [buildMachine(services)]);
    const images = await pushImages({ repository, version, architectures }, input, session);
    const builder = { set: input.set ?? BUILDER_SET, repository, version, architectures };
    const attached = input.sbom === true ? await attachPushed(builder, input, session) : undefined;
    const manifests: PushedManifest[] = [];
    for (const reference of listNames(repository, version, context)) {
      manifests.push(await pushList({ repository, version, architectures, reference }, input, session));
    }
    const lines = [...[...images, ...manifests].map(imageLine), ...(attached ?? []).map(attachedLine)];
    return { ...sessionOutput(session, lines), version, images, manifests, ...(attached === undefined ? {} : { attached }) };
  });
}

/**
 * The guide sets KUBEVIRT_BUILDER_IMAGE to `PREFIX/IMAGE/VERSION`, with a slash, and later steps pull that name: so the list is also pushed
 * under that name. Any other value names an image of another project, which must not be overwritten.
 */
function listNames(repository: string, version: string, context: Context): readonly string[] {
  const own = `${repository}:${version}`;
  const asked = setting(context.env, undefined, 'KUBEVIRT_BUILDER_IMAGE');
  if (asked === `${repository}/${version}` && /^[a-z0-9]+([._-]+[a-z0-9]+)*$/.test(version)) return [own, `${asked}:latest`];
  if (asked !== undefined && asked !== own) {
    const text = `KUBEVIRT_BUILDER_IMAGE is ${JSON.stringify(asked)}, but the image that is pushed is ${own}`;
    context.emit({ kind: 'warning', code: 'BUILDER_IMAGE_IGNORED', text });
  }
  return [own];
}
