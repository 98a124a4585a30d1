import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBot } from '../../src/bot/run-bot.ts';
import { type BotProject, botProject, UPDATE } from '../helpers/bot-project.ts';

/** A disk of two megabytes; undefined where none can be made. */
function smallDisk({ directory }: BotProject, name: string): string | undefined {
  const disk = join(directory, name);
  mkdirSync(disk);
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk]).status === 0 ? disk : undefined;
}

/** All but this many pages. */
function fill(disk: string, pages: number): void {
  rmSync(join(disk, 'filler'), { force: true });
  const { bavail, bsize } = statfsSync(disk);
  writeFileSync(join(disk, 'filler'), Buffer.alloc(Math.max(0, (bavail - pages) * bsize), 1));
}

const PAGES = [0, 3, 4, 5];

test('a full disk for temporary files is exit 2 with the reason, and the next run heals it', async ({ skip }) => {
  const project = await botProject();
  const disk = smallDisk(project, 'temporary') ?? skip('no permission to mount a small disk');
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = disk;
  try {
    for (const pages of PAGES) {
      fill(disk, pages);
      const report = await project.run();
      // It may just do.
      if (pages > 0 && report.exitCode === 0) break;
      expect(report.exitCode, `${pages} pages: ${JSON.stringify(report)}`).toBe(2);
      expect(JSON.stringify(report)).toMatch(
        /"code":"WRITE_FAILED","message":"[^"]*(?:ENOSPC|[Nn]o space left|Out of disk|unable to (?:write|create))/,
      );
      expect(project.branches()).toEqual(['main']);
      expect(project.forge.pulls).toEqual([]);
      expect(readdirSync(disk)).toEqual(['filler']);
    }
    rmSync(join(disk, 'filler'));
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    expect(project.forge.issues).toMatchObject([{ state: 'closed' }]);
    expect(project.forge.pulls).toMatchObject([{ branch: UPDATE, state: 'open' }]);
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
    spawnSync('umount', ['-l', disk]);
  }
});

test('a full disk for the clone or the remote loses nothing, and the next run heals it', async ({ skip }) => {
  const project = await botProject();
  const disk = smallDisk(project, 'disk') ?? skip('no permission to mount a small disk');
  try {
    const clone = join(disk, 'clone');
    execFileSync('git', ['clone', '-q', '--template=', project.origin, clone]);
    const mirror = `file://${project.directory}/mirror`;
    const run = () => runBot({ forge: 'github', mirror, maxWaitMs: 50 }, { ...project.context(), cwd: clone });
    for (const pages of [...PAGES, 30]) {
      fill(disk, pages);
      const report = await run();
      if (report.exitCode === 0) continue;
      expect(report.exitCode, `${pages} pages: ${JSON.stringify(report)}`).toBe(2);
      expect(JSON.stringify(report)).toContain('WRITE_FAILED');
    }
    rmSync(join(disk, 'filler'));
    expect(await run()).toMatchObject({ exitCode: 0 });
    expect(project.forge.pulls).toMatchObject([{ branch: UPDATE, state: 'open' }]);
    expect(execFileSync('git', ['-C', clone, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('');
    execFileSync('git', ['-C', clone, 'fsck', '--strict'], { stdio: 'pipe' });

    // The remote on the disk: what cannot be stored there is its failure, and exit 4.
    const origin = join(disk, 'origin.git');
    execFileSync('git', ['clone', '-q', '--bare', '--template=', project.origin, origin]);
    execFileSync('git', ['-C', origin, 'update-ref', '-d', `refs/heads/${UPDATE}`]);
    execFileSync('git', ['-C', project.clone, 'remote', 'set-url', 'origin', origin]);
    project.forge.pulls.length = 0;
    project.forge.git = origin;
    fill(disk, 0);
    expect(await project.run()).toMatchObject({ exitCode: 4 });
    expect(project.forge.pulls).toEqual([]);
    rmSync(join(disk, 'filler'));
    expect(await project.run()).toMatchObject({ exitCode: 0 });
    expect(project.forge.pulls).toMatchObject([{ branch: UPDATE, state: 'open' }]);
  } finally {
    spawnSync('umount', ['-l', disk]);
  }
});
