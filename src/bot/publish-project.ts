/** Proposes the topics of one project, or reports what would be proposed. */

import { resolve } from 'node:path';
import type { WarningCode } from '../base/warnings.ts';
import { archiveLocked } from '../commands/archive.ts';
import type { Forge, TextLimits } from '../forge/forge.ts';
import type { GerritApi } from '../forge/gerrit-api.ts';
import { branchOf, branchRef, readRemote } from '../forge/git-remote.ts';
import type { GitPlace } from '../forge/run-git.ts';
import type { BotForge } from '../manifest/bot-section.ts';
import type { Context } from '../run/context.ts';
import type { Failure, ProjectReport, TopicReport } from '../views/bot-report.ts';
import { failureOf } from './failure.ts';
import { branchFolder, branchName, isBranchOf, isWorkedOut } from './names.ts';
import type { PlannedProject, PlannedTopic } from './plan-project.ts';
import type { Proposal } from './proposal.ts';
import { type Published, type Publisher, publish, retract } from './publish.ts';
import { type GerritPublisher, publishChange, retractChange, retractEnded } from './publish-gerrit.ts';

export interface PublishInput {
  readonly place: GitPlace;
  /** Name or URL of the remote for branches; undefined if there is none. */
  readonly pushTo: string | undefined;
  readonly kind: BotForge;
  readonly forge: Forge | undefined;
  readonly gerrit: GerritApi | undefined;
  readonly dryRun: boolean;
  readonly room: { left: number };
  readonly warn: (code: WarningCode, text: string) => void;
  /** Whether a failure stops the whole run: no further call to the forge. */
  readonly stopped: () => boolean;
  readonly stop: (failure: Failure) => void;
  readonly mirror: string | undefined;
}

/** For --dry-run and `--forge none`: GitHub's limits, which are the lowest. */
const NO_LIMITS: TextLimits = { title: 256, body: 65_536, unit: 'characters' };

/** Security updates first: the limits apply to the others. */
export async function publishProject(project: PlannedProject, input: PublishInput, context: Context): Promise<ProjectReport> {
  const { base, manifest, commit = null, suppressed, locks, failures, warnings } = project;
  const order = [...project.topics].sort((a, b) => Number(b.proposal?.isSecurity === true) - Number(a.proposal?.isSecurity === true));
  const topics: TopicReport[] = [];
  for (const topic of order) topics.push(await publishTopic(topic, project, input, context));
  const isSound = failures.every(({ code }) => code === 'LOCK_STALE') && project.topics.every((topic) => topic.failures.length === 0);
  if (isSound && project.workspace !== undefined && !input.dryRun && !input.stopped()) {
    topics.push(...(await retractOthers(project, topics, input, context)));
  }
  return { base, manifest, commit, topics, suppressed, locks, failures, warnings };
}

async function publishTopic(topic: PlannedTopic, project: PlannedProject, input: PublishInput, context: Context): Promise<TopicReport> {
  const { proposal, name } = topic;
  const branch = branchName(project.settings.branchPrefix, name);
  const report = reportOf(topic, branch, input.forge?.limits ?? NO_LIMITS);
  if (proposal === undefined && topic.failures.length > 0) return { ...report, outcome: 'failed' };
  if (input.dryRun) return { ...report, outcome: proposal === undefined ? 'nothing' : 'would_propose' };
  if (input.stopped() || input.pushTo === undefined) return { ...report, outcome: 'failed', reason: 'left for the next run' };
  try {
    const publisher = publisherOf(proposal, project, input, context);
    if (input.kind === 'gerrit') {
      const gerrit = gerritOf(publisher, project, input, context);
      return { ...report, ...(proposal === undefined ? await retractChange(name, gerrit) : await publishChange(proposal, gerrit)) };
    }
    return { ...report, ...(proposal === undefined ? await retract(name, branch, publisher) : await publish(proposal, publisher)) };
  } catch (error) {
    const failure = failureOf(error);
    // If the forge or the remote fails here, it fails for the other proposals too.
    if (failure.code === 'FORGE_LIMIT') input.stop(failure);
    return { ...report, outcome: 'failed', failures: failure.code === 'FORGE_LIMIT' ? topic.failures : [...topic.failures, failure] };
  }
}

function reportOf({ name, proposal, failures }: PlannedTopic, branch: string, limits: TextLimits): TopicReport {
  return {
    topic: name.topic,
    outcome: 'nothing',
    branch,
    title: proposal?.title ?? null,
    body: proposal?.bodyFor(limits) ?? null,
    commit: proposal?.commit ?? null,
    message: proposal?.message ?? null,
    files: [...(proposal?.changes.keys() ?? [])],
    url: null,
    security: proposal?.isSecurity === true,
    reason: null,
    failures,
  };
}

function publisherOf(proposal: Proposal | undefined, project: PlannedProject, input: PublishInput, context: Context): Publisher {
  const { place, pushTo, forge, room, warn } = input;
  const archive = async (): Promise<void> => {
    if (proposal !== undefined) await storeRpms(proposal, project, input, context);
  };
  return { place, remote: pushTo!, forge, settings: project.settings, warn, archive, room, now: context.now() };
}

/** Checks out the locks of the proposal again, because other topics were computed in the workspace since. */
async function storeRpms(
  proposal: Proposal,
  { settings, workspace }: PlannedProject,
  { mirror }: PublishInput,
  context: Context,
): Promise<void> {
  if (settings.archive === undefined || workspace === undefined) return;
  await workspace.show(proposal.commit);
  const env = { ...workspace.context.env, RPM_DEPS_ARCHIVE_TOKEN: context.env['RPM_DEPS_ARCHIVE_TOKEN'] };
  const to = /^[a-z][a-z0-9+.-]*:\/\//i.test(settings.archive) ? settings.archive : resolve(context.cwd, settings.archive);
  await archiveLocked({ manifest: workspace.manifest, lockfiles: workspace.lockfiles, mirror, to }, { ...workspace.context, env });
}

function gerritOf(publisher: Publisher, { merged }: PlannedProject, { gerrit }: PublishInput, context: Context): GerritPublisher {
  return { ...publisher, api: gerrit, merged, note: (text) => context.emit({ kind: 'debug', text }) };
}

/** Closes pull requests of topics that have ended, such as a source RPM that is up to date, and deletes their branches, also merged ones. */
async function retractOthers(
  project: PlannedProject,
  known: readonly TopicReport[],
  input: PublishInput,
  context: Context,
): Promise<TopicReport[]> {
  const { base, manifest, settings } = project;
  const { forge, kind } = input;
  const branches = new Set(known.map(({ branch }) => branch));
  const isEnded = (branch: string): boolean =>
    !branches.has(branch) && isBranchOf(branch, settings.branchPrefix, { base, manifest }) && isWorkedOut(nameOf(branch).topic, settings);
  const nameOf = (branch: string) => ({ base, manifest, topic: branch.slice(branch.lastIndexOf('/') + 1).replace(/^.*\./, '') });
  const reports: TopicReport[] = [];
  const report = (branch: string, outcome: Published): void => {
    const topic = { name: nameOf(branch), proposal: undefined, failures: [] };
    reports.push({ ...reportOf(topic, branch, forge?.limits ?? NO_LIMITS), ...outcome });
  };
  try {
    const publisher = publisherOf(undefined, project, input, context);
    if (kind === 'gerrit') {
      const ended = await retractEnded(base, isEnded, gerritOf(publisher, project, input, context));
      for (const { branch, outcome } of ended) report(branch, outcome);
      return reports;
    }
    const open = new Map(((await forge?.openPulls(`${settings.branchPrefix}/`)) ?? []).map((pull) => [pull.branch, pull.base]));
    const { refs } = await readRemote(publisher.place, publisher.remote, [branchRef(`${branchFolder(settings.branchPrefix, base)}*`)]);
    for (const branch of new Set([...open.keys(), ...[...refs.keys()].map(branchOf)])) {
      // People may have changed the target of a pull request.
      if ((open.get(branch) ?? base) !== base || !isEnded(branch)) continue;
      const outcome = await retract(nameOf(branch), branch, publisher);
      if (outcome.outcome !== 'nothing') report(branch, outcome);
    }
  } catch (error) {
    input.stop(failureOf(error));
  }
  return reports;
}
