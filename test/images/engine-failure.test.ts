import { describe, expect, test } from 'vitest';
import { engineFailure } from '../../src/images/engine-failure.ts';

const failure = (stderr: string, engine = 'podman') =>
  engineFailure({ argv: [engine, 'build'], exitCode: 1, stderr, what: 'build x', reference: 'quay.example/a/b:c' });

/** As rpm 4.18 prints them into a build of podman. */
const RPM: readonly (readonly [string, string, RegExp])[] = [
  [
    'installing package tiny-large-1-1.t1.x86_64 needs 126MB more space on the / filesystem',
    'there is not enough disk space, or too few inodes, for the packages',
    /podman image prune/,
  ],
  [
    'installing package tiny-large-1-1.t1.x86_64 needs 12 more inodes on the /usr filesystem',
    'there is not enough disk space, or too few inodes, for the packages',
    /podman image prune/,
  ],
  [
    'file /usr/bin/x from install of a-1-1.noarch conflicts with file from package b-1-1.noarch',
    'two packages have different files of one name',
    /exclude/,
  ],
  [
    'file /usr/bin/x conflicts between attempted installs of a-1-1.noarch and b-1-1.noarch',
    'two packages have different files of one name',
    /exclude/,
  ],
  [
    'error: unpacking of archive failed on file /usr/lib64/a: cpio: chown failed - No such file or directory\nerror: %prein(b-1-1.noarch) scriptlet failed, exit status 127',
    'this user cannot give files to other users',
    /uidmap/,
  ],
  [
    'error: %prein(tiny-bad-pre-1-1.t1.x86_64) scriptlet failed, exit status 1\nerror: tiny-bad-pre-1-1.t1.x86_64: install failed',
    'a scriptlet of a package failed',
    /--no-scripts/,
  ],
  [
    'error: lua script failed: [string "%prein(bad-1-1.noarch)"]:1: no good\nerror: bad-1-1.noarch: install failed',
    'a scriptlet of a package failed',
    /--no-scripts/,
  ],
  [
    'warning: %post(a-1-1.noarch) scriptlet failed, exit status 1\nerror: Failed dependencies:\n\tlibfoo is needed by a-1-1.noarch',
    'packages of the lockfile have unmet requirements',
    /--nodeps/,
  ],
  ['error: %pre(a-1-1.noarch) scriptlet failed, signal 9', 'a scriptlet of a package failed', /--no-scripts/],
  ['error: Failed dependencies:\n\tlibfoo is needed by a-1-1.noarch', 'packages of the lockfile have unmet requirements', /--nodeps/],
];

/** As docker 20 to 27 and podman 4 print them. */
const REGISTRY: readonly (readonly [string, string, string, RegExp])[] = [
  [
    'podman',
    'Error: stat /run/secrets/registry-auth: no such file or directory',
    'the file with the credentials does not exist',
    /--authfile/,
  ],
  [
    'podman',
    'Error: checking authfile: stat /nosuch/login: no such file or directory',
    'the file with the credentials does not exist',
    /--authfile/,
  ],
  ['docker', 'no basic auth credentials', 'the registry does not accept the credentials', /docker login quay.example/],
  ['docker', 'denied: requested access to the resource is denied', 'the registry does not accept the credentials', /docker login/],
  [
    'docker',
    "Error response from daemon: pull access denied for a/b, repository does not exist or may require 'docker login'",
    'the registry does not accept the credentials',
    /docker login/,
  ],
  ['docker', 'no such manifest: quay.example/a/b:c', 'the image is not in the registry', /push it first; .* --tls-verify=false/],
  [
    'docker',
    'Get "http://127.0.0.1:5733/v2/k/x/manifests/9": no basic auth credentials',
    'the registry does not accept the credentials',
    /docker login/,
  ],
  [
    'docker',
    'Error response from daemon: manifest for 127.0.0.1:5733/k/y:1 not found: manifest unknown: manifest unknown',
    'the image is not in the registry',
    /push/,
  ],
  ['docker', 'tag does not exist: 127.0.0.1:5733/k/app:v7-s390x', 'the image is not on this machine', /build it/],
  ['docker', 'Error: No such image: nothere:1', 'the image is not on this machine', /build it/],
  [
    'docker',
    'Error response from daemon: image with reference a/x:1 was found but does not match the specified platform: wanted linux/s390x, actual: linux/amd64',
    'the image of that name on this machine is for another architecture',
    /docker rmi/,
  ],
  ['docker', "docker: 'buildx' is not a docker command.\nSee 'docker --help'", 'docker has no buildx', /docker-buildx-plugin/],
  [
    'docker',
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'the docker client cannot reach a docker engine',
    /KUBEVIRT_CRI="podman"/,
  ],
  [
    'docker',
    'Get "https://reg.invalid/v2/": dial tcp: lookup reg.invalid on 10.0.0.1:53: no such host',
    'the registry does not answer',
    /address/,
  ],
  ['docker', 'An image does not exist locally with the tag: quay.example/a/b', 'the image is not on this machine', /build it/],
  [
    'docker',
    'Get "https://quay.example/v2/": http: server gave HTTP response to HTTPS client',
    'the registry uses plain HTTP instead of TLS',
    /insecure-registries/,
  ],
  [
    'docker',
    'ERROR: BuildKit is enabled but the buildx component is missing or broken.',
    'docker has no buildx',
    /apt install -y docker-buildx/,
  ],
  [
    'podman',
    'Error: stat /home/me/auth.json: no such file or directory',
    'the file with the credentials does not exist',
    /podman login quay.example/,
  ],
  [
    'docker',
    'permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.24/version": dial unix /var/run/docker.sock: connect: permission denied',
    'this user may not use the docker engine',
    /group docker/,
  ],
  [
    'docker',
    'ERROR: failed to solve: quay.example/a/b:c: failed to resolve source metadata for quay.example/a/b:c: quay.example/a/b:c: not found',
    'the image is not in the registry',
    /push it first/,
  ],
  [
    'docker',
    'Error response from daemon: failed to resolve reference "quay.example/a/b:c": quay.example/a/b:c: not found',
    'the image is not in the registry',
    /push it first/,
  ],
  [
    'docker',
    'error from registry: denied: permission_denied: The token provided does not match expected scopes.',
    'the registry does not accept the credentials',
    /docker login quay.example/,
  ],
  [
    'podman',
    'Error: initializing source docker://a/b:c: reading manifest c in docker.io/a/b: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit',
    'the registry limits the number of requests',
    /podman login quay.example/,
  ],
  ['podman', 'Error: writing manifest: unauthorized: access denied', 'the registry does not accept the credentials', /--authfile/],
];

describe('what a build prints has a cause and a way out', () => {
  test.each(RPM)('%s', (stderr, cause, hint) => {
    const error = failure(`${stderr}\nError: building at STEP "RUN rpm": while running runtime: exit status 1`);
    expect(error.message).toBe(`cannot build x: ${cause}`);
    expect(error.hint).toMatch(hint);
  });

  test('a missing file with credentials is recognized by its name, whatever that is', () => {
    const failed = { argv: ['podman', 'push'], exitCode: 125, what: 'push x', reference: 'quay.example/a/b:c' };
    const stderr = 'Error: stat /run/secrets/quay: no such file or directory';
    expect(engineFailure({ ...failed, stderr, authfile: '/run/secrets/quay' }).message).toMatch(/the file with the credentials/);
    expect(engineFailure({ ...failed, stderr, authfile: '/run/secrets/other' }).message).toMatch(/exit code 125/);
  });

  test('a step that podman repeats is shortened', () => {
    const step = `export HOSTNAME=localhost  && ${'rpm -i /rpms/*.rpm && '.repeat(50)}true`;
    const { details } = failure(`Error: building at STEP "RUN ${step}": while running runtime: exit status 1`);
    expect(details[0]).toBe(`Error: building at STEP "RUN ${step.slice(0, 56)}...": while running runtime: exit status 1`);
  });

  test("Debian's advice to use Alien is not passed on", () => {
    const error = failure(
      'rpm: RPM should not be used directly install RPM packages, use Alien instead!\nrpm: However assuming you know what you are doing...\nerror: Failed dependencies:\n\tx is needed by y',
    );
    expect([error.message, error.hint, ...error.details].join('\n')).not.toMatch(/Alien|assuming/);
  });
});

test.each(REGISTRY)('%s: %s', (engine, stderr, cause, hint) => {
  const error = failure(stderr, engine);
  expect(error.message).toBe(`cannot build x: ${cause}`);
  expect(error.hint).toMatch(hint);
});
