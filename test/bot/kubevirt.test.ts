import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { update } from '../../src/commands/update.ts';
import { botProject, topicOf, UPDATE } from '../helpers/bot-project.ts';
import { corpus } from '../helpers/corpus.ts';

const folder = corpus();
/** As KubeVirt's: one set pins qemu. */
const MANIFEST = `architectures: [x86_64, s390x]
repositories:
  - { id: baseos, baseurl: $mirror/9-stream/BaseOS/$basearch/os/ }
  - { id: appstream, baseurl: $mirror/9-stream/AppStream/$basearch/os/ }
versions:
  QEMU_VERSION: 17:9.1.0-5.el9         # tested with libvirt
sets:
  launcherbase:
    packages: ["qemu-img-\${QEMU_VERSION}", acl]
  testimage:
    packages: [acl, curl-minimal, lvm2]
`;

describe.skipIf(folder === undefined)('the week of kubevirt#16330, on the mirrors of 2025-01-07 and 2025-01-13', () => {
  const mirrorOf = (date: string): string => pathToFileURL(join(folder!, 'mirror', date)).href;

  test('one pin that the mirror has lost stops no other update, and is moved by a pull request of its own', async () => {
    const project = await botProject({ manifest: MANIFEST, mirrorUrl: mirrorOf('2025-01-07') });
    const mirror = mirrorOf('2025-01-13');
    // The mirrors at hand have lost nothing in that week: the pin and the lock are of a build that neither has.
    const lost = (text: string): string =>
      text.replaceAll('9.1.0-5.el9', '9.1.0-6.el9').replaceAll(/("version": "9\.1\.0",\s+"release": )"5\.el9"/g, '$1"6.el9"');
    const locks = ['x86_64', 's390x'].map((name) => `rpm-lockfiles/launcherbase-${name}.lock.json`);
    project.commit('main', Object.fromEntries(['rpm-packages.yaml', ...locks].map((path) => [path, lost(project.file('main', path))])));
    // What a weekly job does without a bot: nothing at all.
    const context = { ...project.context(), cwd: join(project.directory, 'work') };
    await expect(update({ mirror }, context)).rejects.toMatchObject({ code: 'PIN_GONE' });

    const report = await project.run({ mirror, topics: ['update', 'bump'] });
    expect(report.exitCode).toBe(6);
    expect(topicOf(report, 'update')).toMatchObject({ outcome: 'opened', failures: [{ code: 'PIN_GONE' }] });
    expect(project.forge.pulls[0]!.body).toMatch(/Not everything could be updated.*launcherbase/s);
    expect(project.locked(UPDATE, 'testimage-x86_64')).toContain('lvm2-2.03.28-4.el9');
    expect(project.locked(UPDATE, 'launcherbase-x86_64')).toContain('qemu-img-9.1.0-6.el9');

    expect(topicOf(report, 'bump')).toMatchObject({ outcome: 'opened', title: 'rpm lockfiles: bump QEMU_VERSION to 17:9.1.0-7.el9' });
    expect(project.file('rpm-deps/main/bump', 'rpm-packages.yaml')).toContain('QEMU_VERSION: 17:9.1.0-7.el9         # tested with libvirt');
    expect(project.locked('rpm-deps/main/bump', 'launcherbase-s390x')).toContain('qemu-img-9.1.0-7.el9');
    expect(project.locked('rpm-deps/main/bump', 'testimage-x86_64')).toContain('lvm2-2.03.28-3.el9');

    // When people have merged the pin, the next run is good.
    project.git('update-ref', 'refs/heads/main', 'rpm-deps/main/bump');
    const next = await project.run({ mirror, topics: ['update', 'bump'] });
    expect(next.exitCode).toBe(0);
    expect(topicOf(next, 'bump').outcome).toBe('closed');
    expect(topicOf(next, 'update').outcome).toBe('refreshed');
  });
});
