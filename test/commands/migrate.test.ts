import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';

const servers: FaultyServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

const manifest = (mirror: string, archive: string, more = ''): string => `architectures: [s390x]
mirror: ${mirror}
repositories:
  - { id: baseos, baseurl: $mirror/9-stream/BaseOS/$basearch/os/, gpgkey: "file://${fixture('keys/RPM-GPG-KEY-fixture')}" }
fallbacks: ["${archive}/rpms/{sha256}"]
sets: { minimal: { packages: [acl, curl-minimal, /usr/bin/vi, coreutils-single, glibc-minimal-langpack${more}] } }
`;

interface Old {
  readonly project: CliProject;
  readonly archive: FaultyServer;
  /** As the mirror's metadata made it. */
  readonly lock: Lockfile;
}

/** A lockfile of schema 1.0 whose RPMs only an archive has. */
async function oldProject(options: { readonly ranges?: boolean } = {}): Promise<Old> {
  const project = cliProject();
  const archive = await startFaultyServer(options);
  servers.push(archive);
  project.env['RPM_DEPS_MIRROR'] = undefined;
  project.write('rpm-packages.yaml', manifest(`file://${fixture('mirror')}`, archive.url));
  expect((await project.run('lock')).exitCode).toBe(0);
  const lock = project.readLock('minimal-s390x');
  const packages = lock.packages.map(({ name, epoch, version, release, arch, sha256, filename }) => ({
    ...{ name, epoch, version, release, arch, sha256, filename },
  }));
  const old = {
    schema_version: '1.0',
    architecture: 's390x',
    package_set: 'minimal',
    generated: '2026-02-03T12:16:05Z',
    generator: 'old',
    packages,
  };
  project.write('rpm-lockfiles/minimal-s390x.lock.json', JSON.stringify(old));
  const folder = fixture('mirror/9-stream/BaseOS/s390x/os/Packages');
  for (const name of readdirSync(folder)) {
    const bytes = readFileSync(join(folder, name));
    archive.serve(`/rpms/${createHash('sha256').update(bytes).digest('hex')}`, bytes);
  }
  // No mirror is needed.
  project.write('rpm-packages.yaml', manifest('file:///no/such/mirror', archive.url));
  return { project, archive, lock };
}

test('a lockfile of schema 1.0 is rebuilt from the archive alone, and check, why, export and fetch need no repository', async () => {
  const { project, archive, lock } = await oldProject();
  const { run, readLock } = project;
  const migrated = await run('migrate', '--json');
  expect([migrated.exitCode, migrated.stderr]).toEqual([0, '']);
  expect(migrated.json).toMatchObject({ migrated: [{ set: 'minimal', architecture: 's390x', unmet: [], unanswered: [] }], current: 0 });
  // Only the beginning of each file was asked for.
  const asked = archive.seen.filter(({ method }) => method === 'GET');
  expect(asked).toHaveLength(lock.packages.length);
  for (const { headers } of asked) expect(headers['range']).toBe('bytes=0-262143');
  const rebuilt = readLock('minimal-s390x');
  expect(rebuilt).toMatchObject({
    schema_version: '1.1',
    requested: lock.requested,
    answered_by: { '/usr/bin/vi': ['vim-minimal'] },
    repositories: [{ id: 'archive', baseurl: `${archive.url}/rpms/` }],
  });
  for (const [i, lockedPackage] of rebuilt.packages.entries()) {
    const known = lock.packages[i]!;
    expect(lockedPackage).toMatchObject({
      name: known.name,
      sha256: known.sha256,
      size: known.size,
      source: known.source,
      location: known.sha256,
    });
    // What the metadata made of the same headers; where several packages provide something, all of them are named.
    expect([lockedPackage.name, lockedPackage.dependencies]).toEqual([
      lockedPackage.name,
      expect.arrayContaining([...known.dependencies!]),
    ]);
  }
  expect((await run('check')).stdout).not.toContain('stale');
  expect((await run('check')).exitCode).toBe(0);
  expect((await run('why', 'glibc')).exitCode).toBe(0);
  const exported = await run('export', '--format', 'rpms.lock.yaml');
  expect(exported.stdout).toContain(`url: ${archive.url}/rpms/${lock.packages[0]!.sha256}`);
  expect(await run('fetch', '--output', 'rpms')).toMatchObject({ exitCode: 0 });
  // A second run finds nothing to do.
  expect((await run('migrate')).stdout).toContain('nothing to migrate: 1 lockfile of a newer schema');
});

test('a server without ranges sends whole files, and another file under the same name is refused', async () => {
  const { project, archive, lock } = await oldProject({ ranges: false });
  expect((await project.run('migrate', '--dry-run')).exitCode).toBe(0);
  expect(project.readLock('minimal-s390x').schema_version).toBe('1.0');
  const [first, second] = lock.packages;
  archive.serve(`/rpms/${first!.sha256}`, archive.files.get(`/rpms/${second!.sha256}`)!);
  const { exitCode, stderr } = await project.run('migrate');
  expect([exitCode, stderr]).toEqual([5, expect.stringMatching(`${first!.filename}[^]*for example, .* has the checksum `)]);
  expect(project.readLock('minimal-s390x').schema_version).toBe('1.0');
});

test('a package that is nowhere leaves its lockfile as it is; a spec that nothing answers makes it stale', async () => {
  const { project, archive, lock } = await oldProject();
  const [first] = lock.packages;
  const bytes = archive.files.get(`/rpms/${first!.sha256}`)!;
  archive.files.delete(`/rpms/${first!.sha256}`);
  const gone = await project.run('migrate');
  expect([gone.exitCode, gone.stderr]).toEqual([4, expect.stringContaining('a lockfile stays as it is: no header is found for 1 RPM')]);
  expect(gone.stderr).toContain(`minimal-s390x: ${first!.filename}`);
  archive.serve(`/rpms/${first!.sha256}`, bytes);
  project.write('rpm-packages.yaml', manifest('file:///no/such/mirror', archive.url, ', other'));
  expect((await project.run('migrate')).stdout).toContain('not answered: other');
  expect((await project.run('check')).exitCode).toBe(1);
});

test('lock keeps versions that only the archive has; update takes what the mirror has', async () => {
  const { project, archive, lock } = await oldProject();
  await project.run('migrate');
  // A mirror with a newer version of one package, which dropped all that are locked.
  project.mirror('s390x', ['acl-9-1.s390x', 'tar-1-1.s390x']);
  const mirror = `file://${project.directory}/mirror`;
  const text = manifest(mirror, archive.url, ', tar').replace('9-stream/BaseOS/$basearch/os/', '$basearch/');
  project.write('rpm-packages.yaml', text);
  const kept = await project.run('lock');
  expect([kept.exitCode, kept.stderr]).toEqual([0, expect.any(String)]);
  const now = project.readLock('minimal-s390x');
  const ids = (packages: Lockfile['packages']): string[] => packages.map(({ name, sha256 }) => `${name} ${sha256}`);
  const archived = now.packages.filter(({ repository }) => repository === 'archive');
  expect(ids(archived)).toEqual(ids(lock.packages));
  expect(now.packages.filter(({ repository }) => repository !== 'archive').map(({ name }) => name)).toEqual(['tar']);
  expect(now.repositories!.find(({ id }) => id === 'archive')).toMatchObject({ baseurl: `${archive.url}/rpms/` });
  for (const { location, sha256 } of archived) expect(location).toBe(sha256);
  expect((await project.run('check')).exitCode).toBe(0);
  // The same again changes nothing.
  const before = project.read('rpm-lockfiles/minimal-s390x.lock.json');
  expect((await project.run('lock')).exitCode).toBe(0);
  expect(project.read('rpm-lockfiles/minimal-s390x.lock.json')).toBe(before);
  // One name: the others stay where they are.
  expect((await project.run('update', 'acl')).exitCode).toBe(0);
  expect(project.locked('minimal-s390x')).toContain('acl-9-1.s390x');
  expect(project.readLock('minimal-s390x').packages.find(({ name }) => name === 'glibc')).toMatchObject({ repository: 'archive' });
});
