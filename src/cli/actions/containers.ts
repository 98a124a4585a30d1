import { builderBuild } from '../../commands/builder-build.ts';
import { builderPublish } from '../../commands/builder-publish.ts';
import { imageAttach } from '../../commands/image-attach.ts';
import { imageBuild } from '../../commands/image-build.ts';
import { imageContainerfile } from '../../commands/image-containerfile.ts';
import { imageManifest } from '../../commands/image-manifest.ts';
import { imagePush } from '../../commands/image-push.ts';
import { imageVerify } from '../../commands/image-verify.ts';
import { builderBuildView } from '../../views/builder-build.ts';
import { builderPublishView } from '../../views/builder-publish.ts';
import { imageAttachView } from '../../views/image-attach.ts';
import { imageBuildView } from '../../views/image-build.ts';
import { imageContainerfileView } from '../../views/image-containerfile.ts';
import { imageManifestView } from '../../views/image-manifest.ts';
import { imagePushView } from '../../views/image-push.ts';
import { imageVerifyView } from '../../views/image-verify.ts';
import { defineAction } from '../action.ts';
import type { Invocation } from '../command.ts';
import type { ParsedOptions } from '../parsed-options.ts';

export const runBuilderBuild = defineAction(builderBuildView, async ({ options, context, rest }) => {
  const input = {
    ...engineInput(options),
    ...buildInput(options),
    ...toolInput(options),
    image: options.text('image'),
    set: options.text('set'),
    rest,
  };
  return { data: await builderBuild(input, context) };
});

export const runBuilderPublish = defineAction(builderPublishView, async ({ options, context }) => ({
  data: await builderPublish(
    {
      ...engineInput(options),
      ...registryInput(options),
      image: options.text('image'),
      sbom: options.flag('sbom'),
      set: options.text('set'),
    },
    context,
  ),
}));

export const runImageBuild = defineAction(imageBuildView, async ({ options, context, args, rest }) => {
  const names = {
    sets: args,
    name: options.text('name'),
    base: options.text('base'),
    output: options.text('output'),
    sbom: options.flag('sbom'),
    rest,
  };
  return { data: await imageBuild({ ...engineInput(options), ...buildInput(options), ...toolInput(options), ...names }, context) };
});

export const runImageContainerfile = defineAction(imageContainerfileView, async ({ options, context, args }) => ({
  data: await imageContainerfile(
    { set: args[0]!, base: options.text('base'), lockfiles: options.text('lockfiles'), manifest: options.text('manifest') },
    context,
  ),
}));

export const runImagePush = defineAction(imagePushView, async (invocation) => ({
  data: await imagePush({ ...pushInput(invocation), sbom: invocation.options.flag('sbom') }, invocation.context),
}));

export const runImageAttach = defineAction(imageAttachView, async ({ options, context, args }) => ({
  data: await imageAttach({ ...imageInput(options), ...registryInput(options), sets: args, name: options.text('name') }, context),
}));

export const runImageManifest = defineAction(imageManifestView, async (invocation) => ({
  data: await imageManifest(pushInput(invocation), invocation.context),
}));

export const runImageVerify = defineAction(imageVerifyView, async ({ options, context, args }) => {
  const names = { sets: args, name: options.text('name'), image: options.text('image'), base: options.text('base') };
  const data = await imageVerify({ ...engineInput(options), ...toolInput(options), ...names }, context);
  return { data, exitCode: data.equal ? 0 : 1 };
});

function engineInput(options: ParsedOptions) {
  return { ...imageInput(options), engine: options.text('engine'), dryRun: options.flag('dry-run') };
}

/** The input that selects images. */
function imageInput(options: ParsedOptions) {
  return {
    arch: options.list('arch'),
    prefix: options.text('prefix'),
    tag: options.text('tag'),
    digests: options.text('digests'),
    manifest: options.text('manifest'),
    lockfiles: options.text('lockfiles'),
    mirror: options.text('mirror'),
  };
}

function registryInput(options: ParsedOptions) {
  const tlsVerify = options.text('tls-verify');
  return { authfile: options.text('authfile'), tlsVerify: tlsVerify === undefined ? undefined : tlsVerify === 'true' };
}

function buildInput(options: ParsedOptions) {
  return {
    ...registryInput(options),
    containerfile: options.text('containerfile'),
    context: options.text('context'),
    buildArg: options.list('build-arg'),
    secret: options.list('secret'),
    ssh: options.list('ssh'),
    label: options.list('label'),
    annotation: options.list('annotation'),
    network: options.text('network'),
    scripts: options.choice('scripts'),
    emulate: options.flag('emulate'),
    nodeps: options.choice('nodeps'),
    keepTimes: options.flag('keep-times'),
    verify: options.choice('verify'),
  };
}

function toolInput(options: ParsedOptions) {
  return { toolImage: options.text('tool-image'), dbpath: options.text('dbpath') };
}

function pushInput({ options, args }: Invocation) {
  return {
    ...engineInput(options),
    ...registryInput(options),
    sets: args,
    name: options.text('name'),
    quayRepository: options.text('quay-repository'),
    packageName: options.text('package-name'),
  };
}
