/** comps.xml is downloaded when a request has a group, and only then. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { resolveSpecs } from '../../src/commands/resolve.ts';
import { update } from '../../src/commands/update.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';
import { newProject, type Project, rerun } from '../helpers/project.ts';

const REPODATA = '9-stream/BaseOS/s390x/os/repodata';

let server: FaultyServer;
beforeEach(async () => {
  server = await startFaultyServer();
  for (const file of readdirSync(fixture(`mirror/${REPODATA}`)))
    server.serve(`/${REPODATA}/${file}`, readFileSync(fixture(`mirror/${REPODATA}/${file}`)));
});
afterEach(() => server.close());

const groupFiles = (): string[] => server.seen.map(({ path }) => path.replace(/^.*-/, '')).filter((name) => name.startsWith('BaseOS.xml'));

function write({ cwd }: Project, packages: readonly string[]): void {
  const repository = { id: 'baseos', baseurl: `${server.url}/9-stream/BaseOS/$basearch/os/` };
  const manifest = { architectures: ['s390x'], repositories: [repository], sets: { s: { packages } } };
  writeFileSync(join(cwd, 'rpm-packages.yaml'), JSON.stringify(manifest));
}

test('a set without groups is updated without comps.xml, also from the snapshot in the cache', async () => {
  const project = newProject();
  write(project, ['acl']);
  await update({}, project.context);
  write(project, ['acl', 'libacl']);
  await update({}, rerun(project).context);
  expect(groupFiles()).toEqual([]);
});

test('a group in a set, or in one request, makes the packed form be read once', async () => {
  const project = newProject();
  write(project, ['acl']);
  const unknown = await resolveSpecs({ arch: 's390x', specs: ['@no-such-group'] }, project.context);
  expect(unknown).toMatchObject({ kind: 'unsolvable', problems: [{ suggestions: [expect.stringContaining('groups are ')] }] });
  expect(groupFiles()).toEqual(['BaseOS.xml.gz']);
  write(project, ['@no-such-group']);
  await expect(update({}, rerun(project).context)).rejects.toMatchObject({ code: 'NO_SUCH_PACKAGE' });
  expect(groupFiles()).toEqual(['BaseOS.xml.gz']);
});

test('without the network only a request with a group misses it', async () => {
  const project = newProject();
  write(project, ['acl']);
  await update({}, project.context);
  const offline = rerun(project, { offline: true }).context;
  expect(await resolveSpecs({ arch: 's390x', specs: ['acl'] }, offline)).toMatchObject({ kind: 'solved' });
  await expect(resolveSpecs({ arch: 's390x', specs: ['@core'] }, offline)).rejects.toMatchObject({ code: 'OFFLINE' });
});

test('a group that is nowhere is looked up for the other architectures too, in a repository that all of them share', async () => {
  const project = newProject();
  const repo = [`r=${server.url}/9-stream/BaseOS/s390x/os/`];
  const unknown = await resolveSpecs({ arch: 's390x', specs: ['@no-such-group'], repo }, project.context);
  expect(unknown).toMatchObject({ kind: 'unsolvable', problems: [{ kind: 'no-such-package' }] });
});

test('where comps.xml is lost, one request with a group says so, and one without is answered', async () => {
  const project = newProject();
  const names = readdirSync(fixture(`mirror/${REPODATA}`)).filter((name) => !name.includes('BaseOS.xml'));
  for (const file of names) server.serve(`/lost/repodata/${file}`, readFileSync(fixture(`mirror/${REPODATA}/${file}`)));
  const repo = [`r=${server.url}/lost/`];
  expect(await resolveSpecs({ arch: 's390x', specs: ['acl'], repo }, project.context)).toMatchObject({ kind: 'solved' });
  await expect(resolveSpecs({ arch: 's390x', specs: ['@core'], repo }, project.context)).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining('BaseOS.xml'),
  });
});
