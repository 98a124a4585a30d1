import { RpmDepsError } from '../base/errors.ts';
import { registryOf } from './image-reference.ts';
import { shellCommand } from './shell-quote.ts';

export interface FailedCommand {
  /** With the engine first. */
  readonly argv: readonly string[];
  readonly exitCode: number | undefined;
  readonly stderr: string;
  /** What was being done, in words: `push quay.io/kubevirt/builder:1-amd64`. */
  readonly what: string;
  /** The image that it was about, where the registry matters. */
  readonly reference?: string | undefined;
}

/** What podman's (and docker's) own words mean, and the way out; the first that matches counts. */
const CAUSES: readonly { readonly pattern: RegExp; readonly cause: string; readonly hint: (registry: string) => string }[] = [
  {
    pattern: /cannot connect to the docker daemon|failed to connect to the docker api|docker daemon is not running/i,
    cause: 'the docker client has no engine behind it',
    hint: () => 'start docker, or use podman: `export KUBEVIRT_CRI="podman"` or --engine podman',
  },
  {
    pattern: /unauthorized|authentication required|invalid username\/password|requested access to the resource is denied|403 \(?forbidden/i,
    cause: 'the registry does not accept the credentials',
    hint: (registry) => `log in with \`podman login ${registry}\`, or name the file with the credentials: --authfile or REGISTRY_AUTH_FILE`,
  },
  {
    pattern: /server gave HTTP response to HTTPS client/i,
    cause: 'the registry speaks plain HTTP where TLS was expected',
    hint: (registry) => `--tls-verify=false, or \`[[registry]] location="${registry}" insecure=true\` in registries.conf, if that is meant`,
  },
  {
    pattern: /x509:|certificate signed by unknown authority|certificate has expired|tls: /i,
    cause: 'the certificate of the registry is not trusted',
    hint: (registry) => `put its authority into /etc/containers/certs.d/${registry}/ca.crt, or give --tls-verify=false if that is meant`,
  },
  {
    pattern: /client sent an HTTP request to an HTTPS server/i,
    cause: 'the registry speaks TLS where plain HTTP was expected',
    hint: () => 'leave --tls-verify=false out, and `insecure=true` in registries.conf',
  },
  {
    pattern:
      /connection refused|no such host|network is unreachable|i\/o timeout|no route to host|server misbehaving|connection reset|unexpected EOF/i,
    cause: 'the registry does not answer',
    hint: (registry) => `is ${registry} the right address, and can it be reached from here?`,
  },
  {
    pattern: /manifest unknown|name unknown|repository .* not found/i,
    cause: 'the image is not in the registry',
    hint: () => 'build and push it first',
  },
  {
    pattern: /image not known|no such image|no such object|does not exist in local storage/i,
    cause: 'the image is not on this machine',
    hint: () => 'build it first, or pull it',
  },
  { pattern: /no space left on device/i, cause: 'the disk is full', hint: () => '`podman image prune` removes images that have no name' },
  {
    pattern: /exec format error/i,
    cause: 'a program of another architecture was to be run',
    hint: () => 'use a RUN step only for the machine of your own architecture, or install qemu-user-static',
  },
  {
    pattern: /cgroups in hybrid mode|crun|OCI runtime|runtime: exec/i,
    cause: 'the container runtime cannot start a program here',
    hint: () => 'try another one: `runtime="runc"` in containers.conf; --network=host where the network is the reason',
  },
];

/** The error for an engine command that failed; the engine's own last lines are in its details. */
export function engineFailure(failed: FailedCommand): RpmDepsError {
  const engine = failed.argv[0] ?? 'podman';
  const known = CAUSES.find(({ pattern }) => pattern.test(failed.stderr));
  const registry = (failed.reference && registryOf(failed.reference)) || 'the registry';
  const ended = failed.exitCode === undefined ? 'was ended by a signal' : `failed with exit code ${failed.exitCode}`;
  return new RpmDepsError('PODMAN', `cannot ${failed.what}: ${known?.cause ?? `${engine} ${ended}`}`, {
    ...(known ? { hint: known.hint(registry) } : {}),
    details: [...failed.stderr.trimEnd().split('\n').slice(-5), `command: ${shellCommand(failed.argv)}`].filter((line) => line !== ''),
    data: { command: failed.argv, exitCode: failed.exitCode ?? null },
  });
}
