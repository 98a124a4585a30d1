import { expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/read-manifest.ts';

const files: Readonly<Record<string, string>> = {
  './ubi.repo': '[ubi]\nbaseurl=https://ubi.test/$basearch/os/\nenabled=1\ngpgcheck=0\n[off]\nbaseurl=https://off.test/\nenabled=0\n',
  Dockerfile: 'FROM reg.test/a:1 AS build\nRUN dnf -y install make\nFROM reg.test/b:2\nRUN microdnf install -y jq "tar" && dnf clean all\n',
};
const read = async (path: string) => [{ path, text: files[path]! }];
const parse = (text: string) => parseManifest(text, 'rpms.in.yaml', { env: {}, read });
const mistakes = (text: string): Promise<readonly string[]> =>
  parse(text).then(
    () => [],
    (error: { details: readonly string[] }) => error.details,
  );

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

test('what is not done is refused by name and line', async () => {
  expect(
    await mistakes(`contentOrigin:
  composes: [{ id: X }]
  repos: [{ repoid: a, baseurl: "https://a.test/" }]
context: { rpmOstreeTreefile: x.yaml }
packages: [a]
arches: [x86_64]
`),
  ).toEqual([
    expect.stringMatching(/^rpms\.in\.yaml:2:\d+: `contentOrigin\.composes` is not read/),
    expect.stringMatching(/^rpms\.in\.yaml:4:\d+: `context\.rpmOstreeTreefile` is not read/),
  ]);
});

test('an unknown key and a wrong option of a .repo file have their place', async () => {
  expect(await mistakes('contentOrigin: {}\npackagse: [a]\n')).toContainEqual(expect.stringContaining('did you mean `packages`?'));
  const wrong = parseManifest('contentOrigin: { repofiles: [x.repo] }\npackages: [a]\n', 'rpms.in.yaml', {
    env: {},
    read: async (path) => [{ path, text: '[a]\nenabled=perhaps\n' }],
  });
  await expect(wrong).rejects.toMatchObject({ details: expect.arrayContaining([expect.stringContaining('x.repo:2: `enabled`')]) });
});
