/** Where repositories say their files are: below the base URL, beside it, on another server. Each is locked where it is, and fetched from there. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { fetchLocked } from '../../src/commands/fetch.ts';
import { update } from '../../src/commands/update.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { readRpmPackage } from '../../src/rpm/rpm-package.ts';
import { EXPORT_WRITERS } from '../../src/views/export-formats.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';
import { newProject, type Project } from '../helpers/project.ts';
import { type RpmRepository, rpmRepodata } from '../helpers/rpm-repository.ts';

const RPM = fixture('rpms/unsigned.rpm');
let server: FaultyServer;
/** Where what is not on the server of the repository is. */
let other: FaultyServer;
let name: string;
let arch: string;
beforeAll(async () => {
  server = await startFaultyServer();
  other = await startFaultyServer();
  ({ name, arch } = await readRpmPackage(RPM));
});
afterAll(() => Promise.all([server.close(), other.close()]));
beforeEach(() => {
  for (const one of [server, other]) {
    one.files.clear();
    one.seen.length = 0;
  }
});

const architecture = (): string => (arch === 'noarch' ? 'x86_64' : arch);

function projectWith(repositories: readonly Record<string, unknown>[]): Project {
  const project = newProject();
  const manifest = { schema_version: '1.0', architectures: [architecture()], repositories, sets: { s: { packages: [name] } } };
  writeFileSync(join(project.cwd, 'rpm-packages.yaml'), JSON.stringify(manifest));
  return project;
}

function lockOf({ cwd }: Project): Lockfile {
  return JSON.parse(readFileSync(join(cwd, `rpm-lockfiles/s-${architecture()}.lock.json`), 'utf8')) as Lockfile;
}

/** A repository at a path of the server, and the RPM wherever it is. */
async function serveRepository(path: string, repository: RpmRepository, rpmAt: string, on = server): Promise<string> {
  for (const [file, bytes] of await rpmRepodata(repository)) server.serve(`${path}/${file}`, bytes);
  on.serve(rpmAt, readFileSync(RPM));
  return `${server.url}${path}/`;
}

test.each([
  ['beside the repository', '/yum/repos/el9', '../../pool/0123-tool.rpm', '/yum/pool/0123-tool.rpm', '../../pool/0123-tool.rpm'],
  ['in the same folder, said with a dot', '/r', './tool.rpm', '/r/tool.rpm', 'tool.rpm'],
  ['with an epoch in its name', '/r', 'tool-1:1-1.rpm', '/r/tool-1%3A1-1.rpm', 'tool-1:1-1.rpm'],
  ['without an ending', '/r', '0a1b2c', '/r/0a1b2c', '0a1b2c'],
  ['below a root', '/r', '/a/tool.rpm', '/r/a/tool.rpm', 'a/tool.rpm'],
  ['with characters of URLs', '/r', 'c++ ^~%20/t+.rpm', '/r/c%2B%2B%20%5E~%2520/t%2B.rpm', 'c++ ^~%20/t+.rpm'],
])('a file %s is locked and fetched', async (_, path, href, wire, location) => {
  const baseurl = await serveRepository(path, { rpms: { [href]: RPM } }, wire);
  const project = projectWith([{ id: 'r', baseurl }]);
  await update({}, project.context);
  const [locked] = lockOf(project).packages;
  expect(locked!.location).toBe(location);
  expect(locked!.filename).toMatch(/^[^/]+\.rpm$/);
  const { output } = await fetchLocked({ output: 'out', repodata: true }, project.context);
  expect(readdirSync(join(output!, architecture()))).toContain(locked!.filename);
});

test.each([
  ['by its location', (url: string) => ({ rpms: { [`${url}/files/tool.rpm`]: RPM } })],
  ['by xml:base', (url: string) => ({ rpms: { 'tool.rpm': RPM }, base: `${url}/files` })],
])('a file on another server, %s, is locked with its URL, and that server gets no login', async (_, repositoryWith) => {
  const baseurl = await serveRepository('/r', repositoryWith(other.url), '/files/tool.rpm', other);
  const project = projectWith([{ id: 'r', baseurl: baseurl.replace('://', '://user:secret@') }]);
  await update({}, project.context);
  const lock = lockOf(project);
  expect([lock.packages[0]!.location, lock.schema_version]).toEqual([`${other.url}/files/tool.rpm`, '1.2']);
  expect(JSON.stringify(lock)).not.toContain('secret');
  await fetchLocked({}, project.context);
  expect(server.seen.every(({ headers }) => headers['authorization'] !== undefined)).toBe(true);
  expect(other.seen.map(({ path, headers }) => [path, headers['authorization']])).toEqual([['/files/tool.rpm', undefined]]);
  expect(EXPORT_WRITERS['rpms.lock.yaml'].write([lock])).toContain(`- url: ${other.url}/files/tool.rpm\n`);
});

test('a URL on the server of the repository gets its login and its query', async () => {
  const baseurl = await serveRepository('/r', { rpms: { [`${server.url}/files/tool.rpm`]: RPM } }, '/files/tool.rpm?sig=a%2Bb');
  for (const [path, bytes] of [...server.files]) server.serve(`${path}?sig=a%2Bb`, bytes);
  const project = projectWith([{ id: 'r', baseurl: `${baseurl.replace('://', '://user:secret@')}?sig=a%2Bb` }]);
  await update({}, project.context);
  await fetchLocked({}, project.context);
  expect(server.seen.map(({ path, headers }) => [path.endsWith('?sig=a%2Bb'), headers['authorization'] !== undefined])).toEqual(
    server.seen.map(() => [true, true]),
  );
  expect(JSON.stringify([lockOf(project), project.events])).not.toMatch(/secret|a%2Bb/);
});

test('a server cannot name a file of this machine: the package is left out, and who asks for it is told', async () => {
  const baseurl = await serveRepository('/r', { rpms: { [pathToFileURL(RPM).href]: RPM } }, '/unused');
  const project = projectWith([{ id: 'r', baseurl }]);
  await expect(update({}, project.context)).rejects.toMatchObject({ code: 'UNSOLVABLE' });
  expect(JSON.stringify(project.events)).toContain('is skipped, because a server may not name a file of this machine');
});

test('a folder may name files of this machine', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rpm-deps-places-'));
  for (const [file, bytes] of await rpmRepodata({ rpms: { [pathToFileURL(RPM).href]: RPM } })) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), bytes);
  }
  const project = projectWith([{ id: 'r', baseurl: pathToFileURL(folder).href }]);
  await update({}, project.context);
  expect((await fetchLocked({}, project.context)).files).toHaveLength(1);
});

test('one package with an odd location does not keep others from being used', async () => {
  const odd = (xml: string): string =>
    xml.replace(/<package [\s\S]*?<\/package>/, (own) => own + own.replace(/<name>.*?</, '<name>odd<').replace('tool.rpm', 'a\\b.rpm'));
  const baseurl = await serveRepository('/r', { rpms: { 'tool.rpm': RPM }, editPrimary: odd }, '/r/tool.rpm');
  const project = projectWith([{ id: 'r', baseurl }]);
  await update({}, project.context);
  expect(lockOf(project).packages.map((locked) => locked.name)).toEqual([name]);
});
