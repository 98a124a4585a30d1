import { expect, test } from 'vitest';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { writeRepository } from '../helpers/small-mirror.ts';

const MANIFEST = `architectures: [x86_64]
repositories:
  - { id: el9, baseurl: "$mirror/el9" }
  - { id: el10, baseurl: "$mirror/el10" }
versions: { LIB9: 1-1.el9, LIB10: 5-1.el10 }
sets:
  web-el9: { repositories: [el9], packages: [app, "lib-\${LIB9}"] }
  web-el10: { repositories: [el10], packages: [app, "lib-\${LIB10}"] }
`;

function project(): CliProject {
  const made = cliProject();
  made.write('rpm-packages.yaml', MANIFEST);
  writeRepository(`${made.directory}/mirror/el9`, ['app-1-1.el9.x86_64 requires: lib', 'lib-1-1.el9.x86_64']);
  writeRepository(`${made.directory}/mirror/el10`, ['app-3-1.el10.x86_64 requires: lib >= 5', 'lib-5-1.el10.x86_64']);
  return made;
}

test('sets of two distributions take packages of their own repositories only', async () => {
  const made = project();
  expect((await made.run('update')).exitCode).toBe(0);
  expect(made.locked('web-el9-x86_64')).toEqual(['app-1-1.el9.x86_64', 'lib-1-1.el9.x86_64']);
  expect(made.locked('web-el10-x86_64')).toEqual(['app-3-1.el10.x86_64', 'lib-5-1.el10.x86_64']);
  expect(made.readLock('web-el9-x86_64').repositories!.map(({ id }) => id)).toEqual(['el9']);
  for (const words of [['check'], ['check', '--online'], ['outdated', '--exit-code']]) expect((await made.run(...words)).exitCode).toBe(0);
});

test('pins of each distribution move within it', async () => {
  const made = project();
  await made.run('update');
  writeRepository(`${made.directory}/mirror/el9`, ['app-1-1.el9.x86_64 requires: lib', 'lib-1-1.el9.x86_64', 'lib-2-1.el9.x86_64'], {
    timestamp: 1737000000,
  });
  const { exitCode, stdout } = await made.run('bump');
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('LIB9: 1-1.el9 -> 2-1.el9') });
  expect(stdout).toContain('LIB10: 5-1.el10 is the newest');
  expect(made.locked('web-el9-x86_64')).toContain('lib-2-1.el9.x86_64');
});

test('a repository that a set names has to be there, and enabled', async () => {
  const made = project();
  made.write('rpm-packages.yaml', MANIFEST.replace('[el10], packages', '[el01], packages').replace('id: el9,', 'id: el9, enabled: false,'));
  const { exitCode, stderr } = await made.run('lock');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('unknown repository `el01`; did you mean `el10`?');
  expect(stderr).toContain('the repository `el9` is not enabled');
});

test('a set without the key keeps its digest, and so its lockfile', async () => {
  const made = project();
  made.write('rpm-packages.yaml', MANIFEST.replaceAll(/repositories: \[el\d+\], /g, '').replace('app, "lib-${LIB9}"', 'app'));
  await made.run('update', '--set', 'web-el9');
  expect(made.locked('web-el9-x86_64')).toEqual(['app-3-1.el10.x86_64', 'lib-5-1.el10.x86_64']);
});
