import type { CommandDefinition } from '../command.ts';
import type { ArgumentDefinition, OptionDefinition } from '../option-definition.ts';

const ARCH: OptionDefinition = {
  name: 'arch',
  value: 'ARCH',
  many: true,
  help: 'amd64, arm64, s390x or an architecture of rpm (repeatable or comma-separated)',
};
const DRY_RUN: OptionDefinition = { name: 'dry-run', help: 'print the commands as a script instead of running them' };
const ENGINE: readonly OptionDefinition[] = [
  { name: 'engine', value: 'NAME', choices: ['podman', 'docker'], help: 'container engine (env: KUBEVIRT_CRI; default: podman)' },
  { name: 'prefix', value: 'PREFIX', help: 'registry and namespace (env: DOCKER_PREFIX)' },
  {
    name: 'tag',
    value: 'TAG',
    help: 'tag without the architecture (env: VERSION; default: UTC minute and commit of the build)',
  },
  { name: 'digests', value: 'FILE', help: 'file with the digests of built and pushed images (default: _out/image-digests.json)' },
];
const REGISTRY: readonly OptionDefinition[] = [
  { name: 'authfile', value: 'FILE', help: 'registry credentials, as written by `podman login` (env: REGISTRY_AUTH_FILE)' },
  { name: 'tls-verify', value: 'BOOL', choices: ['true', 'false'], help: 'require TLS with a valid certificate' },
];
const BUILD: readonly OptionDefinition[] = [
  { name: 'containerfile', value: 'FILE', help: 'use this Containerfile' },
  { name: 'context', value: 'DIR', help: 'build context (default: the directory of the Containerfile)' },
  { name: 'build-arg', value: 'NAME=VALUE', many: true, help: 'build argument (repeatable)' },
  { name: 'secret', value: 'ID', many: true, help: 'secret for RUN steps, in the syntax of the engine: id=TOKEN,src=FILE (repeatable)' },
  { name: 'ssh', value: 'ID', many: true, help: 'SSH agent or keys for RUN steps, in the syntax of the engine (repeatable)' },
  { name: 'label', value: 'NAME=VALUE', many: true, help: 'label of the image (repeatable)' },
  { name: 'annotation', value: 'NAME=VALUE', many: true, help: "annotation of the image's manifest (repeatable)" },
  { name: 'network', value: 'MODE', help: 'network during the build (default: none if RPMs are locked)' },
  { name: 'scripts', negatable: true, help: "run scriptlets if the image has this machine's architecture (default: yes)" },
  { name: 'emulate', help: 'also run scriptlets for other architectures, with qemu-user (binfmt_misc)' },
  { name: 'nodeps', negatable: true, help: 'install despite unmet requirements (default: only if the lockfile ignores packages)' },
  { name: 'keep-times', help: 'keep the file times of the RPMs; each build then has a different image id' },
  { name: 'verify', negatable: true, help: 'compare the image with the lockfile before tagging it (default: yes)' },
];
const TOOL: readonly OptionDefinition[] = [
  { name: 'tool-image', value: 'IMAGE', help: 'use the rpm of this image (default: of this machine)' },
  { name: 'dbpath', value: 'DIR', help: 'directory of the rpm database in the image (default: the one that the locked rpm uses)' },
];
const NAME: OptionDefinition = { name: 'name', value: 'NAME', help: 'name of the image (default: the name of the set)' };
const BASE: OptionDefinition = { name: 'base', value: 'IMAGE', help: 'base image (default: that of the lockfile, if any)' };
const OUTPUT: OptionDefinition = {
  name: 'output',
  value: 'PLACE',
  help: 'also write the image (only one) to oci:DIR, oci-archive:FILE or tar:FILE (files only)',
};
const SBOM: OptionDefinition = { name: 'sbom', help: 'put a CycloneDX file of the lockfile into the image: /usr/share/sbom/SET.cdx.json' };
const ATTACH: OptionDefinition = {
  name: 'sbom',
  help: 'attach a CycloneDX file of the lockfile to each image in the registry, as an OCI referrer',
};
const OPERATOR: readonly OptionDefinition[] = [
  { name: 'quay-repository', value: 'NAME', help: 'also record this in the file with the digests (env: QUAY_REPOSITORY)' },
  { name: 'package-name', value: 'NAME', help: 'also record this in the file with the digests (env: PACKAGE_NAME)' },
];
const IMAGE: OptionDefinition = { name: 'image', value: 'NAME', help: 'name of the builder (env: DOCKER_IMAGE)' };
const SETS: readonly ArgumentDefinition[] = [{ name: 'SET', many: true, completes: ['sets'] }];

/** Commands that run podman or docker. docs/guide.md is their tutorial. */
export const CONTAINER_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'builder build',
    summary: 'build the builder container',
    description:
      'Builds builder/Containerfile. `rpm-deps init --builder` writes one that installs the RPMs locked for the set `builder`.\n' +
      'Arguments after `--` are passed to the engine.',
    arguments: [],
    options: [
      ARCH,
      IMAGE,
      { name: 'set', value: 'SET', help: 'package set of the toolchain (default: builder)' },
      ...ENGINE,
      ...BUILD,
      ...TOOL,
      ...REGISTRY,
      DRY_RUN,
    ],
    examples: ['', '--arch amd64,arm64,s390x --dry-run'],
    passesOn: true,
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runBuilderBuild,
  },
  {
    name: 'builder publish',
    summary: 'push the builder container and its manifest list',
    arguments: [],
    options: [
      ARCH,
      IMAGE,
      ATTACH,
      { name: 'set', value: 'SET', help: 'package set whose CycloneDX file is attached (default: builder)' },
      ...ENGINE,
      ...REGISTRY,
      DRY_RUN,
    ],
    examples: ['', '--sbom'],
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runBuilderPublish,
  },
  {
    name: 'image build',
    summary: 'build images with exactly the locked RPMs',
    description:
      'Without SET, builds every set except `builder`. Only the lockfile decides what is installed; the build has no network.\n' +
      'Arguments after `--` are passed to the engine.',
    arguments: SETS,
    options: [ARCH, NAME, BASE, OUTPUT, SBOM, ...ENGINE, ...BUILD, ...TOOL, ...REGISTRY, DRY_RUN],
    examples: [
      'launcherbase',
      'launcherbase --arch s390x --base quay.io/me/base:1',
      'launcherbase --output tar:launcherbase.tar',
      'launcherbase -- --squash',
    ],
    passesOn: true,
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runImageBuild,
  },
  {
    name: 'image containerfile',
    summary: 'print the Containerfile of a set',
    arguments: [{ name: 'SET', required: true, completes: ['sets'] }],
    options: [BASE],
    examples: ['launcherbase > Containerfile'],
    load: async () => (await import('../actions/containers.ts')).runImageContainerfile,
  },
  {
    name: 'image push',
    summary: 'push images and record their digests',
    arguments: SETS,
    options: [ARCH, NAME, ATTACH, ...ENGINE, ...REGISTRY, ...OPERATOR, DRY_RUN],
    examples: ['', 'launcherbase --authfile auth.json', 'launcherbase --sbom'],
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runImagePush,
  },
  {
    name: 'image attach',
    summary: 'attach a bill of materials to pushed images',
    description:
      'Attaches a CycloneDX file of the lockfile to each image in its registry, as an OCI referrer, like `image push --sbom`.\n' +
      'No container engine is needed. The image must have been built from the current lockfile.',
    arguments: SETS,
    options: [
      { ...ARCH, help: `${ARCH.help}; default: of the last build` },
      NAME,
      ...ENGINE.filter(({ name }) => name !== 'engine'),
      ...REGISTRY,
    ],
    examples: ['', 'launcherbase --arch amd64,s390x --tag v1'],
    load: async () => (await import('../actions/containers.ts')).runImageAttach,
  },
  {
    name: 'image manifest',
    summary: 'push a manifest list: one name for the images of all architectures',
    description: 'If the image of an architecture is not in the registry, nothing is pushed.',
    arguments: SETS,
    options: [ARCH, NAME, ...ENGINE, ...REGISTRY, ...OPERATOR, DRY_RUN],
    examples: ['', 'launcherbase --arch amd64,s390x'],
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runImageManifest,
  },
  {
    name: 'image verify',
    summary: 'compare images with the lockfiles',
    description:
      'Lists missing and extra packages, different versions, files that differ from their packages,\nand files with setuid, setgid or capabilities that no package owns. The exit code is 1 if there is a difference.',
    arguments: SETS,
    options: [
      ARCH,
      NAME,
      { name: 'image', value: 'IMAGE', help: 'the image to verify, for one set and architecture' },
      { name: 'base', value: 'IMAGE', help: 'base image; its packages do not count as extra (default: that of the lockfile)' },
      ...ENGINE,
      ...TOOL,
      DRY_RUN,
    ],
    examples: ['', 'launcherbase --arch s390x --image quay.io/me/launcher:latest'],
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runImageVerify,
  },
];
