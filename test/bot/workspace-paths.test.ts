import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removeAbandonedWorkspaces, withoutWorkspacePaths, workspacePrefix } from '../../src/bot/workspace-paths.ts';
import { thisWriter } from '../../src/io/writer.ts';

const NOW = new Date('2026-11-28T09:00:00Z');
let directory: string;
const before = process.env['TMPDIR'];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'workspaces-'));
  process.env['TMPDIR'] = directory;
});

afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(directory, { recursive: true, force: true });
});

function workspace(name: string, ageMs: number): string {
  const path = join(directory, name);
  mkdirSync(join(path, 'tree'), { recursive: true });
  const time = new Date(NOW.getTime() - ageMs);
  utimesSync(path, time, time);
  return path;
}

test('what a killed run has left is removed; what a running one or another machine uses, and what is something else, stays', async () => {
  const machine = thisWriter().split('-')[0]!;
  const { pid: ended } = spawnSync('true');
  const minute = 60_000;
  const killed = workspace(`rpm-deps-bot-${machine}-${ended}-abcdef`, 5 * minute);
  const old = workspace('rpm-deps-bot-00000000-1-abcdef', 25 * 60 * minute);
  const kept = [
    workspace(`rpm-deps-bot-${machine}-${process.pid}-abcdef`, 5 * 60 * minute),
    workspace('rpm-deps-bot-00000000-1-bcdefg', 5 * 60 * minute),
    workspace('rpm-deps-bot-mine', 1000 * 60 * minute),
  ];
  symlinkSync(kept[2]!, join(directory, `rpm-deps-bot-${machine}-${ended}-linked`));
  await removeAbandonedWorkspaces(NOW);
  expect([killed, old].map((path) => existsSync(path))).toEqual([false, false]);
  expect(kept.map((path) => existsSync(path))).toEqual([true, true, true]);
});

test('a text has no names that change from run to run', () => {
  const place = join(tmpdir(), `${workspacePrefix()}abc123`);
  expect(withoutWorkspacePaths(`${place}/tree/rpm-packages.yaml:3 and ${place}/index`)).toBe('rpm-packages.yaml:3 and $TMPDIR/index');
});
