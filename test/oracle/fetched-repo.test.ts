import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { fetchLocked } from '../../src/commands/fetch.ts';
import { optIn } from '../helpers/opt-in.ts';
import { FIXTURE_MIRROR, lockedProject } from '../helpers/project.ts';

const work = mkdtempSync(join(tmpdir(), 'rpm-deps-fetched-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe.skipIf(!optIn('ORACLE', ['dnf']))('dnf', () => {
  test.each(['', 's390x'])('takes exactly the locked files from what fetch laid out (DIR/%s)', async (below) => {
    const project = await lockedProject(FIXTURE_MIRROR, { architectures: ['s390x', 'x86_64'] });
    const { files, output } = await fetchLocked({ output: 'rpms', repodata: true }, project.context);
    const locked = files.filter(({ architecture }) => architecture === 's390x');
    const downloads = join(work, `downloads-${below}`);
    const options = [
      '--quiet',
      `--installroot=${join(work, `root-${below}`)}`,
      '--disableplugin=*',
      `--setopt=cachedir=${join(work, `cache-${below}`)}`,
      '--setopt=reposdir=/nonexistent',
      '--setopt=gpgcheck=0',
      '--releasever=9',
      '--forcearch=s390x',
      `--repofrompath=locked,file://${join(output!, below)}`,
      '--repo=locked',
    ];
    // What was asked for brings in the rest by itself.
    execFileSync('dnf', [...options, '-y', 'install', '--downloadonly', `--downloaddir=${downloads}`, 'acl', 'passt', 'swtpm-libs'], {
      stdio: 'pipe',
    });
    expect(readdirSync(downloads).sort()).toEqual(locked.map(({ filename }) => filename).sort());
    for (const { filename, sha256: wanted } of locked) expect(sha256(readFileSync(join(downloads, filename)))).toBe(wanted);
  });
});
