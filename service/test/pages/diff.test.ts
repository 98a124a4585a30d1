import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { otherXml, writeRepository } from '../../../test/helpers/small-mirror.ts';
import { type Api, apiOf, type JobShown } from '../helpers/api.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { fixtureLocks } from '../helpers/fixture-locks.ts';
import { type GitProject, gitProject } from '../helpers/git-project.ts';
import { type RunningService, startService } from '../helpers/running-service.ts';

const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-diff-'));
const MANIFEST = `architectures: [x86_64]
repositories:
  - { id: baseos, baseurl: "file://${directory}/$basearch" }
sets:
  web: { packages: [glibc-common] }
`;
const UPDATEINFO = `<updates><update type="security"><id>TEST-2025:1</id><title>glibc security &lt;update&gt;</title><severity>Important</severity>
<references><reference href="https://cve.test/1" id="CVE-2025-0001" type="cve"/></references>
<pkglist><collection><package name="glibc-common" version="2.34" release="14.el9" epoch="0" arch="noarch"/></collection></pkglist></update></updates>`;
const other = otherXml({
  'glibc-2.34-14.el9.noarch': [
    '1736000000 A <a@test> - 2.34-1 | - first',
    '1736086400 B <b@test> - 2.34-14 | - mends the <b>hole</b>'.replace(/<(\/?b)>/g, '&lt;$1&gt;'),
  ],
});

let git: GitProject;
let service: RunningService;
let api: Api;
let revisions: string[];

/** Locks of what the mirror has in this release, on a base with that digest. */
async function locksAt(release: number, digit: string): Promise<Record<string, string>> {
  writeRepository(
    join(directory, 'x86_64'),
    [`glibc-2.34-${release}.el9.noarch`, `glibc-common-2.34-${release}.el9.noarch requires: glibc = 2.34-${release}.el9; source: glibc`],
    { other, updateinfo: UPDATEINFO },
  );
  const base = { image: 'registry.test/ubi9:9.5', digest: `sha256:${digit.repeat(64)}`, installed_digest: `sha256:${digit.repeat(64)}` };
  return Object.fromEntries(
    Object.entries(await fixtureLocks('mirror', MANIFEST)).map(([path, text]) => [
      path,
      `${JSON.stringify({ ...JSON.parse(text), base }, null, 2)}\n`,
    ]),
  );
}

beforeAll(async () => {
  git = gitProject({ 'rpm-packages.yaml': MANIFEST });
  const { data, token } = await createTokenIn(['operate']);
  service = await startService({ data, mirror: `file://${directory}`, config: { git: [git.directory] } });
  api = apiOf(service, token);
  await api.send('POST', '/v1/projects', { name: 'web', clone_url: git.url, paused: false });
  revisions = [];
  for (const [release, digit] of [
    [1, 'a'],
    [14, 'b'],
    [20, 'b'],
  ] as const) {
    revisions.push(git.commit(await locksAt(release, digit)));
    const { body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/web/check');
    await api.ended(body.job.id);
  }
});
afterAll(async () => {
  await service?.stop();
  git?.remove();
  rmSync(directory, { recursive: true, force: true });
});

const page = async (from: number, to: number): Promise<string> => {
  const response = await fetch(`${service.url}/projects/web/diff?from=${revisions[from]}&to=${revisions[to]}`, {
    headers: { accept: 'text/html' },
  });
  expect(response.status).toBe(200);
  return response.text();
};

test('a difference has the changelog and the advisories of each source, and the bases; all of it is text', async () => {
  let text = await page(0, 1);
  for (let i = 0; i < 20 && text.includes('still being read'); i++) text = await page(0, 1);
  expect(text).toContain('TEST-2025:1 (Important) glibc security &lt;update&gt; CVE-2025-0001');
  expect(text).toContain('Changelog of glibc');
  expect(text).toContain('- mends the &lt;b&gt;hole&lt;/b&gt;');
  expect(text).not.toContain('- first');
  expect(text).toContain('<details id="source-glibc"');
  expect(text).toContain('<a href="#source-glibc">');
  expect(text).toMatch(/registry\.test\/ubi9:9\.5.*sha256:aaaaaaaaaaaa.* → .*sha256:bbbbbbbbbbbb/);
  expect(text).toContain('The packages of one of the two are not known here.');
});

test('what was read once is shown when the mirror is gone', async () => {
  rmSync(join(directory, 'x86_64'), { recursive: true, force: true });
  expect(await page(0, 1)).toContain('Changelog of glibc');
});

test('a difference whose changelogs cannot be read, or that repositories say nothing about, says so', async () => {
  const broken = await page(1, 2);
  expect(broken).toContain('1 upgraded');
  expect(broken).toContain('Changelogs and advisories could not be read');
  expect(await page(2, 0)).toContain('The repositories have no changelogs or advisories for these changes.');
});
