import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';

const SETS = `# what we ship
versions: { LIB: 1-1 }
groups:
  main: [tool]
sets:
  web: # the front
    groups: [main]
    packages:
      - app   # needs lib
  db:
    packages: [app, "lib-\${LIB}"]
`;

function project(sets = SETS): CliProject {
  const made = cliProject(sets);
  for (const architecture of ['x86_64', 's390x']) {
    made.mirror(architecture, [
      `app-1-1.${architecture} requires: lib`,
      `lib-1-1.${architecture}`,
      'tool-1-1.noarch',
      `nginx-1-1.${architecture} requires: mime`,
      'mime-1-1.noarch',
    ]);
  }
  return made;
}

describe('add', () => {
  test('edits the manifest, keeps its comments, and locks the set for all its architectures', async () => {
    const made = project();
    await made.run('lock');
    const before = made.read('rpm-packages.yaml');
    const { exitCode, stdout } = await made.run('add', 'nginx', '--set', 'web');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('`nginx` added to the set `web`\n');
    expect(made.read('rpm-packages.yaml')).toBe(before.replace('# needs lib\n', '# needs lib\n      - nginx\n'));
    for (const architecture of ['x86_64', 's390x'])
      expect(made.locked(`web-${architecture}`).join(' ')).toContain('mime-1-1.noarch nginx-1-1');
    expect((await made.run('check')).exitCode).toBe(0);
  });

  test('locks only what the edit is about', async () => {
    const made = project();
    await made.run('add', 'nginx', '--set', 'web');
    expect(Object.keys(made.files())).toEqual([
      'rpm-lockfiles/web-s390x.lock.json',
      'rpm-lockfiles/web-x86_64.lock.json',
      'rpm-packages.yaml',
    ]);
  });

  test('a name that no repository has changes nothing and gets the near name', async () => {
    const made = project();
    await made.run('lock');
    const before = made.files();
    const { exitCode, stderr } = await made.run('add', 'ngnix', '--set', 'web');
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain('--keep-going');
    expect(stderr).toContain('nothing was written');
    expect(stderr).toContain('did you mean `nginx`?');
    expect(made.files()).toEqual(before);
  });

  test('without --set the only set gets it, and several have to be named', async () => {
    const one = project('sets:\n  web: { packages: [app] }\n');
    expect((await one.run('add', 'tool')).exitCode).toBe(0);
    expect(one.read('rpm-packages.yaml')).toContain('web: { packages: [app, tool] }');
    const { exitCode, stderr } = await project().run('add', 'nginx');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the manifest has 2 sets');
    expect(stderr).toContain('hint: add --set SET; sets are: web, db');
    expect((await project().run('add', 'nginx', '--set', 'wbe')).stderr).toContain('did you mean `web`?');
  });

  test('with --arch only that architecture asks for it, and its lockfile alone is written', async () => {
    const made = project();
    await made.run('lock');
    const { json } = await made.run('add', 'nginx', '--set', 'db', '--arch', 'amd64', '--json');
    expect(json).toMatchObject({ added: [{ spec: 'nginx', kind: 'set', name: 'db' }], sets: [{ set: 'db', architecture: 'x86_64' }] });
    expect(made.read('rpm-packages.yaml')).toContain('[app, "lib-${LIB}", { name: nginx, architectures: [x86_64] }]');
    expect(made.locked('db-s390x').join(' ')).not.toContain('nginx');
  });

  test('what a set or one of its groups has is not added again', async () => {
    const made = project();
    const before = made.read('rpm-packages.yaml');
    const { exitCode, stdout } = await made.run('add', 'tool', 'app', '--set', 'web');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: '`tool` is already in the set `web`\n`app` is already in the set `web`\n',
    });
    expect(made.read('rpm-packages.yaml')).toBe(before);
  });

  test('of two at the same time none overwrites what the other wrote', async () => {
    const made = project();
    const results = await Promise.all(['nginx', 'mime', 'lib'].map((name) => made.run('add', name, '--set', 'web')));
    const manifest = made.read('rpm-packages.yaml');
    for (const [i, { exitCode, stderr }] of results.entries()) {
      const isWritten = manifest.includes(`- ${['nginx', 'mime', 'lib'][i]}\n`);
      expect([exitCode, isWritten]).toEqual(isWritten ? [0, true] : [2, false]);
      if (!isWritten) expect(stderr).toContain('was changed while this run edited it; nothing was written');
    }
    expect(results.some(({ exitCode }) => exitCode === 0)).toBe(true);
    expect(Object.keys(made.files())).not.toContain('rpm-packages.yaml.lock');
  });

  test('--dry-run writes nothing', async () => {
    const made = project();
    const before = made.files();
    expect((await made.run('add', 'nginx', '--set', 'web', '--dry-run')).stdout).toContain('`nginx` would be added to the set `web`');
    expect(made.files()).toEqual(before);
  });
});

describe('remove', () => {
  test('takes a package out of every set and group, and what only it needed out of the lockfiles', async () => {
    const made = project();
    await made.run('add', 'nginx', '--set', 'web', '--set', 'db');
    const { exitCode, stdout } = await made.run('remove', 'nginx');
    expect({ exitCode, lines: stdout.split('\n').slice(0, 2) }).toEqual({
      exitCode: 0,
      lines: ['`nginx` removed from the set `web`', '`nginx` removed from the set `db`'],
    });
    expect(made.read('rpm-packages.yaml')).toContain(SETS);
    expect(made.locked('web-x86_64')).toEqual(['app-1-1.x86_64', 'lib-1-1.x86_64', 'tool-1-1.noarch']);
  });

  test('a pinned package is removed by its name', async () => {
    const made = project();
    await made.run('lock');
    expect((await made.run('remove', 'lib', '--set', 'db')).exitCode).toBe(0);
    expect(made.read('rpm-packages.yaml')).toContain('  db:\n    packages: [app]\n');
  });

  test('a name that nothing asks for is refused, with the near one', async () => {
    const made = project();
    const { exitCode, stderr } = await made.run('remove', 'tolo');
    expect(exitCode).toBe(2);
    expect(stderr).toBe('error: no set or group requests `tolo`\n\nhint: did you mean `tool`?\n');
    expect((await made.run('remove', 'mime')).stderr).toContain('`rpm-deps why mime`');
  });

  test('with --set a group stays, since other sets have it too', async () => {
    const { exitCode, stderr } = await project().run('remove', 'tool', '--set', 'web');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('`tool` is not in the given sets but in the group `main`');
  });

  test('what an included file has is edited there, with its comments', async () => {
    const made = project('include: [parts/db.yaml]\nsets:\n  web: { packages: [app] }\n');
    const part =
      '# shared\nsets:\n  web: { packages: [nginx] } # not used here\n  db:\n    packages:\n      - nginx # front\n      - app\n';
    made.write('parts/db.yaml', part);
    const own = made.read('rpm-packages.yaml');
    const added = await made.run('add', 'tool', '--set', 'db');
    expect(added).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('`tool` added to the set `db` in `parts/db.yaml`\n') });
    expect(made.read('parts/db.yaml')).toBe(`${part}      - tool\n`);
    expect(made.locked('db-x86_64')).toContain('tool-1-1.noarch');
    const { json } = await made.run('remove', 'nginx', '--json');
    expect((json as { removed: unknown }).removed).toEqual([{ spec: 'nginx', kind: 'set', name: 'db', file: 'parts/db.yaml' }]);
    expect(made.read('parts/db.yaml')).toBe(`${part.replace('      - nginx # front\n', '')}      - tool\n`);
    expect(made.read('rpm-packages.yaml')).toBe(own);
    await made.run('lock');
    expect((await made.run('check')).exitCode).toBe(0);
  });

  test('a file outside the folder of the manifest is not edited, also not through a link', async () => {
    const made = project();
    const common =
      'architectures: [x86_64]\nrepositories: [{ id: base, baseurl: $mirror/$basearch }]\nsets:\n  db: { packages: [nginx, app] }\n';
    made.write('common.yaml', common);
    made.write('inner/rpm-packages.yaml', 'include: [../common.yaml]\n');
    mkdirSync(join(made.directory, 'linked'));
    symlinkSync('../common.yaml', join(made.directory, 'linked/common.yaml'));
    made.write('linked/rpm-packages.yaml', 'include: [common.yaml]\n');
    const inner = await made.run('remove', 'nginx', '--manifest', 'inner/rpm-packages.yaml');
    expect([inner.exitCode, inner.stderr]).toEqual([
      2,
      expect.stringContaining('`../common.yaml`, outside the folder of `rpm-packages.yaml`'),
    ]);
    const linked = await made.run('remove', 'nginx', '--manifest', 'linked/rpm-packages.yaml');
    expect([linked.exitCode, linked.stderr]).toEqual([2, expect.stringContaining('is a link to a file outside the project')]);
    expect(made.read('common.yaml')).toBe(common);
  });

  test('a set that would ask for nothing is refused', async () => {
    const made = project('sets:\n  web: { packages: [app] }\n');
    const before = made.files();
    const { exitCode, stderr } = await made.run('remove', 'app');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('the set `web` would be empty; nothing was written');
    expect(made.files()).toEqual(before);
  });
});
