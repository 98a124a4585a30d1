import type { EngineName } from './engine.ts';

export interface ImageBuild {
  readonly containerfile: string;
  /** Build context: directory of plain COPY. */
  readonly context: string;
  /** Directories for `COPY --from=NAME`. */
  readonly namedContexts: Readonly<Record<string, string>>;
  /** Container name of the architecture. */
  readonly architecture: string;
  readonly arguments: Readonly<Record<string, string>>;
  /** As typed: `NAME=VALUE`, or `NAME` for the value in the environment. */
  readonly userArguments: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly passedOn: PassedOptions;
  /** undefined: the engine's default. */
  readonly network: string | undefined;
  /** Creation time of the image and its files; undefined keeps the current time for the image and the files' own times. */
  readonly epochSeconds: number | undefined;
  /** Do not pull images from registries. */
  readonly neverPull: boolean;
  readonly access: RegistryAccess;
}

/** How to reach registries, named after podman's flags. The credentials themselves are never read here. */
export interface RegistryAccess {
  readonly authfile: string | undefined;
  readonly tlsVerify: boolean | undefined;
}

/** Options that are passed to the engine unchanged. */
export interface PassedOptions {
  readonly secret?: readonly string[] | undefined;
  readonly ssh?: readonly string[] | undefined;
  readonly label?: readonly string[] | undefined;
  readonly annotation?: readonly string[] | undefined;
  /** All arguments after `--`. */
  readonly rest?: readonly string[] | undefined;
}

export function buildArguments(engine: EngineName, build: ImageBuild, tag: string): readonly string[] {
  const own =
    engine === 'podman'
      ? [
          // podman's cache ignores the platform: with it, `FROM scratch` gives one architecture's image for another (podman 4.3).
          // `--squash` does not use the cache either, and podman refuses the two together.
          ...(isSquashed(build.passedOn) ? [] : ['--layers=false']),
          ...(build.epochSeconds === undefined ? [] : [`--timestamp=${build.epochSeconds}`]),
          ...(build.neverPull ? ['--pull=never'] : []),
          ...accessArguments(build.access),
        ]
      : ['--no-cache', '--provenance=false'];
  return [
    'build',
    ...own,
    `--platform=linux/${build.architecture}`,
    ...(build.network === undefined ? [] : [`--network=${build.network}`]),
    ...sorted(build.namedContexts).map(([name, directory]) => `--build-context=${name}=${directory}`),
    ...sorted(build.arguments).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...build.userArguments.map((argument) => `--build-arg=${argument}`),
    ...sorted(build.labels).map(([name, value]) => `--label=${name}=${value}`),
    ...(['secret', 'ssh', 'label', 'annotation'] as const).flatMap((name) =>
      (build.passedOn[name] ?? []).map((value) => `--${name}=${value}`),
    ),
    ...passedArguments(build.passedOn),
    `--file=${build.containerfile}`,
    `--tag=${tag}`,
    build.context,
  ];
}

/** The arguments after `--`. `--build-arg X=Y` and `--creds X:Y` become one argument each, so that their values can be redacted. */
function passedArguments({ rest = [] }: PassedOptions): readonly string[] {
  return rest.flatMap((word, i) => {
    if (HIDDEN.test(rest[i - 1] ?? '')) return [];
    return HIDDEN.test(word) && i + 1 < rest.length ? [`${word}=${rest[i + 1]}`] : [word];
  });
}

const HIDDEN = /^--(?:build-arg|creds)$/;

/** `NAME=VALUE` of all build arguments, from every place where they may be given. */
export function userArgumentsOf(input: PassedOptions & { readonly buildArg?: readonly string[] | undefined }): readonly string[] {
  const passed = passedArguments(input).filter((word) => word.startsWith('--build-arg='));
  return [...(input.buildArg ?? []), ...passed.map((word) => word.slice('--build-arg='.length))];
}

function isSquashed(passedOn: PassedOptions): boolean {
  return passedArguments(passedOn).some((word) => /^--squash(?:-all)?(?:=true)?$/.test(word));
}

export function accessArguments({ authfile, tlsVerify }: RegistryAccess): readonly string[] {
  return [...(authfile === undefined ? [] : [`--authfile=${authfile}`]), ...(tlsVerify === undefined ? [] : [`--tls-verify=${tlsVerify}`])];
}

function sorted(values: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
