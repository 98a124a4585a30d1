/** A mirror that is updated while `update` runs. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { update } from '../../src/commands/update.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { baseosFile, baseosRepodata } from '../helpers/fixtures.ts';
import { newProject, type Project } from '../helpers/project.ts';

let server: FaultyServer;
beforeAll(async () => {
  server = await startFaultyServer();
});
afterAll(() => server.close());

function projectFor(base: string): Project {
  const project = newProject();
  const repositories = [{ id: 'baseos', baseurl: `${server.url}${base}/` }];
  // No bin, no etc: only filelists.xml has it.
  const sets = { base: { packages: ['/usr/share/doc/bash/README'] } };
  writeFileSync(
    join(project.cwd, 'rpm-packages.yaml'),
    JSON.stringify({ schema_version: '1.0', architectures: ['s390x'], repositories, sets }),
  );
  return project;
}

test('where filelists.xml is gone when a path is asked for, all of it is read anew', async () => {
  for (const age of ['mirror', 'mirror-next'] as const) {
    for (const name of readdirSync(baseosRepodata(age))) {
      if (age === 'mirror-next' || !name.includes('filelists')) server.serve(`/os/repodata/${name}`, baseosFile(age, name));
    }
  }
  const [old, next] = [baseosFile('mirror', 'repomd.xml'), baseosFile('mirror-next', 'repomd.xml')];
  server.serve('/os/repodata/repomd.xml', next, { kind: 'instead', content: old }, { kind: 'good' });
  const project = projectFor('/os');
  await update({}, project.context);
  const lock = JSON.parse(readFileSync(join(project.cwd, 'rpm-lockfiles/base-s390x.lock.json'), 'utf8')) as Lockfile;
  expect(lock.repositories?.[0]?.repomd_sha256).toBe(sha256(next));
  expect(lock.packages.map(({ name }) => name)).toContain('bash');
});

test('where it stays gone, it is an error', async () => {
  for (const name of readdirSync(baseosRepodata()))
    if (!name.includes('filelists')) server.serve(`/broken/repodata/${name}`, baseosFile('mirror', name));
  await expect(update({}, projectFor('/broken').context)).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringMatching(/filelists.*answered 404/),
  });
});
