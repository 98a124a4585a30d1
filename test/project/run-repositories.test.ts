import { describe, expect, test } from 'vitest';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { writeRepository } from '../helpers/small-mirror.ts';

const SETS = `variables: { COMPOSE: old }
sets:
  web: { packages: [app] }
`;

/** `base` has app 1; `extra` has app 2; composes `old` and `new` have app 3 and 4. */
function project(manifest?: string): CliProject {
  const made = cliProject(SETS);
  if (manifest !== undefined) made.write('rpm-packages.yaml', manifest);
  for (const architecture of ['x86_64', 's390x']) made.mirror(architecture, ['app-1-1.noarch']);
  writeRepository(`${made.directory}/extra`, ['app-2-1.noarch']);
  writeRepository(`${made.directory}/mirror/old`, ['app-3-1.noarch']);
  writeRepository(`${made.directory}/mirror/new`, ['app-4-1.noarch']);
  return made;
}

const versions = async (made: CliProject, ...words: string[]): Promise<unknown> => {
  const { json } = await made.run(...words, '--json');
  return (json as { packages: { version: string }[] }).packages.map(({ version }) => version);
};

describe('repositories for one run', () => {
  test('--repo ID=URL and --repofile are used beside those of the manifest, and a later run knows nothing of them', async () => {
    const made = project();
    expect((await made.run('update', '--repo', 'extra=./extra')).exitCode).toBe(0);
    expect(made.locked('web-x86_64')).toEqual(['app-2-1.noarch']);
    expect(made.read('rpm-packages.yaml')).not.toContain('extra');
    expect((await made.run('check')).exitCode).toBe(1);
    expect((await made.run('check', '--repo', 'extra=./extra')).exitCode).toBe(0);
    made.write('more.repo', `[more]\nbaseurl=file://${made.directory}/extra\ngpgcheck=1\n`);
    expect((await made.run('outdated', '--repofile', 'more.repo', '--exit-code')).exitCode).toBe(0);
    expect(await versions(made, 'resolve', 'app', '--repofile', 'more.repo')).toEqual(['2']);
    expect((await made.run('search', 'app', '--repofile', 'more.repo', '--arch', 's390x')).stdout).toContain('2-1');
  });

  test('--enable-repo takes a repository in that the manifest does not enable', async () => {
    const made = project(`architectures: [x86_64]
repositories:
  - { id: base, baseurl: $mirror/$basearch }
  - { id: nightly, baseurl: $mirror/new, enabled: false }
sets: { web: { packages: [app] } }
`);
    await made.run('update', '--enable-repo', 'night*');
    expect(made.locked('web-x86_64')).toEqual(['app-4-1.noarch']);
    const { exitCode, stderr } = await made.run('update', '--enable-repo', 'nigthly');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('did you mean `nightly`?') });
  });

  test('ids with variables are named as they are without them, or as the manifest writes them', async () => {
    const made = project(`architectures: [x86_64]
repositories:
  - { id: base-$basearch, baseurl: $mirror/$basearch }
  - { id: nightly-$basearch, baseurl: $mirror/new, enabled: false }
sets: { web: { packages: [app] } }
`);
    for (const id of ['nightly-x86_64', 'nightly-x86*', 'nightly-$basearch', 'nightly-${basearch}']) {
      const enabled = id.includes('{') ? ['--enable-repo', 'nightly-$basearch'] : ['--enable-repo', id];
      expect(await versions(made, 'resolve', 'app', ...enabled), id).toEqual(['4']);
      const only = id.includes('*') ? 'base-x86_64' : id.replace('nightly', 'base');
      expect(await versions(made, 'resolve', 'app', ...enabled, '--repo', only), id).toEqual(['1']);
    }
    const { exitCode, stderr } = await made.run('resolve', 'app', '--repo', 'base-s390x');
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining('repositories are: base-x86_64, nightly-x86_64') });
  });

  test('--set-variable and --releasever are in the URLs of this run', async () => {
    const made = project(`architectures: [x86_64]
variables: { COMPOSE: old }
repositories: [{ id: base, baseurl: "$mirror/$COMPOSE" }, { id: release, baseurl: "$mirror/$releasever" }]
releasever: old
sets: { web: { packages: [app] } }
`);
    await made.run('update');
    expect(made.locked('web-x86_64')).toEqual(['app-3-1.noarch']);
    expect(await versions(made, 'resolve', 'app', '--set-variable', 'COMPOSE=new')).toEqual(['4']);
    expect(await versions(made, 'resolve', 'app', '--releasever', 'new')).toEqual(['4']);
    for (const [word, hint] of [
      ['COMPOSE', 'for example: --set-variable COMPOSE=latest'],
      ['releasever=9', 'use --releasever VERSION'],
    ] as const) {
      const { exitCode, stderr } = await made.run('update', '--set-variable', word);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(hint) });
    }
  });

  test('add and bump edit the manifest and use the repositories of the run', async () => {
    const made = project();
    writeRepository(`${made.directory}/extra`, ['tool-1-1.noarch']);
    expect((await made.run('add', 'tool', '--repo', 'extra=./extra')).exitCode).toBe(0);
    expect(made.locked('web-s390x')).toEqual(['app-1-1.noarch', 'tool-1-1.noarch']);
  });

  test('an id that the manifest has, a file that is not there and an unknown distribution are refused', async () => {
    const made = project();
    made.write('other.yaml', '\nrepositories:\n- name: x\n  baseurl: https://x.example.org/\n');
    for (const [words, text] of [
      [['--repo', 'base=./extra'], 'the manifest has a repository `base` already'],
      [['--repo', 'extra'], 'is neither an id nor `ID=URL`'],
      [['--repofile', 'none.repo'], 'cannot be read: it does not exist'],
      [['--repofile', 'other.yaml'], 'other.yaml:2: an option before the first `[repository]`\n\nhint: use a file with sections'],
      [['--distribution', 'fedroa'], 'did you mean `fedora`?'],
    ] as const) {
      const { exitCode, stderr } = await made.run('update', ...words);
      expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(text) });
    }
  });
});
