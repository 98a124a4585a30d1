import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitOutput } from './git-output.ts';
import { type Identity, makeCommit, readCommit } from './git-tree.ts';
import type { GitPlace } from './run-git.ts';

export interface FilesToCommit {
  /** Parent of the new commit. */
  readonly parent: string;
  /** Texts by path from the top of the repository. */
  readonly files: ReadonlyMap<string, string>;
  readonly message: string;
  readonly author: Identity;
  /** Seconds since 1970. */
  readonly time: number;
}

/** Creates a commit with these files; no branch, index or work tree changes. Returns the parent itself if the files do not differ from it. */
export async function commitFiles(place: GitPlace, { parent, files, message, author, time }: FilesToCommit): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), 'rpm-deps-index-'));
  try {
    const inside = { ...place, env: { ...place.env, GIT_INDEX_FILE: join(scratch, 'index') } };
    await gitOutput(inside, ['read-tree', parent]);
    const entries: string[] = [];
    for (const [path, text] of files) {
      const id = (await gitOutput(inside, ['hash-object', '-w', '--stdin'], text)).trim();
      entries.push(`100644 ${id}\t${path}\0`);
    }
    await gitOutput(inside, ['update-index', '--add', '-z', '--index-info'], entries.join(''));
    const tree = (await gitOutput(inside, ['write-tree'])).trim();
    if (tree === (await readCommit(place, parent)).tree) return parent;
    return await makeCommit(place, { tree, parent, message, author, committer: author, time, sign: false });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
