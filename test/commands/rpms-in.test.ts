import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { mirrorsOfRpmsLock, parseRpmsLock, renderRpmsLock } from '../../src/lockfile/rpms-lock.ts';
import { gitProject } from '../../src/project/git-project.ts';
import { cliProject } from '../helpers/cli-project.ts';
import { fixture } from '../helpers/fixtures.ts';
import { hermetoProblems } from '../helpers/hermeto-models.ts';
import { type OciRegistry, startOciRegistry } from '../helpers/oci-registry.ts';

let registry: OciRegistry;
beforeAll(async () => {
  registry = await startOciRegistry({ auth: 'none' });
});
afterAll(() => registry.close());

function project() {
  const made = cliProject();
  made.env['RPM_DEPS_MIRROR'] = undefined;
  made.write(
    'rpms.in.yaml',
    `contentOrigin:
  repos:
    - repoid: baseos
      baseurl: file://${fixture('mirror')}/9-stream/BaseOS/$basearch/os/
packages: [acl, { name: tzdata, arches: { only: x86_64 } }]
noSources: true
arches: [x86_64, s390x]
`,
  );
  return made;
}

test('rpms.in.yaml is locked to rpms.lock.yaml, as hermeto reads it, and checked, explained and updated', async () => {
  const made = project();
  expect((await made.run('lock')).exitCode).toBe(0);
  const text = made.read('rpms.lock.yaml');
  expect(hermetoProblems(parse(text))).toEqual([]);
  const lock = parse(text) as {
    lockfileVersion: number;
    lockfileVendor: string;
    arches: { arch: string; packages: Record<string, unknown>[] }[];
  };
  expect([lock.lockfileVersion, lock.lockfileVendor, lock.arches.map(({ arch }) => arch)]).toEqual([1, 'redhat', ['s390x', 'x86_64']]);
  const acl = lock.arches[1]!.packages.find(({ name }) => name === 'acl')!;
  expect(Object.keys(acl).slice(0, 7)).toEqual(['url', 'repoid', 'size', 'checksum', 'name', 'evr', 'sourcerpm']);
  expect(acl).toMatchObject({
    repoid: 'baseos',
    evr: '2.3.1-4.el9',
    sourcerpm: 'acl-2.3.1-4.el9.src.rpm',
    checksum: expect.stringMatching(/^sha256:/),
  });
  expect(lock.arches[1]!.packages.map(({ url }) => String(url))).toEqual(
    [...lock.arches[1]!.packages.map(({ url }) => String(url))].sort(),
  );
  expect((await made.run('check')).exitCode).toBe(0);
  expect((await made.run('why', 'libacl')).stdout).toContain('acl -> libacl');
  for (const command of [['lock'], ['update'], ['update', 'acl']]) {
    expect((await made.run(...command)).exitCode).toBe(0);
    expect(made.read('rpms.lock.yaml')).toBe(text);
  }
  made.write('rpms.in.yaml', made.read('rpms.in.yaml').replace('[acl,', '[acl, bash,'));
  expect((await made.run('check')).exitCode).toBe(1);
});

test('one architecture is locked and the others stay', async () => {
  const made = project();
  await made.run('lock');
  const [before] = (await parseRpmsLock(made.read('rpms.lock.yaml'), 'x')).filter(({ architecture }) => architecture === 's390x');
  made.write('rpms.in.yaml', made.read('rpms.in.yaml').replace('[acl,', '[acl, which,'));
  expect((await made.run('lock', '--arch', 'x86_64')).exitCode).toBe(0);
  const after = await parseRpmsLock(made.read('rpms.lock.yaml'), 'x');
  expect(after.find(({ architecture }) => architecture === 's390x')).toEqual(before);
  expect(after.find(({ architecture }) => architecture === 'x86_64')!.packages.some(({ name }) => name === 'which')).toBe(true);
});

test('a lock comes back as it was written, and a file of the other tool is read', async () => {
  const made = project();
  await made.run('lock');
  const text = made.read('rpms.lock.yaml');
  const locks = await parseRpmsLock(text, 'rpms.lock.yaml');
  expect(renderRpmsLock(locks, { own: true })).toBe(text);
  const theirs = text.replace(/rpm_deps:[\s\S]*$/, '').replace(/^ {4}dependencies: .*\n/gm, '');
  const [lock] = await parseRpmsLock(theirs, 'rpms.lock.yaml');
  expect(lock).toMatchObject({ schema_version: '1.0', architecture: 's390x', package_set: 'rpms' });
  made.write('rpms.lock.yaml', theirs);
  // What was asked for is not known: it is stale, and locking again keeps every version.
  const stale = await made.run('check');
  expect([stale.exitCode, stale.stdout]).toEqual([
    1,
    ['x86_64', 's390x']
      .map(
        (name) => `rpms.lock.yaml (${name}): another tool wrote the lockfile, which does not record the request\n    fix: rpm-deps lock\n`,
      )
      .join(''),
  ]);
  expect((await made.run('lock')).exitCode).toBe(0);
  expect(made.read('rpms.lock.yaml')).toBe(text);
});

test('merge conflict markers and other damage are refused with their reason', async () => {
  const made = project();
  await made.run('lock');
  const text = made.read('rpms.lock.yaml');
  for (const broken of [
    text.replace('lockfileVersion: 1', '<<<<<<< ours\nlockfileVersion: 1'),
    text.replace('lockfileVersion: 1', 'lockfileVersion: 2'),
    'a: [',
    'x: 1\n',
  ]) {
    made.write('rpms.lock.yaml', broken);
    const ran = await made.run('lock');
    expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining('rpms.lock.yaml')]);
    expect(made.read('rpms.lock.yaml')).toBe(broken);
  }
});

/** A repository of small packages, and git. */
function smallProject() {
  const made = cliProject();
  made.mirror('x86_64', ['app-1-1.noarch requires: lib', 'lib-1-1.noarch']);
  made.write('my.repo', `[base-$basearch-rpms]\nbaseurl=file://${made.directory}/mirror/$basearch\ngpgcheck=1\n`);
  made.write('rpms.in.yaml', 'contentOrigin: { repofiles: [./my.repo] }\npackages: [app]\nnoSources: true\narches: [x86_64]\n');
  made.write('.gitignore', 'mirror\n.cache\n');
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', made.directory, '-c', 'user.name=Ann', '-c', 'user.email=ann@example.org', ...args], { encoding: 'utf8' });
  return { made, git };
}

test('diff compares revisions of rpms.lock.yaml, and outdated and update NAME move one package', async () => {
  const { made, git } = smallProject();
  expect((await made.run('lock')).exitCode).toBe(0);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('commit', '-q', '-m', 'start');
  made.mirror('x86_64', ['app-1-1.noarch requires: lib', 'lib-1-1.noarch', 'app-2-1.noarch requires: lib', 'lib-2-1.noarch'], {
    timestamp: 1736000001,
  });
  expect((await made.run('outdated')).stdout).toMatch(/app[\s\S]*lib/);
  expect((await made.run('update', 'lib', '--json')).json).toMatchObject({ diff: { sources: [{ source: 'lib' }] } });
  const [lock] = await parseRpmsLock(made.read('rpms.lock.yaml'), 'x');
  expect(lock!.packages.map(({ name, version }) => `${name}-${version}`)).toEqual(['app-1', 'lib-2']);
  expect((await made.run('diff')).stdout).toContain('lib');
  git('commit', '-qam', 'lib');
  expect((await made.run('diff', 'HEAD~1..HEAD')).stdout).toContain('lib');
  expect((await made.run('diff')).stdout).toContain('no changes');
  const project = gitProject({
    directory: made.directory,
    revision: 'HEAD',
    gitEnvironment: { PATH: process.env['PATH'], HOME: made.directory },
    author: { name: 'Ann', email: 'ann@example.org' },
    now: () => new Date('2025-01-13T12:00:00Z'),
  });
  expect((await project.manifest()).repositories.map(({ id }) => id)).toEqual(['base-$basearch-rpms']);
  expect(await project.locks()).toEqual([lock]);
  await project.write({ locks: [{ ...lock!, packages: lock!.packages.slice(1) }] });
  const written = await parseRpmsLock(git('show', `${await project.revision()}:rpms.lock.yaml`), 'x');
  expect(written.map(({ packages }) => packages.map(({ name }) => name))).toEqual([['lib']]);
});

test('a .repo file may be at a URL; where that does not answer, the last answer counts', async () => {
  const { made } = smallProject();
  const server = createServer((_, response) => response.end(made.read('my.repo')));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  made.write('rpms.in.yaml', made.read('rpms.in.yaml').replace('./my.repo', `"http://127.0.0.1:${port}/my.repo"`));
  expect((await made.run('lock')).exitCode).toBe(0);
  await new Promise((done) => server.close(done));
  expect((await made.run('check')).exitCode).toBe(0);
  made.write('rpms.in.yaml', made.read('rpms.in.yaml').replace('/my.repo', '/other.repo'));
  const lost = await made.run('check');
  expect([lost.exitCode, lost.stderr]).toEqual([2, expect.stringMatching(/rpms\.in\.yaml:1:\d+: .*other\.repo refuses connections/)]);
});

test('a package whose file has another name than rpm would give it comes back as it was locked', async () => {
  const lock: Lockfile = {
    ...{ schema_version: '1.2', architecture: 'x86_64', package_set: 'rpms', generated: '2025-01-13T12:00:00Z', generator: 'x' },
    ...{ manifest_digest: `sha256:${'0'.repeat(64)}`, requested: ['app'], ignored: [] },
    repositories: [{ id: 'r', baseurl: 'https://r.test/', revision: '1', repomd_sha256: '0'.repeat(64) }],
    packages: ['a/latest.rpm', 'b/latest.rpm'].map((location, i) => ({
      ...{ name: `app${i}`, epoch: '1', version: '1', release: '1', arch: 'noarch', sha256: String(i).repeat(64) },
      ...{ digest: `sha512:${String(i).repeat(128)}`, filename: `app${i}-1-1.noarch.rpm`, repository: 'r', location, size: 1 },
      ...{ source: 'app-1-1.src.rpm', dependencies: [], replaces: ['app-0:0-1.noarch'] },
    })),
  };
  expect(await parseRpmsLock(renderRpmsLock([lock], { own: true }), 'x')).toEqual([lock]);
});

test('a repository with only a list of mirrors is locked at one of them, which stays while the list has it', async () => {
  const made = project();
  const list = (...hosts: readonly string[]): void => made.write('list', hosts.map((host) => `${host}\n`).join(''));
  const real = `file://${fixture('mirror')}/9-stream/BaseOS/$basearch/os/`;
  made.write('mirrors.repo', `[baseos]\nmirrorlist=file://${made.directory}/list\n`);
  made.write('rpms.in.yaml', 'contentOrigin: { repofiles: [mirrors.repo] }\npackages: [acl]\nnoSources: true\narches: [x86_64]\n');
  const urls = (): string[] => {
    const { arches } = parse(made.read('rpms.lock.yaml')) as { arches: { packages: { url: string }[] }[] };
    return arches[0]!.packages.map(({ url }) => url.replace(/(?<=os\/).*/, ''));
  };
  const at = (host: string): string => `https://user:secret@${host}.invalid/os/`;
  list(real, at('b'), at('a'));
  expect((await made.run('lock')).exitCode).toBe(0);
  const text = made.read('rpms.lock.yaml');
  expect(new Set(urls())).toEqual(new Set(['https://a.invalid/os/']));
  expect(hermetoProblems(parse(text))).toEqual([]);
  expect(text).not.toContain('secret');
  expect((await made.run('check')).exitCode).toBe(0);
  list(real, 'https://0.invalid/os', at('a'), at('b'));
  expect((await made.run('lock')).exitCode).toBe(0);
  expect(made.read('rpms.lock.yaml')).toBe(text);
  const locks = await parseRpmsLock(text, 'rpms.lock.yaml');
  expect(renderRpmsLock(locks, { own: true, mirrors: mirrorsOfRpmsLock(text) })).toBe(text);
  expect(() => renderRpmsLock(locks, { own: true })).toThrow('no mirror of repository `baseos` is known');
  list(real, 'https://c.invalid/os');
  made.write('rpms.in.yaml', made.read('rpms.in.yaml').replace('[acl]', '[acl, which]'));
  expect((await made.run('lock')).exitCode).toBe(0);
  expect(new Set(urls())).toEqual(new Set(['https://c.invalid/os/']));
});

test('a .repo file may be in another git repository, and stays known without it', async () => {
  const made = cliProject();
  made.mirror('os', ['app-1-1.noarch']);
  made.write('other/repos/a.repo', `[os]\nbaseurl=file://${made.directory}/mirror/os\n`);
  const git = (...args: string[]) => execFileSync('git', ['-C', `${made.directory}/other`, ...args], { stdio: 'pipe' });
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@b.test', 'commit', '--quiet', '--message=a');
  const manifest = (url: string, file = 'repos/a.repo'): void =>
    made.write(
      'rpms.in.yaml',
      `contentOrigin: { repofiles: [{ giturl: "${url}", gitref: main, file: ${file} }] }\npackages: [app]\nnoSources: true\ncontext: { bare: true }\n`,
    );
  made.env['DNF_VAR_WHERE'] = 'other';
  manifest('./$WHERE');
  expect(await made.run('lock')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(made.read('rpms.lock.yaml')).toContain('app-1-1.noarch.rpm');
  execFileSync('rm', ['-r', `${made.directory}/other/.git`]);
  expect((await made.run('check')).exitCode).toBe(0);
  expect((await made.run('check', '--offline')).exitCode).toBe(0);
  for (const [url, file] of [
    ['./$WHERE', 'repos/b.repo'],
    ['ext::sh -c id', 'a.repo'],
    ['--upload-pack=id', 'a.repo'],
    ['https://user:secret@127.0.0.1:1/x', 'a.repo'],
  ] as const) {
    manifest(url, file);
    const refused = await made.run('lock');
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringMatching(/rpms\.in\.yaml:1:\d+: .*giturl` cannot be read/)]);
    expect(refused.stderr).not.toContain('secret');
  }
});

test('labels of the image that a Containerfile starts from choose the repositories, and stay known without network', async () => {
  const made = cliProject();
  made.mirror('9.5', ['app-5-1.noarch']);
  made.mirror('9.6', ['app-6-1.noarch']);
  const push = (version: string): Promise<string> => registry.push('ubi', '9', { amd64: [] }, { labels: () => ({ version }) });
  const digest = await push('9.5');
  made.write('Dockerfile', `FROM ${registry.host}/ubi:9\n`);
  made.write(
    'rpms.in.yaml',
    `contentOrigin:
  repos: [{ repoid: rhel, baseurl: "file://${made.directory}/mirror/{version}", varsFromContainerfile: Dockerfile }]
packages: [app]
noSources: true
context: { bare: true }
`,
  );
  const locked = (): string | undefined => /evr: (\S+)/.exec(made.read('rpms.lock.yaml'))?.[1];
  expect(await made.run('lock')).toMatchObject({ exitCode: 0, stderr: '' });
  expect(locked()).toBe('5-1');
  expect((await made.run('check', '--offline')).exitCode).toBe(0);
  await push('9.6');
  expect((await made.run('check')).exitCode).toBe(1);
  expect((await made.run('update')).exitCode).toBe(0);
  expect(locked()).toBe('6-1');
  made.write('Dockerfile', `FROM ${registry.host}/ubi:9@${digest}\n`);
  expect((await made.run('update')).exitCode).toBe(0);
  expect(locked()).toBe('5-1');
  const before = made.files();
  made.write('Dockerfile', `FROM ${registry.host}/lost:9\n`);
  const lost = await made.run('lock');
  expect([lost.exitCode, lost.stderr]).toEqual([
    2,
    expect.stringMatching(/rpms\.in\.yaml:2:\d+: .*varsFromContainerfile.*lost has no manifest 9/),
  ]);
  expect(made.read('rpms.lock.yaml')).toBe(before['rpms.lock.yaml']);
});

test('a package that is installed in a version that no repository has is not said to be there for other architectures only', async () => {
  const made = cliProject();
  for (const architecture of ['x86_64', 'aarch64']) made.mirror(architecture, ['tzdata-9-1.noarch', 'app-1-1.noarch']);
  await registry.push('old', '1', {
    amd64: [[{ path: 'var/lib/rpm/rpmdb.sqlite', bytes: gunzipSync(readFileSync(fixture('rpmdb/rpmdb.sqlite.gz'))) }]],
  });
  made.write(
    'rpms.in.yaml',
    `contentOrigin: { repos: [{ repoid: r, baseurl: "file://${made.directory}/mirror/$basearch" }] }
packages: [app]
reinstallPackages: [tzdata]
context: { image: "${registry.host}/old:1" }
`,
  );
  const ran = await made.run('lock');
  expect(ran.stderr).toContain('`tzdata` is installed in a version that no repository has');
  expect(ran.stderr).not.toContain('aarch64');
});
