/** Publishes a proposal on Gerrit: one change for each topic. Without the REST API only git's responses are available. */
import type { RpmDepsError } from '../base/errors.ts';
import type { WarningCode } from '../base/warnings.ts';
import { type GerritOutcome, type GerritPush, pushChange } from '../forge/gerrit.ts';
import type { GerritApi, GerritChange } from '../forge/gerrit-api.ts';
import { fetchRef } from '../forge/git-remote.ts';
import { readCommit } from '../forge/git-tree.ts';
import type { GitPlace } from '../forge/run-git.ts';
import { changesSince, isOwn, sameChanges } from './branch-state.ts';
import { isCode } from './failure.ts';
import type { TopicName } from './names.ts';
import { type Proposal, topicChangeId } from './proposal.ts';
import type { Published } from './publish.ts';
import type { BotSettings } from './settings.ts';

export interface GerritPublisher {
  readonly place: GitPlace;
  readonly remote: string;
  /** Undefined if its URL is unknown. */
  readonly api: GerritApi | undefined;
  readonly settings: BotSettings;
  /** Change-Ids of the bot in the base's history. */
  readonly merged: ReadonlySet<string>;
  readonly archive: () => Promise<void>;
  readonly warn: (code: WarningCode, text: string) => void;
  readonly note: (text: string) => void;
}

const NOTHING_LEFT = 'Nothing is left to propose';
const STOPPED = 'rpm-deps does not update this change any more';

export async function publishChange(proposal: Proposal, publisher: GerritPublisher): Promise<Published> {
  const { place, api, settings } = publisher;
  const known = await findChange(proposal.name, publisher);
  const stop = (outcome: Published['outcome'], reason: string | null): Published => ({ outcome, reason, url: known?.url ?? null });
  if (known?.state === 'abandoned') {
    const isBots = known.messages.at(-1)?.includes(NOTHING_LEFT) === true;
    const isSame = !isBots && (await sameChanges(place, (await readNewest(known, publisher)).changes, proposal.changes));
    if (!api?.canWrite || isSame)
      return stop('suppressed', isBots ? 'the bot abandoned the change: restore it' : 'people abandoned the change');
    await api.restore(known.number, 'There is something else to propose.');
  }
  if (known?.state === 'open') {
    const newest = await readNewest(known, publisher);
    const mayTakeOver = known.hashtags.includes(settings.takeOverLabel);
    if (newest.isOwn && (await sameChanges(place, newest.changes, proposal.changes))) return stop('unchanged', null);
    if (!newest.isOwn && !mayTakeOver) {
      if (api?.canWrite && !known.messages.some((text) => text.includes(STOPPED))) await api.comment(known.number, stoppedText(settings));
      return stop('left_alone', `it has a patch set that someone else pushed (${newest.who})`);
    }
    if (known.isApproved && !settings.updateApproved && !mayTakeOver) return stop('left_alone', 'it is approved');
    if (mayTakeOver && api?.canWrite) await api.removeHashtag(known.number, settings.takeOverLabel);
  }
  await publisher.archive();
  // A known change keeps what people chose.
  const { reviewers, labels, draft } = known === undefined ? settings : { reviewers: [], labels: [], draft: undefined };
  const change = { base: proposal.name.base, commit: proposal.commit, topic: proposal.branch, reviewers, labels, draft };
  const outcome = await pushWithReviewers(change, publisher);
  if (outcome.kind === 'pushed')
    return { outcome: known === undefined ? 'opened' : 'refreshed', url: outcome.url ?? known?.url ?? null, reason: null };
  if (outcome.kind === 'unchanged') return stop('unchanged', null);
  if (outcome.kind === 'closed') return stop('suppressed', 'people closed the change');
  return stop('failed', outcome.reason);
}

/** Gerrit refuses a whole push because of one reviewer that it does not know. */
async function pushWithReviewers(change: GerritPush, { place, remote, warn }: GerritPublisher): Promise<GerritOutcome> {
  const outcome = await pushChange(place, remote, change);
  if (outcome.kind !== 'refused' || change.reviewers.length === 0) return outcome;
  const again = await pushChange(place, remote, { ...change, reviewers: [] });
  if (again.kind === 'refused') return outcome;
  warn('FORGE_DECLINED', `reviews were not requested: ${outcome.reason}`);
  return again;
}

export const retractChange = async (name: TopicName, publisher: GerritPublisher): Promise<Published> =>
  retractKnown(await findChange(name, publisher), name.base, publisher);

export interface EndedTopic {
  readonly branch: string;
  readonly outcome: Published;
}

/** Abandons the bot's changes of topics that have ended, such as a source RPM that is up to date; without a login, it only reports them. */
export async function retractEnded(
  base: string,
  isEnded: (branch: string) => boolean,
  publisher: GerritPublisher,
): Promise<readonly EndedTopic[]> {
  const { api } = publisher;
  const ended: EndedTopic[] = [];
  for (const { changeId, topic } of (await unlessAbsent(publisher, () => api?.openChanges(base))) ?? []) {
    if (!isEnded(topic)) continue;
    ended.push({ branch: topic, outcome: await retractKnown(await api?.find(changeId, base), base, publisher) });
  }
  return ended;
}

/** Nothing remains to propose: abandons an open change of the bot, with a reason. */
async function retractKnown(known: GerritChange | undefined, base: string, publisher: GerritPublisher): Promise<Published> {
  const { api } = publisher;
  if (known?.state !== 'open') return { outcome: 'nothing', url: null, reason: null };
  const reason = 'nothing is left to propose';
  const { isOwn: isBots, who } = await readNewest(known, publisher);
  if (!isBots)
    return { outcome: 'left_alone', url: known.url, reason: `${reason}, and it has a patch set that someone else pushed (${who})` };
  if (!api?.canWrite) return { outcome: 'left_alone', url: known.url, reason: `${reason}: abandon it, or set GERRIT_USER and a token` };
  await api.abandon(known.number, `${NOTHING_LEFT}: ${base} has these versions, or there are no newer ones any more.`);
  return { outcome: 'closed', url: known.url, reason };
}

const findChange = (name: TopicName, publisher: GerritPublisher): Promise<GerritChange | undefined> =>
  unlessAbsent(publisher, () => publisher.api?.find(topicChangeId(name, publisher.merged), name.base));

/** Ignores a missing API unless it is configured explicitly. */
async function unlessAbsent<T>({ api, note }: GerritPublisher, read: () => Promise<T | undefined> | undefined): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!isCode(error, 'FORGE', 'FORGE_DENIED') || api?.canWrite) throw error;
    note(`the REST API of Gerrit is not used: ${(error as RpmDepsError).message}`);
    return undefined;
  }
}

async function readNewest({ ref, commit, number }: GerritChange, { place, remote }: GerritPublisher) {
  await fetchRef(place, remote, { ref, name: `change ${number}`, commit });
  const facts = await readCommit(place, commit);
  const [parent] = facts.parents;
  const changes = parent === undefined ? new Map() : await changesSince(place, parent, commit);
  return { isOwn: isOwn(facts), who: facts.committerEmail, changes };
}

const stoppedText = ({ takeOverLabel }: BotSettings): string =>
  `${STOPPED}: it has a patch set that rpm-deps did not make.\n\nTo let it push the next one, add the hashtag ${takeOverLabel}.`;
