/** A run never moves a locked package down, nor takes metadata older than that of its lock, unless somebody asks for it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CliProject, cliProject, runCli } from '../helpers/cli-project.ts';
import { corpus } from '../helpers/corpus.ts';
import { writeRepository } from '../helpers/small-mirror.ts';

const OLD = ['app-1-1.x86_64 requires: lib', 'lib-1-1.x86_64', 'tool-1-1.x86_64'];
const NEW = ['app-2-1.x86_64 requires: lib >= 2', 'lib-2-1.x86_64', 'tool-2-1.x86_64'];
const [T1, T2, T3] = [1736000000, 1736100000, 1736200000];

/** Locked from the newer state. */
async function locked(sets = 'sets: { web: { architectures: [x86_64], packages: [app, tool] } }\n'): Promise<CliProject> {
  const made = cliProject(sets);
  made.mirror('x86_64', [...NEW, ...OLD], { timestamp: T2 });
  expect((await made.run('update')).exitCode).toBe(0);
  return made;
}

const edit = (made: CliProject, from: string, to: string): void =>
  made.write('rpm-packages.yaml', made.read('rpm-packages.yaml').replace(from, to));

describe('a mirror that is behind', () => {
  test.each(['update', 'lock', 'update app', 'update --keep-going', 'update --dry-run'])(
    '%s refuses it and writes nothing',
    async (line) => {
      const made = await locked();
      made.mirror('x86_64', OLD, { timestamp: T1 });
      const before = made.files();
      const { exitCode, stderr } = await made.run(...line.split(' '));
      expect(exitCode).toBe(4);
      expect(stderr).toContain('2025-01-04 14:13:20 UTC');
      expect(stderr).toContain('2025-01-05 18:00:00 UTC');
      expect(stderr).toMatch(/hint: the mirror may be behind: try again later/);
      expect(made.files()).toEqual(before);
    },
  );

  test('--json has the code, and bump is refused as well', async () => {
    const made = await locked('versions: { APP: 2-1 }\nsets: { web: { architectures: [x86_64], packages: ["app-${APP}"] } }\n');
    made.mirror('x86_64', OLD, { timestamp: T1 });
    const before = made.files();
    expect((await made.run('update', '--json')).json).toMatchObject({ error: { code: 'MIRROR_BEHIND' } });
    const bumped = await made.run('bump', '--json');
    expect([bumped.exitCode, bumped.json]).toMatchObject([4, { error: { code: 'MIRROR_BEHIND', repositories: ['base'] } }]);
    expect(made.files()).toEqual(before);
  });

  test('is refused even where no package would change', async () => {
    const made = await locked();
    made.mirror('x86_64', [...NEW, ...OLD, 'other-1-1.x86_64'], { timestamp: T1 });
    expect((await made.run('update')).exitCode).toBe(4);
  });

  test('is taken with --allow-downgrade, which says what goes down in warning, title and diff', async () => {
    const made = await locked();
    made.mirror('x86_64', OLD, { timestamp: T1 });
    const { exitCode, stdout, stderr } = await made.run('update', '--allow-downgrade', '--pr-title', '--pr-body', 'body.md');
    expect([exitCode, stdout]).toEqual([0, 'rpm lockfiles: downgrade app, lib, tool\n']);
    expect(stderr).toMatch(/warning: .*`app`, `lib`, `tool` downgraded from 2-1 to 1-1/);
    expect(made.read('body.md')).toContain('downgrade');
    expect(made.locked('web-x86_64')).toEqual(['app-1-1.x86_64', 'lib-1-1.x86_64', 'tool-1-1.x86_64']);
  });

  test('is passed over for another mirror of the repository that is not', async () => {
    const made = await locked();
    made.mirror('behind', OLD, { timestamp: T1 });
    made.mirror('x86_64', ['app-3-1.x86_64', ...NEW, ...OLD], { timestamp: T3 });
    edit(made, 'baseurl: $mirror/$basearch', 'baseurl: [$mirror/behind, $mirror/$basearch]');
    expect((await made.run('update')).exitCode).toBe(0);
  });

  test.each(['outdated', 'check --online'])('%s warns of it, and compares with another mirror that is not behind', async (line) => {
    const made = await locked();
    made.mirror('behind', OLD, { timestamp: T1 });
    edit(made, 'baseurl: $mirror/$basearch', 'baseurl: [$mirror/behind, $mirror/$basearch]');
    const compared = await made.run(...line.split(' '), '--json');
    expect(compared.json).toMatchObject({ warnings: [] });
    expect(compared.stdout).not.toContain('"gone"');
    made.mirror('x86_64', OLD, { timestamp: T1 });
    const text = expect.stringMatching(
      /base is of 2025-01-04 14:13:20 UTC, older than that of the lock, 2025-01-05 18:00:00 UTC: the mirror may/,
    );
    expect((await made.run(...line.split(' '), '--json')).json).toMatchObject({
      warnings: [{ code: 'METADATA_OLDER', text, set: 'web', architecture: 'x86_64' }],
    });
    expect((await made.run(...line.split(' '))).stderr).toMatch(/^warning: .*the metadata of base is of 2025-01-04/m);
  });

  test.each(['outdated', 'check --online'])('%s warns of it once for all architectures', async (line) => {
    const made = cliProject('sets: { web: { packages: [app] } }\n');
    for (const arch of ['x86_64', 's390x']) made.mirror(arch, [`app-2-1.${arch}`], { timestamp: T2 });
    expect((await made.run('update')).exitCode).toBe(0);
    for (const arch of ['x86_64', 's390x']) made.mirror(arch, [`app-1-1.${arch}`], { timestamp: T1 });
    const warnings = (await made.run(...line.split(' '))).stderr.split('\n').filter((text) => text.startsWith('warning:'));
    expect(warnings).toEqual([expect.stringContaining('all 2 locks: the metadata of base is of')]);
  });

  test('is refused behind another `mirror` of the manifest too, and passed over where the list of URLs begins with it', async () => {
    const made = cliProject('sets: { web: { architectures: [x86_64], packages: [app, tool] } }\n');
    made.env['RPM_DEPS_MIRROR'] = undefined;
    const manifest = made.read('rpm-packages.yaml');
    const writeWith = (mirror: string, text = manifest): void =>
      made.write('rpm-packages.yaml', `mirror: file://${made.directory}/${mirror}\n${text}`);
    made.mirror('x86_64', [...NEW, ...OLD], { timestamp: T2 });
    writeRepository(join(made.directory, 'behind/x86_64'), OLD, { timestamp: T1 });
    writeWith('mirror');
    expect((await made.run('update')).exitCode).toBe(0);
    writeWith('behind');
    expect((await made.run('update', '--json')).json).toMatchObject({ error: { code: 'MIRROR_BEHIND' } });
    const behindFirst = `baseurl: ["file://${made.directory}/behind/$basearch", $mirror/$basearch]`;
    writeWith('mirror', manifest.replace('baseurl: $mirror/$basearch', behindFirst));
    expect((await made.run('update')).exitCode).toBe(0);
    expect(made.locked('web-x86_64')).toEqual(['app-2-1.x86_64', 'lib-2-1.x86_64', 'tool-2-1.x86_64']);
  });

  test('a remembered answer of that mirror is not taken from the cache either', async () => {
    const made = cliProject('sets: { web: { architectures: [x86_64], packages: [app] } }\n');
    for (const [name, lines, timestamp] of [
      ['old', OLD, T1],
      ['new', NEW, T2],
    ] as const) {
      mkdirSync(join(made.directory, name));
      writeRepository(join(made.directory, name, 'x86_64'), lines, { timestamp });
    }
    for (const name of ['old', 'new']) expect((await made.run('update', '--mirror', name)).exitCode).toBe(0);
    expect((await made.run('update', '--mirror', 'old')).exitCode).toBe(4);
    expect(made.locked('web-x86_64')).toContain('app-2-1.x86_64');
  });
});

describe('a locked package that would go down', () => {
  test('is refused where the mirror has withdrawn it, with both versions', async () => {
    const made = await locked();
    made.mirror('x86_64', [...OLD, ...NEW.slice(1)], { timestamp: T3 });
    const before = made.files();
    const { exitCode, json } = await made.run('update', '--json');
    expect([exitCode, json]).toMatchObject([4, { error: { code: 'DOWNGRADE' } }]);
    expect((await made.run('lock')).stderr).toContain('app: 2-1 is locked, 1-1 is the newest available version');
    expect(made.files()).toEqual(before);
  });

  test('--allow-downgrade NAME is for that package alone', async () => {
    const made = await locked();
    made.mirror('x86_64', OLD, { timestamp: T3 });
    const refused = await made.run('update', '--allow-downgrade', 'app', '--allow-downgrade', 'lib');
    expect([refused.exitCode, refused.stderr]).toEqual([4, expect.stringContaining('tool')]);
    expect(refused.stderr).not.toMatch(/app: 2-1/);
    expect((await made.run('update', '--allow-downgrade=app', '--allow-downgrade=lib', '--allow-downgrade=tool')).exitCode).toBe(0);
  });

  test('stays where another answer leaves it where it is', async () => {
    const made = await locked();
    // The newest `app` needs an old `lib`; the locked one does not.
    made.mirror('x86_64', ['app-3-1.x86_64 requires: lib < 2', ...NEW, ...OLD], { timestamp: T3 });
    expect((await made.run('update')).exitCode).toBe(0);
    expect(made.locked('web-x86_64')).toEqual(['app-2-1.x86_64', 'lib-2-1.x86_64', 'tool-2-1.x86_64']);
  });

  test('goes down for a pin in the manifest, together with what that needs, and nothing else does', async () => {
    const made = await locked();
    edit(made, 'packages: [app, tool]', 'packages: [app-1, lib-1, tool]');
    const { exitCode, stderr, stdout } = await made.run('lock', '--pr-title');
    expect([exitCode, stdout]).toEqual([0, 'rpm lockfiles: downgrade app, lib\n']);
    expect(stderr).toMatch(/warning: .*`app`, `lib` downgraded from 2-1 to 1-1/);
    expect(made.locked('web-x86_64')).toEqual(['app-1-1.x86_64', 'lib-1-1.x86_64', 'tool-2-1.x86_64']);
  });

  test('goes down for a hold, an exclude, and a repository that comes first', async () => {
    for (const change of [
      (made: CliProject) =>
        made.write('rpm-packages.yaml', `${made.read('rpm-packages.yaml')}holds: [{ package: tool, version: "1*", reason: broken }]\n`),
      (made: CliProject) => edit(made, 'packages: [app, tool]', 'packages: [app, tool], exclude: [tool-2*]'),
      (made: CliProject) => {
        made.mirror('first', OLD.slice(2), { timestamp: T2 });
        edit(made, 'repositories:\n', 'repositories:\n  - { id: first, baseurl: $mirror/first, priority: 1 }\n');
      },
    ]) {
      const made = await locked();
      change(made);
      const { exitCode, stderr } = await made.run('update');
      expect([exitCode, stderr]).toEqual([0, expect.stringContaining('`tool` downgraded')]);
      expect(made.locked('web-x86_64')).toEqual(['app-2-1.x86_64', 'lib-2-1.x86_64', 'tool-1-1.x86_64']);
    }
  });

  test('is refused where the mirror makes an older stream the default, and goes down where the manifest enables it', async () => {
    const made = cliProject('sets: { web: { architectures: [x86_64], packages: [app] } }\n');
    const stream = (name: string): string => `---
document: modulemd
version: 2
data:
  name: app
  stream: "${name}"
  version: 1
  context: c${name}
  arch: x86_64
  summary: s
  description: d
  license: {module: [MIT]}
  artifacts: {rpms: ["app-0:${name}-1.x86_64"]}
...
`;
    const writeWith = (byDefault: string, timestamp: number): void =>
      made.mirror('x86_64', ['app-1-1.x86_64', 'app-2-1.x86_64'], {
        timestamp,
        modules: `${stream('1')}${stream('2')}---\ndocument: modulemd-defaults\nversion: 1\ndata: {module: app, stream: "${byDefault}"}\n...\n`,
      });
    writeWith('2', T1);
    expect((await made.run('update')).exitCode).toBe(0);
    writeWith('1', T2);
    for (const command of ['update', 'lock'])
      expect((await made.run(command, '--json')).json, command).toMatchObject({ error: { code: 'DOWNGRADE' } });
    edit(made, 'sets:', 'modules: { enable: ["app:1"] }\nsets:');
    expect((await made.run('lock')).exitCode).toBe(0);
    expect(made.locked('web-x86_64')).toEqual(['app-1-1.x86_64']);
  });

  test('goes down with a repository that the manifest has no more', async () => {
    const made = cliProject('sets: { web: { architectures: [x86_64], packages: [tool] } }\n');
    made.mirror('x86_64', OLD, { timestamp: T1 });
    made.mirror('extra', NEW, { timestamp: T2 });
    edit(made, 'repositories:\n', 'repositories:\n  - { id: extra, baseurl: $mirror/extra }\n');
    await made.run('update');
    expect(made.locked('web-x86_64')).toEqual(['tool-2-1.x86_64']);
    edit(made, '  - { id: extra, baseurl: $mirror/extra }\n', '');
    const { exitCode, stderr } = await made.run('update');
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('`tool` downgraded')]);
  });
});

describe('a pin of a person', () => {
  const PINNED = 'versions: { APP: 2-1 }\nsets: { web: { architectures: [x86_64], packages: ["app-${APP}"] } }\n';

  test('that the mirror dropped is PIN_GONE, and bump takes nothing older by itself', async () => {
    const made = await locked(PINNED);
    made.mirror('x86_64', OLD, { timestamp: T3 });
    expect((await made.run('update', '--json')).json).toMatchObject({ error: { code: 'PIN_GONE' } });
    const refused = await made.run('bump');
    expect([refused.exitCode, refused.stderr]).toEqual([6, expect.stringContaining('only older versions are available')]);
    const { exitCode, stdout } = await made.run('bump', '--allow-downgrade', 'APP', '--allow-downgrade', 'lib', '--pr-title');
    expect([exitCode, stdout]).toEqual([0, 'rpm lockfiles: downgrade APP to 1-1\n']);
  });

  test('goes to an older version with --to, and nothing else does', async () => {
    const made = await locked(PINNED);
    const { exitCode, stdout } = await made.run('bump', 'APP', '--to', '1-1', '--pr-title');
    expect([exitCode, stdout]).toEqual([0, 'rpm lockfiles: downgrade APP to 1-1\n']);
    expect(made.locked('web-x86_64')).toEqual(['app-1-1.x86_64', 'lib-2-1.x86_64']);
  });

  test('a range that no version meets is not a pin that was lost', async () => {
    const made = await locked();
    edit(made, 'packages: [app, tool]', 'packages: ["app >= 9", "tool-9*"]');
    const { exitCode, json } = await made.run('update', '--json');
    expect([exitCode, json]).toMatchObject([2, { error: { code: 'NO_SUCH_PACKAGE' } }]);
  });
});

describe('the repository in a lock', () => {
  const urls = (made: CliProject): (string | undefined)[] => made.readLock('web-x86_64').repositories!.map(({ baseurl }) => baseurl);

  test('is that of the manifest, whatever mirror was read', async () => {
    const made = await locked();
    expect(urls(made)).toEqual(['https://mirror.stream.centos.org/x86_64']);
    expect((await made.run('check')).exitCode).toBe(0);
    made.write('rpm-packages.yaml', `mirror: https://own.example.org/centos/\n${made.read('rpm-packages.yaml')}`);
    const { exitCode, stdout } = await made.run('check');
    expect([exitCode, stdout]).toEqual([1, expect.stringContaining('https://own.example.org/centos/x86_64 in the manifest')]);
    expect((await made.run('lock')).exitCode).toBe(0);
    expect(urls(made)).toEqual(['https://own.example.org/centos/x86_64']);
    expect((await made.run('check')).exitCode).toBe(0);
  });

  test('a lock with the URL of a mirror gets that of the manifest, and diff shows no change', async () => {
    const made = await locked();
    const good = made.read('rpm-lockfiles/web-x86_64.lock.json');
    made.write('rpm-lockfiles/web-x86_64.lock.json', good.replace('https://mirror.stream.centos.org', 'file:///srv/mirror'));
    made.write('before/web-x86_64.lock.json', made.read('rpm-lockfiles/web-x86_64.lock.json'));
    expect((await made.run('check')).stdout).toContain('file:///srv/mirror/x86_64 in the lock');
    expect((await made.run('update')).exitCode).toBe(0);
    expect(made.read('rpm-lockfiles/web-x86_64.lock.json')).toBe(good);
    const { exitCode, stdout } = await made.run('diff', 'before', 'rpm-lockfiles', '--exit-code');
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('no changes')]);
  });
});

const shared = corpus();

describe.skipIf(shared === undefined)('two dates of a real mirror', () => {
  test('the older one is refused by update and lock, and a title says downgrade where it is allowed', async () => {
    const made = cliProject();
    made.write('rpm-packages.yaml', 'architectures: [x86_64]\nsets: { s: { packages: [glibc, lvm2] } }\n');
    const run = (...argv: string[]) => runCli(argv, { cwd: made.directory, env: made.env });
    const mirror = (date: string): string => join(shared!, 'mirror', date);
    expect((await run('update', '--mirror', mirror('2025-01-13'))).exitCode).toBe(0);
    const before = made.files();
    for (const command of ['update', 'lock']) expect((await run(command, '--mirror', mirror('2025-01-07'))).exitCode).toBe(4);
    expect(made.files()).toEqual(before);
    const { exitCode, stdout } = await run('update', '--mirror', mirror('2025-01-07'), '--allow-downgrade', '--pr-title');
    expect([exitCode, stdout]).toEqual([0, 'rpm lockfiles: downgrade glibc, libsepol, lvm2, systemd\n']);
  });
});
