import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { makeGitQuick } from '../../../test/helpers/quick-git.ts';

export const MIRROR = resolve(import.meta.dirname, '../../../fixtures/mirror');

export interface GitProject {
  /** Of a bare repository. */
  readonly url: string;
  readonly directory: string;
  commit(files: Readonly<Record<string, string>>, message?: string): string;
  /** The commit of `main`. */
  head(): string;
  /** A new branch with changed files on top of another, which is replaced where it is there. */
  branch(name: string, from: string, files: Readonly<Record<string, string>>): void;
  /** Makes `main` what a branch is. */
  merge(branch: string): void;
  /** Makes a ref mean what a branch means. */
  ref(name: string, branch: string): void;
  remove(): void;
}

export const MANIFEST = `architectures: [x86_64]
mirror: file://${MIRROR}
repositories:
  - { id: baseos, baseurl: $mirror/9-stream/BaseOS/$basearch/os/ }
sets:
  tools: { packages: [bash] }
`;

/** A bare repository and a work tree that pushes to it. */
export function gitProject(files: Readonly<Record<string, string>> = { 'rpm-packages.yaml': MANIFEST }): GitProject {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-git-'));
  const env = {
    PATH: process.env['PATH'],
    HOME: directory,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
  };
  const bare = join(directory, 'project.git');
  const tree = join(directory, 'tree');
  const git = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, env, encoding: 'utf8' }).trim();
  mkdirSync(bare);
  mkdirSync(tree);
  git(bare, 'init', '--quiet', '--bare', '--initial-branch=main', '.');
  git(tree, 'init', '--quiet', '--initial-branch=main', '.');
  makeGitQuick(bare);
  makeGitQuick(join(tree, '.git'));
  const commit = (changed: Readonly<Record<string, string>>, message = 'change'): string => {
    for (const [path, text] of Object.entries(changed)) {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    git(tree, 'add', '--all');
    git(tree, 'commit', '--quiet', '--message', message);
    git(tree, 'push', '--quiet', bare, 'HEAD:main');
    return git(tree, 'rev-parse', 'HEAD');
  };
  commit(files, 'begin');
  const ref = (name: string, branch: string): void => void git(bare, 'update-ref', name, `refs/heads/${branch}`);
  const branch: GitProject['branch'] = (name, from, changed) => {
    git(tree, 'fetch', '--quiet', bare, from);
    git(tree, 'checkout', '--quiet', '--detach', 'FETCH_HEAD');
    for (const [path, text] of Object.entries(changed)) writeFileSync(join(tree, path), text);
    git(tree, 'commit', '--quiet', '--all', '--message', 'change');
    git(tree, 'push', '--quiet', '--force', bare, `HEAD:refs/heads/${name}`);
    git(tree, 'checkout', '--quiet', 'main');
  };
  const merge = (name: string): void => {
    git(bare, 'update-ref', 'refs/heads/main', `refs/heads/${name}`);
    git(tree, 'pull', '--quiet', '--rebase', bare, 'main');
  };
  const head = (): string => git(bare, 'rev-parse', 'main');
  return { url: bare, directory, commit, head, branch, merge, ref, remove: () => rmSync(directory, { recursive: true, force: true }) };
}
