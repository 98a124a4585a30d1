import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { contentOf, filesAt, type GitPlace, hasCommit, mergeBase, resolveRevision, workTreePrefix } from '../../src/forge/git.ts';

const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-git-'));
const { signal } = new AbortController();
const place = (cwd: string): GitPlace => ({ cwd, env: process.env, signal });
const top = place(directory);
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', directory, '-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { encoding: 'utf8' }).trim();

function commit(file: string, text: string): string {
  writeFileSync(join(directory, file), text);
  git('add', '.');
  git('commit', '--quiet', '--message', file);
  return git('rev-parse', 'HEAD');
}

const any = (): boolean => true;
let first = '';

beforeAll(() => {
  git('init', '--quiet', '--initial-branch', 'main');
  mkdirSync(join(directory, 'locks'));
  first = commit('locks/a.json', 'first');
  commit('locks/b.txt', 'text');
  git('switch', '--quiet', '--create', 'topic', first);
  commit('locks/a.json', 'second');
});

test('a revision is the commit that it names', async () => {
  expect(await resolveRevision(top, 'main~1')).toBe(first);
  await expect(resolveRevision(top, 'no-such-branch')).rejects.toMatchObject({ code: 'GIT' });
  await expect(resolveRevision(top, '--all')).rejects.toMatchObject({ code: 'GIT' });
});

test('two branches have the commit in common where they parted', async () => {
  expect(await mergeBase(top, 'main', 'topic')).toBe(first);
});

test('files of a folder are read as they were at a commit, from any directory of the work tree', async () => {
  expect([...(await filesAt(top, first, 'locks', any))]).toEqual([['a.json', 'first']]);
  const below = place(join(directory, 'locks'));
  expect(await workTreePrefix(below)).toBe('locks/');
  expect([...(await filesAt(below, 'main', '.', (name) => name.endsWith('.json')))]).toEqual([['a.json', 'first']]);
  await expect(filesAt(top, first, '../outside', any)).rejects.toMatchObject({ code: 'USAGE' });
});

test('`REVISION:PATH` is a file or a folder', async () => {
  expect(await contentOf(top, 'topic:locks/a.json', any)).toEqual({ kind: 'file', text: 'second' });
  expect(await contentOf(top, 'main:locks', any)).toEqual({
    kind: 'folder',
    files: new Map([
      ['a.json', 'first'],
      ['b.txt', 'text'],
    ]),
  });
  await expect(contentOf(top, 'main:none', any)).rejects.toMatchObject({ code: 'GIT' });
});

test('a folder outside of any repository has no commit', async () => {
  const outside = place(mkdtempSync(join(tmpdir(), 'rpm-deps-no-git-')));
  expect(await hasCommit(outside)).toBe(false);
  expect(await hasCommit(top)).toBe(true);
  await expect(workTreePrefix(outside)).rejects.toMatchObject({
    code: 'GIT',
    message: expect.stringContaining('is not in a git repository'),
  });
});

test('a link is the file that it leads to within the revision; one that leads elsewhere is no file', async () => {
  mkdirSync(join(directory, 'links'));
  for (const [name, target] of [
    ['file', '../locks/a.json'],
    ['chain', 'file'],
    ['folder', '../locks'],
    ['outside', '../../outside'],
    ['absolute', '/etc/hostname'],
    ['nothing', 'none'],
    ['circle', 'circle'],
    ['{}', 'file'],
  ] as const)
    symlinkSync(target, join(directory, 'links', name));
  const id = commit('links/plain', 'plain');
  const found = [...(await filesAt(top, id, 'links', any))];
  expect(found).toEqual([
    ['chain', 'second'],
    ['file', 'second'],
    ['plain', 'plain'],
    ['{}', 'second'],
  ]);
  expect([...(await filesAt(place(join(directory, 'links')), id, '.', (name) => name === 'file'))]).toEqual([['file', 'second']]);
});

test('a file of a revision that is far too large is not taken into memory', async () => {
  const id = first;
  writeFileSync(join(directory, 'huge.json'), '');
  truncateSync(join(directory, 'huge.json'), 260 << 20);
  const commitId = commit('small.json', '{}');
  await expect(filesAt(top, commitId, '.', (name) => name === 'huge.json')).rejects.toMatchObject({
    code: 'GIT',
    message: 'git cat-file was ended by a signal, or printed more than 256 MiB',
  });
  git('reset', '--quiet', '--hard', id);
});
