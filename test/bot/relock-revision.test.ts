import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { relockRevision } from '../../src/bot/relock-revision.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import { botProject, MANIFEST } from '../helpers/bot-project.ts';

test('a commit of a bare repository is locked or updated with what its manifest includes, and nothing is written', async () => {
  const project = await botProject({ folder: 'rpm' });
  const at = MANIFEST.indexOf('sets:');
  const commit = project.commit('main', {
    'rpm/rpm-packages.yaml': `mirror: file://${project.directory}/mirror\ninclude: ../shared/sets.yaml\n${MANIFEST.slice(0, at)}`,
    'shared/sets.yaml': MANIFEST.slice(at),
  });
  // The branch has moved on: that commit counts.
  project.commit('main', { 'rpm/rpm-packages.yaml': 'sets: 1\n' });
  const context = { ...project.context(), cwd: project.origin };
  const input = { commit, manifest: 'rpm/rpm-packages.yaml' };
  expect(await relockRevision({ ...input, mode: 'lock' }, context)).toMatchObject({ failures: [], diff: { sources: [] } });
  const updated = await relockRevision({ ...input, mode: 'update' }, context);
  expect(updated).toMatchObject({ isChanged: true, failures: [], diff: { summary: { locks_changed: 2 } } });
  const one = await relockRevision({ ...input, mode: 'update', names: ['acl'] }, context);
  expect(one.diff.sources.map(({ source }) => source)).toEqual(['acl']);
  expect(project.branches()).toEqual(['main']);
});

test('a set that cannot be solved is reported beside the others', async () => {
  const project = await botProject();
  const commit = project.commit('main', {
    'rpm-packages.yaml': `mirror: file://${project.directory}/mirror\n${MANIFEST}  broken: { packages: [none] }\n`,
  });
  const context = { ...project.context(), cwd: project.origin };
  const found = await relockRevision({ commit, manifest: 'rpm-packages.yaml', mode: 'update' }, context);
  expect(found.failures.map(({ target }) => `${target.set.name} ${target.architecture}`)).toEqual(['broken x86_64', 'broken s390x']);
  expect(found.isChanged).toBe(true);
});

test('repositories that cannot be read are an error, and not a set that cannot be solved', async () => {
  const project = await botProject();
  const commit = project.commit('main', { 'rpm-packages.yaml': `mirror: http://127.0.0.1:9\n${MANIFEST}` });
  const context = { ...project.context(), cwd: project.origin };
  const relocked = relockRevision({ commit, manifest: 'rpm-packages.yaml', mode: 'update' }, context);
  await expect(relocked).rejects.toMatchObject({ code: 'NETWORK' });
});

test('what is not approved is not read from', async () => {
  const project = await botProject();
  const commit = project.commit('main', { 'rpm-packages.yaml': `mirror: file://${project.directory}/none\n${MANIFEST}` });
  const approve = (): void => {
    throw new RpmDepsError('HOST_REFUSED', 'not this one');
  };
  const context = { ...project.context(), cwd: project.origin };
  await expect(relockRevision({ commit, manifest: 'rpm-packages.yaml', mode: 'update', approve }, context)).rejects.toMatchObject({
    code: 'HOST_REFUSED',
  });
});

test('a base beside the repository is refused, as the bot refuses it', async () => {
  const project = await botProject();
  const context = { ...project.context(), cwd: project.origin };
  for (const base of ['{ rpmdb: ../../rootfs }', '{ containerfile: ../Containerfile }']) {
    const commit = project.commit('main', { 'rpm-packages.yaml': `${MANIFEST}    base: ${base}\n` });
    await expect(relockRevision({ commit, manifest: 'rpm-packages.yaml', mode: 'lock' }, context), base).rejects.toMatchObject({
      code: 'MANIFEST_INVALID',
      message: expect.stringContaining('outside of the repository') as string,
    });
  }
});

test('a base behind a link that leads out of the repository is refused, and no error names the folder that it works in', async () => {
  const project = await botProject();
  const context = { ...project.context(), cwd: project.origin };
  const relocked = (commit: string) => relockRevision({ commit, manifest: 'rpm-packages.yaml', mode: 'lock' }, context);
  symlinkSync(project.directory, join(project.directory, 'work/rootfs'));
  for (const base of ['{ rpmdb: rootfs }', '{ rpmdb: rootfs/var/lib/rpm }', '{ containerfile: rootfs/Containerfile }']) {
    const commit = project.commit('main', { 'rpm-packages.yaml': `${MANIFEST}    base: ${base}\n` });
    await expect(relocked(commit), base).rejects.toMatchObject({ message: expect.stringContaining('is outside of the repository') });
  }
  const empty = project.commit('main', {
    'rpm-packages.yaml': `mirror: file://${project.directory}/mirror\n${MANIFEST}    base: { rpmdb: images }\n`,
    'images/README': 'none\n',
  });
  await expect(relocked(empty)).rejects.toMatchObject({ code: 'RPMDB_INVALID', message: 'the folder images has no rpm database' });
});

test('the image that a Containerfile starts from has to be approved as well', async () => {
  const project = await botProject();
  const commit = project.commit('main', {
    'rpm-packages.yaml': `${MANIFEST}    base: { containerfile: images/Containerfile }\n`,
    'images/Containerfile': 'FROM registry.invalid/team/base:1\n',
  });
  const approve = ({ sets }: Manifest): void => {
    for (const { base } of sets) if (base?.kind === 'image') throw new RpmDepsError('HOST_REFUSED', base.image);
  };
  const context = { ...project.context(), cwd: project.origin };
  await expect(relockRevision({ commit, manifest: 'rpm-packages.yaml', mode: 'lock', approve }, context)).rejects.toMatchObject({
    code: 'HOST_REFUSED',
    message: 'registry.invalid/team/base:1',
  });
  const report = await project.run({ approve });
  expect(report.projects[0]!.failures).toMatchObject([{ code: 'HOST_REFUSED' }]);
});
