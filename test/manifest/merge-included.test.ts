import { expect, onTestFinished, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';
import { startFaultyServer } from '../helpers/faulty-server.ts';

const SHARED = `versions: { LIB: 1-1, TOOL: 1-1 }
repositories: [{ id: base, baseurl: $mirror/$basearch }]
groups: { main: [tool] }
sets:
  shared: { packages: [app] }
  web: { packages: [nothing] }
`;

function project(files: Readonly<Record<string, string>>) {
  const made = cliProject();
  for (const [path, text] of Object.entries(files)) made.write(path, text);
  made.mirror('x86_64', ['app-1-1.noarch', 'lib-1-1.noarch', 'lib-2-1.noarch', 'tool-1-1.noarch']);
  return made;
}

test('sets, groups, versions and repositories of other manifests count, and what the manifest itself has comes first', async () => {
  const made = project({
    'shared.yaml': SHARED,
    'rpm-packages.yaml': 'include: shared.yaml\nversions: { LIB: 2-1 }\nsets:\n  web: { groups: [main], packages: ["lib-${LIB}"] }\n',
  });
  expect(await made.run('update')).toMatchObject({ exitCode: 0 });
  expect(made.locked('web-x86_64')).toEqual(['lib-2-1.noarch', 'tool-1-1.noarch']);
  expect(made.locked('shared-x86_64')).toEqual(['app-1-1.noarch']);
  expect((await made.run('check')).exitCode).toBe(0);
  made.write('shared.yaml', SHARED.replace('[app]', '[lib]'));
  expect((await made.run('check')).exitCode).toBe(1);
  await made.run('lock');
  expect(made.locked('shared-x86_64')).toEqual(['lib-2-1.noarch']);
});

test('a pattern names several files, and files that include each other end', async () => {
  const made = project({
    'parts/a.yaml': 'include: parts/b.yaml\nsets: { a: { packages: [app] } }\n',
    'parts/b.yaml': 'include: [parts/a.yaml]\nsets: { b: { packages: [lib] } }\n',
    'rpm-packages.yaml':
      'include: ["parts/*.yaml"]\nrepositories: [{ id: base, baseurl: $mirror/$basearch }]\nsets: { c: { packages: [tool] } }\n',
  });
  const { json } = await made.run('update', '--json');
  expect((json as { sets: { set: string }[] }).sets.map(({ set }) => set).sort()).toEqual(['a', 'b', 'c']);
});

test('mistakes are named with the line of the include, and those of this file with their own', async () => {
  const made = project({
    'shared.yaml': 'repositories: [{ id: base, baseurl: "ftp:nowhere" }]\nsets: { s: { packages: [a] } }\n',
    'broken.yaml': 'sets: [\n',
    'rpm-packages.yaml':
      'include:\n  - shared.yaml\n  - broken.yaml\n  - none.yaml\nrepositories:\n  - { id: own, baseurl: "x:y" }\nsets: { t: { packages: ["a-${NO}"] } }\n',
  });
  const { exitCode, stderr } = await made.run('check');
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/rpm-packages\.yaml:2:\d+: .*ftp:nowhere/);
  expect(stderr).toMatch(/rpm-packages\.yaml:3:\d+: broken\.yaml:/);
  expect(stderr).toMatch(/rpm-packages\.yaml:4:\d+: there is no file `none\.yaml`/);
  expect(stderr).toMatch(/rpm-packages\.yaml:6:\d+: .*x:y/);
  expect(stderr).toMatch(/rpm-packages\.yaml:7:\d+: undefined version/);
});

test('a pin of an included file is moved there, and one at a URL is refused', async () => {
  const made = project({
    'shared.yaml': SHARED.replace('[nothing]', '["lib-${LIB}"]'),
    'rpm-packages.yaml': 'include: shared.yaml\nsets: { own: { packages: [app] } }\n',
  });
  const own = made.read('rpm-packages.yaml');
  expect(await made.run('bump')).toMatchObject({ exitCode: 0 });
  expect(made.read('shared.yaml')).toBe(SHARED.replace('[nothing]', '["lib-${LIB}"]').replace('LIB: 1-1', 'LIB: 2-1'));
  expect(made.read('rpm-packages.yaml')).toBe(own);
  const server = await startFaultyServer();
  onTestFinished(() => server.close());
  server.serve('/shared.yaml', SHARED.replace('[nothing]', '["lib-${LIB}"]'));
  made.write('rpm-packages.yaml', own.replace('shared.yaml', `${server.url}/shared.yaml`));
  const before = made.files();
  const { exitCode, stderr } = await made.run('bump');
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('outside the folder of `rpm-packages.yaml`')]);
  expect(made.files()).toEqual(before);
});
