/** The section `bot:` of a manifest. A missing key is undefined; `bot/settings.ts` adds flags and defaults. */
import { asFlag, asMap, textList } from './plain-access.ts';
import type { Plain } from './source-text.ts';

export type BotTopic = 'update' | 'bump' | 'holds';
export type BotForge = 'github' | 'gitlab' | 'gitea' | 'gerrit' | 'none';

export const BOT_DAYS: readonly string[] = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

export interface BotExport {
  readonly format: string;
  readonly path: string;
  readonly set: string | undefined;
  readonly architecture: string | undefined;
}

export interface BotSection {
  readonly base: readonly string[];
  readonly manifests: readonly string[];
  readonly topics: readonly BotTopic[];
  readonly groupBy: 'all' | 'source' | undefined;
  readonly only: 'all' | 'security' | undefined;
  readonly minimumAgeMs: number | undefined;
  readonly maxAgeMs: number | undefined;
  readonly limit: number | undefined;
  readonly ignore: readonly string[];
  /** English names of weekdays, lower case. */
  readonly schedule: Readonly<Partial<Record<BotTopic, readonly string[]>>>;
  readonly author: string | undefined;
  readonly committer: string | undefined;
  readonly signoff: boolean | undefined;
  readonly sign: boolean | undefined;
  readonly ownAuthors: readonly string[];
  readonly branchPrefix: string | undefined;
  readonly titlePrefix: string | undefined;
  readonly body: string | undefined;
  readonly labels: readonly string[];
  readonly reviewers: readonly string[];
  readonly draft: boolean | undefined;
  readonly automerge: boolean | undefined;
  readonly updateApproved: boolean | undefined;
  readonly skipLabels: readonly string[];
  readonly takeOverLabel: string | undefined;
  readonly exports: readonly BotExport[];
  readonly archive: string | undefined;
  readonly forge: BotForge | undefined;
  readonly forgeUrl: string | undefined;
  readonly repository: string | undefined;
  readonly fork: string | undefined;
  readonly forkUrl: string | undefined;
  readonly issue: boolean | undefined;
}

/** The schema has already checked the types. */
export function buildBotSection(value: Plain | undefined): BotSection {
  const map = asMap(value) ?? {};
  const text = (key: string): string | undefined => (typeof map[key] === 'string' ? map[key] : undefined);
  const flag = (key: string): boolean | undefined => asFlag(map[key]);
  const list = (key: string): string[] => textList(map[key]);
  const days = asMap(map['schedule']) ?? {};
  return {
    base: list('base'),
    manifests: list('manifests'),
    topics: list('topics') as BotTopic[],
    groupBy: text('group_by') as BotSection['groupBy'],
    only: text('only') as BotSection['only'],
    minimumAgeMs: parseDuration(text('minimum_age')),
    maxAgeMs: parseDuration(text('max_age')),
    limit: typeof map['limit'] === 'number' ? map['limit'] : undefined,
    ignore: list('ignore'),
    schedule: Object.fromEntries(Object.entries(days).map(([topic, names]) => [topic, textList(names)])),
    author: text('author'),
    committer: text('committer'),
    signoff: flag('signoff'),
    sign: flag('sign'),
    ownAuthors: list('own_authors'),
    branchPrefix: text('branch_prefix'),
    titlePrefix: text('title_prefix'),
    body: text('body'),
    labels: list('labels'),
    reviewers: list('reviewers'),
    draft: flag('draft'),
    automerge: flag('automerge'),
    updateApproved: flag('update_approved'),
    skipLabels: list('skip_labels'),
    takeOverLabel: text('take_over_label'),
    exports: exportsOf(map['exports']),
    archive: text('archive'),
    forge: text('forge') as BotForge | undefined,
    forgeUrl: text('forge_url'),
    repository: text('repository'),
    fork: text('fork'),
    forkUrl: text('fork_url'),
    issue: flag('issue'),
  };
}

function exportsOf(value: Plain | undefined): BotExport[] {
  return (Array.isArray(value) ? value : []).flatMap((item) => {
    const { format, path, set, architecture } = asMap(item) ?? {};
    if (typeof format !== 'string' || typeof path !== 'string') return [];
    return [
      {
        format,
        path,
        set: typeof set === 'string' ? set : undefined,
        architecture: typeof architecture === 'string' ? architecture : undefined,
      },
    ];
  });
}

const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = { h: HOUR_MS, d: 24 * HOUR_MS, w: 7 * 24 * HOUR_MS };

/** `12h`, `3d`, `2w` in milliseconds; undefined for anything else. */
export function parseDuration(text: string | undefined): number | undefined {
  const match = /^(\d{1,5})([hdw])$/.exec(text ?? '');
  return match === null ? undefined : Number(match[1]) * UNITS[match[2]!]!;
}
