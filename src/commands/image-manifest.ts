import { RpmDepsError } from '../base/errors.ts';
import {
  askedArchitectures,
  type ContainerInput,
  type ContainerOutput,
  type ContainerServices,
  operatorPackage,
  registryAccess,
  SERVICES,
} from '../images/container-input.ts';
import {
  type ContainerSession,
  imageLine,
  requiredPrefix,
  sessionOutput,
  versionBuilt,
  withContainers,
} from '../images/container-session.ts';
import { withManifest } from '../images/image-record.ts';
import { chosenTargets, imageNameOf } from '../images/locked-images.ts';
import { pushedArchitectures, pushManifestList } from '../images/manifest-list.ts';
import type { PushedManifest } from '../images/push-images.ts';
import { lockfilesDirectory } from '../project/project-paths.ts';
import type { ContainerArchitecture } from '../rpm/container-architecture.ts';
import type { Context } from '../run/context.ts';
import { refuseSharedName } from './image-build.ts';
import type { ImagePushInput } from './image-push.ts';

export type ImageManifestInput = ImagePushInput;

export interface ImageManifestOutput extends ContainerOutput {
  readonly manifests: readonly PushedManifest[];
}

/** Pushes a manifest list with all architectures of each set, or nothing if one of them is not in the registry. */
export async function imageManifest(
  input: ImageManifestInput,
  context: Context,
  services: ContainerServices = SERVICES,
): Promise<ImageManifestOutput> {
  const prefix = requiredPrefix(input, context);
  const directory = lockfilesDirectory(input, context);
  const chosen = await chosenTargets(directory, input.sets, askedArchitectures(input, context, 'BUILD_ARCH'));
  refuseSharedName(chosen, input.name);
  const operator = operatorPackage(input, context);
  return withContainers(input, context, services, async (session) => {
    const targets = chosen.map(({ set, architectures }) => {
      const repository = `${prefix}/${imageNameOf(set, input.name)}`;
      return { repository, architectures, version: versionBuilt(input, context, session.record, repository) };
    });
    await session.update((record) => ({ ...record, ...operator }));
    const manifests: PushedManifest[] = [];
    for (const target of targets) {
      manifests.push(await pushList({ ...target, reference: `${target.repository}:${target.version}` }, input, session));
    }
    return { ...sessionOutput(session, manifests.map(imageLine)), manifests };
  });
}

/** A list replaces the old one of that name: refuses to remove architectures that users may depend on. */
async function refuseLoss(
  reference: string,
  architectures: readonly string[],
  input: ContainerInput,
  { engine, record, context }: ContainerSession,
): Promise<void> {
  const recorded = record.manifests.find((entry) => entry.reference === reference)?.architectures ?? [];
  const pushed = engine.dryRun ? [] : await pushedArchitectures(reference, registryAccess(input), context);
  const lost = [...new Set([...recorded, ...pushed])].filter((one) => !architectures.includes(one)).sort();
  if (lost.length === 0) return;
  throw new RpmDepsError('USAGE', `${reference} also exists for ${lost.join(', ')}, which the new list would lack`, {
    hint: `list all: --arch ${[...architectures, ...lost].sort().join(',')}, after their images were pushed; or use another --tag`,
    data: { lost },
  });
}

/** Pushes the list of `repository:version-ARCH` as `reference` and records its digest. */
export async function pushList(
  list: { repository: string; version: string; architectures: readonly ContainerArchitecture[]; reference: string },
  input: ContainerInput,
  session: ContainerSession,
): Promise<PushedManifest> {
  const { repository, version, reference } = list;
  session.context.emit({ kind: 'stage', stage: 'push', text: reference });
  const containers = list.architectures.map(({ container }) => container).sort();
  const entries = containers.map((container) => {
    const name = `${repository}:${version}-${container}`;
    const digest = session.record.images.find((image) => image.reference === name)?.digest;
    return { architecture: container, image: digest === undefined ? name : `${repository}@${digest}` };
  });
  await refuseLoss(reference, containers, input, session);
  const digest = await pushManifestList(session.engine, { reference, entries, access: registryAccess(input), scratch: session.scratch });
  const architectures = entries.map(({ architecture }) => architecture);
  if (digest === undefined) return { reference, architectures };
  await session.update((record) => withManifest(record, { reference, digest, architectures }));
  return { reference, architectures, digest };
}
