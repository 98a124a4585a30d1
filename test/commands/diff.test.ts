import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { renderLockfile } from '../../src/lockfile/write.ts';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { lock, lockedPackage } from '../helpers/small-locks.ts';

const versionOf = (version: string): string => renderLockfile(lock('web-x86_64', ['glibc'], [lockedPackage(`glibc ${version}`)]));

function git(made: CliProject, ...args: readonly string[]): void {
  execFileSync('git', args, {
    cwd: made.directory,
    stdio: 'pipe',
    env: {
      ...made.env,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a',
    },
  });
}

function commit(made: CliProject, version: string): void {
  made.write('rpm-lockfiles/web-x86_64.lock.json', versionOf(version));
  git(made, 'add', '.');
  git(made, 'commit', '-qm', version);
}

let kept: string | undefined;

/** main: 1-1, 2-1; branch from 1-1: 3-1; working tree: 4-1. Made once, and copied for each test. */
function repository(): CliProject {
  const made = cliProject();
  if (kept !== undefined) {
    cpSync(kept, made.directory, { recursive: true });
    return made;
  }
  git(made, 'init', '-q', '-b', 'main');
  commit(made, '1-1');
  git(made, 'checkout', '-q', '-b', 'work');
  commit(made, '3-1');
  git(made, 'checkout', '-q', 'main');
  commit(made, '2-1');
  git(made, 'checkout', '-q', 'work');
  made.write('rpm-lockfiles/web-x86_64.lock.json', versionOf('4-1'));
  kept = mkdtempSync(join(tmpdir(), 'rpm-deps-diff-'));
  cpSync(made.directory, kept, { recursive: true });
  return made;
}

test('the first lockfiles are compared with nothing, in a new repository and outside of any', async () => {
  const made = cliProject();
  made.write('rpm-lockfiles/web-x86_64.lock.json', versionOf('1-1'));
  for (const words of [[], ['HEAD']]) {
    const { exitCode, stdout, stderr } = await made.run('diff', ...words);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('has no git commit to compare with') });
    expect(stdout).toContain('web-x86_64  1 package');
  }
  const path = made.env['PATH'];
  made.env['PATH'] = '/nowhere';
  expect(await made.run('diff')).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('has no git commit to compare with') });
  made.env['PATH'] = path;
  git(made, 'init', '-q');
  expect((await made.run('diff', '--json')).json).toMatchObject({ warnings: [{ code: 'NO_COMMIT' }] });
  made.env['PATH'] = '/nowhere';
  expect(await made.run('diff')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('git is not installed') });
});

test('a folder of a revision is meant from where the command runs, also above it and not above the repository', async () => {
  const made = repository();
  mkdirSync(join(made.directory, 'deep/er'), { recursive: true });
  for (const place of ['HEAD:rpm-lockfiles', 'HEAD:../rpm-lockfiles', 'HEAD:../../rpm-lockfiles']) {
    const from = ['.', 'deep', 'deep/er'][place.split('../').length - 1]!;
    const { exitCode, stdout, stderr } = await made.run('diff', '-C', from, place, join(made.directory, 'rpm-lockfiles'));
    expect({ place, exitCode, stderr }).toEqual({ place, exitCode: 0, stderr: '' });
    expect(stdout).toContain('glibc  3-1 -> 4-1');
  }
  const { exitCode, stderr } = await made.run('diff', 'HEAD:../rpm-lockfiles');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('`HEAD:../rpm-lockfiles` is neither a path nor a file or folder of a revision');
});

test.each([
  ['', 'glibc  3-1 -> 4-1'],
  ['HEAD~1', 'glibc  1-1 -> 4-1'],
  ['main', 'glibc  2-1 -> 4-1'],
  ['main...', 'glibc  1-1 -> 3-1'],
  ['main..', 'glibc  2-1 -> 3-1'],
  ['main..work', 'glibc  2-1 -> 3-1'],
  ['main work', 'glibc  2-1 -> 3-1'],
  ['main rpm-lockfiles', 'glibc  2-1 -> 4-1'],
  ['main rpm-lockfiles/web-x86_64.lock.json', 'glibc  2-1 -> 4-1'],
])('`diff %s`', async (words, line) => {
  const { exitCode, stdout } = await repository().run('diff', ...words.split(' ').filter((word) => word !== ''));
  expect(exitCode).toBe(0);
  expect(stdout).toContain(line);
});

test('it works from a folder below the top, and for another directory of lockfiles', async () => {
  const made = repository();
  mkdirSync(join(made.directory, 'deep/er'), { recursive: true });
  expect((await made.run('diff', '-C', 'deep/er', '--lockfiles', '../../rpm-lockfiles')).stdout).toContain('3-1 -> 4-1');
  expect(await made.run('diff', '--lockfiles', '/tmp')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('outside of the git repository'),
  });
});

test('it works in a hook of a work tree beside the main one, from a folder', async () => {
  const made = repository();
  git(made, 'worktree', 'add', '-q', 'beside/tree', 'main');
  mkdirSync(join(made.directory, 'beside/tree/deep'));
  made.env['GIT_DIR'] = join(made.directory, '.git/worktrees/tree');
  made.env['GIT_INDEX_FILE'] = join(made.directory, '.git/worktrees/tree/index');
  const { stdout } = await made.run('diff', 'work', '-C', 'beside/tree/deep', '--lockfiles', '../rpm-lockfiles');
  expect(stdout).toContain('glibc  3-1 -> 2-1');
});

test('--format and --json', async () => {
  const made = repository();
  expect((await made.run('diff', '--format', 'markdown')).stdout).toContain('| `glibc` | upgrade | `3-1` | `4-1` |');
  const { json } = await made.run('diff', '--json');
  expect(json).toMatchObject({ schema_version: '1.0', summary: { upgraded: 1 }, sources: [{ source: 'glibc' }] });
  expect((await made.run('diff', '--format', 'json')).json).toEqual(json);
});

test('--exit-code is 1 where there is a difference', async () => {
  const made = repository();
  expect((await made.run('diff', '--exit-code')).exitCode).toBe(1);
  expect((await made.run('diff', 'work', 'work', '--exit-code')).exitCode).toBe(0);
});

test('not a repository, an unknown revision, no common commit', async () => {
  const plain = cliProject();
  plain.write('rpm-lockfiles/web-x86_64.lock.json', versionOf('1-1'));
  expect(await plain.run('diff', 'main')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(/is not in a git repository\n\nhint: name two directories/),
  });
  const made = repository();
  expect(await made.run('diff', 'v9')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('`v9` is neither a path nor a revision'),
  });
  expect(await made.run('diff', '--', '--output=x')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('is neither a path nor a revision'),
  });
  git(made, 'checkout', '-q', '--orphan', 'other');
  git(made, 'commit', '-qm', 'other', '--allow-empty');
  expect(await made.run('diff', 'main...other')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no commit in common') });
});

test('a repository without a commit, and no lockfiles at all', async () => {
  const made = cliProject();
  git(made, 'init', '-q');
  expect(await made.run('diff', 'HEAD', 'HEAD')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('hint: there is no commit'),
  });
  git(made, 'commit', '-qm', 'empty', '--allow-empty');
  expect(await made.run('diff')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('no lockfiles found to compare') });
});

test('a broken lockfile of another commit is named with its revision', async () => {
  const made = repository();
  made.write('rpm-lockfiles/web-x86_64.lock.json', '<<<<<<< HEAD\n');
  git(made, 'commit', '-qam', 'conflict');
  expect((await made.run('diff', 'HEAD', 'main')).stderr).toContain('`HEAD:web-x86_64.lock.json` has merge conflict markers');
});

test('a manifest with mistakes is no reason not to compare, and is told', async () => {
  const made = repository();
  made.write('rpm-packages.yaml', 'sets: 3\n');
  expect(await made.run('diff')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('3-1 -> 4-1'),
    stderr: expect.stringMatching(/^warning: holds are not shown: /),
  });
});

test('holds of the manifest are told', async () => {
  const made = repository();
  made.write(
    'rpm-packages.yaml',
    'holds: [{ package: glibc, version: "4*", reason: "waits for a fix" }]\nsets: { web: { packages: [glibc] } }\n',
  );
  expect((await made.run('diff')).stdout).toContain('glibc at 4*: waits for a fix');
  made.write(
    'rpm-packages.yaml',
    'holds: [{ package: glibc, version: "4*", reason: "waits for a fix", until: 2020-01-31 }]\nsets: { web: { packages: [glibc] } }\n',
  );
  expect((await made.run('diff')).stdout).not.toContain('Held');
});

test.each([
  ['main:rpm-lockfiles', 'glibc  2-1 -> 4-1'],
  ['main:rpm-lockfiles/web-x86_64.lock.json', 'glibc  2-1 -> 4-1'],
  ['main:rpm-lockfiles work:rpm-lockfiles', 'glibc  2-1 -> 3-1'],
  // A folder of that name, without lockfiles, does not hide a branch.
  ['docs', 'glibc  2-1 -> 4-1'],
  // The folder of a whole project.
  ['main .', 'glibc  2-1 -> 4-1'],
])('files and folders of a revision, and folders beside it: `diff %s`', async (words, line) => {
  const made = repository();
  git(made, 'branch', 'docs', 'main');
  made.write('docs/readme.md', '');
  expect((await made.run('diff', ...words.split(' '))).stdout).toContain(line);
});

test('who names one lockfile gets the changes of that one', async () => {
  const made = repository();
  const other = renderLockfile(lock('side-s390x', [], [lockedPackage('glibc 1-1', { arch: 's390x' })]));
  made.write('rpm-lockfiles/side-s390x.lock.json', other);
  made.write('old.lock.json', versionOf('1-1'));
  expect((await made.run('diff', 'old.lock.json')).stdout).toMatch(/^1 upgraded in 1 lock \(1 package\); [^;]*\n/);
  expect((await made.run('diff', 'main', 'old.lock.json')).stdout).toMatch(/^1 downgraded in 1 lock \(1 package\); [^;]*\n/);
  const unlike = await made.run('diff', 'rpm-lockfiles/side-s390x.lock.json', 'rpm-lockfiles/web-x86_64.lock.json');
  expect(unlike.stdout).toContain('glibc  1-1 -> 4-1');
});

test('an empty name and what a revision does not have are mistakes', async () => {
  const made = repository();
  expect(await made.run('diff', '')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('must not be empty') });
  expect(await made.run('diff', 'main:nothing')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('neither a path nor a file'),
  });
});
