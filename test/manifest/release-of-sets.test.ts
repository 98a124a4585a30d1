import { expect, test } from 'vitest';
import { parseManifest } from '../../src/manifest/read-manifest.ts';
import { repositoriesOfSet, sourceRepositoriesFor } from '../../src/manifest/repositories-for.ts';
import { canonicalUrls } from '../../src/manifest/repository-urls.ts';
import { cliProject } from '../helpers/cli-project.ts';
import { writeRepository } from '../helpers/small-mirror.ts';

const read = (text: string) => parseManifest(text, 'rpm-packages.yaml', { env: {} });

async function urlsOf(text: string, name: string): Promise<Record<string, string>> {
  const manifest = await read(text);
  const set = manifest.sets.find((one) => one.name === name)!;
  const urls = canonicalUrls(manifest, 'x86_64');
  return Object.fromEntries(repositoriesOfSet(manifest, set, 'x86_64').map(({ id }) => [id, urls.get(id)!]));
}

test('a set with a releasever uses copies of the repositories that depend on it, and other sets do not', async () => {
  const text = `mirror: https://m.example
repositories:
  - { id: baseos, baseurl: $mirror/$stream/BaseOS }
  - { id: own, baseurl: https://own.example/repo }
sets:
  nine: { packages: [bash] }
  ten: { releasever: 10-stream, packages: [bash] }
`;
  expect(await urlsOf(text, 'nine')).toEqual({ baseos: 'https://m.example/9-stream/BaseOS', own: 'https://own.example/repo' });
  expect(await urlsOf(text, 'ten')).toEqual({ 'baseos-10-stream': 'https://m.example/10-stream/BaseOS', own: 'https://own.example/repo' });
});

test('without repositories, CentOS Stream is that of the release, with its source repositories', async () => {
  const text = 'sets: { ten: { releasever: 10-stream, packages: [bash], sources: true } }\n';
  expect(Object.keys(await urlsOf(text, 'ten'))).toEqual(['baseos-10-stream', 'appstream-10-stream', 'crb-10-stream']);
  const manifest = await read(text);
  const sources = sourceRepositoriesFor(manifest, manifest.sets[0]!.sources!, 'x86_64');
  expect(sources.filter(({ id }) => id.includes('10')).map(({ baseurl }) => baseurl[0])).toEqual([
    '$mirror/10-stream/BaseOS/source/tree/',
    '$mirror/10-stream/AppStream/source/tree/',
    '$mirror/10-stream/CRB/source/tree/',
  ]);
});

test('a number is a release, the release of the manifest changes nothing, and a variable of the manifest keeps its value', async () => {
  const text = `releasever: 41
variables: { stream: mine }
repositories: [{ id: fedora-$releasever, baseurl: "https://m.example/$releasever/$stream" }]
sets:
  same: { releasever: 41, packages: [bash] }
  next: { releasever: 42, packages: [bash] }
`;
  expect(await urlsOf(text, 'same')).toEqual({ 'fedora-41': 'https://m.example/41/mine' });
  expect(await urlsOf(text, 'next')).toEqual({ 'fedora-42': 'https://m.example/42/mine' });
});

test('one project locks two releases from the same repositories; queries are about the one of the manifest', async () => {
  const project = cliProject();
  project.write(
    'rpm-packages.yaml',
    `architectures: [x86_64]
releasever: el9
repositories: [{ id: base, baseurl: "$mirror/$releasever" }]
sets:
  nine: { packages: [app] }
  ten: { releasever: el10, packages: [app] }
`,
  );
  writeRepository(`${project.directory}/mirror/el9`, ['app-1-1.el9.x86_64']);
  writeRepository(`${project.directory}/mirror/el10`, ['app-2-1.el10.x86_64']);
  expect((await project.run('update')).exitCode).toBe(0);
  expect(project.locked('nine-x86_64')).toEqual(['app-1-1.el9.x86_64']);
  expect(project.locked('ten-x86_64')).toEqual(['app-2-1.el10.x86_64']);
  expect(project.readLock('ten-x86_64').repositories!.map(({ id }) => id)).toEqual(['base-el10']);
  for (const words of [['check'], ['check', '--online'], ['lock'], ['outdated', '--exit-code']])
    expect((await project.run(...words)).exitCode).toBe(0);
  expect((await project.run('resolve', 'app')).stdout).toContain('1-1.el9');
  expect((await project.run('resolve', 'app', '--releasever', 'el10')).stdout).toContain('2-1.el10');
});

test('a list of releases is a set for each, with one list of packages that is written once', async () => {
  const project = cliProject();
  const text = `architectures: [x86_64]
repositories: [{ id: base, baseurl: "$mirror/$releasever" }]
sets:
  web:
    releasever: [el9, 10]
    packages:
      - app # both
  db: { releasever: el9, packages: [app] }
`;
  project.write('rpm-packages.yaml', text);
  writeRepository(`${project.directory}/mirror/el9`, ['app-1-1.noarch', 'tool-1-1.noarch']);
  writeRepository(`${project.directory}/mirror/10`, ['app-2-1.noarch', 'tool-2-1.noarch']);
  expect(await project.run('lock')).toMatchObject({ exitCode: 0 });
  expect([project.locked('web-el9-x86_64'), project.locked('web-10-x86_64')]).toEqual([['app-1-1.noarch'], ['app-2-1.noarch']]);
  expect(await project.run('add', 'tool', '--set', 'web-10')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--set web adds'),
  });
  expect(await project.run('add', 'tool', '--set', 'web')).toMatchObject({ exitCode: 0 });
  expect(project.read('rpm-packages.yaml')).toBe(text.replace('# both\n', '# both\n      - tool\n'));
  expect([project.locked('web-el9-x86_64').length, project.locked('web-10-x86_64').length]).toEqual([2, 2]);
  const { json } = await project.run('update', '--set', 'web', '--json');
  expect((json as { sets: { set: string }[] }).sets.map(({ set }) => set)).toEqual(['web-el9', 'web-10']);
  expect(await project.run('remove', 'tool')).toMatchObject({ exitCode: 0 });
  expect(project.read('rpm-packages.yaml')).toBe(text);
  expect(await project.run('check')).toMatchObject({ exitCode: 0 });
});

test('a release that makes the name of another set is a mistake with its place', async () => {
  const text =
    'sets:\n  web: { releasever: ["9", "10"], packages: [a] }\n  web-10: { packages: [b] }\n  no: { releasever: [], packages: [a] }\n';
  const { details } = await read(text).then(
    () => ({ details: [] }),
    (error: { details: string[] }) => error,
  );
  expect(details).toEqual([
    expect.stringMatching(/^rpm-packages.yaml:2:\d+: there is another set `web-10`$/),
    expect.stringMatching(/^rpm-packages.yaml:4:\d+: .*releasever/),
  ]);
});
