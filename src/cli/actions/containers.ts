import { builderBuild } from '../../commands/builder-build.ts';
import { builderPublish } from '../../commands/builder-publish.ts';
import { imageBuild } from '../../commands/image-build.ts';
import { imageContainerfile } from '../../commands/image-containerfile.ts';
import { imageManifest } from '../../commands/image-manifest.ts';
import { imagePush } from '../../commands/image-push.ts';
import { imageVerify } from '../../commands/image-verify.ts';
import type { ContainerOutput } from '../../images/container-input.ts';
import type { Action, Invocation } from '../command.ts';
import type { ParsedOptions } from '../parse.ts';

export const runBuilderBuild: Action = async (invocation) => {
  const { options, context } = invocation;
  const input = {
    ...engineInput(options),
    ...buildInput(options),
    ...toolInput(options),
    image: options.text('image'),
    set: options.text('set'),
  };
  const output = await builderBuild(input, context);
  return print(invocation, output);
};

export const runBuilderPublish: Action = async (invocation) => {
  const { options, context } = invocation;
  const output = await builderPublish({ ...engineInput(options), ...registryInput(options), image: options.text('image') }, context);
  return print(invocation, output);
};

export const runImageBuild: Action = async (invocation) => {
  const { options, context, args } = invocation;
  const names = { sets: args, name: options.text('name'), base: options.text('base') };
  const output = await imageBuild({ ...engineInput(options), ...buildInput(options), ...toolInput(options), ...names }, context);
  return print(invocation, output);
};

export const runImageContainerfile: Action = async ({ options, context, args, printer }) => {
  const output = await imageContainerfile({ set: args[0]!, base: options.text('base'), lockfiles: options.text('lockfiles') }, context);
  if (printer.json) printer.outJson(output);
  else printer.out(output.text);
  return 0;
};

export const runImagePush: Action = async (invocation) => {
  const output = await imagePush(pushInput(invocation), invocation.context);
  return print(invocation, output);
};

export const runImageManifest: Action = async (invocation) => {
  const output = await imageManifest(pushInput(invocation), invocation.context);
  return print(invocation, output);
};

export const runImageVerify: Action = async (invocation) => {
  const { options, context, args } = invocation;
  const names = { sets: args, name: options.text('name'), image: options.text('image'), base: options.text('base') };
  const output = await imageVerify({ ...engineInput(options), ...toolInput(options), ...names }, context);
  print(invocation, output);
  return output.equal ? 0 : 1;
};

function print({ printer }: Invocation, { lines, ...data }: ContainerOutput): number {
  if (printer.json) printer.outJson(data);
  else for (const line of lines) printer.out(`${line}\n`);
  return 0;
}

function engineInput(options: ParsedOptions) {
  return {
    arch: options.list('arch'),
    engine: options.text('engine'),
    prefix: options.text('prefix'),
    tag: options.text('tag'),
    digests: options.text('digests'),
    manifest: options.text('manifest'),
    lockfiles: options.text('lockfiles'),
    mirror: options.text('mirror'),
    dryRun: options.flag('dry-run'),
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
    network: options.text('network'),
    scripts: options.choice('scripts'),
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
