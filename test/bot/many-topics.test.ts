import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { botProject } from '../helpers/bot-project.ts';

const names = Array.from({ length: 20 }, (_, i) => `p${String(i).padStart(2, '0')}`);
const MANIFEST = `architectures: [x86_64]
repositories:
  - { id: base, baseurl: $mirror/$basearch }
sets:
  tools: { packages: [${names.join(', ')}] }
bot: { group_by: source, limit: 3 }
`;
const at = (version: number, only: readonly string[] = names): string[] => only.map((name) => `${name}-${version}-1.ARCH`);
const SECURITY = `<updates><update type="security" status="final"><id>RHSA-1</id><title>t</title><severity>Important</severity><issued date="2026-11-01 00:00:00"/>
<references><reference type="cve" id="CVE-2026-1234" href="https://example.com/"/></references>
<pkglist><collection><package name="p19" epoch="0" version="3" release="1" arch="x86_64"/></collection></pkglist></update></updates>`;

test('of many source RPMs as many are proposed as the limit lets, always the same ones; the next place is for security', async () => {
  const project = await botProject({ manifest: MANIFEST, packages: at(1) });
  project.mirror([...at(1), ...at(2)], { timestamp: 1738000000 });
  const outcomes = async (): Promise<Record<string, string[]>> => {
    const report = await project.run();
    expect(report.exitCode).toBe(0);
    const found: Record<string, string[]> = {};
    for (const { topic, outcome, reason } of report.projects[0]!.topics) {
      found[outcome] = [...(found[outcome] ?? []), topic];
      if (outcome === 'suppressed') expect(reason).toBe('the limit of 3 open pull requests is reached');
    }
    return found;
  };
  const first = await outcomes();
  expect([first['opened']?.length, first['suppressed']?.length]).toEqual([3, 17]);
  const second = await outcomes();
  expect(second).toEqual({ unchanged: first['opened'], suppressed: first['suppressed'] });
  expect(project.forge.pulls).toHaveLength(3);

  // One is merged: its place is free for the next.
  const [merged] = first['opened']!;
  project.git('update-ref', 'refs/heads/main', `rpm-deps/main/${merged}`);
  project.forge.pulls.find(({ branch }) => branch === `rpm-deps/main/${merged}`)!.state = 'merged';
  project.mirror([...at(1), ...at(2), ...at(3, ['p19'])], { timestamp: 1739000000, updateinfo: SECURITY });
  const third = await outcomes();
  expect(third['opened']).toEqual(['update-p19']);
  expect(project.forge.pulls.filter(({ state }) => state === 'open').map(({ branch }) => branch)).toEqual(
    [...first['opened']!.slice(1), 'update-p19'].map((topic) => `rpm-deps/main/${topic}`),
  );
  expect(project.forge.violations).toEqual([]);
});

test('what is the same for all topics is asked of git once', async () => {
  const project = await botProject({ manifest: MANIFEST, packages: at(1) });
  project.mirror([...at(1), ...at(2)], { timestamp: 1738000000 });
  const log = join(project.directory, 'git.log');
  const bin = join(project.directory, 'bin');
  mkdirSync(bin);
  const real = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$3" >>'${log}'\nexec ${real} "$@"\n`, { mode: 0o755 });
  project.env['PATH'] = `${bin}:${process.env['PATH']}`;
  const report = await project.run({ dryRun: true });
  expect(report.projects[0]!.topics.filter(({ outcome }) => outcome === 'would_propose')).toHaveLength(20);
  const commands = readFileSync(log, 'utf8').split('\n');
  const times = (command: string): number => commands.filter((one) => one === command).length;
  expect([times('config'), times('commit-tree')]).toEqual([1, 21]);
  expect(times('log') + times('ls-files')).toBeLessThan(5);
});
