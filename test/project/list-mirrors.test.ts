/** Repositories that have only a list of mirrors: the list's URL is no place of packages, and nothing is joined to it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { sha256 } from '../../src/base/sha256.ts';
import { check } from '../../src/commands/check.ts';
import { exportText } from '../../src/commands/export.ts';
import { fetchLocked } from '../../src/commands/fetch.ts';
import { update } from '../../src/commands/update.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import type { ExportFormat } from '../../src/manifest/export-names.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';
import { newProject, type Project, rerun } from '../helpers/project.ts';
import { rpmRepodata } from '../helpers/rpm-repository.ts';

const RPM = fixture('rpms/unsigned.rpm');
const LIST = '/core/mirrors/latest/x86_64/mirror.list?instance_id=none';
const FORMATS: readonly ExportFormat[] = ['rpms.lock.yaml', 'packages.manifest.yaml', 'bazeldnf', 'cyclonedx', 'spdx', 'aria2'];
let server: FaultyServer;
let name: string;
beforeAll(async () => {
  server = await startFaultyServer();
  ({ name } = await (await import('../../src/rpm/rpm-package.ts')).readRpmPackage(RPM));
});
afterAll(() => server.close());
beforeEach(() => {
  server.files.clear();
  server.seen.length = 0;
});

/** As Amazon Linux has it: a list with a query, a repository behind a GUID, and RPMs beside both. */
async function lockedProject(list: 'metalink' | 'mirrorlist'): Promise<Project> {
  for (const [file, bytes] of await rpmRepodata({ rpms: { '../../../blobstore/0a1b/tool.rpm': RPM } })) {
    server.serve(`/core/guids/0123/x86_64/${file}`, bytes);
    if (file === 'repodata/repomd.xml') server.serve(LIST, list === 'mirrorlist' ? `${base()}\n` : metalink(bytes));
  }
  server.serve('/core/blobstore/0a1b/tool.rpm', readFileSync(RPM));
  const project = newProject();
  const repositories = [{ id: 'r', [list]: `${server.url}${LIST}` }];
  const manifest = { schema_version: '1.0', architectures: ['x86_64'], repositories, sets: { s: { packages: [name] } } };
  writeFileSync(join(project.cwd, 'rpm-packages.yaml'), JSON.stringify(manifest));
  await update({}, project.context);
  return project;
}

const base = (): string => `${server.url}/core/guids/0123/x86_64`;
const metalink = (repomd: Uint8Array | string): string =>
  `<metalink version="3.0"><files><file name="repomd.xml"><verification><hash type="sha256">${sha256(repomd)}</hash></verification>` +
  `<resources><url protocol="http">${base()}/repodata/repomd.xml</url></resources></file></files></metalink>`;
const RPM_PATH = '/core/blobstore/0a1b/tool.rpm';
const asked = (): string[] => server.seen.map(({ path }) => path).filter((path) => path.includes('blobstore'));
const warnings = ({ events }: Project): string[] => events.flatMap((event) => (event.kind === 'warning' ? [event.code] : []));

async function exported(project: Project, format: ExportFormat): Promise<string> {
  return exportText({ format }, project.context);
}

test.each(['metalink', 'mirrorlist'] as const)('with only a %s, RPMs are fetched from the mirrors of the list', async (list) => {
  const project = await lockedProject(list);
  const lock = JSON.parse(readFileSync(join(project.cwd, 'rpm-lockfiles/s-x86_64.lock.json'), 'utf8')) as Lockfile;
  expect(lock.repositories).toMatchObject([{ id: 'r', baseurl: `${server.url}${LIST}`, list }]);
  expect((await fetchLocked({}, project.context)).downloaded).toBe(1);
  expect(asked()).toEqual([RPM_PATH]);
  expect((await check({ online: true }, project.context)).online).toEqual([]);
});

test.each(['metalink', 'mirrorlist'] as const)('with only a %s and no manifest, the lockfile tells where the mirrors are', async (list) => {
  const project = await lockedProject(list);
  rmSync(join(project.cwd, 'rpm-packages.yaml'));
  expect((await fetchLocked({}, project.context)).downloaded).toBe(1);
  expect(asked()).toEqual([RPM_PATH]);
});

test('exports name a mirror that the cache knows', async () => {
  const project = await lockedProject('mirrorlist');
  for (const format of FORMATS)
    expect(await exported(project, format), format).toContain(format === 'packages.manifest.yaml' ? LIST : server.url);
  expect(parse(await exported(project, 'rpms.lock.yaml')).arches[0].packages[0].url).toBe(`${server.url}${RPM_PATH}`);
  expect(parse(await exported(project, 'packages.manifest.yaml')).data.repositories).toEqual([
    { id: 'r-x86_64', mirrorlist: `${server.url}${LIST}` },
  ]);
  expect(JSON.parse(await exported(project, 'bazeldnf')).repositories).toEqual({ r: [base()] });
  expect(await exported(project, 'cyclonedx')).toContain(`"url": "${server.url}${RPM_PATH}"`);
  expect(warnings(project)).toEqual([]);
});

test('exports leave out a URL that nobody knows, and warn', async () => {
  const project = rerun(await lockedProject('metalink'), { cacheDir: join(newProject().cwd, 'empty') });
  server.seen.length = 0;
  expect(parse(await exported(project, 'rpms.lock.yaml')).arches[0].packages[0]).not.toHaveProperty('url');
  expect(JSON.parse(await exported(project, 'bazeldnf')).repositories).toEqual({ r: [] });
  expect(JSON.parse(await exported(project, 'cyclonedx')).components[0]).not.toHaveProperty('externalReferences');
  expect(warnings(project)).toEqual(['MIRRORS_UNKNOWN', 'MIRRORS_UNKNOWN', 'MIRRORS_UNKNOWN']);
  expect(server.seen).toEqual([]);
});

test('a list that cannot be read is the reason that is given', async () => {
  const project = await lockedProject('mirrorlist');
  server.files.delete(LIST);
  await expect(fetchLocked({}, project.context)).rejects.toMatchObject({ message: expect.stringContaining('mirror.list') });
  const offline = rerun(project, { offline: true, cacheDir: join(newProject().cwd, 'empty') });
  await expect(fetchLocked({}, offline.context)).rejects.toMatchObject({ code: 'OFFLINE' });
});
