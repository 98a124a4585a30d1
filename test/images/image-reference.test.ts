import { expect, test } from 'vitest';
import { imageContainerfile } from '../../src/images/image-containerfile.ts';
import { imageName, imagePrefix, imageTag, registryOf } from '../../src/images/image-reference.ts';
import { PLAIN_IMAGE } from '../../src/manifest/image-settings.ts';
import { containerArchitectures, machineArchitecture } from '../../src/rpm/container-architecture.ts';

test('architectures are read by either name, in lists too, and kept once', () => {
  expect(containerArchitectures(['amd64,aarch64', 'x86_64', 's390x']).map(({ rpm, container }) => [rpm, container])).toEqual([
    ['x86_64', 'amd64'],
    ['aarch64', 'arm64'],
    ['s390x', 's390x'],
  ]);
  expect(machineArchitecture('x64').rpm).toBe('x86_64');
  expect(() => containerArchitectures(['vax'])).toThrow('unknown architecture `vax`');
});

test.each(['quay.io/kubevirt', 'localhost:5000', '127.0.0.1:5000/a/b', 'quay.io/kubevirt/'])(
  '%s is the beginning of an image name',
  (text) => {
    expect(imagePrefix(text, 'DOCKER_PREFIX')).toBe(text.replace(/\/$/, ''));
  },
);

test.each([
  '<your-registry-URL>/<your-namespace>',
  'https://quay.io/kubevirt',
  '--root=/tmp',
  'quay.io/Kube Virt',
  'quay.io//x',
  'quay.io/a;b',
  '',
])('%j is not, and it says where it came from', (text) => {
  expect(() => imagePrefix(text, 'DOCKER_PREFIX')).toThrow(/^DOCKER_PREFIX is/);
});

test('names and tags keep to what registries take', () => {
  expect(imageName('passt_tree', 'x')).toBe('passt_tree');
  expect(() => imageName('Upper', 'the set')).toThrow('the set is `Upper`');
  expect(imageTag('2501131210-1a2b3c4', 'x')).toBe('2501131210-1a2b3c4');
  expect(() => imageTag('-x', 'VERSION')).toThrow('VERSION is `-x`');
});

test('the registry of a name is what podman login takes', () => {
  expect(registryOf('docker://127.0.0.1:5000/a/b:c')).toBe('127.0.0.1:5000');
  expect(registryOf('library/bash')).toBeUndefined();
});

test('the generated Containerfile reads well', () => {
  expect(
    imageContainerfile('tools', { base: undefined, databasePath: '/usr/lib/sysimage/rpm', settings: PLAIN_IMAGE }),
  ).toMatchInlineSnapshot(`
    "# An image of the package set tools: exactly the RPMs of its lockfile, installed by rpm, with rpm's own database.
    # Nothing is resolved or downloaded here. Extend it as you like and build it with
    # \`rpm-deps image build tools --containerfile FILE\`, which gives the arguments, the RPMs and the labels.

    # An image with rpm in it, for the machine that builds. rpm-deps makes it from this machine's own rpm, without network,
    # unless --tool-image names another.
    ARG TOOL_IMAGE=localhost/rpm-deps-tool:latest
    FROM --platform=$BUILDPLATFORM $TOOL_IMAGE AS install
    # RPM's name of the architecture: x86_64, aarch64, s390x.
    ARG ARCHITECTURE
    # For a foreign architecture \`--ignorearch --noscripts\`: none of its programs is run.
    ARG RPM_FLAGS
    # Languages whose files are installed, with colons between.
    ARG RPM_LANGUAGES=all
    # Where the rpm of these packages looks for its database.
    ARG RPM_DATABASE=/usr/lib/sysimage/rpm
    # The install time in the database, so that the same lock gives the same bytes.
    ARG SOURCE_DATE_EPOCH
    # The RPMs of the lockfile, each checked against its sha256 there: --build-context rpms=DIR
    COPY --from=rpms $ARCHITECTURE/ /rpms/
    RUN export HOSTNAME=localhost \\
     && force=$(rpm --force-debian --version >/dev/null 2>&1 && echo --force-debian || :) \\
     && rpm $force --root /rootfs --dbpath "$RPM_DATABASE" --define "_install_langs $RPM_LANGUAGES" --nosignature $RPM_FLAGS -i /rpms/*.rpm \\
    # What scriptlets leave that differs between two builds, and is made again when it is needed.
     && rm -f "/rootfs$RPM_DATABASE/.rpm.lock" /rootfs/var/cache/ldconfig/aux-cache /rootfs/var/lib/systemd/random-seed \\
     && for file in "$RPM_DATABASE/rpmdb.sqlite-shm" /etc/machine-id /var/lib/dbus/machine-id; do \\
          if [ -f "/rootfs$file" ] && [ ! -L "/rootfs$file" ]; then : >"/rootfs$file" || exit; fi; \\
        done \\
     && if [ -f /rootfs/dev/null ]; then rm -f /rootfs/dev/null; fi \\
    # What the set asks for beside its packages: users, links, capabilities, what is removed.
     && if [ -f /rpms/finish.sh ]; then sh /rpms/finish.sh; fi \\
    # Who looks for the database where other distributions have it, finds it too.
     && link() { if [ ! -e "/rootfs$1" ] && [ ! -L "/rootfs$1" ]; then mkdir -p "/rootfs\${1%/*}" && ln -s "$2$RPM_DATABASE" "/rootfs$1"; fi; } \\
     && link /usr/lib/sysimage/rpm ../../.. && link /var/lib/rpm ../..

    FROM scratch
    COPY --from=install /rootfs/ /

    # Your own lines go here. A RUN starts programs of the target architecture; COPY, ENV, USER and ENTRYPOINT do not.
    "
  `);
  expect(
    imageContainerfile('tools', { base: 'quay.io/base:1', databasePath: '/var/lib/rpm', settings: PLAIN_IMAGE })
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#')),
  ).toMatchInlineSnapshot(`
    [
      "ARG TOOL_IMAGE=localhost/rpm-deps-tool:latest",
      "ARG BASE=quay.io/base:1",
      "FROM $BASE AS base",
      "FROM --platform=$BUILDPLATFORM $TOOL_IMAGE AS install",
      "ARG ARCHITECTURE",
      "ARG RPM_FLAGS",
      "ARG RPM_LANGUAGES=all",
      "ARG RPM_DATABASE=/var/lib/rpm",
      "ARG SOURCE_DATE_EPOCH",
      "COPY --from=base / /rootfs/",
      "COPY --from=rpms $ARCHITECTURE/ /rpms/",
      "RUN export HOSTNAME=localhost \\",
      " && force=$(rpm --force-debian --version >/dev/null 2>&1 && echo --force-debian || :) \\",
      " && rpm $force --root /rootfs --dbpath "$RPM_DATABASE" --define "_install_langs $RPM_LANGUAGES" --nosignature $RPM_FLAGS -i /rpms/*.rpm \\",
      " && rm -f "/rootfs$RPM_DATABASE/.rpm.lock" /rootfs/var/cache/ldconfig/aux-cache /rootfs/var/lib/systemd/random-seed \\",
      " && for file in "$RPM_DATABASE/rpmdb.sqlite-shm" /etc/machine-id /var/lib/dbus/machine-id; do \\",
      "      if [ -f "/rootfs$file" ] && [ ! -L "/rootfs$file" ]; then : >"/rootfs$file" || exit; fi; \\",
      "    done \\",
      " && if [ -f /rootfs/dev/null ]; then rm -f /rootfs/dev/null; fi \\",
      " && if [ -f /rpms/finish.sh ]; then sh /rpms/finish.sh; fi \\",
      " && link() { if [ ! -e "/rootfs$1" ] && [ ! -L "/rootfs$1" ]; then mkdir -p "/rootfs\${1%/*}" && ln -s "$2$RPM_DATABASE" "/rootfs$1"; fi; } \\",
      " && link /usr/lib/sysimage/rpm ../../.. && link /var/lib/rpm ../..",
      "FROM base",
      "COPY --from=install /rootfs/ /",
    ]
  `);
});

test('what the manifest says of the image stands in the Containerfile, and nothing in it is expanded', () => {
  const settings = {
    ...PLAIN_IMAGE,
    env: { PATH: '/usr/bin', GREETING: 'say "hello" for $5' },
    labels: { 'org.example.what': 'a\\b' },
    user: '107:107',
    entrypoint: ['/usr/bin/x', '--flag=$HOME'],
  };
  const lines = imageContainerfile('tools', { base: undefined, databasePath: '/var/lib/rpm', settings }).split('\n');
  expect(lines.slice(lines.indexOf('# From the manifest.'), -3)).toEqual([
    '# From the manifest.',
    'ENV PATH="/usr/bin"',
    'ENV GREETING="say \\"hello\\" for \\$5"',
    'LABEL org.example.what="a\\\\b"',
    'USER 107:107',
    'ENTRYPOINT ["/usr/bin/x","--flag=$HOME"]',
  ]);
});
