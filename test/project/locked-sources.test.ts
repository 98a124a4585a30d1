import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fetchLocked } from '../../src/commands/fetch.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { FIXTURE_MIRROR, lockedProject, type Project, serveFixtureRpms } from '../helpers/project.ts';

let stranger: FaultyServer;
let project: Project;
beforeAll(async () => {
  stranger = await startFaultyServer();
  serveFixtureRpms(stranger);
});
afterAll(() => stranger.close());
beforeEach(async () => {
  stranger.seen.length = 0;
  project = await lockedProject(FIXTURE_MIRROR);
});

function changeLock(change: (lock: Lockfile) => object): void {
  const path = join(project.cwd, 'rpm-lockfiles/odd-s390x.lock.json');
  const lock = JSON.parse(readFileSync(path, 'utf8')) as Lockfile;
  writeFileSync(path, JSON.stringify({ ...lock, ...change(lock) }));
}

const elsewhere = ({ repositories = [] }: Lockfile): object => ({
  repositories: repositories.map((repository) => ({ ...repository, baseurl: repository.baseurl.replace(FIXTURE_MIRROR, stranger.url) })),
});

test('a host that only the lockfile names is not asked: the manifest has the repository elsewhere', async () => {
  changeLock(elsewhere);
  const { files } = await fetchLocked({}, project.context);
  expect(files.length).toBeGreaterThan(0);
  expect(stranger.seen).toEqual([]);
});

test('a repository that only the lockfile has is refused, with the host', async () => {
  changeLock((lock) => {
    const { repositories } = elsewhere(lock) as Pick<Lockfile, 'repositories'>;
    return {
      repositories: repositories?.map((repository) => ({ ...repository, id: `other-${repository.id}` })),
      packages: lock.packages.map((locked) => ({ ...locked, repository: `other-${locked.repository}` })),
    };
  });
  await expect(fetchLocked({}, project.context)).rejects.toMatchObject({
    code: 'LOCKFILE_INVALID',
    details: expect.arrayContaining([expect.stringContaining(new URL(stranger.url).host)]),
  });
  expect(stranger.seen).toEqual([]);
});

test('a location on a host that the metadata does not name is refused', async () => {
  changeLock(({ packages }) => ({
    schema_version: '1.2',
    packages: packages.map((locked) => (locked.name === 'acl' ? { ...locked, location: `${stranger.url}/acl.rpm` } : locked)),
  }));
  await expect(fetchLocked({}, project.context)).rejects.toMatchObject({ code: 'LOCKFILE_INVALID' });
  expect(stranger.seen).toEqual([]);
});

test('without a manifest the lockfile is all there is', async () => {
  changeLock(elsewhere);
  rmSync(join(project.cwd, 'rpm-packages.yaml'));
  const { files } = await fetchLocked({}, project.context);
  expect(stranger.seen.length).toBe(files.length);
});
