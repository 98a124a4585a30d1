import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FirstSeen } from '../../src/bot/first-seen.ts';
import { runBot } from '../../src/bot/run-bot.ts';
import { botProject, UPDATE } from '../helpers/bot-project.ts';

const REF = 'refs/rpm-deps/bot';

test('a fresh runner knows when the bot ran before; what it remembers is no branch and has no history', async () => {
  const project = await botProject();
  expect((await project.run()).lastRun).toBeNull();
  const other = join(project.directory, 'other-clone');
  execFileSync('git', ['clone', '-q', '--depth=1', `file://${project.origin}`, other]);
  const context = { ...project.context(), cwd: other, cacheDir: join(project.directory, 'other-cache') };
  project.now = new Date('2026-11-29T09:00:00Z');
  const again = await runBot({ forge: 'github', mirror: `file://${project.directory}/mirror` }, context);
  expect(again.lastRun).toBe('2026-11-28T09:00:00.000Z');
  const tip = project.git('rev-parse', REF);
  project.now = new Date('2026-11-29T10:00:00Z');
  await project.run();
  expect(project.git('rev-parse', REF), 'nothing new, and pushed an hour ago').toBe(tip);
  expect((await project.run({ dryRun: true })).lastRun).toBe('2026-11-29T10:00:00.000Z');
  expect(project.git('rev-list', '--count', REF)).toBe('1');
  expect(project.branches()).toEqual(['main', UPDATE]);
});

test('a remote that refuses the ref leaves it to the cache, without a warning', async () => {
  const project = await botProject();
  mkdirSync(join(project.origin, 'hooks'), { recursive: true });
  const hook = join(project.origin, 'hooks/update');
  writeFileSync(hook, '#!/bin/sh\ncase "$1" in refs/heads/*) ;; *) echo no >&2; exit 1;; esac\n');
  chmodSync(hook, 0o755);
  expect(await project.run()).toMatchObject({ exitCode: 0, lastRun: null, projects: [{ warnings: [] }] });
  expect((await project.run()).lastRun).toBe('2026-11-28T09:00:00.000Z');
  expect(project.git('for-each-ref', REF)).toBe('');
});

test('what somebody else wrote there is read with care', async () => {
  const project = await botProject();
  for (const text of ['no JSON', '[]', '{"runs":{".":7},"seen":[1]}', '{"runs":{".":"2999-01-01T00:00:00Z"}}']) {
    const blob = execFileSync('git', ['-C', project.origin, 'hash-object', '-w', '--stdin'], { input: text, encoding: 'utf8' }).trim();
    const tree = execFileSync('git', ['-C', project.origin, 'mktree'], { input: `100644 blob ${blob}\ttext\n`, encoding: 'utf8' }).trim();
    const who = ['-c', 'user.name=p', '-c', 'user.email=p@e'];
    const commit = execFileSync('git', ['-C', project.origin, ...who, 'commit-tree', tree, '-m', 'x'], { encoding: 'utf8' }).trim();
    project.git('update-ref', REF, commit);
    expect((await project.run()).lastRun, text).toBe(text.includes('2999') ? '2026-11-28T09:00:00.000Z' : null);
  }
});

const now = new Date('2026-11-28T09:00:00Z');
const ms = (text: string): number => Date.parse(text);

test('where nothing was watched before, only the time that a build was made counts, in later runs too', () => {
  const first = new FirstSeen(undefined, now);
  expect(first.of('a-1-1.src.rpm', ms('2026-11-01T00:00:00Z')).ms).toBe(ms('2026-11-01T00:00:00Z'));
  const second = new FirstSeen(first.met, new Date('2026-11-29T09:00:00Z'));
  expect(second.of('a-1-1.src.rpm', ms('2026-11-01T00:00:00Z')).ms).toBe(ms('2026-11-01T00:00:00Z'));
  expect(second.of('a-2-1.src.rpm', ms('2026-11-01T00:00:00Z'))).toEqual({ ms: ms('2026-11-29T09:00:00Z'), isSeen: true });
});

test('a build without a time, or with one of the future, counts from when it was first seen', () => {
  for (const built of [0, ms('2030-01-01T00:00:00Z')]) {
    expect(new FirstSeen(undefined, now).of('a', built)).toEqual({ ms: now.getTime(), isSeen: true });
    const seen = new Map([['a', '2026-11-20T00:00:00.000Z']]);
    expect(new FirstSeen(seen, now).of('a', built).ms).toBe(ms('2026-11-20T00:00:00Z'));
  }
});
