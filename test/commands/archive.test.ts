import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { botProject, topicOf } from '../helpers/bot-project.ts';
import { fixture } from '../helpers/fixtures.ts';
import { FIXTURE_MIRROR } from '../helpers/project.ts';

const KEY = pathToFileURL(fixture('keys/RPM-GPG-KEY-fixture')).href;
const MANIFEST = `architectures: [s390x]
repositories:
  - { id: baseos, baseurl: $mirror/9-stream/BaseOS/$basearch/os/, gpgkey: "${KEY}" }
  - { id: appstream, baseurl: $mirror/9-stream/AppStream/$basearch/os/, gpgkey: "${KEY}" }
sets:
  odd: { packages: [acl] }
`;

test('RPMs are stored and read back before the pull request is opened', async () => {
  const project = await botProject({ manifest: MANIFEST, mirrorUrl: FIXTURE_MIRROR });
  project.commit('main', { 'rpm-packages.yaml': MANIFEST.replace('[acl]', '[acl, passt]') });
  const archive = join(project.directory, 'archive');
  const report = await project.run({ mirror: FIXTURE_MIRROR, archive });
  expect(topicOf(report)).toMatchObject({ outcome: 'opened' });
  expect(readdirSync(archive).filter((name) => /^[0-9a-f]{64}$/.test(name)).length).toBeGreaterThan(1);
});

test('an archive that cannot be written keeps everything from being pushed, and the next run heals it', async () => {
  const project = await botProject({ manifest: MANIFEST, mirrorUrl: FIXTURE_MIRROR });
  project.commit('main', { 'rpm-packages.yaml': MANIFEST.replace('[acl]', '[acl, passt]') });
  const archive = join(project.directory, 'archive');
  writeFileSync(archive, 'a file where a folder should be');
  const report = await project.run({ mirror: FIXTURE_MIRROR, archive });
  expect(topicOf(report)).toMatchObject({ outcome: 'failed' });
  expect(report.exitCode).not.toBe(0);
  expect(project.branches()).toEqual(['main']);
  expect(project.forge.pulls).toEqual([]);
  expect(topicOf(await project.run({ mirror: FIXTURE_MIRROR, archive: join(project.directory, 'other') }))).toMatchObject({
    outcome: 'opened',
  });
});
