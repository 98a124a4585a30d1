import { expect, test } from 'vitest';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { otherXml, type SmallRepository } from '../helpers/small-mirror.ts';

const DAY = 86_400;
const entry = (day: number, version: string, text: string): string => `${1_736_000_000 + day * DAY} A <a@test> - ${version} | - ${text}`;

const UPDATEINFO = `<updates>
<update type="security" status="final"><id>TEST-2025:1</id><title>glibc security update</title><severity>Important</severity>
<references><reference href="https://cve.test/1" id="CVE-2025-0001" type="cve" title="CVE-2025-0001"/><reference href="https://cve.test/2" id="CVE-2025-0002" type="cve" title="CVE-2025-0002"/></references>
<pkglist><collection short="c"><name>c</name><package name="glibc-common" version="2.34" release="14.el9" epoch="0" arch="noarch" src="s"><filename>f</filename></package></collection></pkglist></update>
<update type="security"><id>TEST-2024:9</id><title>an older one</title><pkglist><collection><package name="glibc" version="2.34" release="1.el9" epoch="0" arch="noarch"/></collection></pkglist></update>
<update type="security"><id>TEST-2025:3</id><title>one that is not locked yet</title><pkglist><collection><package name="glibc" version="2.34" release="99.el9" epoch="0" arch="noarch"/></collection></pkglist></update>
</updates>`;

/** Locked at 2.34-1 and then at 2.34-14; the mirror tells of both what `after` says. */
async function project(after: SmallRepository, { keepsOld = false } = {}): Promise<CliProject> {
  const made = cliProject('sets: { web: { architectures: [x86_64], packages: [glibc-common] } }\n');
  const at = (release: number): string[] => [
    `glibc-2.34-${release}.el9.noarch`,
    `glibc-common-2.34-${release}.el9.noarch requires: glibc = 2.34-${release}.el9; source: glibc`,
  ];
  made.mirror('x86_64', at(1));
  await made.run('update', '--lockfiles', 'old');
  made.mirror('x86_64', keepsOld ? [...at(1), ...at(14)] : at(14), after);
  await made.run('update', '--lockfiles', 'new');
  return made;
}

const HISTORY = [entry(0, '2.34-1', 'first'), entry(1, '2.34-13', 'second'), entry(2, '2.34-14', 'third')];

test('--changelog tells what came between the old and the new version, newest first', async () => {
  const other = otherXml({ 'glibc-2.34-1.el9.noarch': HISTORY.slice(0, 1), 'glibc-2.34-14.el9.noarch': HISTORY });
  const made = await project({ other }, { keepsOld: true });
  const { json } = await made.run('diff', 'old', 'new', '--changelog', '--json');
  expect(json).toMatchObject({
    sources: [
      {
        source: 'glibc',
        changelog: [
          { date: '2025-01-06', author: 'A <a@test> - 2.34-14', text: '- third' },
          { date: '2025-01-05', author: 'A <a@test> - 2.34-13', text: '- second' },
        ],
      },
    ],
  });
});

test('where the mirror lost the old version, its number ends the list; a number that only begins alike does not', async () => {
  const made = await project({ other: otherXml({ 'glibc-2.34-14.el9.noarch': HISTORY }) });
  const { stdout } = await made.run('diff', 'old', 'new', '--changelog');
  expect(stdout).toContain('      * 2025-01-06 A <a@test> - 2.34-14\n        - third\n      * 2025-01-05 A <a@test> - 2.34-13\n');
  expect(stdout).not.toContain('first');
});

test('advisories for any package of the source, with severity and CVE ids; only those between the two versions', async () => {
  const made = await project({ updateinfo: UPDATEINFO });
  expect((await made.run('diff', 'old', 'new', '--changelog')).stdout).toContain(
    '      TEST-2025:1 Important CVE-2025-0001 CVE-2025-0002: glibc security update\n',
  );
  const { stdout } = await made.run('diff', 'old', 'new', '--changelog', '--format', 'markdown');
  expect(stdout).toContain('\nAdvisories:\n\n- `glibc` **TEST-2025:1** Important CVE-2025-0001 CVE-2025-0002: glibc security update\n');
  expect(stdout).not.toMatch(/2024:9|2025:3/);
});

test('an advisory that two repositories tell of is told once, the worst first', async () => {
  const low = UPDATEINFO.replace(
    '<updates>',
    '<updates><update type="security"><id>AAA-2025:0</id><title>low one</title><severity>Low</severity>'.concat(
      '<pkglist><collection><package name="glibc" version="2.34" release="3.el9" epoch="0" arch="noarch"/></collection></pkglist></update>',
    ),
  );
  const made = await project({ updateinfo: low });
  made.write(
    'rpm-packages.yaml',
    made.read('rpm-packages.yaml').replace('repositories:', 'repositories:\n  - { id: again, baseurl: $mirror/$basearch }'),
  );
  const { json } = await made.run('diff', 'old', 'new', '--changelog', '--json');
  expect(json).toMatchObject({
    sources: [
      {
        advisories: [
          { id: 'TEST-2025:1', cves: ['CVE-2025-0001', 'CVE-2025-0002'] },
          { id: 'AAA-2025:0', severity: 'Low' },
        ],
      },
    ],
  });
});

test('warns where the repositories have no changelogs or advisories: an empty list could be read as "no CVE was fixed"', async () => {
  const nothing = await project({});
  expect((await nothing.run('diff', 'old', 'new', '--changelog')).stderr).toContain(
    'the repositories for x86_64 have neither changelogs (other.xml) nor advisories (updateinfo.xml)',
  );
  const others = await project({ other: otherXml({}) });
  expect((await others.run('diff', 'old', 'new', '--changelog')).stderr).toContain('but none for the upgraded packages');
  expect((await others.run('diff', 'old', 'new')).stderr).toBe('');
});
