import { expect, test } from 'vitest';
import { requestsOfContainerfile } from '../../src/manifest/containerfile-packages.ts';

const ARCHITECTURES = ['x86_64', 'aarch64'];

/** What is installed for each architecture, and what is complained of. */
async function installed(text: string, files: Readonly<Record<string, string>> = {}, more: object = {}) {
  const found = await requestsOfContainerfile({
    ...{ text, path: 'Containerfile', architectures: ARCHITECTURES, read: async (path: string) => files[path] },
    ...more,
  });
  const [here, there] = ARCHITECTURES.map((architecture) => found.get(architecture)!);
  const complaints = [...here!.unknown.map(({ word }) => word), ...here!.others.map(({ action }) => action)];
  return { x86_64: [...here!.install].join(' '), aarch64: [...there!.install].join(' '), complaints, found };
}

const run = (script: string, files?: Readonly<Record<string, string>>) => installed(`FROM a\nRUN ${script}\n`, files);

test('what dnf and its kin install in a RUN is found, whatever stands around it', async () => {
  const { x86_64 } = await installed(`FROM a
RUN set -ex; dnf -y --setopt=install_weak_deps=False install --nodocs make "gcc" 'python3.11' && dnf clean all
RUN --mount=type=cache,target=/var/cache sudo /usr/bin/microdnf install -y jq \\
    # a comment
    tar > /dev/null 2>&1 || true
RUN ["yum", "install", "-y", "which"]
RUN <<EOF
time dnf install -y python3-{devel,pip} '@Development Tools'
EOF
RUN (dnf install -y one && { dnf install -y two; }) | tee log
RUN bash -c "dnf install -y three" # dnf install four
RUN dnf -y groupinstall web && dnf group install -y 'Server with GUI' && dnf -y module install nodejs:20/minimal
`);
  expect(x86_64).toBe(
    'make gcc python3.11 jq tar which python3-devel python3-pip @Development Tools one two three @web @Server with GUI @nodejs:20/minimal',
  );
});

test('upgrades, reinstallations and modules have lists of their own', async () => {
  const { found } = await run(
    'dnf upgrade -y a b && dnf update -y && dnf reinstall -y c && dnf module enable -y d:1 && dnf module disable -y e && dnf remove x',
  );
  const { install, upgrade, reinstall, enable, disable } = found.get('x86_64')!;
  expect([install, upgrade, reinstall, enable, disable].map((names) => [...names].join(' '))).toEqual(['', 'a b *', 'c', 'd:1', 'e']);
});

test.each([
  ["echo 'install_weak_deps=False' >>/etc/dnf/dnf.conf && dnf install -y a", false],
  ['dnf config-manager --setopt install_weak_deps=0 --save\nRUN dnf install -y a', false],
  ['cat <<EOF >/etc/dnf/dnf.conf\n[main]\ninstall_weak_deps = 1\nEOF\nRUN dnf install -y a', true],
  ['sed -i s/install_weak_deps=.*/install_weak_deps=no/ /etc/yum.conf; yum install -y --setopt=install_weak_deps=1 a', true],
  ['echo install_weak_deps=False >/tmp/notes; dnf install -y a', undefined],
])('install_weak_deps of the configuration counts where a command does not say it: %s', async (script, expected) => {
  const { found } = await run(script);
  expect(found.get('x86_64')!.options.map(({ weakDependencies }) => weakDependencies)).toEqual([expected]);
});

const CONF =
  '[main]\n# best=0\ngpgcheck=1\ninstallonly_limit=3\nbest=True\nobsoletes=1\ninstall_weak_deps = 0\nexcludepkgs=b*, c\n  d\n[x]\nbest=0\n';

test.each([
  ['COPY dnf.conf /etc/dnf/dnf.conf', 'dnf.conf'],
  ['COPY --chmod=644 conf/dnf.conf conf/other /etc/dnf/', 'conf/dnf.conf'],
  ['COPY rootfs/ /', 'rootfs/etc/dnf/dnf.conf'],
  [`COPY <<EOF /etc/dnf/dnf.conf\n${CONF}EOF`, 'none'],
])('best, install_weak_deps and excludepkgs of a copied dnf.conf count: %s', async (copy, path) => {
  const text = `FROM a AS b\n${copy}\nFROM b\nRUN dnf install -y a\nRUN dnf install --nobest -x e --setopt=install_weak_deps=1 --disableexcludes=main -y f\n`;
  const { found, complaints } = await installed(text, { [path]: CONF });
  expect(found.get('x86_64')!.options.map(({ place, ...options }) => options)).toEqual([
    { exclude: ['b*', 'c', 'd'], weakDependencies: false, best: true, allowErasing: false },
    { exclude: ['e'], weakDependencies: true, best: false, allowErasing: false },
  ]);
  expect(complaints).toEqual([]);
});

test('a script that writes into dnf.conf sets best and excludepkgs too, and a setting that is not followed is refused by its name', async () => {
  const { found } = await run(
    "sed -i 's/best=True/best=False/' /etc/dnf/dnf.conf; echo 'excludepkgs=b* c' >>/etc/dnf/dnf.conf && dnf -y install a",
  );
  expect(found.get('x86_64')!.options).toMatchObject([{ exclude: ['b*', 'c'], best: false }]);
  const copied = 'FROM a\nCOPY dnf.conf /etc/dnf/\nRUN dnf install -y a\n';
  const refused = await installed(copied, { 'dnf.conf': '[main]\nmultilib_policy=all\nincludepkgs=a\n' });
  expect(refused.complaints).toEqual(['multilib_policy of dnf.conf', 'includepkgs of dnf.conf']);
  expect((await installed(copied)).found.get('x86_64')!.options).toMatchObject([{ exclude: [], best: false }]);
});

test('swap, distro-sync, module reset and the other names of commands act', async () => {
  const { found, complaints } = await run(
    'dnf swap -y old new && dnf-3 up -y a && tdnf in -y b && dnf dsync c && microdnf distro-sync -y; dnf rei d; ' +
      'dnf -y module enable n:18 p:1 && dnf -y module disable q && dnf module reset -y n q && dnf5 module enable n:20/minimal',
  );
  const { install, remove, upgrade, sync, reinstall, enable, disable } = found.get('x86_64')!;
  expect([install, remove, upgrade, sync, reinstall, enable, disable].map((names) => [...names].join(' '))).toEqual([
    ...['new b', 'old', 'a', 'c *', 'd', 'p:1 n:20/minimal', ''],
  ]);
  expect(complaints).toEqual([]);
});

test.each([
  ['dnf downgrade -y a-1', 'dnf downgrade'],
  ['dnf builddep -y a.spec', 'dnf builddep'],
  ['dnf download a', 'dnf download'],
  ['dnf -y module switch-to a:2', 'dnf module switch-to'],
  ['yum groupupdate -y web', 'dnf groupupdate'],
  ['dnf update -y --security', 'dnf update --security'],
  ['dnf upgrade -y --advisory=X-1', 'dnf upgrade --advisory'],
  ['dnf install -y https://m.test/epel-release-latest-9.noarch.rpm', 'dnf install https://m.test/epel-release-latest-9.noarch.rpm'],
  ['dnf install -y ./a.rpm', 'dnf install ./a.rpm'],
  ['dnf swap a', 'dnf swap'],
])('%s is refused by its name', async (script, action) => {
  const { x86_64, complaints } = await run(script);
  expect([x86_64, complaints]).toEqual(['', [action]]);
});

test.each([
  ['dnf --forcearch=i686 install -y a', 'dnf install --forcearch'],
  ['dnf --setopt=*.module_hotfixes=1 install -y a', 'dnf install *.module_hotfixes'],
  ['dnf install -y a --setopt multilib_policy=all', 'dnf install multilib_policy'],
  ['yum --setopt=epel.exclude=b groupinstall -y a', 'dnf groupinstall epel.exclude'],
])('%s: an option that changes the answer and is not followed is refused by its name', async (script, action) => {
  const { complaints } = await run(script);
  expect(complaints).toEqual([action]);
});

test('options of commands that install are kept for each command', async () => {
  const { found, complaints } = await run(
    'dnf -y -q --setopt=install_weak_deps=False --setopt=tsflags=nodocs -x "b*" install a --exclude=c,d --nobest --disablerepo=x && ' +
      'microdnf install --setopt install_weak_deps=1 --setopt=keepcache=0 --best -y e && dnf -y module install --allowerasing --excludepkgs c f && ' +
      'dnf -x g clean all',
  );
  expect(found.get('x86_64')!.options.map(({ place, ...options }) => options)).toEqual([
    { exclude: ['b*', 'c', 'd'], weakDependencies: false, best: false, allowErasing: false },
    { exclude: [], weakDependencies: true, best: true, allowErasing: false },
    { exclude: ['c'], weakDependencies: undefined, best: false, allowErasing: true },
  ]);
  expect(complaints).toEqual([]);
  expect((await run('dnf install -y --exclude="$WHAT" a')).complaints).toEqual(['--exclude=$']);
});

test('what removes packages or names repositories downloads nothing of its own', async () => {
  const { x86_64, complaints } = await run(
    'dnf config-manager --add-repo https://m.test/a.repo; dnf --repofrompath x,https://m.test/ --repo x -y install a; dnf -y remove b; ' +
      'dnf autoremove -y; dnf clean all; yum-config-manager --enable x; dnf copr enable -y c/d; dnf makecache; dnf install -y --comment hello --enable-repo=x e',
  );
  expect([x86_64, complaints]).toEqual(['a e', []]);
});

test('programs that run another have options and durations of their own', async () => {
  const { x86_64 } = await run(
    'sudo -E dnf install -y a; timeout 5m dnf install -y b; nice -n 10 env -i X=1 dnf install -y c; eval "dnf install -y d"; ' +
      'nohup yum -y install e; env FOO="a b" tdnf install -y f',
  );
  expect(x86_64).toBe('a b c d e f');
});

test('a root of its own is told', async () => {
  const { found, x86_64 } = await run('dnf install --installroot /mnt/rootfs -y a && dnf clean all --installroot /mnt/rootfs');
  expect([x86_64, found.get('x86_64')!.otherRoots]).toEqual(['a', [{ file: 'Containerfile', line: 2 }]]);
});

test('variables of ARG, ENV and the shell are filled in', async () => {
  const text = `ARG VERSION=9
FROM a AS base
ENV TOOLS="make gcc" MORE=m-\${VERSION}
FROM base
ARG SUFFIX=-devel NONE
RUN LIST="one two"; LIST+=" three"; NAMES=(a b); dnf install -y $TOOLS $MORE lib\${SUFFIX} \${NONE} $LIST "\${NAMES[@]}" \${OTHER:-other}
`;
  expect((await installed(text)).x86_64).toBe('make gcc m-9 lib-devel one two three a b other');
  expect((await installed(text, {}, { args: { SUFFIX: '-static', VERSION: '10' } })).x86_64).toContain('m-10 lib-static one');
});

test.each([
  ['if [ "$(uname -m)" = x86_64 ]; then dnf install -y here; else dnf install -y there; fi'],
  ['if [[ $(arch) == "x86_64" && -n "$(arch)" ]]; then dnf install -y here; else dnf install -y there; fi'],
  ['case "$(uname -m)" in x86_*) dnf install -y here ;; aarch64 | arm64) dnf install -y there;; esac'],
  ['test `uname -m` != x86_64 || dnf install -y here && [ $TARGETARCH = arm64 ] && dnf install -y there || true'],
  ['P=$(if [ "$(uname -m)" != "x86_64" ]; then echo -n there; else echo here; fi) && dnf install -y $P'],
])('conditions about the architecture decide: %s', async (script) => {
  expect(await run(script)).toMatchObject({ x86_64: 'here', aarch64: 'there' });
});

test('of other conditions both sides count', async () => {
  expect((await run('if [ -f /etc/x ]; then P=a; else P=b; fi; dnf install -y $P')).x86_64).toBe('a b');
  expect((await run('grep -q rhel /etc/os-release || dnf install -y a')).x86_64).toBe('a');
  expect((await run('if ! command -v git; then dnf install -y git; fi')).x86_64).toBe('git');
});

test('loops and functions are followed', async () => {
  expect((await run('for p in a b; do dnf install -y "$p-libs"; done')).x86_64).toBe('a-libs b-libs');
  expect((await run('add() { dnf install -y "$@"; }; add c d')).x86_64).toBe('c d');
});

test('scripts and lists of packages that are copied are read, from the folder of the Containerfile', async () => {
  const files = {
    'hack/install.sh':
      '#!/bin/bash\nset -e\nDIR=/tmp\n# dnf install no\ndnf install -y \\\n  one two\nxargs dnf install -y < /tmp/list.txt\n',
    'hack/list.txt': '# packages\nthree\n\nfour # why\n',
    'arch-x86_64.txt': 'five\n',
    'arch-aarch64.txt': 'six\n',
  };
  const { x86_64, aarch64 } = await installed(
    `FROM a
WORKDIR /src
COPY hack/ /src/hack
COPY hack/list.txt /tmp/
COPY arch-*.txt /tmp/
RUN ./hack/install.sh && grep -v '^#' "/tmp/arch-$(uname -m).txt" | xargs dnf install -y && dnf install -y $(cat /tmp/list.txt | sed 's/#.*//')
`,
    files,
  );
  expect([x86_64, aarch64]).toEqual(['one two three four five', 'one two three four six']);
});

test('a script of the base image is not known, and nothing outside of the project is read', async () => {
  const asked: string[] = [];
  const read = async (path: string) => void asked.push(path);
  await installed(
    'FROM a\nCOPY ../x /y\nRUN /usr/libexec/run.sh && sh /y/../../etc/passwd && . /etc/*.sh\n',
    {},
    { path: 'images/Containerfile', read },
  );
  expect(asked.every((path) => !path.startsWith('/') && !path.startsWith('..'))).toBe(true);
});

test.each([
  ['dnf install -y $UNKNOWN', ['$']],
  ['dnf install -y make lib-$(git describe)', ['lib-$']],
  ['dnf downgrade -y a', ['dnf downgrade']],
  ['dnf install -y "a', ['a script that cannot be followed']],
])('what cannot be known is told: %s', async (script, complaints) => {
  expect((await run(script)).complaints).toEqual(complaints);
});

test.each([
  'make && ./configure --with-x="$(pwd)',
  'echo "dnf is great"',
  'curl -L https://x.test | sh',
  'cat <<EOF > /etc/yum.repos.d/a.repo\n[a]\nname=dnf install b\nEOF\n',
])('what asks for no packages is no mistake: %s', async (script) => {
  expect(await run(script)).toMatchObject({ x86_64: '', complaints: [] });
});

test('ends of lines of Windows end words; other blanks are part of them', async () => {
  expect((await run('dnf install -y a\rb\r\n')).x86_64).toBe('a b');
  expect((await run('dnf install -y a\f')).complaints).toEqual([]);
});

test('a stage is chosen, and a file made to be slow ends', async () => {
  const text = 'FROM a AS one\nRUN dnf install -y a\nFROM b\nRUN dnf install -y b\n';
  expect((await installed(text, {}, { stage: 'one' })).x86_64).toBe('a');
  expect((await installed(text)).x86_64).toBe('b');
  const nested = `${'$('.repeat(5000)}dnf install x`;
  expect((await run(nested)).x86_64).toBe('');
  expect((await run(`dnf install -y ${'${A:-'.repeat(20_000)}`)).complaints).toHaveLength(1);
  expect((await run(`f() { f; f; }; f; dnf install -y a`)).complaints).toHaveLength(1);
  expect((await run(`A=x; for i in ${'1 '.repeat(60)}; do A=$A$A; done; dnf install -y $A`)).complaints).toHaveLength(1);
  expect((await installed(`FROM a\nENV A=x\n${'ENV A=$A$A\n'.repeat(60)}RUN dnf install -y b\n`)).x86_64).toBe('b');
  const slow = `FROM a\n${'RUN f() { f; f; }; f\n'.repeat(5000)}`;
  expect((await installed(slow)).complaints).toEqual([]);
  expect((await run(`dnf install -y ${'{a,b}'.repeat(30)}`)).complaints).toHaveLength(1);
});
