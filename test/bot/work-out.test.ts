import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { type BotInput, runBot } from '../../src/bot/run-bot.ts';
import type { Manifest } from '../../src/manifest/manifest.ts';
import type { ProjectReport } from '../../src/views/bot-report.ts';
import { botProject, MANIFEST, NEW, topicOf, UPDATE } from '../helpers/bot-project.ts';

const DAY = 86_400;
const seconds = (date: string): number => Date.parse(date) / 1000;
/** `now` of the tests is 2026-11-28 09:00. */
const YOUNG = seconds('2026-11-27T09:00:00Z');
const OLD_ENOUGH = seconds('2026-11-20T09:00:00Z');
const BASE = ['acl-1-1.ARCH', 'bash-1-1.ARCH requires: libc', 'libc-1-1.ARCH'];

const ADVISORY = (
  name: string,
  version: string,
  type = 'security',
): string => `<updates><update type="${type}" status="final"><id>RHSA-1</id><title>t</title><severity>Important</severity><issued date="2026-11-01 00:00:00"/>
<references><reference type="cve" id="CVE-2026-1234" href="https://example.com/"/></references>
<pkglist><collection><package name="${name}" epoch="0" version="${version}" release="1" arch="x86_64"/><package name="${name}" epoch="0" version="${version}" release="1" arch="s390x"/></collection></pkglist></update></updates>`;

test('a run for one topic leaves the pull requests of the others alone', async () => {
  const manifest = `${MANIFEST.replace('[acl, bash]', '["acl-${ACL}", bash]')}versions: { ACL: "0:1-1" }\n`;
  const project = await botProject({ manifest });
  project.mirror(NEW, { timestamp: 1738000000, updateinfo: ADVISORY('libc', '2') });
  const runs: readonly BotInput[] = [{}, { topics: ['bump'] }, { only: 'security' }, { groupBy: 'source', only: 'security' }];
  for (const input of [...runs, ...runs.slice(0, 3)]) expect(await project.run(input)).toMatchObject({ exitCode: 0 });
  expect(project.forge.pulls.map(({ branch, state }) => [branch, state])).toEqual([
    [UPDATE, 'open'],
    ['rpm-deps/main/bump', 'open'],
    ['rpm-deps/main/security-update', 'closed'],
    ['rpm-deps/main/security-update-libc', 'closed'],
    ['rpm-deps/main/security-update', 'open'],
  ]);
});

test('two topics are never mixed', async () => {
  const manifest = `${MANIFEST.replace('[acl, bash]', '["acl-${ACL}", bash]')}versions: { ACL: "0:1-1" }\n`;
  const project = await botProject({ manifest });
  const report = await project.run({ topics: ['update', 'bump'] });
  expect(topicOf(report, 'update')).toMatchObject({ outcome: 'opened', title: 'rpm lockfiles: update libc to 2-1' });
  expect(topicOf(report, 'bump')).toMatchObject({ outcome: 'opened', title: 'rpm lockfiles: bump ACL to 0:2-1' });
  expect(project.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-1-1', 'bash-1-1', 'libc-2-1']);
  expect(project.locked('rpm-deps/main/bump', 'tools-x86_64')).toEqual(['acl-2-1', 'bash-1-1', 'libc-1-1']);
  expect(project.file('rpm-deps/main/bump', 'rpm-packages.yaml')).toBe(manifest.replace('"0:1-1"', '"0:2-1"'));
  expect(project.git('diff', '--name-only', 'main', 'rpm-deps/main/bump').split('\n')).toHaveLength(3);
});

test('a topic for each source RPM; those that are up to date again are closed', async () => {
  const project = await botProject({ bot: 'bot: { group_by: source }\n' });
  const report = await project.run();
  expect(report.projects[0]!.topics.map(({ topic, title }) => [topic, title])).toEqual([
    ['update-acl', 'rpm lockfiles: update acl to 2-1'],
    ['update-libc', 'rpm lockfiles: update libc to 2-1'],
  ]);
  expect(project.locked('rpm-deps/main/update-acl', 'tools-x86_64')).toEqual(['acl-2-1', 'bash-1-1', 'libc-1-1']);
  project.git('update-ref', 'refs/heads/main', 'rpm-deps/main/update-acl');
  const second = await project.run();
  expect(second.projects[0]!.topics.map(({ topic, outcome }) => [topic, outcome])).toEqual([
    ['update-libc', 'refreshed'],
    ['update-acl', 'closed'],
  ]);
  expect(project.branches()).toEqual(['main', 'rpm-deps/main/update-libc']);
});

test('locks of schema 1.0 do not tell sources: their packages still move and stay by source, and only in sets that have some', async () => {
  const lines = (version: number): string[] => [
    `acl-${version}-1.ARCH`,
    ...['a', 'b'].map((x) => `tool-${x}-${version}-1.ARCH source: tool`),
  ];
  const manifest = MANIFEST.replace('[acl, bash]', '[acl, tool-a, tool-b]').replace('sets:', 'sets:\n  more: { packages: [acl] }');
  const project = await botProject({ manifest, packages: lines(1) });
  const names = ['more-s390x', 'more-x86_64', 'tools-s390x', 'tools-x86_64'].map((name) => `rpm-lockfiles/${name}.lock.json`);
  project.commit('main', Object.fromEntries(names.map((name) => [name, inSchema10(project.file('main', name))])));
  project.mirror([...lines(1), ...lines(2)], { timestamp: 1737000000 });
  const report = await project.run({ groupBy: 'source' });
  expect(report.projects[0]!.topics.map(({ topic, files }) => [topic, files])).toEqual([
    ['update-acl', names],
    ['update-tool', names.slice(2)],
  ]);
  expect(project.locked('rpm-deps/main/update-tool', 'tools-x86_64')).toEqual(['acl-1-1', 'tool-a-2-1', 'tool-b-2-1']);
  expect(topicOf(await project.run({ ignore: ['tool'] })).files).toEqual(names);
  expect(project.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-2-1', 'tool-a-1-1', 'tool-b-1-1']);
});

function inSchema10(text: string): string {
  const { architecture, package_set, generated, packages } = JSON.parse(text);
  const old = packages.map(
    ({ size: _, dependencies: _d, repository: _r, location: _l, source: _s, ...kept }: Record<string, unknown>) => kept,
  );
  return JSON.stringify({ schema_version: '1.0', architecture, package_set, generated, generator: 'rpm-deps', packages: old });
}

test('--only security proposes what an advisory names, with its id', async () => {
  const project = await botProject({ bot: 'bot: { only: security }\n' });
  expect(topicOf(await project.run(), 'security-update')).toMatchObject({ outcome: 'nothing' });
  project.mirror(NEW, { timestamp: 1738000000, updateinfo: ADVISORY('libc', '2') });
  const report = await project.run();
  expect(topicOf(report, 'security-update')).toMatchObject({
    outcome: 'opened',
    security: true,
    title: 'rpm lockfiles (security): update libc to 2-1',
  });
  expect(project.forge.pulls[0]!.body).toContain('RHSA-1');
  expect(project.locked('rpm-deps/main/security-update', 'tools-x86_64')).toEqual(['acl-1-1', 'bash-1-1', 'libc-2-1']);
  expect(report.projects[0]!.suppressed).toMatchObject([{ source: 'acl', reason: 'not_security' }]);
});

test('an advisory without CVEs counts by its type: a bug fix is not security, whatever its severity', async () => {
  const project = await botProject({ bot: 'bot: { only: security }\n' });
  const advisory = (type: string): string => ADVISORY('libc', '2', type).replace(/<references>.*?<\/references>/s, '');
  project.mirror(NEW, { timestamp: 1738000000, updateinfo: advisory('bugfix') });
  expect(topicOf(await project.run(), 'security-update')).toMatchObject({ outcome: 'nothing' });
  project.mirror(NEW, { timestamp: 1739000000, updateinfo: advisory('security') });
  expect(topicOf(await project.run(), 'security-update')).toMatchObject({ outcome: 'opened', security: true });
});

test('a build younger than the minimum age waits, and an older one between is taken', async () => {
  const project = await botProject({ bot: 'bot: { minimum_age: 3d }\n' });
  project.mirror([...BASE, `acl-2-1.ARCH built: ${OLD_ENOUGH}`, `acl-3-1.ARCH built: ${YOUNG}`, `libc-2-1.ARCH built: ${YOUNG}`], {
    timestamp: 1738000000,
  });
  const report = await project.run();
  expect(project.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-2-1', 'bash-1-1', 'libc-1-1']);
  expect(report.projects[0]!.suppressed).toMatchObject([
    { source: 'acl', to: '3-1', reason: 'minimum_age', text: expect.stringContaining('2026-11-27') },
    { source: 'libc', to: '2-1', reason: 'minimum_age' },
  ]);
  expect(project.forge.pulls[0]!.body).toContain('Not proposed now');
  project.now = new Date('2026-12-05T09:00:00Z');
  await project.run();
  expect(project.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-3-1', 'bash-1-1', 'libc-2-1']);
});

test('a build that appears later waits from when it was first seen, on whatever runner, however long ago it was built', async () => {
  const project = await botProject({ bot: 'bot: { minimum_age: 3d }\n' });
  const lines = [...BASE, `acl-2-1.ARCH built: ${OLD_ENOUGH}`];
  project.mirror(lines, { timestamp: 1738000000 });
  await project.run();
  expect(project.locked(UPDATE, 'tools-x86_64')).toContain('acl-2-1');
  project.now = new Date('2026-11-30T09:00:00Z');
  project.mirror([...lines, `libc-2-1.ARCH built: ${OLD_ENOUGH}`], { timestamp: 1739000000 });
  const fresh = { ...project.context(), cacheDir: join(project.directory, 'other-cache') };
  const report = await runBot({ forge: 'github', mirror: `file://${project.directory}/mirror` }, fresh);
  expect(report.projects[0]!.suppressed).toMatchObject([
    { source: 'libc', reason: 'minimum_age', text: 'first seen on 2026-11-30 (built on 2026-11-20), younger than the minimum age' },
  ]);
  expect(topicOf(report)).toMatchObject({ outcome: 'refreshed' });
  expect(project.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-2-1', 'bash-1-1', 'libc-1-1']);
  project.now = new Date('2026-12-03T09:00:00Z');
  await project.run();
  expect(project.locked(UPDATE, 'tools-x86_64')).toContain('libc-2-1');
});

test('pins wait for the minimum age as well', async () => {
  const manifest = `${MANIFEST.replace('[acl, bash]', '["acl-${ACL}", "libc-${LIBC}"]')}versions: { ACL: "0:1-1", LIBC: "0:1-1" }\n`;
  const project = await botProject({ manifest, bot: 'bot: { minimum_age: 3d, topics: [bump] }\n' });
  project.mirror([...BASE, `acl-2-1.ARCH built: ${YOUNG}`, `libc-2-1.ARCH built: ${OLD_ENOUGH}`], { timestamp: 1738000000 });
  const report = await project.run();
  expect(topicOf(report, 'bump')).toMatchObject({ outcome: 'opened', title: 'rpm lockfiles: bump LIBC to 0:2-1' });
  expect(report.projects[0]!.suppressed).toMatchObject([{ source: 'ACL', to: '2-1', reason: 'minimum_age' }]);
  project.now = new Date('2026-12-01T09:00:00Z');
  expect(topicOf(await project.run(), 'bump').title).toBe('rpm lockfiles: bump ACL to 0:2-1, LIBC to 0:2-1');
});

test('a pin that needs a young build of another package waits for it, and keeps no other pin', async () => {
  const manifest = `${MANIFEST.replace('[acl, bash]', '["acl-${ACL}", "libc-${LIBC}"]')}versions: { ACL: "0:1-1", LIBC: "0:1-1" }\n`;
  const packages = ['acl-1-1.ARCH requires: attr', 'attr-1-1.ARCH', 'libc-1-1.ARCH'];
  const project = await botProject({ manifest, packages, bot: 'bot: { minimum_age: 3d, topics: [bump] }\n' });
  const newer = [`acl-2-1.ARCH built: ${OLD_ENOUGH}; requires: attr >= 2`, `libc-2-1.ARCH built: ${OLD_ENOUGH}`];
  project.mirror([...packages, ...newer, `attr-2-1.ARCH built: ${YOUNG}`], { timestamp: 1738000000 });
  const report = await project.run();
  expect(topicOf(report, 'bump')).toMatchObject({ outcome: 'opened', title: 'rpm lockfiles: bump LIBC to 0:2-1' });
  expect(report.projects[0]!.suppressed).toMatchObject([
    { source: 'ACL', to: '0:2-1', reason: 'minimum_age', text: expect.stringContaining('`attr` 2-1') },
  ]);
  project.now = new Date('2026-12-01T09:00:00Z');
  expect(topicOf(await project.run(), 'bump').title).toBe('rpm lockfiles: bump ACL to 0:2-1, LIBC to 0:2-1');
});

test('a pin that waits does not promise an older build of what it needs, which only updates take', async () => {
  const manifest = `${MANIFEST.replace('[acl, bash]', '["acl-${ACL}"]')}versions: { ACL: "0:1-1" }\n`;
  const packages = ['acl-1-1.ARCH requires: attr', 'attr-1-1.ARCH'];
  const project = await botProject({ manifest, packages, bot: 'bot: { minimum_age: 3d, topics: [update, bump] }\n' });
  const newer = [`acl-2-1.ARCH built: ${OLD_ENOUGH}; requires: attr >= 2`, `attr-1.5-1.ARCH built: ${OLD_ENOUGH}`];
  project.mirror([...packages, ...newer, `attr-2-1.ARCH built: ${YOUNG}`], { timestamp: 1738000000 });
  const { suppressed } = (await project.run()).projects[0]!;
  const texts = new Map(suppressed.map(({ source, text }) => [source, text]));
  expect(texts.get('attr')).toMatch(/, younger than the minimum age; attr-1\.5-1 is used$/);
  expect(texts.get('ACL')).toMatch(/^it needs `attr` 2-1: .*, younger than the minimum age$/);
});

test('with only: security a pin moves when an advisory names it, and `ignore` takes globs for pins too', async () => {
  const manifest = `${MANIFEST.replace('[acl, bash]', '["acl-${ACL}", "libc-${LIBC}"]')}versions: { ACL: "0:1-1", LIBC: "0:1-1" }\n`;
  const project = await botProject({ manifest, bot: 'bot: { only: security, topics: [bump] }\n' });
  project.mirror(NEW, { timestamp: 1738000000, updateinfo: ADVISORY('libc', '2') });
  const report = await project.run();
  expect(topicOf(report, 'security-bump')).toMatchObject({
    outcome: 'opened',
    security: true,
    title: expect.stringContaining('bump LIBC to 0:2-1'),
  });
  expect(report.projects[0]!.suppressed).toMatchObject([{ source: 'ACL', reason: 'not_security' }]);
  const ignored = await project.run({ ignore: ['lib*'], dryRun: true });
  expect(topicOf(ignored, 'security-bump')).toMatchObject({ outcome: 'nothing' });
  expect(ignored.projects[0]!.suppressed).toMatchObject([{ source: 'LIBC', reason: 'ignored' }, { source: 'ACL' }]);
});

test('what fixes an advisory does not wait', async () => {
  const project = await botProject({ bot: 'bot: { minimum_age: 3d }\n' });
  project.mirror([...BASE, `libc-2-1.ARCH built: ${YOUNG}`], { timestamp: 1738000000, updateinfo: ADVISORY('libc', '2') });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened', security: true });
  expect(project.locked(UPDATE, 'tools-x86_64')).toContain('libc-2-1');
});

test('what would drag a young build in stays older itself', async () => {
  const project = await botProject({ bot: 'bot: { minimum_age: 3d }\n' });
  project.mirror([...BASE, 'acl-2-1.ARCH requires: libc >= 2', `libc-2-1.ARCH built: ${YOUNG}`], { timestamp: 1738000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'nothing' });
});

test('what `ignore` names is left out and reported', async () => {
  const project = await botProject({ bot: 'bot: { ignore: ["lib*"] }\n' });
  const report = await project.run();
  expect(project.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-2-1', 'bash-1-1', 'libc-1-1']);
  expect(report.projects[0]!.suppressed).toMatchObject([{ source: 'libc', reason: 'ignored' }]);
});

test('holds keep packages, with their reason in the report', async () => {
  const manifest = `${MANIFEST}holds:\n  - { package: acl, version: "1*", reason: "breaks us", until: 2099-01-01 }\n`;
  const project = await botProject({ manifest });
  const report = await project.run();
  expect(project.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-1-1', 'bash-1-1', 'libc-2-1']);
  expect(report.projects[0]!.suppressed).toMatchObject([{ source: 'acl', reason: 'hold', text: expect.stringContaining('breaks us') }]);
});

test('expired holds are proposed for removal in a pull request of their own, comments stay', async () => {
  const holds = `holds:
  # until the kernel is fixed
  - { package: acl, version: "1*", reason: "breaks us", until: 2026-01-01 }
  # for ever
  - { package: bash, version: "1*", reason: "wanted" }
`;
  const project = await botProject({ manifest: `${MANIFEST}${holds}` });
  const report = await project.run();
  expect(topicOf(report, 'holds')).toMatchObject({
    outcome: 'opened',
    title: 'rpm manifest: remove the expired hold on acl',
    files: ['rpm-packages.yaml'],
  });
  expect(project.file('rpm-deps/main/holds', 'rpm-packages.yaml')).toBe(
    `${MANIFEST}holds:\n  # for ever\n  - { package: bash, version: "1*", reason: "wanted" }\n`,
  );
  expect(project.forge.pulls.find(({ branch }) => branch.endsWith('/holds'))!.body).toContain('breaks us');
});

test('expired holds and pins of included files are proposed in those files', async () => {
  const shared =
    'versions: { BASH: 1-1 }\nholds:\n  - { package: libc, version: "*", reason: "wanted" }\n  - { package: none, version: "1*", reason: "old", until: 2026-01-01 }\n';
  const own = 'holds:\n  - { package: acl, version: "1*", reason: "wanted too" }\n';
  const project = await botProject({
    manifest: `include: [shared.yaml]\n${MANIFEST.replace('bash', '"bash-${BASH}"')}${own}`,
    files: { 'shared.yaml': shared },
  });
  const report = await project.run({ topics: ['holds'] });
  expect(topicOf(report, 'holds')).toMatchObject({ outcome: 'opened', files: ['shared.yaml'] });
  expect(project.file('rpm-deps/main/holds', 'shared.yaml')).toBe(`${shared.split('\n').slice(0, 3).join('\n')}\n`);
  project.mirror([...BASE, 'bash-2-1.ARCH requires: libc'], { timestamp: 1738000000 });
  expect(topicOf(await project.run({ topics: ['bump'] }), 'bump')).toMatchObject({
    outcome: 'opened',
    files: expect.arrayContaining(['shared.yaml']),
  });
  expect(project.file('rpm-deps/main/bump', 'shared.yaml')).toContain('BASH: 2-1');
});

test('a set that cannot be solved does not keep the others from being proposed; the failure stands in the pull request, and the exit code', async () => {
  const manifest = `${MANIFEST}  pinned:\n    packages: ["acl-0:1-1"]\n`;
  const project = await botProject({ manifest });
  project.mirror(['acl-2-1.ARCH', 'bash-1-1.ARCH requires: libc', 'libc-2-1.ARCH'], { timestamp: 1738000000 });
  const report = await project.run();
  expect(report.exitCode).toBe(6);
  expect(topicOf(report)).toMatchObject({ outcome: 'opened', failures: [{ code: 'PIN_GONE', details: expect.any(Array) }] });
  expect(project.locked(UPDATE, 'tools-x86_64')).toEqual(['acl-2-1', 'bash-1-1', 'libc-2-1']);
  expect(project.forge.pulls[0]!.body).toMatch(/Not everything could be updated.*pinned/s);
  expect(project.forge.issues).toEqual([]);
});

test('a pin that cannot move keeps no other pin from moving', async () => {
  const manifest = `${MANIFEST.replace('[acl, bash]', '["acl-${ACL}", "libc-${LIBC}"]')}versions: { ACL: "0:1-1", LIBC: "0:1-1" }\n`;
  const project = await botProject({ manifest });
  project.mirror([...BASE, 'acl-2-1.ARCH requires: nowhere', 'libc-2-1.ARCH'], { timestamp: 1738000000 });
  const report = await project.run({ topics: ['bump'] });
  expect(topicOf(report, 'bump')).toMatchObject({
    outcome: 'opened',
    title: 'rpm lockfiles: bump LIBC to 0:2-1',
    failures: [{ code: 'UNSOLVABLE' }],
  });
  expect(project.file('rpm-deps/main/bump', 'rpm-packages.yaml')).toContain('ACL: "0:1-1", LIBC: "0:2-1"');
  expect(report.exitCode).toBe(3);
});

test('manifest, lockfiles and exports change in one commit', async () => {
  const bot =
    'bot: { exports: [{ format: list, path: packages.txt, set: tools, architecture: x86_64 }, { format: rpms.lock.yaml, path: out/rpms.lock.yaml }] }\n';
  const project = await botProject({ bot });
  expect(topicOf(await project.run())).toMatchObject({
    files: ['out/rpms.lock.yaml', 'packages.txt', 'rpm-lockfiles/tools-s390x.lock.json', 'rpm-lockfiles/tools-x86_64.lock.json'],
  });
  expect(project.file(UPDATE, 'packages.txt')).toContain('acl-0:2-1.x86_64');
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'unchanged' });
});

test('several bases and manifests in one run are each in the report, also those with nothing to do and those that are missing', async () => {
  const project = await botProject({ files: { 'images/rpm-packages.yaml': MANIFEST } });
  project.commit('release-1.0', { 'README.md': 'release\n' }, { from: 'main' });
  project.commit('main', {
    'rpm-packages.yaml': `${MANIFEST}bot: { base: [main, release-1.0, gone], manifests: [rpm-packages.yaml, images/rpm-packages.yaml] }\n`,
  });
  const report = await project.run();
  expect(report.projects.map(({ base, manifest, topics }) => [base, manifest, topics[0]?.branch])).toEqual([
    ['main', 'rpm-packages.yaml', UPDATE],
    ['main', 'images/rpm-packages.yaml', 'rpm-deps/main/images.update'],
    ['release-1.0', 'rpm-packages.yaml', expect.stringMatching(/^rpm-deps\/release-1-0-[0-9a-f]{8}\/update$/)],
    ['release-1.0', 'images/rpm-packages.yaml', expect.stringMatching(/images\.update$/)],
    ['gone', 'rpm-packages.yaml', undefined],
    ['gone', 'images/rpm-packages.yaml', undefined],
  ]);
  expect(report.exitCode).toBe(2);
  expect(project.forge.pulls.map(({ base }) => base)).toEqual(['main', 'main', 'release-1.0', 'release-1.0']);
});

test('manifests and base branches without a section follow that of the first, another manifest without its exports', async () => {
  const own = `${MANIFEST}bot: { labels: [own] }\n`;
  const project = await botProject({ files: { 'images/rpm-packages.yaml': MANIFEST, 'own/rpm-packages.yaml': own } });
  project.commit('release', { 'README.md': 'release\n' }, { from: 'main' });
  const section =
    'bot: { base: [main, release], manifests: [rpm-packages.yaml, images/rpm-packages.yaml, own/rpm-packages.yaml], ' +
    'labels: [rpms], exports: [{ format: list, path: rpms.txt }] }\n';
  project.commit('main', { 'rpm-packages.yaml': `${MANIFEST}${section}` });
  const report = await project.run();
  expect(report.exitCode).toBe(0);
  expect(project.forge.pulls.map(({ labels }) => labels)).toEqual([['rpms'], ['rpms'], ['own'], ['rpms'], ['rpms'], ['own']]);
  const hasExport = ({ topics }: ProjectReport): boolean => topics[0]!.files.some((path) => path.endsWith('rpms.txt'));
  expect(report.projects.map(hasExport)).toEqual([true, false, false, true, false, false]);
});

test('a manifest in a folder is found from there', async () => {
  const project = await botProject({ folder: 'deps/rpm' });
  expect(topicOf(await project.run()).branch).toMatch(/^rpm-deps\/main\/deps-rpm-[0-9a-f]{8}\.update$/);
  expect(project.git('diff', '--name-only', 'main', project.branches()[1]!)).toContain('deps/rpm/rpm-lockfiles/tools-x86_64.lock.json');
});

test('the archive has the RPMs before anything is pushed; where that fails, nothing is pushed or opened', async () => {
  const project = await botProject();
  const report = await project.run({ archive: join(project.directory, 'archive') });
  expect(report.exitCode).not.toBe(0);
  expect(topicOf(report)).toMatchObject({ outcome: 'failed' });
  expect(project.branches()).toEqual(['main']);
  expect(project.forge.pulls).toEqual([]);
});

test('a manifest that is broken on the base branch, and a lock with conflict marks, are failures that say so', async () => {
  const project = await botProject();
  project.commit('main', { 'rpm-lockfiles/tools-x86_64.lock.json': '<<<<<<< HEAD\n{}\n' });
  const lock = await project.run();
  expect(lock.exitCode).toBe(2);
  expect(lock.projects[0]!.failures[0] ?? topicOf(lock).failures[0]).toMatchObject({
    code: 'LOCKFILE_INVALID',
    message: '`rpm-lockfiles/tools-x86_64.lock.json` has merge conflict markers (line 1)',
  });
  expect(JSON.stringify(lock)).not.toContain('/rpm-deps-bot-');
  expect((await project.run()).issue).toMatchObject({ state: 'unchanged' });
  project.commit('main', { 'rpm-packages.yaml': 'sets: [' });
  const manifest = await project.run();
  expect(manifest).toMatchObject({ exitCode: 2, projects: [{ failures: [{ code: 'MANIFEST_INVALID' }] }] });
  expect(project.forge.pulls).toEqual([]);
});

test('ages of locks are reported, and too old ones are a failure', async () => {
  const project = await botProject({ bot: 'bot: { max_age: 14d }\n' });
  const report = await project.run();
  expect(report.projects[0]!.locks).toMatchObject([{ set: 'tools', architecture: 's390x', days: 692, stale: true }, { stale: true }]);
  expect(report).toMatchObject({ exitCode: 1 });
  expect(topicOf(report)).toMatchObject({ outcome: 'opened' });
  project.now = new Date('2025-01-06T09:00:00Z');
  expect(await project.run()).toMatchObject({ exitCode: 0 });
});

test('a day that is not in the schedule opens nothing and still refreshes', async () => {
  const project = await botProject({ bot: 'bot: { schedule: { update: [monday] } }\n' });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'suppressed', reason: 'its schedule is monday' });
  project.now = new Date('2026-11-30T09:00:00Z');
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'opened' });
  project.now = new Date(project.now.getTime() + DAY * 1000);
  project.mirror([...NEW, 'acl-3-1.ARCH'], { timestamp: 1739000000 });
  expect(topicOf(await project.run())).toMatchObject({ outcome: 'refreshed' });
});

test('the limit holds back others and never security', async () => {
  const project = await botProject({ bot: 'bot: { group_by: source, limit: 1 }\n' });
  project.mirror(NEW, { timestamp: 1738000000, updateinfo: ADVISORY('libc', '2') });
  project.forge.openPull({
    branch: 'rpm-deps/main/update-other',
    base: 'release',
    headRepository: 'owner/project',
    title: '',
    body: '',
    draft: false,
  });
  project.commit('rpm-deps/main/update-other', {}, { from: 'main' });
  const report = await project.run();
  expect(report.projects[0]!.topics.map(({ topic, outcome }) => [topic, outcome])).toEqual([
    ['update-libc', 'opened'],
    ['update-acl', 'suppressed'],
  ]);
});

test('files beside the repository are not read: neither included ones nor the base of a set', async () => {
  const name = `rpm-deps-beside-${process.pid}.yaml`;
  const beside = join(tmpdir(), name);
  writeFileSync(beside, MANIFEST.slice(MANIFEST.indexOf('sets:')));
  onTestFinished(() => rmSync(beside, { force: true }));
  const project = await botProject();
  const own = MANIFEST.slice(0, MANIFEST.indexOf('sets:'));
  // From the folder in which the bot works, and from the clone.
  for (const path of [`../../${name}`, `../${name}`, `a/../../../${name}`]) {
    project.commit('main', { 'rpm-packages.yaml': `include: ${path}\n${own}` });
    const { failures } = (await project.run()).projects[0]!;
    expect(failures, path).toMatchObject([
      { code: 'MANIFEST_INVALID', details: expect.arrayContaining([expect.stringContaining('outside of the repository')]) },
    ]);
  }
  project.commit('main', { 'rpm-packages.yaml': `${MANIFEST}    base: { rpmdb: ../../rootfs }\n` });
  expect((await project.run()).projects[0]!.failures).toMatchObject([
    { code: 'MANIFEST_INVALID', message: expect.stringContaining('outside of the repository') },
  ]);
});

test('a manifest that a program does not approve is not worked with', async () => {
  const project = await botProject({ bot: 'bot: { forge_url: "http://127.0.0.1:9/" }\n' });
  const approve = ({ bot }: Manifest): void => {
    throw new RpmDepsError('HOST_REFUSED', `not ${bot?.forgeUrl}`);
  };
  const report = await project.run({ approve });
  expect(report.projects).toMatchObject([{ topics: [], failures: [{ code: 'HOST_REFUSED', message: 'not http://127.0.0.1:9/' }] }]);
  expect(project.branches()).toEqual(['main']);
});
