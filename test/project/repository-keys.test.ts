/** `repo_gpgcheck`: repomd.xml counts when a key of its repository signed it. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { update } from '../../src/commands/update.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { baseosFile, baseosRepodata, fixture } from '../helpers/fixtures.ts';
import { newProject, type Project, rerun } from '../helpers/project.ts';

let server: FaultyServer;
beforeAll(async () => {
  server = await startFaultyServer();
});
afterAll(() => server.close());
beforeEach(() => server.files.clear());

/** Serves one of the mirrors of fixtures/; returns its base URL. */
function serveMirror(name: string, age: 'mirror' | 'mirror-next' = 'mirror'): string {
  for (const file of readdirSync(baseosRepodata(age))) server.serve(`/${name}/repodata/${file}`, baseosFile(age, file));
  return `${server.url}/${name}/`;
}

function projectFor(baseurl: readonly string[], keys: readonly string[] = ['fixture']): Project {
  const project = newProject();
  const gpgkey = keys.map((key) => pathToFileURL(fixture(`keys/RPM-GPG-KEY-${key}`)).href);
  const repositories = [{ id: 'baseos', baseurl, gpgkey, repo_gpgcheck: true }];
  const manifest = { schema_version: '1.0', architectures: ['s390x'], repositories, sets: { base: { packages: ['acl'] } } };
  writeFileSync(join(project.cwd, 'rpm-packages.yaml'), JSON.stringify(manifest));
  return project;
}

const run = ({ context }: Project) => update({}, context);
const lockOf = ({ cwd }: Project): Lockfile | undefined => {
  const path = join(cwd, 'rpm-lockfiles/base-s390x.lock.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Lockfile) : undefined;
};
const repomdOf = (project: Project): string | undefined => lockOf(project)?.repositories?.[0]?.repomd_sha256;

test.each([[['fixture']], [['second', 'fixture']]])('a signature by one of the keys %s is taken, offline as well', async (keys) => {
  const project = projectFor([serveMirror('good')], keys);
  await run(project);
  expect(repomdOf(project)).toBe(sha256(baseosFile('mirror', 'repomd.xml')));
  expect(lockOf(project)?.repositories?.[0]?.gpgkey_fingerprints).toHaveLength(keys.length);
  writeFileSync(
    join(project.cwd, 'rpm-packages.yaml'),
    readFileSync(join(project.cwd, 'rpm-packages.yaml'), 'utf8').replace('acl', 'bash'),
  );
  await run(rerun(project, { offline: true }));
  expect(lockOf(project)?.requested).toEqual(['bash']);
});

test.each([
  ['another key', ['second'], () => undefined, 'which is not among the keys'],
  ['no signature', ['fixture'], () => server.files.delete('/one/repodata/repomd.xml.asc'), 'there is no signature'],
  ['a web page in its place', ['fixture'], () => server.serve('/one/repodata/repomd.xml.asc', '<!doctype html>'), 'the signature is bad'],
  [
    'an altered repomd.xml',
    ['fixture'],
    () => server.serve('/one/repodata/repomd.xml', baseosFile('mirror', 'repomd.xml').toString().replace('<revision>', '<revision>1')),
    'it does not fit the file',
  ],
])('with %s nothing is written', async (_title, keys, spoil, message) => {
  const project = projectFor([serveMirror('one')], keys);
  spoil();
  await expect(run(project)).rejects.toMatchObject({ code: 'SIGNATURE', message: expect.stringContaining(message) });
  expect(lockOf(project)).toBeUndefined();
});

test.each([
  ['has no signature', () => server.files.delete('/one/repodata/repomd.xml.asc')],
  ['has one of another file', () => server.serve('/one/repodata/repomd.xml.asc', baseosFile('mirror-next', 'repomd.xml.asc'))],
  ['does not give its signature', () => server.serve('/one/repodata/repomd.xml.asc', '', { kind: 'status', status: 503 })],
])('a mirror that %s is left for the next one', async (_title, spoil) => {
  const project = projectFor([serveMirror('one', 'mirror'), serveMirror('two', 'mirror')]);
  spoil();
  await run(project);
  // The lock names the repository as the manifest does, whichever mirror was read.
  expect(lockOf(project)?.repositories?.[0]?.baseurl).toBe(`${server.url}/one/`);
  expect(server.seen.map(({ path }) => path)).toContain('/two/repodata/repomd.xml');
});

test('a mirror that was updated between repomd.xml and its signature is read anew', async () => {
  const project = projectFor([serveMirror('one', 'mirror-next')]);
  const old = baseosFile('mirror', 'repomd.xml');
  server.serve('/one/repodata/repomd.xml', baseosFile('mirror-next', 'repomd.xml'), { kind: 'instead', content: old }, { kind: 'good' });
  await run(project);
  expect(repomdOf(project)).toBe(sha256(baseosFile('mirror-next', 'repomd.xml')));
  // Not what a proxy has kept.
  const asked = server.seen.filter(({ path }) => path === '/one/repodata/repomd.xml').map(({ headers }) => headers['cache-control']);
  expect(asked.slice(-2)).toEqual([undefined, 'no-cache']);
});
