/** A topic's changes as one commit, with its title and texts. */

import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { sha256 } from '../base/sha256.ts';
import type { TextLimits } from '../forge/forge.ts';
import { changeId } from '../forge/gerrit.ts';
import {
  type CheckedOut,
  gitSettings,
  type Identity,
  makeCommit,
  readCommit,
  type TreeChanges,
  treeChanges,
  treeWith,
} from '../forge/git-tree.ts';
import { LOCKFILE_SUFFIX } from '../lockfile/lock-archive.ts';
import { contentOfLock } from '../lockfile/same-content.ts';
import { lockIn, TREE_TRAILER } from './branch-state.ts';
import { commitMessage, proposalTitle } from './message.ts';
import { branchName, type TopicName } from './names.ts';
import { proposalBody } from './proposal-text.ts';
import type { BotSettings } from './settings.ts';
import type { WorkedOut } from './work-out.ts';
import type { Workspace } from './workspace.ts';

export interface Proposal {
  readonly name: TopicName;
  readonly branch: string;
  readonly title: string;
  readonly message: string;
  /** The description, truncated to the limits. */
  readonly bodyFor: (limits: TextLimits) => string;
  readonly commit: string;
  /** The base's commit that is its parent. */
  readonly parent: string;
  readonly changes: TreeChanges;
  /** Identifies the proposed changes, independent of other changes in the base. */
  readonly content: string;
  readonly isSecurity: boolean;
}

/** The same for all topics of a project. */
export interface BaseFacts {
  /** Settings of git, by name. */
  readonly configured: ReadonlyMap<string, string>;
  /** Of the base's commit, seconds since 1970. */
  readonly time: number;
}

export async function readBaseFacts({ place, commit }: CheckedOut): Promise<BaseFacts> {
  const configured = await gitSettings(place, ['user.name', 'user.email', 'commit.gpgsign']);
  return { configured, time: (await readCommit(place, commit)).time };
}

/** Undefined if the files of the base need no change. */
export async function makeProposal(
  name: TopicName,
  {
    workspace,
    settings,
    work,
    merged,
    facts,
  }: {
    readonly workspace: Workspace;
    readonly settings: BotSettings;
    readonly work: WorkedOut;
    /** Change-Ids in the base's history. */
    readonly merged: ReadonlySet<string>;
    readonly facts: () => Promise<BaseFacts>;
  },
): Promise<Proposal | undefined> {
  const { files, folder, manifest, lockfiles } = workspace;
  const paths = [manifest, ...work.included, lockfiles, ...settings.exports.map(({ path }) => path)].map((path) =>
    posix.normalize(posix.join(folder, path)),
  );
  const tree = await treeWith(files, paths);
  const changes = await treeChanges(files.place, files.commit, tree);
  if (changes.size === 0) return undefined;
  const { configured, time } = await facts();
  const author = settings.author ?? identityOf(configured, workspace.context.env);
  const title = proposalTitle(name, work, settings);
  const exports = new Set(settings.exports.map(({ path }) => posix.normalize(posix.join(folder, path))));
  const content = await contentOf(files, changes, exports);
  const words = { title, work, tree, content, name };
  const trailers = [`Change-Id: ${topicChangeId(name, merged)}`, `${TREE_TRAILER}: ${tree}`];
  const message = commitMessage(words, [...trailers, ...(settings.signoff ? [`Signed-off-by: ${author.name} <${author.email}>`] : [])]);
  const commit = await makeCommit(files.place, {
    tree,
    parent: files.commit,
    message,
    author,
    committer: settings.committer ?? author,
    time: Math.max(time, work.time),
    sign: settings.sign ?? /^(?:true|yes|on|[1-9]\d*)$/i.test(configured.get('commit.gpgsign') ?? ''),
  });
  return {
    name,
    branch: branchName(settings.branchPrefix, name),
    title,
    message,
    bodyFor: (limits) => proposalBody(words, settings, limits),
    commit,
    parent: files.commit,
    changes,
    content,
    isSecurity: work.isSecurity,
  };
}

/** Id of Gerrit's change for a topic. */
export const topicChangeId = ({ manifest, base, topic }: TopicName, merged: ReadonlySet<string>): string =>
  changeId([manifest, base, topic], merged);

/** Paths with their new content. Lockfiles are compared by content, and exports, which may contain dates, only if nothing else changes. */
async function contentOf({ directory }: CheckedOut, changes: TreeChanges, exports: ReadonlySet<string>): Promise<string> {
  const own = [...changes].filter(([path]) => !exports.has(path));
  const counted = own.length > 0 ? own : [...changes];
  const lines = counted.map(async ([path, { after }]) => {
    const isLock = after !== null && path.endsWith(LOCKFILE_SUFFIX);
    const lock = isLock ? lockIn(await readFile(join(directory, path), 'utf8').catch(() => undefined)) : undefined;
    return `${path}\0${lock === undefined ? (after ?? '') : sha256(contentOfLock(lock))}`;
  });
  return sha256((await Promise.all(lines)).sort().join('\n')).slice(0, 32);
}

function identityOf(configured: ReadonlyMap<string, string>, env: Workspace['context']['env']): Identity {
  const name = env['GIT_AUTHOR_NAME'] || configured.get('user.name');
  const email = env['GIT_AUTHOR_EMAIL'] || configured.get('user.email');
  const identity = { name: name || 'rpm-deps', email: email || 'rpm-deps@localhost' };
  if (/[<>\r\n]/.test(`${identity.name}${identity.email}`))
    throw new RpmDepsError('USAGE', 'the name or mail address in the configuration of git is not valid in a commit');
  return identity;
}
