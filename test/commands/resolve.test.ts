import { describe, expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';
import { queryProject } from '../helpers/query-project.ts';

const LINES = [
  'a-1-1.x86_64 requires: lib = 1',
  'a-2-1.x86_64 requires: lib = 2',
  'lib-1-1.x86_64',
  'lib-2-1.x86_64',
  'tool-1-1.x86_64 requires: lib >= 2',
  'foe-1-1.x86_64 conflicts: a',
];

/** No manifest: only a repository, and what is installed. */
function world() {
  const made = cliProject();
  made.mirror('x86_64', LINES);
  made.write('base.txt', '# the base\n\na-1-1.x86_64\nlib-0:1-1.x86_64\n');
  const repo = `r=file://${made.directory}/mirror/x86_64/`;
  return { ...made, ask: (...args: readonly string[]) => made.run('resolve', '--arch', 'x86_64', '--repo', repo, ...args) };
}

describe('resolve --repo ID=URL', () => {
  test('needs no manifest', async () => {
    const { ask } = world();
    const { exitCode, json } = await ask('tool', '--json');
    expect(exitCode).toBe(0);
    expect(json).toMatchObject({
      architecture: 'x86_64',
      packages: [
        { name: 'lib', version: '2', repository: 'r' },
        { name: 'tool', repository: 'r' },
      ],
    });
    expect(json).not.toHaveProperty('changes');
  });

  test('takes a folder, and refuses what is neither', async () => {
    const { run } = world();
    expect((await run('resolve', '--arch', 'x86_64', '--repo', 'r=mirror/x86_64', 'lib')).exitCode).toBe(0);
    const { exitCode, stderr } = await run('resolve', '--repo', '=x', 'lib');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is neither an id nor `ID=URL`') });
  });
});

describe('resolve --installed', () => {
  test('answers what is to be installed on top, and what it replaces', async () => {
    const { ask } = world();
    const { json } = await ask('tool', '--installed', 'base.txt', '--json');
    expect(json).toMatchObject({
      packages: [{ name: 'a', version: '2' }, { name: 'lib', version: '2' }, { name: 'tool' }],
      changes: [
        { package: 'a-0:2-1.x86_64', kind: 'upgrade', replaces: ['a-0:1-1.x86_64'] },
        { package: 'lib-0:2-1.x86_64', kind: 'upgrade', replaces: ['lib-0:1-1.x86_64'] },
        { package: 'tool-0:1-1.x86_64', kind: 'new', replaces: [] },
      ],
      removed: [],
    });
    expect((await ask('tool', '--installed', 'base.txt')).stdout).toContain('upgrade of lib-0:1-1.x86_64');
    expect((await ask('a', '--installed', 'base.txt')).stdout).toBe('nothing to do: the installed packages satisfy the request\n');
  });

  test('upgrades, removes, and lets packages go where that is allowed', async () => {
    const { ask } = world();
    const nevras = async (...args: readonly string[]): Promise<unknown> => {
      const { json } = await ask('--installed', 'base.txt', '--json', ...args);
      const { packages = [], removed } = json as { packages?: { name: string; version: string }[]; removed?: string[] };
      return { packages: packages.map(({ name, version }) => `${name}-${version}`), removed };
    };
    expect(await nevras('--upgrade', '*')).toEqual({ packages: ['a-2', 'lib-2'], removed: [] });
    expect(await nevras('--remove', 'a')).toEqual({ packages: [], removed: ['a-0:1-1.x86_64'] });
    expect(await nevras('--reinstall', 'lib')).toEqual({ packages: ['lib-1'], removed: [] });
    expect((await ask('--installed', 'base.txt', 'foe')).exitCode).toBe(3);
    expect(await nevras('foe', '--allow-erasing')).toEqual({ packages: ['foe-1'], removed: ['a-0:1-1.x86_64'] });
  });

  test('names the line that is no package, and the package that no repository has', async () => {
    const { ask, write } = world();
    write('bad.txt', 'a-1-1.x86_64\nnonsense\n');
    const bad = await ask('lib', '--installed', 'bad.txt');
    expect({ exitCode: bad.exitCode, stderr: bad.stderr }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('bad.txt:2: `nonsense`'),
    });
    write('gone.txt', 'a-7-1.x86_64\n');
    const gone = await ask('lib', '--installed', 'gone.txt');
    expect(gone.exitCode).toBe(3);
    expect(gone.stderr).toContain('`a-7-1.x86_64` is installed, but it is in none of the repositories');
    expect((await ask('lib', '--installed', 'absent.txt')).exitCode).toBe(2);
  });

  test('is needed for what concerns installed packages', async () => {
    const { ask } = world();
    const { exitCode, stderr } = await ask('--upgrade', 'lib');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--upgrade needs `--installed FILE`') });
    expect((await ask()).exitCode).toBe(2);
  });
});

test('resolve answers without a set, and explains what it cannot', async () => {
  const { run } = await queryProject();
  const { json } = await run('resolve', 'tool', '--arch', 's390x', '--json');
  expect(json).toMatchObject({
    architecture: 's390x',
    packages: [{ name: 'lib', epoch: '0', version: '1', release: '1', arch: 'noarch', repository: 'base' }, { name: 'tool' }],
  });
  expect((await run('resolve', 'tool', '--arch', 's390x')).stdout).toMatch(/^lib +noarch +1-1 +base$/m);
  const refused = await run('resolve', 'nothing', 'like-this', '--arch', 's390x', '--json');
  expect(refused.exitCode).toBe(3);
  expect(refused.json).toMatchObject({ architecture: 's390x', problems: [{ text: expect.stringContaining('nothing') }, {}] });
  expect((await run('resolve', 'lib-9-9')).exitCode).toBe(6);
  expect((await run('resolve', 'tool', '--exclude', 'li*')).exitCode).toBe(3);
  expect(await run('resolve', 'tool', '--repo', 'bsae')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('base') });
});

test('resolve needs no manifest: CentOS Stream on the mirror that is named', async () => {
  const { run } = cliProject();
  expect(await run('resolve', 'bash', '--mirror', '/nowhere', '--arch', 'amd64', '--repo', 'crb')).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('file:///nowhere/9-stream/CRB/x86_64/os/repodata/repomd.xml'),
  });
});

test('resolve enables the module streams that all sets have, unless the command line names another stream', async () => {
  const made = cliProject();
  const build = (stream: string, version: number): string =>
    `---\ndocument: modulemd\nversion: 2\ndata: { name: node, stream: "${stream}", version: 1, context: c${stream}, arch: x86_64, summary: s,
  description: d, license: { module: [MIT] }, artifacts: { rpms: ["node-0:${version}-1.x86_64"] } }\n...\n`;
  made.mirror('x86_64', ['node-18-1.x86_64', 'node-20-1.x86_64'], { modules: build('18', 18) + build('20', 20) });
  const write = (modules: string, sets: string): void =>
    made.write(
      'rpm-packages.yaml',
      `architectures: [x86_64]\nrepositories: [{ id: r, baseurl: $mirror/$basearch }]\nmodules: { ${modules} }\nsets: { ${sets} }\n`,
    );
  const version = async (...args: readonly string[]): Promise<unknown> => {
    const { json } = await made.run('resolve', 'node', '--json', ...args);
    return (json as { packages?: { version: string }[] }).packages?.map((found) => found.version);
  };
  write('enable: ["node:18"]', 'a: { packages: [node] }, b: { packages: [node] }');
  expect(await version()).toEqual(['18']);
  expect(await version('--enable-module', 'node:20')).toEqual(['20']);
  expect(await version('--disable-module', 'node')).toBeUndefined();
  const one = 'a: { packages: [node], modules: { enable: ["node:20"] } }';
  write('', one);
  expect(await version()).toEqual(['20']);
  write('', `${one}, b: { packages: [node] }`);
  expect(await version()).toBeUndefined();
});
