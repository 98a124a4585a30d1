import { relative, resolve } from 'node:path';
import { buildImage } from '../images/build-image.ts';
import {
  askedArchitectures,
  buildMachine,
  type ContainerInput,
  type ContainerOutput,
  type ContainerServices,
  checkedBuildArguments,
  type FetchLocked,
  registryAccess,
  SERVICES,
} from '../images/container-input.ts';
import {
  type ContainerSession,
  imageLine,
  requiredPrefix,
  sessionOutput,
  versionToBuild,
  withContainers,
} from '../images/container-session.ts';
import { requireBuilder } from '../images/engine.ts';
import { setting, settingSource } from '../images/guide-environment.ts';
import { withImage } from '../images/image-record.ts';
import { imageName } from '../images/image-reference.ts';
import { buildLockedImages, type LockedBuildInput, readContainerfile } from '../images/locked-build.ts';
import { BUILDER_SET, readDigestedLock } from '../images/locked-images.ts';
import { lockfilesDirectory } from '../project/project-paths.ts';
import type { Context } from '../run/context.ts';
import { fetchLocks } from './fetch.ts';

export interface BuilderBuildInput extends LockedBuildInput {
  /** Overrides DOCKER_IMAGE. */
  readonly image?: string | undefined;
  /** Default `builder/Containerfile`. */
  readonly containerfile?: string | undefined;
  /** The package set of the toolchain, for a Containerfile that uses RPMs; default `builder`. */
  readonly set?: string | undefined;
}

export interface BuilderBuildOutput extends ContainerOutput {
  readonly version: string;
  readonly images: readonly { readonly reference: string; readonly architecture: string; readonly image_id?: string }[];
}

/** Builds the builder container for each architecture. A Containerfile that copies from `rpms` gets the locked RPMs of its set. */
export async function builderBuild(
  input: BuilderBuildInput,
  context: Context,
  fetchLocked: FetchLocked = fetchLocks,
  services: ContainerServices = SERVICES,
): Promise<BuilderBuildOutput> {
  const repository = builderRepository(input, context);
  const architectures = askedArchitectures(input, context, 'ARCH') ?? [buildMachine(services)];
  const path = resolve(context.cwd, input.containerfile ?? 'builder/Containerfile');
  const text = await readContainerfile(path, '`rpm-deps init --builder` writes one, --containerfile names another');
  const version = await versionToBuild(input, context, services);
  const referenceOf = (container: string): string => `${repository}:${version}-${container}`;

  return withContainers(input, context, services, async (session) => {
    if (!/^\s*(COPY|RUN)\s.*from=rpms\b/m.test(text)) {
      const images = [];
      for (const { container } of architectures) {
        images.push(await buildPlain({ path, text, reference: referenceOf(container), container }, input, session));
      }
      return { ...sessionOutput(session, images.map(imageLine)), version, images };
    }
    const directory = lockfilesDirectory(input, context);
    const builds = [];
    for (const architecture of architectures) {
      const lock = await readDigestedLock(directory, input.set ?? BUILDER_SET, architecture);
      builds.push({
        lock,
        reference: referenceOf(architecture.container),
        containerfile: { kind: 'file', path } as const,
        base: undefined,
      });
    }
    const images = await buildLockedImages(builds, input, session, fetchLocked);
    return { ...sessionOutput(session, images.map(imageLine)), version, images };
  });
}

/** `${DOCKER_PREFIX}/${DOCKER_IMAGE}`. */
export function builderRepository(input: ContainerInput & { readonly image?: string | undefined }, context: Context): string {
  const image = setting(context.env, input.image, 'DOCKER_IMAGE');
  const prefix = requiredPrefix(input, context, [{ variable: 'DOCKER_IMAGE', flag: '--image', value: image }]);
  return `${prefix}/${imageName(image!, settingSource(input.image, '--image', 'DOCKER_IMAGE'))}`;
}

/** A Containerfile without locked RPMs: its directory is the context, with the engine's default network. */
async function buildPlain(
  { path, text, reference, container }: { path: string; text: string; reference: string; container: string },
  input: BuilderBuildInput,
  session: ContainerSession,
): Promise<{ reference: string; architecture: string; image_id?: string }> {
  const { context } = session;
  await requireBuilder(session.engine);
  context.emit({ kind: 'stage', stage: 'build', text: `${reference} from ${relative(context.cwd, path)}` });
  const id = await buildImage(
    session.engine,
    {
      containerfile: path,
      context: input.context === undefined ? resolve(path, '..') : resolve(context.cwd, input.context),
      namedContexts: {},
      architecture: container,
      arguments: /^\s*ARG\s+ARCH\b/m.test(text) ? { ARCH: container } : {},
      userArguments: checkedBuildArguments(input.buildArg),
      labels: {},
      passedOn: input,
      network: input.network,
      epochSeconds: undefined,
      neverPull: false,
      access: registryAccess(input),
    },
    { reference },
  );
  const entry = { reference, architecture: container, ...(id === undefined ? {} : { image_id: id }) };
  await session.update((record) => withImage(record, entry));
  return entry;
}
