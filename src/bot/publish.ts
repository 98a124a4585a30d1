/**
 * Publishes a proposal on the forge: pushes its branch and opens, updates or closes its pull request. All objects are first looked up by name, so
 * that the next run completes a run that was killed at any point.
 */
import { RpmDepsError } from '../base/errors.ts';
import type { WarningCode } from '../base/warnings.ts';
import type { Forge, NewPullRequest, PullRequest, TextLimits } from '../forge/forge.ts';
import { branchInTheWay, pushBranch } from '../forge/git-remote.ts';
import { findMarker, renderMarker } from '../forge/marker.ts';
import type { GitPlace } from '../forge/run-git.ts';
import type { TopicOutcome } from '../views/bot-report.ts';
import { type BranchState, readBranch, sameChanges } from './branch-state.ts';
import { isCode } from './failure.ts';
import { kindOf, type TopicName } from './names.ts';
import type { Proposal } from './proposal.ts';
import { PULL_MARKER, textDigest } from './proposal-text.ts';
import type { BotSettings } from './settings.ts';
import { askToTakeOver, mayTakeOver, tookOver } from './take-over.ts';

export interface Publisher {
  readonly place: GitPlace;
  /** Name or URL of the remote for branches. */
  readonly remote: string;
  /** Undefined with `--forge none`. */
  readonly forge: Forge | undefined;
  readonly settings: BotSettings;
  readonly warn: (code: WarningCode, text: string) => void;
  /** Stores RPMs; throws on failure. */
  readonly archive: () => Promise<void>;
  /** Number of pull requests that may still be opened. */
  readonly room: { left: number };
  readonly now: Date;
}

export interface Published {
  readonly outcome: TopicOutcome;
  readonly url: string | null;
  readonly reason: string | null;
}

/** Attempts if branches move while the bot works. */
const ATTEMPTS = 3;

export async function publish(proposal: Proposal, publisher: Publisher): Promise<Published> {
  const { forge, settings, place, remote } = publisher;
  const { branch, name } = proposal;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const pulls = (await forge?.findPulls(branch, name.base)) ?? [];
    const open = pulls.find(({ state }) => state === 'open');
    const state = await readBranch(place, { remote, branch, ownAuthors: settings.ownAuthors });
    const isSame = state.kind === 'own' && (await sameChanges(place, state.changes, proposal.changes));
    const halt = await reasonToStop(proposal, { pulls, open, state, isSame }, publisher);
    if (halt !== undefined) return halt;
    if (!isSame || open === undefined) await publisher.archive();
    if (!isSame) {
      const expected = state.kind === 'absent' ? undefined : state.tip;
      const pushed = await pushBranch(place, remote, { branch, commit: proposal.commit, expected });
      if (pushed.kind === 'moved') continue;
      if (pushed.kind === 'refused') throw refusedPush(branch, pushed.reason);
      if (state.kind === 'others' && open !== undefined && forge !== undefined) await tookOver(forge, open, settings);
    }
    if (forge === undefined)
      return { outcome: isSame ? 'unchanged' : state.kind === 'absent' ? 'opened' : 'refreshed', url: null, reason: null };
    return propose(proposal, { open, isPushed: !isSame }, publisher, forge);
  }
  const other = await branchInTheWay(place, remote, branch);
  if (other !== undefined) {
    throw new RpmDepsError('FORGE_DENIED', `git cannot keep the branches \`${other}\` and \`${branch}\` side by side`, {
      hint: `delete \`${other}\`, or set \`bot.branch_prefix\``,
    });
  }
  throw new RpmDepsError('FORGE', `something else pushes to \`${branch}\` at the same time`, {
    hint: 'run one bot at a time for a project; run it again later',
  });
}

interface Situation {
  readonly pulls: readonly PullRequest[];
  readonly open: PullRequest | undefined;
  readonly state: BranchState;
  readonly isSame: boolean;
}

async function reasonToStop(
  proposal: Proposal,
  { pulls, open, state, isSame }: Situation,
  publisher: Publisher,
): Promise<Published | undefined> {
  const { forge, settings, room, now } = publisher;
  const stop = (outcome: TopicOutcome, reason: string): Published => ({ outcome, reason, url: open?.url ?? null });
  const label = open?.labels.find((name) => settings.skipLabels.includes(name));
  if (label !== undefined) return stop('left_alone', `it has the label \`${label}\``);
  if (state.kind === 'others' && !(open !== undefined && forge !== undefined && (await mayTakeOver(forge, open, settings)))) {
    if (open !== undefined && forge !== undefined) await askToTakeOver(forge, open, settings, state.who);
    return stop('left_alone', `its branch has commits that someone else pushed (${state.who})`);
  }
  if (open !== undefined) {
    const isKept = !isSame && !settings.updateApproved && (await forge!.isApproved(open.number));
    return isKept ? stop('left_alone', 'it is approved') : undefined;
  }
  if (forge === undefined) return undefined;
  const refused = pulls.find(({ state: ended, body }) => {
    const { content, by } = findMarker(body, PULL_MARKER)?.values ?? {};
    return ended === 'closed' && content === proposal.content && by !== 'bot';
  });
  if (refused !== undefined) return { outcome: 'suppressed', reason: 'people closed the same proposal', url: refused.url };
  if (proposal.isSecurity) return undefined;
  const days = settings.schedule[kindOf(proposal.name.topic)];
  if (days !== undefined && !days.includes(dayOf(now))) return stop('suppressed', `its schedule is ${days.join(', ')}`);
  if (room.left <= 0) return stop('suppressed', `the limit of ${settings.limit} open pull requests is reached`);
  return undefined;
}

async function propose(
  proposal: Proposal,
  { open, isPushed }: { readonly open: PullRequest | undefined; readonly isPushed: boolean },
  publisher: Publisher,
  forge: Forge,
): Promise<Published> {
  const { settings, room } = publisher;
  const { branch, name, title } = proposal;
  const body = proposal.bodyFor(withRoom(forge.limits));
  if (open !== undefined) {
    const pull = isPushed ? { ...open, headSha: proposal.commit } : open;
    const isMergeEnded = isPushed && settings.automerge && open.endsAutoMerge === true;
    const setup = setupIn(open.body) || (isMergeEnded ? MERGE : '');
    const isEdited = await refresh(forge, pull, { title: fitted(title, forge), body, setup });
    await finishSetup(forge, { pull, body, setup }, publisher);
    return { outcome: isPushed || isEdited ? 'refreshed' : 'unchanged', url: open.url, reason: null };
  }
  const hasSetup = settings.labels.length + settings.reviewers.length > 0 || settings.automerge;
  const setup = hasSetup ? SETUP : '';
  try {
    const made = await create(
      forge,
      { branch, base: name.base, title: fitted(title, forge), body: withSetup(body, setup), draft: settings.draft },
      publisher,
    );
    room.left--;
    await finishSetup(forge, { pull: made, body, setup }, publisher);
    return { outcome: 'opened', url: made.url, reason: null };
  } catch (error) {
    if (!isCode(error, 'FORGE') || error.data?.['exists'] !== true) throw error;
    const found = (await forge.findPulls(branch, name.base)).find(({ state }) => state === 'open');
    if (found === undefined) throw error;
    // A run that was killed after it opened this pull request may not have finished its setup.
    const pending = setupIn(found.body);
    await refresh(forge, found, { title: fitted(title, forge), body, setup: pending });
    await finishSetup(forge, { pull: found, body, setup: pending }, publisher);
    return { outcome: 'refreshed', url: found.url, reason: null };
  }
}

/** Some plans of a forge have no drafts: then an ordinary pull request is opened. */
async function create(forge: Forge, pull: NewPullRequest, { warn }: Publisher): Promise<PullRequest> {
  try {
    return await forge.createPull(pull);
  } catch (error) {
    if (!pull.draft || !isCode(error, 'FORGE') || !/drafts? .*not supported/i.test(error.message)) throw error;
    warn('FORGE_DECLINED', `the ${forge.noun} was not opened as a draft: ${error.message}`);
    return forge.createPull({ ...pull, draft: false });
  }
}

/** Marks missing labels, reviewers and automatic merging: if the run is killed, the next one adds them. */
const SETUP = renderMarker({ key: 'setup', values: { state: 'pending' } });
/** Marks that only automatic merging is missing. */
const MERGE = renderMarker({ key: 'setup', values: { state: 'merge' } });

const setupIn = (body: string): string => [SETUP, MERGE].find((marker) => body.includes(marker)) ?? '';
const withSetup = (body: string, setup: string): string => (setup === '' ? body : `${body}\n${setup}`);

const withRoom = (limits: TextLimits): TextLimits => ({ ...limits, body: limits.body - 200 });
const fitted = (title: string, { limits }: Forge): string => title.slice(0, limits.title);

/** Edits only texts that are unchanged since the bot wrote them: neither titles nor descriptions that people edited. */
async function refresh(
  forge: Forge,
  open: PullRequest,
  { title, body, setup }: { readonly title: string; readonly body: string; readonly setup: string },
): Promise<boolean> {
  const marker = findMarker(open.body, PULL_MARKER);
  const known = marker?.values['title'];
  const isTitleOurs = known === undefined || known === textDigest(open.title);
  const isWritten = marker !== undefined && renderMarker(marker) === renderMarker(findMarker(body, PULL_MARKER)!);
  const before = setupIn(open.body);
  const isBodySame = before === setup && (isWritten || plain(open.body.replace(before, '')) === plain(body));
  const isTitleSame = !isTitleOurs || open.title === title;
  if (isBodySame && isTitleSame) return false;
  await forge.editPull(open.number, {
    ...(isTitleSame ? {} : { title: { text: title, draft: open.draft } }),
    ...(isBodySame ? {} : { body: withSetup(body, setup) }),
  });
  return true;
}

const plain = (text: string): string => text.replaceAll('\r\n', '\n').trim();

async function finishSetup(
  forge: Forge,
  { pull, body, setup }: { readonly pull: PullRequest; readonly body: string; readonly setup: string },
  { settings, warn }: Publisher,
): Promise<void> {
  if (setup === '') return;
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!isCode(error, 'FORGE', 'FORGE_DENIED')) throw error;
      warn('FORGE_DECLINED', `${what}: ${error.message}`);
    }
  };
  if (setup === SETUP) {
    await attempt('labels were not set', () => forge.addLabels(pull.number, settings.labels));
    await attempt('reviews were not requested', () => forge.requestReviews(pull.number, settings.reviewers));
  }
  let isLater = false;
  if (settings.automerge) {
    await attempt('automatic merging was not enabled', async () => {
      if (!(await forge.hasRequiredChecks(pull.base))) {
        warn('FORGE_DECLINED', `automatic merging was not enabled: \`${pull.base}\` has no required checks`);
        return;
      }
      const outcome = await forge.mergeWhenChecked(pull);
      isLater = outcome.kind === 'later';
      if (outcome.kind === 'refused' || outcome.kind === 'later')
        warn('FORGE_DECLINED', `automatic merging was not enabled: ${outcome.reason}`);
    });
  }
  // The marker stays until automatic merging becomes possible.
  const left = isLater ? MERGE : '';
  if (left !== setup) await forge.editPull(pull.number, { body: withSetup(body, left) });
}

/** Nothing remains to propose: closes the pull request with a reason and deletes the branch. Only if the topic was computed without a failure. */
export async function retract(name: TopicName, branch: string, publisher: Publisher): Promise<Published> {
  const { forge, settings, place, remote } = publisher;
  const state = await readBranch(place, { remote, branch, ownAuthors: settings.ownAuthors });
  const pulls = (await forge?.findPulls(branch, name.base)) ?? [];
  const open = pulls.find((pull) => pull.state === 'open');
  if (state.kind === 'others') {
    return {
      outcome: open === undefined ? 'nothing' : 'left_alone',
      url: open?.url ?? null,
      reason: 'nothing is left to propose, and its branch has commits that someone else pushed',
    };
  }
  const label = open?.labels.find((one) => settings.skipLabels.includes(one));
  if (label !== undefined) return { outcome: 'left_alone', url: open!.url, reason: `it has the label \`${label}\`` };
  if (open !== undefined && forge !== undefined) {
    const reason = `Nothing is left to propose: \`${name.base}\` has these versions, or there are no newer ones any more.`;
    const marker = { key: 'closed', values: { sha: open.headSha } };
    const comments = await forge.comments(open.number);
    const isCommented = comments.some(({ body, isTrusted }) => isTrusted && findMarker(body, 'closed')?.values['sha'] === open.headSha);
    if (!isCommented) await forge.comment(open.number, `${renderMarker(marker)}\n${reason}`);
    await forge.editPull(open.number, { state: 'closed', body: closedByBot(open.body) });
  }
  if (state.kind === 'own') {
    const deleted = await pushBranch(place, remote, { branch, commit: undefined, expected: state.tip });
    if (deleted.kind === 'refused') publisher.warn('FORGE_DECLINED', `the branch \`${branch}\` was not deleted: ${deleted.reason}`);
  }
  return {
    outcome: open === undefined ? 'nothing' : 'closed',
    url: open?.url ?? null,
    reason: open === undefined ? null : 'nothing is left to propose',
  };
}

function closedByBot(body: string): string {
  const marker = findMarker(body, PULL_MARKER);
  if (marker === undefined) return body;
  return body.replace(renderMarker(marker), renderMarker({ ...marker, values: { ...marker.values, by: 'bot' } }));
}

function refusedPush(branch: string, reason: string): RpmDepsError {
  return new RpmDepsError('FORGE_DENIED', `the remote refuses a push to \`${branch}\`: ${reason}`, {
    hint: /shallow update/i.test(reason)
      ? 'neither this shallow clone nor the fork has the history of the base: clone without `--depth`, or synchronize the fork'
      : 'is the branch protected? Allow the bot to push to it, or set `bot.branch_prefix`',
  });
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const dayOf = (now: Date): string => DAYS[now.getUTCDay()]!;
