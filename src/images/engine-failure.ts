import { RpmDepsError } from '../base/errors.ts';
import { registryOf } from './image-reference.ts';
import { shellCommand } from './shell-quote.ts';

export interface FailedCommand {
  /** The command line, with the engine as first word. */
  readonly argv: readonly string[];
  readonly exitCode: number | undefined;
  readonly stderr: string;
  /** What was attempted, such as `push quay.io/kubevirt/builder:1-amd64`. */
  readonly what: string;
  /** The image of the command, if the registry matters. */
  readonly reference?: string | undefined;
  /** The file with credentials that the user named. */
  readonly authfile?: string | undefined;
}

type Engine = 'podman' | 'docker';

interface KnownCause {
  readonly pattern: RegExp;
  readonly cause: string;
  readonly hint: (registry: string, engine: Engine) => string;
}

const BUILDX: KnownCause = {
  pattern: /'buildx' is not a docker command|unknown command: docker buildx|buildx component is missing or broken/i,
  cause: 'docker has no buildx',
  hint: () =>
    'install it: `apt install -y docker-buildx` on Debian 13 and Ubuntu, `dnf install -y docker-buildx-plugin` from the repositories of Docker; ' +
    'or use podman: `export KUBEVIRT_CRI="podman"`',
};

const NO_AUTHFILE: KnownCause = {
  pattern:
    /checking authfile: .*no such file|(?:stat|open) \S*(?:\.json|auth[^/\s]*)"?: no such file or directory|credential file is not accessible/i,
  cause: 'the file with the credentials does not exist',
  hint: (registry) => `\`podman login ${registry}\` writes it; give its path with --authfile or REGISTRY_AUTH_FILE`,
};

/** Messages of rpm in the install stage of a build. They are tried first, because the engine's own message contains less. */
const RPM_CAUSES: readonly KnownCause[] = [
  {
    pattern: /installing package \S+ needs \S+ more (?:space|inodes) on the/i,
    cause: 'there is not enough disk space, or too few inodes, for the packages',
    hint: (_, engine) =>
      engine === 'podman'
        ? 'free space where the images are: `podman info --format "{{.Store.GraphRoot}}"` names the directory, `podman image prune` removes images without a name'
        : 'free space where the images are: `docker builder prune` and `docker image prune`',
  },
  {
    pattern: /file \S+ (?:from install of|conflicts between) .*(?:conflicts with file|attempted installs of)/i,
    cause: 'two packages have different files of one name',
    hint: () => 'leave one of these packages out of the set: `exclude` in the manifest, then `rpm-deps lock`; or use another --base',
  },
  {
    pattern: /cpio: chown failed/i,
    cause: 'this user cannot give files to other users',
    hint: () =>
      'podman without root needs uidmap, and ids for the user: `usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER`',
  },
  {
    // `warning:` instead of `error:` is printed for failures that rpm ignores.
    pattern: /error: %\w+\(\S+\) scriptlet failed|lua script failed: \[string "%pre/i,
    cause: 'a scriptlet of a package failed',
    hint: () => 'the output of the scriptlet is above; --no-scripts builds without scriptlets, `--network host` gives them a network',
  },
  {
    pattern: /error: Failed dependencies:/i,
    cause: 'packages of the lockfile have unmet requirements',
    hint: () => 'lock again with `rpm-deps lock`; --nodeps installs them anyway',
  },
  {
    pattern: /is intended for a different (?:architecture|operating system)/i,
    cause: 'a locked package is for another architecture',
    hint: () => 'was the Containerfile made by an older rpm-deps? It has to pass $RPM_FLAGS to rpm',
  },
  {
    pattern: /cannot open Packages database|rpmdb: .*(?:not supported|unable to)|bdb_ro|database backend/i,
    cause: "rpm cannot write the base's database",
    hint: () => 'use an rpm of the same distribution as the base: --tool-image IMAGE',
  },
];

/** Causes and hints for messages of podman and docker; the first match is used. */
const CAUSES: readonly KnownCause[] = [
  ...RPM_CAUSES,
  BUILDX,
  {
    pattern: /cannot connect to the docker daemon|failed to connect to the docker api|docker daemon is not running/i,
    cause: 'the docker client cannot reach a docker engine',
    hint: () => 'start docker, or use podman: `export KUBEVIRT_CRI="podman"` or --engine podman',
  },
  {
    pattern: /permission denied while trying to connect to the docker/i,
    cause: 'this user may not use the docker engine',
    hint: () =>
      'add the user to the group docker (`usermod --append --groups docker USER`) and log in again, or use podman: `export KUBEVIRT_CRI="podman"`',
  },
  NO_AUTHFILE,
  {
    pattern: /toomanyrequests|too many requests|pull rate limit/i,
    cause: 'the registry limits the number of requests',
    hint: (registry, engine) => `log in with \`${engine} login ${registry}\`, which may raise the limit, or try again later`,
  },
  {
    pattern:
      /unauthorized|authentication required|invalid username\/password|(?<!permission )\bdenied: |requested access to the resource is denied|403 \(?forbidden|no basic auth credentials|pull access denied|incorrect username or password/i,
    cause: 'the registry does not accept the credentials',
    hint: (registry, engine) =>
      engine === 'docker'
        ? `log in with \`docker login ${registry}\`; DOCKER_CONFIG names the directory with the credentials`
        : `log in with \`podman login ${registry}\`, or name the file with the credentials: --authfile or REGISTRY_AUTH_FILE`,
  },
  {
    pattern: /server gave HTTP response to HTTPS client/i,
    cause: 'the registry uses plain HTTP instead of TLS',
    hint: (registry, engine) =>
      engine === 'docker'
        ? `if that is intended, add "${registry}" to \`insecure-registries\` in /etc/docker/daemon.json`
        : `--tls-verify=false, or \`[[registry]] location="${registry}" insecure=true\` in registries.conf, if that is intended`,
  },
  {
    pattern: /x509:|certificate signed by unknown authority|certificate has expired|tls: /i,
    cause: 'the certificate of the registry is not trusted',
    hint: (registry, engine) =>
      engine === 'docker'
        ? `put its authority into /etc/docker/certs.d/${registry}/ca.crt`
        : `put its authority into /etc/containers/certs.d/${registry}/ca.crt, or give --tls-verify=false if that is intended`,
  },
  {
    pattern: /client sent an HTTP request to an HTTPS server/i,
    cause: 'the registry uses TLS instead of plain HTTP',
    hint: () => 'remove --tls-verify=false, and `insecure=true` in registries.conf',
  },
  {
    pattern:
      /connection refused|no such host|network is unreachable|i\/o timeout|no route to host|server misbehaving|connection reset|unexpected EOF|Client\.Timeout exceeded/i,
    cause: 'the registry does not answer',
    hint: (registry) => `is ${registry} the right address, and can it be reached from here?`,
  },
  {
    pattern:
      /manifest unknown|name unknown|repository .* not found|no such manifest|manifest for \S+ not found|failed to resolve (?:source metadata|reference) .*: not found/i,
    cause: 'the image is not in the registry',
    // `docker manifest` prints the same for a registry with plain HTTP.
    hint: (_, engine) =>
      engine === 'docker' ? 'build and push it first; if the registry uses plain HTTP, use --tls-verify=false' : 'build and push it first',
  },
  {
    pattern:
      /image not known|no such image|no such object|does not exist in local storage|image does not exist locally|tag does not exist/i,
    cause: 'the image is not on this machine',
    hint: () => 'build it first, or pull it',
  },
  {
    pattern: /does not match the (?:specified|expected) platform/i,
    cause: 'the image of that name on this machine is for another architecture',
    hint: (_, engine) => `remove it with \`${engine} rmi\`, then it is pulled for the right one`,
  },
  {
    pattern: /no space left on device/i,
    cause: 'the disk is full',
    hint: (_, engine) => `\`${engine} image prune\` removes images that have no name`,
  },
  {
    pattern: /exec format error/i,
    cause: 'the build tried to run a program of another architecture',
    hint: () => 'use a RUN step only for the machine of your own architecture, or install qemu-user-static',
  },
  {
    pattern: /cgroups in hybrid mode|crun|OCI runtime|runtime: exec/i,
    cause: 'the container runtime cannot start a program here',
    hint: () => 'try another one: `runtime="runc"` in containers.conf; --network=host where the network is the reason',
  },
];

/** Debian's rpm prints this for users who install RPMs on Debian itself; it is wrong advice for an image. */
const DEBIAN_ADVICE = /use Alien instead|However assuming you know what you are doing/;

export function withoutBuildx(): RpmDepsError {
  return new RpmDepsError('PODMAN', `cannot build: ${BUILDX.cause}`, { hint: BUILDX.hint('', 'docker') });
}

/** The error for an engine command that failed; the engine's own last lines are in its details. */
export function engineFailure(failed: FailedCommand): RpmDepsError {
  const engine = failed.argv[0] ?? 'podman';
  const stderr = failed.stderr
    .split('\n')
    .filter((line) => !DEBIAN_ADVICE.test(line))
    .join('\n');
  const isWithoutAuthfile = failed.authfile !== undefined && stderr.includes(`stat ${failed.authfile}: no such file or directory`);
  const known = isWithoutAuthfile ? NO_AUTHFILE : CAUSES.find(({ pattern }) => pattern.test(stderr));
  const registry = (failed.reference && registryOf(failed.reference)) || 'the registry';
  const ended = failed.exitCode === undefined ? 'was ended by a signal' : `failed with exit code ${failed.exitCode}`;
  return new RpmDepsError('PODMAN', `cannot ${failed.what}: ${known?.cause ?? `${engine} ${ended}`}`, {
    ...(known ? { hint: known.hint(registry, engine === 'docker' ? 'docker' : 'podman') } : {}),
    details: [...stderr.trimEnd().split('\n').slice(-5).map(shorten), `command: ${shellCommand(failed.argv)}`].filter(
      (line) => line !== '',
    ),
    data: { command: failed.argv, exitCode: failed.exitCode ?? null },
  });
}

/** podman repeats the whole step, which it has already printed. */
function shorten(line: string): string {
  return line.replace(/^(.*building at STEP ".{60}).*(": .*)$/, '$1...$2');
}
