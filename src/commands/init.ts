import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { manifestPath, type ProjectInput } from '../project/manifest-input.ts';
import type { Context } from '../run/context.ts';

const TEMPLATE = `# What to lock, for rpm-deps. \`rpm-deps update\` writes rpm-lockfiles/SET-ARCH.lock.json.
schema_version: "1.0"
architectures: [x86_64, aarch64, s390x]

# Where packages come from. $mirror is this URL, or --mirror, or RPM_DEPS_MIRROR.
mirror: https://mirror.stream.centos.org
repositories:
  - id: baseos
    baseurl: $mirror/9-stream/BaseOS/$basearch/os/
    gpgkey: https://www.centos.org/keys/RPM-GPG-KEY-CentOS-Official
  - id: appstream
    baseurl: $mirror/9-stream/AppStream/$basearch/os/
    gpgkey: https://www.centos.org/keys/RPM-GPG-KEY-CentOS-Official

# Versions to pin: used as \${NAME} below, moved by \`rpm-deps bump\`.
versions: {}
#  LIBVIRT_VERSION: 0:10.10.0-3.el9

# Lists that several sets share.
groups:
  minimal: [coreutils-single, glibc-minimal-langpack, libcurl-minimal]

sets:
  tools:
    groups: [minimal]
    packages:
      - bash
      - curl-minimal
#      - libvirt-client-\${LIBVIRT_VERSION}
#      - { name: edk2-ovmf, architectures: [x86_64] }
#    ignore: ["python*"]        # left out, with what only they need
#    exclude: []                # never considered

options: { weak_dependencies: false, best: false }

# Versions that must not move, until a day.
holds: []
#  - { package: seabios, version: "1.16.3*", reason: "1.17 dropped the ACPI tables", until: 2027-01-01 }
`;

/** Writes a manifest to start from; never over one that is there. */
export async function init(input: ProjectInput, context: Context): Promise<{ readonly path: string }> {
  const path = manifestPath(input, context);
  if (path.endsWith('.json')) throw new RpmDepsError('USAGE', '`init` writes YAML, with comments', { hint: 'name a .yaml file' });
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, TEMPLATE, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
    throw new RpmDepsError('WRITE_FAILED', `\`${path}\` already exists`, {
      hint: 'edit it, or write another one with --manifest FILE',
      cause,
    });
  });
  return { path };
}
