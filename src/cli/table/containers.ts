import type { CommandDefinition, OptionDefinition } from '../command.ts';

const ARCH: OptionDefinition = {
  name: 'arch',
  value: 'ARCH',
  many: true,
  help: 'amd64, arm64, s390x or the names of RPM (repeatable; also a list with commas)',
};
const DRY_RUN: OptionDefinition = { name: 'dry-run', help: 'print the commands for the engine and start none' };
const ENGINE: readonly OptionDefinition[] = [
  { name: 'engine', value: 'NAME', choices: ['podman', 'docker'], help: 'what does the work (env: KUBEVIRT_CRI; default: podman)' },
  { name: 'prefix', value: 'PREFIX', help: 'registry and namespace (env: DOCKER_PREFIX)' },
  { name: 'tag', value: 'TAG', help: 'version of the image, without architecture (env: VERSION; default: minute and commit)' },
  { name: 'digests', value: 'FILE', help: 'record of what was built and pushed (default: _out/image-digests.json)' },
];
const REGISTRY: readonly OptionDefinition[] = [
  { name: 'authfile', value: 'FILE', help: 'credentials for the registry, as `podman login` writes them (env: REGISTRY_AUTH_FILE)' },
  { name: 'tls-verify', value: 'BOOL', choices: ['true', 'false'], help: 'require TLS with a known certificate, or do not' },
];
const BUILD: readonly OptionDefinition[] = [
  { name: 'containerfile', value: 'FILE', help: 'a Containerfile of your own' },
  { name: 'context', value: 'DIR', help: 'where COPY takes files from (default: where the Containerfile is)' },
  { name: 'build-arg', value: 'NAME=VALUE', many: true, help: 'argument for the Containerfile (repeatable)' },
  { name: 'secret', value: 'ID', many: true, help: 'secret for RUN steps, as the engine takes it: id=TOKEN,src=FILE (repeatable)' },
  { name: 'ssh', value: 'ID', many: true, help: 'SSH agent or keys for RUN steps, as the engine takes it (repeatable)' },
  { name: 'label', value: 'NAME=VALUE', many: true, help: 'label of the image (repeatable)' },
  { name: 'annotation', value: 'NAME=VALUE', many: true, help: "annotation of the image's manifest (repeatable)" },
  { name: 'network', value: 'MODE', help: 'network of RUN (default: none where RPMs are locked)' },
  { name: 'scripts', negatable: true, help: "run scriptlets of the machine's own architecture (default: yes)" },
  { name: 'nodeps', negatable: true, help: 'install with unmet requirements (default: only where the lock ignores packages)' },
  { name: 'keep-times', help: 'keep the times of files in RPMs; image ids then differ' },
  { name: 'verify', negatable: true, help: 'compare the image with the lock before it gets its name (default: yes)' },
];
const TOOL: readonly OptionDefinition[] = [
  { name: 'tool-image', value: 'IMAGE', help: "image with rpm in it (default: made of this machine's rpm)" },
  { name: 'dbpath', value: 'DIR', help: "place of rpm's database in the image (default: /usr/lib/sysimage/rpm)" },
];
const NAME: OptionDefinition = { name: 'name', value: 'NAME', help: 'name of the image (default: the set)' };
const BASE: OptionDefinition = { name: 'base', value: 'IMAGE', help: 'image below the packages (default: none)' };
const OPERATOR: readonly OptionDefinition[] = [
  { name: 'quay-repository', value: 'NAME', help: 'for the record of digests (env: QUAY_REPOSITORY)' },
  { name: 'package-name', value: 'NAME', help: 'for the record of digests (env: PACKAGE_NAME)' },
];
const IMAGE: OptionDefinition = { name: 'image', value: 'NAME', help: 'name of the builder (env: DOCKER_IMAGE)' };
const SETS = [{ name: 'SET', many: true }];

/** Commands that leave the work to podman. docs/guide.md goes through them. */
export const CONTAINER_COMMANDS: readonly CommandDefinition[] = [
  {
    name: 'builder build',
    summary: 'build the builder container',
    description:
      'Builds builder/Containerfile. Where that takes RPMs (`init --builder` writes one that does), they are those locked for the set `builder`.\n' +
      'What stands behind `--` goes to the engine.',
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
    options: [ARCH, IMAGE, ...ENGINE, ...REGISTRY, DRY_RUN],
    examples: [''],
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runBuilderPublish,
  },
  {
    name: 'image build',
    summary: 'build images that hold exactly the locked RPMs',
    description:
      'Without SET, every set but `builder`. Nothing is resolved, and during the build nothing is downloaded.\nWhat stands behind `--` goes to the engine.',
    arguments: SETS,
    options: [ARCH, NAME, BASE, ...ENGINE, ...BUILD, ...TOOL, ...REGISTRY, DRY_RUN],
    examples: ['launcherbase', 'launcherbase --arch s390x --base quay.io/me/base:1', 'launcherbase -- --squash'],
    passesOn: true,
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runImageBuild,
  },
  {
    name: 'image containerfile',
    summary: 'print the Containerfile of a set',
    arguments: [{ name: 'SET', required: true }],
    options: [BASE],
    examples: ['launcherbase > Containerfile'],
    load: async () => (await import('../actions/containers.ts')).runImageContainerfile,
  },
  {
    name: 'image push',
    summary: 'push images and record their digests',
    arguments: SETS,
    options: [ARCH, NAME, ...ENGINE, ...REGISTRY, ...OPERATOR, DRY_RUN],
    examples: ['', 'launcherbase --authfile auth.json'],
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runImagePush,
  },
  {
    name: 'image manifest',
    summary: 'push one name for all architectures',
    description: 'A manifest list of the images that were pushed, or nothing where one of them is missing.',
    arguments: SETS,
    options: [ARCH, NAME, ...ENGINE, ...REGISTRY, ...OPERATOR, DRY_RUN],
    examples: ['', 'launcherbase --arch amd64,s390x'],
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runImageManifest,
  },
  {
    name: 'image verify',
    summary: "compare rpm's database in images with the locks",
    description: 'Missing, extra and other versions. Exit code 1 where there is a difference.',
    arguments: SETS,
    options: [
      ARCH,
      NAME,
      { name: 'image', value: 'IMAGE', help: 'the image, under any name, for one set and architecture' },
      { name: 'base', value: 'IMAGE', help: 'image whose packages may be there too' },
      ...ENGINE,
      ...TOOL,
      DRY_RUN,
    ],
    examples: ['', 'launcherbase --arch s390x --image quay.io/me/launcher:latest'],
    endsItself: true,
    load: async () => (await import('../actions/containers.ts')).runImageVerify,
  },
];
