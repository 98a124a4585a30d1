import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { composeManifest, mergeTargets } from '../../src/imports/compose-manifest.ts';
import type { Imported } from '../../src/imports/imported.ts';
import { manifestText } from '../../src/imports/manifest-text.ts';
import { readShell } from '../../src/imports/read-shell.ts';

const read = (text: string, name = 'rpm-packages.sh'): Promise<Imported | undefined> =>
  readShell({ name, text, value: undefined, arch: undefined });
const written = (imported: Imported): string => manifestText(composeManifest([imported], mergeTargets([imported])));

/** As projects keep them: lists in variables, and functions that put them together. */
const LISTS = `#!/usr/bin/env bash
set -euo pipefail
APP_VERSION=\${APP_VERSION:-0:1.0^git1-1.el9}
LIB_VERSION=\${LIB_VERSION:-0:1.0^git1-1.el9}

# in every set
shared_main="
    acl
    curl-minimal
"
BASESYSTEM=\${BASESYSTEM:-some-release}
# what serves pages
web_main=(nginx "app-client-\${APP_VERSION}" "lib-\${LIB_VERSION}")
web_s390x="app-ccw-\${APP_VERSION}"
db_main="
    app-server-\${APP_VERSION}
    tar
"
get_packages() {
    local packages
    case "$1" in
        web) packages="\${shared_main} \${web_main[*]}"
             case "$2" in s390x) packages="\${packages} \${web_s390x}" ;; esac ;;
        db) packages="\${shared_main} \${db_main}" ;;
        *) echo "ERROR: unknown set: $1" >&2; return 1 ;;
    esac
    echo "\${packages}" | tr '\\n' ' ' | tr -s ' ' | sed 's/^ *//;s/ *$//'
}
get_exclusions() {
    case "$1" in
        # nothing of it runs in the image
        web) echo "python* mozjs60*" ;;
        *) echo "" ;;
    esac
}
get_architectures() { case "$1" in db) echo "x86_64" ;; *) echo "x86_64 s390x" ;; esac; }
get_all_package_sets() { echo "web db"; }
`;

test('functions are asked, and the manifest is what a person would write', async () => {
  const imported = (await read(LISTS))!;
  expect(imported.lost).toEqual(['variables of rpm-packages.sh that no set uses: `BASESYSTEM`']);
  expect(written(imported)).toBe(`schema_version: "1.0"
# not carried over: variables of rpm-packages.sh that no set uses: \`BASESYSTEM\`
architectures: [x86_64, s390x]
versions:
  APP_VERSION: 0:1.0^git1-1.el9
  LIB_VERSION: 0:1.0^git1-1.el9
groups:
  # in every set
  shared_main: [acl, curl-minimal]
sets:
  # what serves pages
  web:
    groups: [shared_main]
    packages:
      - nginx
      - app-client-\${APP_VERSION}
      - lib-\${LIB_VERSION}
      - { name: "app-ccw-\${APP_VERSION}", architectures: [s390x] }
    ignore:
      - "python*"  # nothing of it runs in the image
      - "mozjs60*"  # nothing of it runs in the image
  db:
    architectures: [x86_64]
    groups: [shared_main]
    packages:
      - app-server-\${APP_VERSION}
      - tar
`);
});

test('calls of bazeldnf are recorded instead of run: names, architectures, packages and what to ignore', async () => {
  const imported = (await read(
    `set -ex
source hack/common.sh
repos="--repofile rpm/repo.yaml"
base="acl
 tar"
tool() { bazel run --config=\${ARCHITECTURE} //:bazeldnf -- "$@"; }
tool fetch \${repos}
for arch in x86_64 aarch64; do
  tool rpmtree --public --nobest --name web_\${arch} --arch=$arch --basesystem my-release \\
    --force-ignore-with-dependencies '^(python[3]{0,1}-)' --only-allow x \${repos} $base nginx
done
bazeldnf rpmtree --name db_x86_64 $base
rm -rf /
`,
    'rpm-deps.sh',
  ))!;
  expect(imported.targets).toMatchObject([
    {
      set: 'web',
      architecture: 'x86_64',
      specs: ['acl', 'tar', 'nginx', 'my-release'],
      ignore: [{ pattern: '/^(python[3]{0,1}-)/' }],
      lost: ['`--only-allow` of bazeldnf'],
      settings: {},
    },
    { set: 'web', architecture: 'aarch64' },
    { set: 'db', architecture: 'x86_64', settings: { options: { best: true } } },
  ]);
  expect(imported.repositoryFiles).toEqual(['rpm/repo.yaml']);
  expect(imported.lost).toEqual([
    expect.stringContaining('`rm`'),
    expect.stringContaining('`hack/common.sh`'),
    'variables of rpm-deps.sh that no set uses: `repos`',
  ]);
});

test('a script without functions is its variables', async () => {
  const imported = (await read('web_main="nginx acl"\nweb_x86_64=(seabios edk2-ovmf)\nNOTE="not a list: at all"\nONE=1\n'))!;
  expect(imported.targets).toEqual([{ set: 'web', architecture: 'x86_64', specs: ['nginx', 'acl', 'seabios', 'edk2-ovmf'] }]);
});

test('functions that are not asked are named, where a list may come from them', async () => {
  const imported = (await read('web_main="nginx acl"\nget_db() { echo postgresql tar; }\n'))!;
  expect(imported.lost).toEqual([
    'functions of rpm-packages.sh, which are not called: `get_db`; only `get_all_package_sets` and `get_packages` are called',
  ]);
  const called = (await read('get_db() { echo tar; }\nget_web() { echo acl; }\nbazeldnf rpmtree --name web_x86_64 $(get_web)\n'))!;
  expect(called).toMatchObject({ targets: [{ specs: ['acl'] }], lost: [expect.stringContaining('not called: `get_db`;')] });
});

test('a script writes nothing, starts nothing, and reaches no server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rpm-deps-hostile-'));
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const attempts = [
    `echo x > ${folder}/a`,
    `/bin/touch ${folder}/b`,
    `PATH=/bin:/usr/bin; touch ${folder}/c`,
    `command -p touch ${folder}/d`,
    `enable -f /bin/true x; enable kill; builtin kill -9 -1; kill -9 -1`,
    `history -w ${folder}/e; builtin history -w ${folder}/e`,
    `exec 5<>/dev/tcp/127.0.0.1/${port}`,
    `x=$'\\x3c'; builtin eval "exec 5$x/dev/tcp/127.0.0.1/${port}"; builtin eval "read y $x/dev/tcp/127.0.0.1/${port}"`,
    `builtin trap 'touch ${folder}/f' EXIT`,
    `builtin set +r; touch ${folder}/g`,
    `BASH_CMDS[touch]=/bin/touch; touch ${folder}/h`,
    `hash -p /bin/touch touch; touch ${folder}/i`,
  ];
  try {
    for (const attempt of attempts) {
      const imported = await read(`list="acl tar"\n${attempt}\n`).catch(() => undefined);
      expect([attempt, imported?.targets?.[0]?.specs ?? ['acl', 'tar']]).toEqual([attempt, ['acl', 'tar']]);
    }
    for (const name of 'abcdefghi') expect(existsSync(join(folder, name))).toBe(false);
    expect(connections).toBe(0);
  } finally {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('names of files and users of the machine do not come into the lists', async () => {
  const imported = (await read('list="acl tar"\nfiles="acl $(echo /etc/pass*)"\nusers="$(compgen -A user) acl"\n'))!;
  const text = written(imported);
  expect(text).toContain('acl');
  expect(text).not.toContain('passwd');
  expect(text).not.toContain('nobody');
});

test('a script that reads a file by a redirection is refused; the signs in a text are none', async () => {
  for (const line of [
    'list=$(</etc/passwd)',
    'mapfile -t list < /etc/passwd',
    'mapfile -t list <3/../etc/passwd',
    'read x <"$HOME/list" >y',
    'read x <>/etc/hosts',
    'cat <set>/a </etc/hosts',
    'while read -r x; do :; done < packages.txt',
  ])
    await expect([line, await read(`${line}\n`).catch(({ code }) => code)]).toEqual([line, 'USAGE']);
  const imported = await read(
    'usage() { echo "Usage: $(basename "$0") <set> <arch>"; }\nlist="acl tar"\nold=(zip "curl <= 8" "xz < 5.4-1")\n',
  );
  expect(imported?.targets).toMatchObject([{ specs: ['acl', 'tar'] }, { specs: ['zip', 'curl <= 8', 'xz < 5.4-1'] }]);
});

test('a list may hold capabilities, paths and versions, and one package where its name says that it is a list', async () => {
  const imported = await read(
    `#!/bin/bash\nweb_main=(acl /usr/bin/make 'perl(Foo::Bar)' "libfoo.so.1()(64bit)" "curl >= 7")\ndb_extra="postgresql"\nNAME=one\n`,
  );
  expect(imported?.targets).toMatchObject([
    { set: 'db', specs: ['postgresql'] },
    { set: 'web', specs: ['acl', '/usr/bin/make', 'perl(Foo::Bar)', 'libfoo.so.1()(64bit)', 'curl >= 7'] },
  ]);
  // The first line of a script is no comment on a list.
  expect(written(imported!)).not.toContain('/bin/bash\n');
  const asked = await read('get_all_package_sets() { echo web; }\nget_packages() { echo "acl curl >= 7"; }\n');
  expect(asked).toMatchObject({ targets: [{ specs: ['acl', 'curl >= 7'] }], lost: [] });
});

test('a script that asks for the architecture of the machine is run for each that it names', async () => {
  const text = `ARCH=$(uname -m)
case "$ARCH" in arm64|aarch64) fw=edk2-aarch64 ;; s390x) fw=s390utils-base ;; *) fw=seabios ;; esac
web_main="acl $fw"
db_s390x="tar zip"
`;
  const lists = async (name?: string): Promise<string[]> =>
    ((await read(text, name))?.targets ?? []).map(({ set, architecture, specs }) => [set, architecture, ...specs].join(' '));
  expect([...new Set(await lists())].sort()).toEqual([
    'db s390x tar zip',
    'web aarch64 acl edk2-aarch64',
    'web s390x acl s390utils-base',
    'web x86_64 acl seabios',
  ]);
  expect(await lists('lists-s390x.sh')).toEqual(['db s390x tar zip', 'web s390x acl s390utils-base']);
  const tree = 'bazeldnf rpmtree --name web_$(uname -m) --nobest acl # s390x too\n';
  expect(mergeTargets([(await read(tree))!]).map(({ set, architecture }) => [set, architecture])).toEqual([
    ['web', 'x86_64'],
    ['web', 's390x'],
  ]);
});

test('functions that failed are named as that only', async () => {
  const { lost } = (await read('web_main="acl tar"\nget_all_package_sets() { echo web; }\nget_packages() { echo acl; return 1; }\n'))!;
  expect(lost).toEqual(['sets for which `get_packages` of rpm-packages.sh failed: `web for x86_64`']);
});

test('a script that starts processes without end is stopped, with what it started, before there are many', async () => {
  const running = (): number => (existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length : 0);
  const before = running();
  let most = 0;
  const sampling = setInterval(() => {
    most = Math.max(most, running() - before);
  }, 100);
  try {
    await expect(read('list="acl tar"\nf() { f | f & }\nf\nwhile :; do :; done\n')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('did not finish'),
    });
  } finally {
    clearInterval(sampling);
  }
  expect(most).toBeLessThan(500);
});

test('another file that a script reads is named as it is beside it', async () => {
  const { lost } = (await read('DIR="$(cd "$(dirname "$0")" && pwd)"\nsource "${DIR}/common.sh"\nweb_main="acl tar"\n'))!;
  expect(lost).toContain('files that rpm-packages.sh reads, which are not read: `common.sh`; import them together with it');
});
