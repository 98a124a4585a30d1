import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cliProject } from '../helpers/cli-project.ts';
import { fixture } from '../helpers/fixtures.ts';
import { type OciRegistry, PASSWORD, startOciRegistry, USER } from '../helpers/oci-registry.ts';

const DATABASE = gunzipSync(readFileSync(fixture('rpmdb/rpmdb.sqlite.gz')));
const OTHER = gunzipSync(readFileSync(fixture('rpmdb/Packages.gz')));
let registry: OciRegistry;

beforeAll(async () => {
  registry = await startOciRegistry();
});
afterAll(() => registry.close());

/** A project on the fixtures' mirror; `set` is the rest of the only set. */
function project(set: string) {
  const made = cliProject();
  made.env['RPM_DEPS_MIRROR'] = `file://${fixture('mirror')}`;
  made.env['REGISTRY_AUTH_FILE'] = join(made.directory, 'auth.json');
  made.write('auth.json', JSON.stringify({ auths: { [registry.host]: { auth: Buffer.from(`${USER}:${PASSWORD}`).toString('base64') } } }));
  made.write('rpm-packages.yaml', `architectures: [x86_64]\nsets:\n  app:\n${set.replace(/^/gm, '    ')}\n`);
  return made;
}

const image = (digestOrTag: string): string => `${registry.host}/os/base${digestOrTag}`;
const push = (tag: string, database: Uint8Array, file = 'rpmdb.sqlite'): Promise<string> =>
  registry.push('os/base', tag, { amd64: [[{ path: `var/lib/rpm/${file}`, bytes: database }]] });

describe('a set on top of an image', () => {
  test('locks only what the image lacks, with the image and what is installed in it', async () => {
    const digest = await push('1', DATABASE);
    const made = project(`base: { image: "${image(':1')}" }\npackages: [acl, bash]`);
    const ran = await made.run('update');
    expect(ran.stderr).toBe('');
    const names = made.locked('app-x86_64');
    expect(names.some((name) => name.startsWith('bash-'))).toBe(true);
    // Both are in the image.
    expect(names.some((name) => /^(?:acl|basesystem)-/.test(name))).toBe(false);
    const lock = made.readLock('app-x86_64');
    expect(lock).toMatchObject({ schema_version: '1.2', base: { image: image(':1'), digest } });
    expect(lock.base?.installed_digest).toMatch(/^sha256:/);
    expect((await made.run('check')).exitCode).toBe(0);
  });

  test('keeps the image that was locked until an update', async () => {
    const first = await push('moving', DATABASE);
    const made = project(`base: { image: "${image(':moving')}" }\npackages: [bash]`);
    await made.run('update');
    const second = await registry.push('os/base', 'moving', {
      amd64: [
        [
          { path: 'var/lib/rpm/Packages', bytes: OTHER },
          { path: 'etc/new', bytes: Buffer.from('x') },
        ],
      ],
    });
    expect(second).not.toBe(first);
    await made.run('lock');
    expect(made.readLock('app-x86_64').base?.digest).toBe(first);
    await made.run('update');
    expect(made.readLock('app-x86_64').base?.digest).toBe(second);
  });

  test('is told to be outdated by its tag, and a diff tells what is different in it', async () => {
    const first = await push('newer', DATABASE);
    const made = project(`base: { image: "${image(':newer')}" }\npackages: [bash]`);
    await made.run('update');
    expect((await made.run('outdated', '--exit-code')).stdout).not.toContain('newer base');
    made.write('old/app-x86_64.lock.json', readFileSync(join(made.directory, 'rpm-lockfiles/app-x86_64.lock.json'), 'utf8'));
    const second = await push('newer', gunzipSync(readFileSync(fixture('rpmdb/Packages.db.gz'))), 'Packages.db');
    const [state, now] = [first, second].map((digest) => ({ place: image(':newer'), containerfile: null, digest }));
    const outdated = await made.run('outdated', '--json', '--exit-code');
    expect(outdated.exitCode).toBe(1);
    const { bases } = JSON.parse(outdated.stdout) as { bases: unknown[] };
    expect(bases).toMatchObject([{ before: state, after: now, installed: [{ package_set: 'app', architecture: 'x86_64' }] }]);
    expect((await made.run('outdated')).stdout).toContain(`newer base\n  ${image(':newer')} (${first.slice(0, 19)}) -> `);
    // The lockfile is checked without a look at the registry.
    expect((await made.run('check')).exitCode).toBe(0);
    const unknown = await made.run('outdated', '--offline');
    expect(unknown.stderr).toContain('cannot look for a newer base');

    await made.run('update');
    const diff = await made.run('diff', 'old', '--json');
    expect((JSON.parse(diff.stdout) as { bases: unknown[] }).bases).toEqual(bases);
    expect((await made.run('diff', 'old')).stdout).toContain('Base\n');
    expect((await made.run('diff', 'old', '--format', 'markdown')).stdout).toContain('- base: `');
  });

  test('whose newer image lacks an architecture, or is gone, is named by `outdated`, which goes on', async () => {
    const part = (path: string) => [[{ path: 'var/lib/rpm/rpmdb.sqlite', bytes: DATABASE }], [{ path, bytes: Buffer.from('x') }]];
    await registry.push('os/base', 'fewer', { amd64: part('etc/a'), arm64: part('etc/a') });
    const made = project(`base: { image: "${image(':fewer')}" }\npackages: [bash]`);
    made.write('rpm-packages.yaml', made.read('rpm-packages.yaml').replace('[x86_64]', '[x86_64, aarch64]'));
    await made.run('update');
    await registry.push('os/base', 'fewer', { amd64: part('etc/b') });
    const ran = await made.run('outdated');
    expect([ran.exitCode, ran.stdout]).toEqual([0, expect.stringContaining('newer base\n')]);
    expect(ran.stderr).toContain('has no variant for aarch64');
    made.write('rpm-packages.yaml', made.read('rpm-packages.yaml').replace(':fewer', ':gone'));
    expect((await made.run('outdated')).stderr).toContain('has no manifest gone');
  });

  test('is found through a Containerfile', async () => {
    await push('1', DATABASE);
    const made = project('base: { containerfile: Containerfile, stage: app }\npackages: [bash]');
    made.write('Containerfile', `ARG TAG=1\nFROM ${image(':$TAG')} AS app\nRUN true\nFROM scratch\n`);
    await made.run('update');
    expect(made.readLock('app-x86_64').base).toMatchObject({ image: image(':1'), containerfile: 'Containerfile' });
  });

  test('that cannot be read leaves everything as it is', async () => {
    for (const [set, code, text] of [
      [`base: { image: "${image(':none')}" }`, 4, 'has no manifest none'],
      ['base: { image: ubi9 }', 2, 'full name'],
      ['base: { rpmdb: nowhere }', 4, 'has no rpm database'],
      ['base: { containerfile: Nowhere }', 2, 'cannot be read'],
      ['base: { image: a.test/b:1, rpmdb: c }', 2, 'exactly one of'],
      ['upgrade: [bash]', 2, 'needs `base`'],
    ] as const) {
      const made = project(`${set}\npackages: [bash]`);
      const before = made.files();
      const ran = await made.run('update');
      expect([set, ran.exitCode]).toEqual([set, code]);
      expect(ran.stderr).toContain(text);
      expect(made.files()).toEqual(before);
    }
  });
});

test('a folder with an rpm database, and a list of packages, are bases too', async () => {
  const made = project('base: { rpmdb: root }\npackages: [bash]');
  mkdirSync(join(made.directory, 'root/usr/lib/sysimage/rpm'), { recursive: true });
  writeFileSync(join(made.directory, 'root/usr/lib/sysimage/rpm/rpmdb.sqlite'), DATABASE);
  await made.run('update');
  const withFolder = made.locked('app-x86_64');
  const listed = project(
    'base: { packages: [basesystem-0:11-13.el9.noarch, tzdata-0:2024b-2.el9.noarch, acl-0:2.3.1-4.el9.x86_64, libselinux-0:3.6-1.el9.x86_64, "libstdc++-0:11.5.0-4.el9.x86_64"] }\npackages: [bash]',
  );
  await listed.run('update');
  expect(listed.locked('app-x86_64').filter((name) => !name.startsWith('centos-gpg-keys'))).toEqual(withFolder);
});

test('what is upgraded names the package that it replaces', async () => {
  const made = project('base: { packages: [basesystem-0:11-13.el9.noarch, acl-0:2.3.1-4.el9.x86_64] }\nreinstall: [acl]\npackages: []');
  const ran = await made.run('update');
  expect(ran.stderr).toBe('');
  const acl = made.readLock('app-x86_64').packages.find(({ name }) => name === 'acl');
  expect(acl).toMatchObject({ replaces: ['acl-0:2.3.1-4.el9.x86_64'] });
  made.write('old/app-x86_64.lock.json', JSON.stringify({ ...made.readLock('app-x86_64'), packages: [] }));
  const diff = await made.run('diff', 'old', '--json');
  expect(JSON.parse(diff.stdout)).toMatchObject({
    replaced: [{ package: 'acl', version: '2.3.1-4.el9', replaces: ['acl-0:2.3.1-4.el9.x86_64'] }],
  });
  expect((await made.run('diff', 'old')).stdout).toContain('acl 2.3.1-4.el9 replaces acl-0:2.3.1-4.el9.x86_64');
  expect((await made.run('diff', 'old', '--format', 'markdown')).stdout).toContain('`acl 2.3.1-4.el9` replaces `acl-0:2.3.1-4.el9.x86_64`');
});
