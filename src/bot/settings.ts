/** The settings of a run of the bot: flags override the section `bot:` of the manifest on the base branch, which overrides defaults. */
import { RpmDepsError } from '../base/errors.ts';
import type { Identity } from '../forge/git-tree.ts';
import type { BotExport, BotForge, BotSection, BotTopic } from '../manifest/bot-section.ts';

export { BOT_DAYS, type BotExport, type BotForge, type BotTopic, parseDuration } from '../manifest/bot-section.ts';

/** Options of the command line or a program. Undefined: the manifest's value is used. */
export interface BotFlags {
  readonly topics?: readonly BotTopic[] | undefined;
  readonly groupBy?: 'all' | 'source' | undefined;
  readonly only?: 'all' | 'security' | undefined;
  readonly minimumAgeMs?: number | undefined;
  readonly maxAgeMs?: number | undefined;
  readonly limit?: number | undefined;
  readonly ignore?: readonly string[] | undefined;
  readonly author?: string | undefined;
  readonly committer?: string | undefined;
  readonly signoff?: boolean | undefined;
  readonly sign?: boolean | undefined;
  readonly labels?: readonly string[] | undefined;
  readonly reviewers?: readonly string[] | undefined;
  readonly draft?: boolean | undefined;
  readonly automerge?: boolean | undefined;
  readonly updateApproved?: boolean | undefined;
  readonly ownAuthors?: readonly string[] | undefined;
  readonly skipLabels?: readonly string[] | undefined;
  readonly branchPrefix?: string | undefined;
  readonly titlePrefix?: string | undefined;
  readonly body?: string | undefined;
  readonly archive?: string | undefined;
  readonly forgeUrl?: string | undefined;
  readonly repository?: string | undefined;
  readonly fork?: string | undefined;
  readonly forkUrl?: string | undefined;
  readonly manifests?: readonly string[] | undefined;
  readonly schedule?: BotSection['schedule'] | undefined;
  readonly exports?: readonly BotExport[] | undefined;
  readonly takeOverLabel?: string | undefined;
  readonly issue?: boolean | undefined;
}

export interface BotSettings {
  /** Empty: the default branch. */
  readonly base: readonly string[];
  /** Empty: only the manifest with these settings. */
  readonly manifests: readonly string[];
  readonly topics: readonly BotTopic[];
  readonly groupBy: 'all' | 'source';
  readonly only: 'all' | 'security';
  readonly minimumAgeMs: number;
  readonly maxAgeMs: number | undefined;
  readonly limit: number | undefined;
  readonly ignore: readonly string[];
  readonly schedule: Readonly<Partial<Record<BotTopic, readonly string[]>>>;
  /** Undefined: git's configuration. */
  readonly author: Identity | undefined;
  readonly committer: Identity | undefined;
  readonly signoff: boolean;
  readonly sign: boolean | undefined;
  readonly ownAuthors: readonly string[];
  readonly branchPrefix: string;
  readonly titlePrefix: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly draft: boolean;
  readonly automerge: boolean;
  readonly updateApproved: boolean;
  readonly skipLabels: readonly string[];
  readonly takeOverLabel: string;
  readonly exports: readonly BotExport[];
  readonly archive: string | undefined;
  readonly forge: BotForge | undefined;
  readonly forgeUrl: string | undefined;
  readonly repository: string | undefined;
  readonly fork: string | undefined;
  readonly forkUrl: string | undefined;
  readonly issue: boolean;
}

export function settingsOf(section: BotSection | undefined, flags: BotFlags): BotSettings {
  const list = <T>(given: readonly T[] | undefined, configured: readonly T[] | undefined, otherwise: readonly T[]): readonly T[] =>
    given !== undefined && given.length > 0 ? given : configured !== undefined && configured.length > 0 ? configured : otherwise;
  return {
    base: section?.base ?? [],
    manifests: list(flags.manifests, section?.manifests, []),
    topics: list(flags.topics, section?.topics, ['update']),
    groupBy: flags.groupBy ?? section?.groupBy ?? 'all',
    only: flags.only ?? section?.only ?? 'all',
    minimumAgeMs: flags.minimumAgeMs ?? section?.minimumAgeMs ?? 0,
    maxAgeMs: flags.maxAgeMs ?? section?.maxAgeMs,
    limit: flags.limit ?? section?.limit,
    ignore: list(flags.ignore, section?.ignore, []),
    schedule: flags.schedule ?? section?.schedule ?? {},
    author: parseIdentity(flags.author ?? section?.author),
    committer: parseIdentity(flags.committer ?? section?.committer),
    signoff: flags.signoff ?? section?.signoff ?? false,
    sign: flags.sign ?? section?.sign,
    ownAuthors: list(flags.ownAuthors, section?.ownAuthors, []),
    branchPrefix: checkedPrefix(flags.branchPrefix ?? section?.branchPrefix ?? 'rpm-deps'),
    titlePrefix: flags.titlePrefix ?? section?.titlePrefix ?? '',
    body: flags.body ?? section?.body ?? '',
    labels: list(flags.labels, section?.labels, []),
    reviewers: list(flags.reviewers, section?.reviewers, []),
    draft: flags.draft ?? section?.draft ?? false,
    automerge: flags.automerge ?? section?.automerge ?? false,
    updateApproved: flags.updateApproved ?? section?.updateApproved ?? false,
    skipLabels: list(flags.skipLabels, section?.skipLabels, []),
    takeOverLabel: flags.takeOverLabel ?? section?.takeOverLabel ?? 'rpm-deps-take-over',
    exports: list(flags.exports, section?.exports, []),
    archive: flags.archive ?? section?.archive,
    forge: section?.forge,
    forgeUrl: flags.forgeUrl ?? section?.forgeUrl,
    repository: flags.repository ?? section?.repository,
    fork: flags.fork ?? section?.fork,
    forkUrl: flags.forkUrl ?? section?.forkUrl,
    issue: flags.issue ?? section?.issue ?? true,
  };
}

function checkedPrefix(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(text) && !/\.\.|\/\/|\/\./.test(text)) return text.replace(/\/+$/, '');
  throw new RpmDepsError('USAGE', 'the prefix of branches is not valid in the name of a git branch', {
    hint: 'use letters, digits and `._/-`, such as `bots/rpm-deps`',
  });
}

/** Parses `Name <mail>`. */
function parseIdentity(text: string | undefined): Identity | undefined {
  if (text === undefined) return undefined;
  const match = /^\s*([^<>\r\n]+?)\s*<([^<>\s]+)>\s*$/.exec(text);
  if (match !== null) return { name: match[1]!, email: match[2]! };
  throw new RpmDepsError('USAGE', 'an author must be written as `Name <mail>`');
}
