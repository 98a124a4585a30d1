import { expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { parseManifest } from '../../src/manifest/read-manifest.ts';

const files: Readonly<Record<string, string>> = {
  './ubi.repo': '[ubi]\nbaseurl=https://ubi.test/$basearch/os/\nenabled=1\ngpgcheck=0\n[off]\nbaseurl=https://off.test/\nenabled=0\n',
  Dockerfile: 'FROM reg.test/a:1 AS build\nRUN dnf -y install make\nFROM reg.test/b:2\nRUN microdnf install -y jq "tar" && dnf clean all\n',
};
/** Reads these files; there are no others. */
const reading =
  (texts: (path: string) => string | undefined) =>
  async (path: string): Promise<{ path: string; text: string }[]> => {
    const text = texts(path);
    if (text === undefined) throw new RpmDepsError('MANIFEST_INVALID', `there is no file \`${path}\``);
    return [{ path, text }];
  };
const read = reading((path) => files[path]);
const parse = (text: string) => parseManifest(text, 'rpms.in.yaml', { env: {}, read });
const mistakes = (text: string): Promise<readonly string[]> =>
  parse(text).then(
    () => [],
    (error: { details: readonly string[] }) => error.details,
  );

test('options of repositories are those of .repo files, written as numbers, text or true and false', async () => {
  const { repositories } = await parse(`
contentOrigin:
  repos:
    - { repoid: a, baseurl: "https://a.test/", priority: "10", cost: 5, enabled: "1", sslverify: no, skip_if_unavailable: "True", type: rpm-md,
        failovermethod: priority, ui_repoid_vars: releasever basearch, minrate: 1000, zchunk: 0, module_hotfixes: yes }
context: { bare: true }
packages: [x]
`);
  expect(repositories[0]).toMatchObject({ priority: 10, cost: 5, enabled: true, skipIfUnavailable: true, moduleHotfixes: true });
  const wrong =
    'contentOrigin: { repos: [{ repoid: a, baseurl: "https://a.test/", sslverify: maybe, priority: high, bogus: 1 }] }\npackages: [x]\n';
  expect(await mistakes(wrong)).toEqual([
    expect.stringMatching(/^rpms\.in\.yaml:1:\d+: `contentOrigin.repos.sslverify` is `maybe`, not 0 or 1$/),
    expect.stringMatching(/^rpms\.in\.yaml:1:\d+: `repositories\[0\]\.priority` must be/),
    expect.stringMatching(/^rpms\.in\.yaml:1:\d+: unknown key `bogus`/),
  ]);
});

test('a mistake is reported once, where it is in rpms.in.yaml', async () => {
  const origin = 'contentOrigin: { repos: [{ repoid: a, baseurl: "https://a.test/" }] }\n';
  expect(await mistakes(`${origin}packages: [a, 7]\ninstallWeakDeps: maybe\n`)).toEqual([
    expect.stringMatching(/^rpms\.in\.yaml:2:\d+: `packages\[1\]` must be text/),
    expect.stringMatching(/^rpms\.in\.yaml:3:\d+: `installWeakDeps` must be true or false/),
  ]);
});

test('every key that has a meaning here acts', async () => {
  const manifest = await parse(`
contentOrigin:
  repos:
    - { repoid: base, baseurl: "https://base.test/{version}/$basearch/os", exclude: ["kernel*"], priority: 5 }
  repofiles: [./ubi.repo]
variables: [{ inline: { version: 9.5 } }]
context: { containerfile: { file: Dockerfile, stageName: build } }
packages: [vim-minimal, { name: seabios, arches: { only: x86_64 } }, { name: s390utils, arches: { not: [x86_64] } }, dropped]
excludePackages: [dropped]
reinstallPackages: [tzdata]
upgradePackages: [{ name: openssl-libs, arches: { only: [s390x] } }]
moduleEnable: ["nodejs:20", { name: "nginx:1.26", arches: { only: [x86_64] } }]
moduleDisable: [php]
installWeakDeps: true
allowerasing: true
assumeProvides: [systemd]
matchContextVersions: ["python3*"]
packagesFromContainerfile: Dockerfile
arches: [x86_64, s390x]
zchunk: true
`);
  expect(manifest.architectures).toEqual(['x86_64', 's390x']);
  expect(manifest.repositories.map(({ id, baseurl, enabled, priority, exclude }) => [id, baseurl, enabled, priority, exclude])).toEqual([
    ['base', ['https://base.test/9.5/$basearch/os'], true, 5, ['kernel*']],
    ['ubi', ['https://ubi.test/$basearch/os/'], true, 99, []],
  ]);
  const [set] = manifest.sets;
  const specs = (architecture: string) => set!.specsFor(architecture).map(({ text }) => text);
  expect(specs('x86_64')).toEqual(['vim-minimal', 'seabios', 'jq', 'tar']);
  expect(specs('s390x')).toEqual(['vim-minimal', 's390utils', 'jq', 'tar']);
  expect(set!.modulesFor('x86_64')).toEqual({ enable: ['nodejs:20', 'nginx:1.26'], disable: ['php'] });
  expect(set!.modulesFor('s390x')).toEqual({ enable: ['nodejs:20'], disable: ['php'] });
  expect(set!.weakDependencies).toBe(true);
  expect(set!.sources).toEqual({ required: false, repositories: undefined });
  expect(set!.installedFor('s390x')).toEqual({
    base: { kind: 'containerfile', path: 'Dockerfile', stage: 'build', args: {} },
    upgrade: ['openssl-libs'],
    distroSync: [],
    reinstall: ['tzdata'],
    remove: [],
    allowErasing: true,
    assumeProvides: ['systemd'],
    matchBaseVersions: ['python3*'],
  });
  expect(set!.installedFor('x86_64').upgrade).toEqual([]);
});

test('an unknown key and a wrong option of a .repo file have their place', async () => {
  expect(await mistakes('contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\npackagse: [a]\n')).toContainEqual(
    expect.stringContaining('did you mean `packages`?'),
  );
  const wrong = parseManifest('contentOrigin: { repofiles: [x.repo] }\npackages: [a]\n', 'rpms.in.yaml', {
    env: {},
    read: reading((path) => (path === 'x.repo' ? '[a]\nenabled=perhaps\n' : undefined)),
  });
  await expect(wrong).rejects.toMatchObject({ details: expect.arrayContaining([expect.stringContaining('x.repo:2: `enabled`')]) });
});

test('a file whose `contentOrigin` has no repository that is enabled is refused, and so once', async () => {
  for (const origin of [
    '{}',
    '{ repos: [] }',
    '{ repofiles: [] }',
    '{ repos: [{ repoid: r, baseurl: "https://r.test/", enabled: 0 }] }',
    '{ repofiles: [x.repo] }',
  ]) {
    const wrong = parseManifest(`packages: [a]\ncontentOrigin: ${origin}\n`, 'rpms.in.yaml', {
      env: {},
      read: reading((path) => (path === 'x.repo' ? '[a]\nbaseurl=https://r.test/\nenabled=0\n' : undefined)),
    });
    await expect(wrong).rejects.toMatchObject({
      details: ['rpms.in.yaml:2:1: `contentOrigin` names no enabled repository: add `repos`, `repofiles` or `composes`'],
    });
  }
  expect(await mistakes('contentOrigin: { repofiles: [lost.repo] }\npackages: [a]\n')).toEqual([expect.stringContaining('`lost.repo`')]);
});

const specsOf = async (text: string): Promise<readonly string[]> =>
  (await parse(text)).sets[0]!.specsFor('x86_64').map((spec) => spec.text);

test('variables from a file and inline are filled in wherever the other tool fills them in', async () => {
  const manifest = await parseManifest(
    `contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/{version}/$releasever/" }] }
variables: [{ file: versions.conf }, { inline: { driver: "580.1", releasever: "9" } }]
packages: ["cuda-{driver}", "other-{unknown}"]
moduleEnable: ["nodejs:{node}"]
assumeProvides: ["lib-{driver}"]
context: { image: "reg.test/ubi:{version}" }
`,
    'rpms.in.yaml',
    { env: {}, read: async (path) => [{ path, text: '# versions\nversion=9.5\n\nnode = "20"\ndriver=1\n' }] },
  );
  const [set] = manifest.sets;
  expect(set!.specsFor('x86_64').map(({ text }) => text)).toEqual(['cuda-580.1', 'other-{unknown}']);
  expect(set!.modulesFor('x86_64').enable).toEqual(['nodejs:20']);
  expect(set!.installedFor('x86_64')).toMatchObject({ assumeProvides: ['lib-580.1'], base: { image: 'reg.test/ubi:9.5' } });
  expect([manifest.releasever, manifest.repositories[0]!.baseurl]).toEqual(['9', ['https://r.test/9.5/$releasever/']]);
});

test('a file of variables that is not there is a mistake with its place', async () => {
  const wrong = parseManifest(
    'contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\npackages: [a]\nvariables:\n  - file: lost.conf\n',
    'rpms.in.yaml',
    {
      env: {},
      read: async () => {
        throw new RpmDepsError('MANIFEST_INVALID', 'there is no file `lost.conf`');
      },
    },
  );
  await expect(wrong).rejects.toMatchObject({ details: [expect.stringMatching(/^rpms\.in\.yaml:4:\d+: .*lost\.conf/)] });
});

test('without a list of packages they are those that the Containerfile of the context installs', async () => {
  expect(
    await specsOf('contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\ncontext: { containerfile: Dockerfile }\n'),
  ).toEqual(['jq', 'tar']);
  expect(
    await specsOf(
      'contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\ncontext: { containerfile: { file: Dockerfile, stageNum: 1 } }\nexcludePackages: [x]\n',
    ),
  ).toEqual(['make']);
  expect(
    await specsOf(
      'contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\ncontext: { containerfile: Dockerfile }\nexcludePackages: [tar]\n',
    ),
  ).toEqual(['jq']);
  expect(
    await specsOf(
      'contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\ncontext: { containerfile: Dockerfile }\npackages: [bash]\n',
    ),
  ).toEqual(['bash']);
});

test('what a Containerfile does to installed packages counts where there is a base', async () => {
  const ask = (run: string, context: string) =>
    parseManifest(
      `contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\npackagesFromContainerfile: Busy\ncontext: ${context}\n`,
      'rpms.in.yaml',
      { env: {}, read: reading((path) => (path === 'Busy' ? `FROM reg.test/a\nRUN ${run}\n` : undefined)) },
    ).then(({ sets: [set] }) => [set!.specsFor('x86_64').map(({ text }) => text), set!.installedFor('x86_64')] as const);
  const [specs, settings] = await ask('dnf -y update && dnf -y swap old new && dnf -y distro-sync a', '{ image: reg.test/a }');
  expect([specs, settings]).toMatchObject([['new'], { upgrade: ['*'], remove: ['old'], distroSync: ['a'] }]);
  const [bare, nothing] = await ask('dnf -y update && dnf -y swap old new', '{ bare: true }');
  expect([bare, nothing]).toMatchObject([['new'], { upgrade: [], remove: [] }]);
  const root = 'dnf install -y --installroot /mnt a';
  expect((await ask(root, '{ bare: true }'))[0]).toEqual(['a']);
  await expect(ask(root, '{ image: reg.test/a }')).rejects.toMatchObject({
    details: [expect.stringMatching(/^rpms\.in\.yaml:2:\d+: Busy:2: `--installroot` installs into an empty folder/)],
  });
});

test('what is excluded goes from every list of the request, and the rest keeps its line', async () => {
  const manifest = await parse(
    'contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\ncontext: { image: reg.test/a }\npackages:\n  - a\n  - b\nreinstallPackages: [a, c]\nexcludePackages: [a]\n',
  );
  expect(manifest.sets[0]!.specsFor('x86_64')).toMatchObject([{ text: 'b', line: 5 }]);
  expect(manifest.sets[0]!.installedFor('x86_64').reinstall).toEqual(['c']);
});

test('options of dnf in a Containerfile act for the set, unless the file decides itself', async () => {
  const ask = async (commands: readonly string[], more = '') => {
    const text = `contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\npackagesFromContainerfile: C\ncontext: { bare: true }\n${more}`;
    const lines = `FROM a\n${commands.map((command) => `RUN ${command}\n`).join('')}`;
    const { sets } = await parseManifest(text, 'rpms.in.yaml', { env: {}, read: reading((path) => (path === 'C' ? lines : undefined)) });
    const { weakDependencies, best, exclude, installedFor } = sets[0]!;
    return { weakDependencies, best, exclude, allowErasing: installedFor('x86_64').allowErasing };
  };
  const plain = { weakDependencies: true, best: false, exclude: [], allowErasing: false };
  const slim = 'dnf install -y --setopt=install_weak_deps=0';
  expect(await ask(['dnf install -y a'])).toEqual(plain);
  expect(await ask([`${slim} a`, `${slim} b && dnf clean all`])).toEqual({ ...plain, weakDependencies: false });
  expect(await ask([`${slim} a`, 'dnf install -y b'])).toEqual(plain);
  expect(await ask([`${slim} a`], 'installWeakDeps: true\n')).toEqual(plain);
  expect(await ask(['dnf install -y --best --allowerasing a', 'dnf install -y b'])).toEqual({ ...plain, best: true, allowErasing: true });
  expect(await ask(['dnf -x c install -y a', 'dnf install --exclude=c -y b'])).toEqual({ ...plain, exclude: ['c'] });
  await expect(ask(['dnf install -y a', 'dnf install --exclude=c -y b'])).rejects.toMatchObject({
    details: [expect.stringContaining('C:3: `--exclude` is not the same in all commands that install')],
  });
});

test('build arguments of a file decide what a Containerfile starts from', async () => {
  const manifest = await parseManifest(
    'contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\ncontext: { containerfile: { file: Dockerfile, argFile: args.env } }\npackages: [a]\n',
    'rpms.in.yaml',
    {
      env: {},
      read: async (path) => [{ path, text: "TAG='9.5'\n" }],
    },
  );
  expect(manifest.sets[0]!.base).toMatchObject({ kind: 'containerfile', args: { TAG: '9.5' } });
});

test.each(['dnf downgrade -y tzdata', 'dnf swap a', 'dnf builddep x.spec', 'microdnf install -y "$(cat list)"'])(
  'what a Containerfile asks for and cannot be known is named, not passed over: %s',
  async (command) => {
    const wrong = parseManifest(
      'contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\npackagesFromContainerfile: Dockerfile\ncontext: { bare: true }\n',
      'rpms.in.yaml',
      {
        env: {},
        read: reading((path) => (path === 'Dockerfile' ? `FROM a\nRUN dnf -y upgrade && dnf install -y jq && ${command}\n` : undefined)),
      },
    );
    await expect(wrong).rejects.toMatchObject({ details: [expect.stringContaining('Dockerfile:2: `')] });
  },
);

test('a Containerfile beside the file is the context where nothing else is said', async () => {
  const { sets } = await parse('contentOrigin: { repofiles: [./ubi.repo] }\n');
  expect(sets[0]!.installedFor('x86_64').base).toMatchObject({ kind: 'containerfile', path: 'Dockerfile' });
  expect(await specsOf('contentOrigin: { repofiles: [./ubi.repo] }\n')).toEqual(['jq', 'tar']);
  const bare = await parse('contentOrigin: { repofiles: [./ubi.repo] }\ncontext: { bare: true }\npackages: [a]\n');
  expect(bare.sets[0]!.installedFor('x86_64').base).toBeUndefined();
});

test('a package for none of the architectures asks for nothing', async () => {
  const none = '{ name: b, arches: { not: [x86_64] } }, { name: c, arches: { only: ppc64 } }';
  const text = `contentOrigin: { repofiles: [./ubi.repo] }\ncontext: { bare: true }\npackages: [a, ${none}]\narches: [x86_64]\n`;
  expect(await specsOf(text)).toEqual(['a']);
});

test('a stage may be chosen by a pattern of its image', async () => {
  const chosen = (pattern: string) =>
    parse(`contentOrigin: { repofiles: [./ubi.repo] }\ncontext: { containerfile: { file: Dockerfile, imagePattern: "${pattern}" } }\n`);
  const { sets } = await chosen('reg.*/a');
  expect(sets[0]!.installedFor('x86_64').base).toMatchObject({ stage: 0 });
  expect(sets[0]!.specsFor('x86_64').map(({ text }) => text)).toEqual(['make']);
  await expect(chosen('other')).rejects.toMatchObject({ details: [expect.stringContaining('no stage whose image matches `other`')] });
  await expect(chosen('(?=x)')).rejects.toMatchObject({ details: [expect.stringContaining('is no regular expression')] });
});

const LISTS: Readonly<Record<string, string>> = {
  'tree/base.yaml': 'packages: [one two, dropped]\n',
  'tree/arm.yaml': 'packages: [arm]\n',
  'tree/os.yaml':
    'include: base.yaml\narch-include: { aarch64: arm.yaml }\npackages-x86_64: [grub2]\nexclude-packages: [cups]\nrepo-packages: [{ repo: r, packages: [three] }]\n',
  'container.yaml': 'flatpak: { packages: [a, { name: b, platforms: { only: x86_64 } }, { name: c, platforms: { not: [aarch64] } }] }\n',
};

const listed = (context: string) =>
  parseManifest(
    `contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\narches: [x86_64, aarch64]\nexcludePackages: [dropped]\ncontext: ${context}\n`,
    'rpms.in.yaml',
    { env: {}, read: reading((path) => LISTS[path]) },
  );

test('packages come from a treefile of rpm-ostree with those that it includes, and from container.yaml of a flatpak', async () => {
  const [tree] = (await listed('{ rpmOstreeTreefile: tree/os.yaml }')).sets;
  const specs = (set: typeof tree, architecture: string) => set!.specsFor(architecture).map(({ text }) => text);
  expect(specs(tree, 'x86_64')).toEqual(['one', 'two', 'grub2', 'three']);
  expect(specs(tree, 'aarch64')).toEqual(['one', 'two', 'arm', 'three']);
  expect(tree!.exclude).toEqual(['cups']);
  const [flatpak] = (await listed('{ bare: true, flatpak: true }')).sets;
  expect(specs(flatpak, 'x86_64')).toEqual(['a', 'b', 'c']);
  expect(specs(flatpak, 'aarch64')).toEqual(['a']);
  await expect(listed('{ rpmOstreeTreefile: none.yaml }')).rejects.toMatchObject({
    details: expect.arrayContaining([expect.stringContaining('none.yaml')]),
  });
});

test('`$releasever` is the release of the image that it resolves on, unless it is given', async () => {
  const ask = async (more: string, releasever?: string) => {
    const asked: string[] = [];
    const manifest = await parseManifest(
      `contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/$releasever/" }] }\npackages: [a]\narches: [s390x]\n${more}\n`,
      'rpms.in.yaml',
      {
        ...{ env: {}, read, overrides: { releasever } },
        release: async (image, architecture) => {
          asked.push(`${image} ${architecture}`);
          return { releasever: '9', stream: '9-stream' };
        },
      },
    );
    return [manifest.releasever, ...asked];
  };
  expect(await ask('context: { image: reg.test/a:1 }')).toEqual(['9', 'reg.test/a:1 s390x']);
  expect(await ask('context: { containerfile: { file: Dockerfile, stageName: build } }')).toEqual(['9', 'reg.test/a:1 s390x']);
  expect(await ask('context: { image: reg.test/a:1 }\nvariables: [{ inline: { releasever: "8" } }]')).toEqual(['8']);
  expect(await ask('context: { image: reg.test/a:1 }', '10')).toEqual(['10']);
  expect(await ask('context: { bare: true }\nvariables: [{ inline: { releasever: "40" } }]')).toEqual(['40']);
});

test('`$releasever` without an image that says it is a mistake in the line of the repository', async () => {
  const ask = (context: string, url = '$releasever') =>
    parseManifest(
      `contentOrigin:\n  repos:\n    - { repoid: r, baseurl: "https://r.test/${url}/" }\npackages: [a]\n${context}\n`,
      'rpms.in.yaml',
      {
        ...{ env: {}, read },
        release: async () => ({}),
      },
    );
  for (const context of ['context: { bare: true }', 'context: { localSystem: true }'])
    await expect(ask(context)).rejects.toMatchObject({
      details: [
        expect.stringMatching(/^rpms\.in\.yaml:3:\d+: `\$releasever` has no value, because there is no base image: add `releasever` to/),
      ],
    });
  await expect(ask('context: { image: reg.test/a:1 }')).rejects.toMatchObject({
    details: [expect.stringContaining('because `reg.test/a:1` does not say which release it is')],
  });
  expect((await ask('context: { bare: true }', '9')).repositories[0]!.baseurl).toEqual(['https://r.test/9/']);
  // A name is only shown, and a repository that is not enabled is not read.
  const named = await ask('context: { bare: true }', '9/", name: "R $releasever", exclude: "b* c", includepkgs: "a');
  expect(named.repositories[0]).toMatchObject({ exclude: ['b*', 'c'], includePackages: ['a/'] });
  const other = '9/" }\n    - { repoid: s, enabled: 0, baseurl: "https://r.test/$releasever';
  expect((await ask('context: { bare: true }', other)).repositories[0]!.baseurl).toEqual(['https://r.test/9/']);
});

const COMPOSE = {
  header: { type: 'productmd.composeinfo', version: '1.2' },
  payload: {
    compose: { id: 'RHEL-9.6.0-20250101.0', date: '20250101', type: 'production', respin: 0 },
    variants: {
      BaseOS: {
        ...{ id: 'BaseOS', uid: 'BaseOS', type: 'variant' },
        arches: ['aarch64', 'x86_64'],
        paths: { repository: { aarch64: 'BaseOS/aarch64/os', x86_64: 'BaseOS/x86_64/os' } },
      },
      Empty: { id: 'Empty', uid: 'Empty', type: 'variant', arches: ['x86_64'], paths: { repository: {} } },
    },
  },
};

test('repositories of composes are found by id or as the latest of a release', async () => {
  const url = 'https://cts.test/api/1/composes/';
  const answers: Readonly<Record<string, unknown>> = {
    [`${url}RHEL-9.6.0-20250101.0`]: { compose_url: 'https://composes.test/one/' },
    [`${url}?release_short=RHEL&release_version=9.6&tag=nightly&tag=ready`]: {
      items: [{ compose_url: 'https://composes.test/one/compose' }],
    },
    [`${url}?release_short=Other`]: { items: [] },
    'https://composes.test/one/compose/metadata/composeinfo.json': COMPOSE,
  };
  const ask = (composes: string, env: Record<string, string> = { CTS_URL: 'https://cts.test/' }) =>
    parseManifest(`contentOrigin: { composes: [${composes}] }\npackages: [a]\ncontext: { bare: true }\n`, 'rpms.in.yaml', {
      env,
      read: reading((path) => (Object.hasOwn(answers, path) ? JSON.stringify(answers[path]) : undefined)),
    });
  for (const compose of [
    '{ id: RHEL-9.6.0-20250101.0 }',
    '{ latest: { release_short: RHEL, release_version: "9.6", tag: [nightly, ready] } }',
  ]) {
    const { repositories } = await ask(compose);
    expect(repositories.map(({ id, baseurl, architectures }) => [id, baseurl, architectures])).toEqual([
      ['RHEL-9.6.0-20250101.0-BaseOS-rpms', ['https://composes.test/one/compose/BaseOS/$basearch/os'], ['aarch64', 'x86_64']],
    ]);
  }
  const refused = async (compose: string, env?: Record<string, string>) =>
    ask(compose, env).then(
      () => '',
      (error: { details: readonly string[] }) => error.details[0],
    );
  expect(await refused('{ id: X }', {})).toContain('CTS_URL');
  expect(await refused('{ id: X }')).toContain('there is no file');
  expect(await refused('{ latest: { release_short: Other } }')).toContain('matches no compose');
});

const LABELS: Readonly<Record<string, readonly Record<string, string>[]>> = {
  'reg.test/a:1': [{ version: '1', 'vcs-ref': 'abc' }],
  'reg.test/b:2': [
    { version: '2', 'com.example.part': 'p', arch: 'x86_64', odd: 'a $HOME' },
    { version: '2', 'com.example.part': 'p', arch: 's390x', odd: 'a $HOME' },
  ],
};

function parseWithLabels(text: string) {
  const asked: string[] = [];
  const manifest = parseManifest(`arches: [x86_64, s390x]\n${text}`, 'rpms.in.yaml', {
    env: {},
    read: reading((path) => (path === 'Containerfile' ? undefined : (files[path] ?? `[${path}]\nbaseurl=https://r.test/\n`))),
    labels: async (image, architectures) => {
      asked.push(`${image} ${architectures.join(' ')}`);
      if (LABELS[image] !== undefined) return LABELS[image];
      throw new RpmDepsError('IMAGE_NOT_FOUND', `no image ${image}`, { hint: 'try another' });
    },
  });
  return { manifest, asked };
}

test('labels of an image, or of what a Containerfile starts from, are filled into URLs, and count before variables', async () => {
  const { manifest, asked } = parseWithLabels(`contentOrigin:
  repos:
    - { repoid: "a-{version}-$basearch", baseurl: "https://a.test/{vcs-ref}/{version}/\${arch}/", varsFromImage: reg.test/a:1 }
    - { repoid: b, baseurl: "https://b.test/{version}/{com.example.part}/", varsFromContainerfile: Dockerfile }
    - { repoid: c, baseurl: "https://c.test/{version}/", varsFromContainerfile: { file: Dockerfile, stageName: build } }
    - { repoid: d, baseurl: "https://d.test/{version}/" }
    - { repoid: off, baseurl: "https://off.test/{version}/", varsFromImage: reg.test/none:1, enabled: 0 }
  repofiles: [{ location: "of-{vcs-ref}.repo", varsFromImage: reg.test/a:1 }, "of-{version}.repo"]
variables: [{ inline: { version: "0" } }]
packages: [a]
`);
  const { repositories } = await manifest;
  expect(repositories.map(({ id, baseurl }) => `${id} ${baseurl}`)).toEqual([
    'a-1-$basearch https://a.test/abc/1/${arch}/',
    'b https://b.test/2/p/',
    'c https://c.test/1/',
    'd https://d.test/0/',
    'of-abc.repo https://r.test/',
    'of-0.repo https://r.test/',
  ]);
  expect(asked).toEqual(['a:1', 'b:2', 'a:1', 'a:1'].map((image) => `reg.test/${image} x86_64 s390x`));
});

test('variables may be the labels of an image: of each name the last one counts', async () => {
  const { manifest } = parseWithLabels(`contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/{version}/{vcs-ref}/" }] }
variables: [{ inline: { version: "0", tag: "1" } }, { image: "reg.test/a:{tag}" }, { containerfile: Dockerfile }]
packages: ["cuda-{version}"]
context: { image: "reg.test/ubi:{version}" }
`);
  const { repositories, sets } = await manifest;
  expect(repositories[0]!.baseurl).toEqual(['https://r.test/2/abc/']);
  expect(sets[0]!.specsFor('x86_64').map(({ text }) => text)).toEqual(['cuda-2']);
  expect(sets[0]!.base).toMatchObject({ image: 'reg.test/ubi:2' });
});

test.each([
  ['varsFromImage: reg.test/a:1', '{none}', /`contentOrigin\.repos` needs `\{none\}`: reg\.test\/a:1 has no such label/],
  ['varsFromImage: reg.test/b:2', '{arch}', /`\{arch\}`: this label of reg\.test\/b:2 is not the same for all architectures/],
  ['varsFromImage: reg.test/b:2', '{odd}', /`\{odd\}`: this label of reg\.test\/b:2 has a value that cannot be part/],
  ['varsFromImage: reg.test/none:1', '{version}', /`contentOrigin\.repos\.varsFromImage` cannot be read: no image .* \(try another\)/],
  ['varsFromContainerfile: { file: Dockerfile, stageNum: 7 }', '{version}', /repos\.varsFromContainerfile` cannot be read: .*no stage `6`/],
  ['varsFromContainerfile: { file: Dockerfile, imagePattern: x }', '{version}', /imagePattern` fits nothing: Dockerfile has no stage/],
])('what labels cannot give is told with its line: %s %s', async (key, name, message) => {
  const { manifest } = parseWithLabels(`contentOrigin:
  repos:
    - { repoid: r, baseurl: "https://r.test/${name}/", ${key} }
packages: [a]
`);
  const details = await manifest.then(
    () => [],
    (error: { details: readonly string[] }) => error.details,
  );
  expect(details).toEqual([expect.stringMatching(message)]);
  expect(details[0]).toMatch(/^rpms\.in\.yaml:4:\d+: /);
});

test('where no registry can be asked, labels are refused', async () => {
  expect(
    await mistakes(
      'contentOrigin: { repos: [{ repoid: r, baseurl: "https://r.test/" }] }\nvariables: [{ image: reg.test/a:1 }]\npackages: [a]\n',
    ),
  ).toEqual([
    expect.stringMatching(/^rpms\.in\.yaml:2:\d+: `variables\.image` cannot be read: the labels of reg\.test\/a:1 cannot be read here/),
  ]);
});
