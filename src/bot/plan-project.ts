/** Computes the proposals for one manifest on one base branch, topic by topic; nothing is pushed. */
import { join } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import type { Warning } from '../base/warnings.ts';
import { mergedChangeIds } from '../forge/gerrit.ts';
import type { GitPlace } from '../forge/run-git.ts';
import { readLockfiles } from '../lockfile/lockfile-dir.ts';
import type { BotSection } from '../manifest/bot-section.ts';
import { isHoldExpired } from '../manifest/holds.ts';
import type { Context } from '../run/context.ts';
import type { Failure, LockAge, Suppressed } from '../views/bot-report.ts';
import { TREE_TRAILER } from './branch-state.ts';
import { failureOf } from './failure.ts';
import { FirstSeen } from './first-seen.ts';
import { projectName, type TopicName, topicFor } from './names.ts';
import { type BaseFacts, makeProposal, type Proposal, readBaseFacts } from './proposal.ts';
import { lockfilesFor, manifestAt } from './repository.ts';
import { type BotFlags, type BotSettings, settingsOf } from './settings.ts';
import { type WorkedOut, workOutBump, workOutHolds, workOutUpdate } from './work-out.ts';
import {
  type ApprovalInput,
  approvedManifest,
  type OpenedManifest,
  openWorkspace,
  refuseBasesOutside,
  type Workspace,
} from './workspace.ts';

export interface PlannedTopic {
  readonly name: TopicName;
  /** Undefined if there are no changes, or if the changes could not be determined. */
  readonly proposal: Proposal | undefined;
  readonly failures: readonly Failure[];
}

export interface PlannedProject {
  readonly base: string;
  readonly commit: string | undefined;
  readonly manifest: string;
  readonly settings: BotSettings;
  /** Undefined if there is nothing to work on. */
  readonly workspace: Workspace | undefined;
  readonly topics: readonly PlannedTopic[];
  readonly suppressed: readonly Suppressed[];
  readonly locks: readonly LockAge[];
  readonly failures: readonly Failure[];
  readonly warnings: readonly Warning[];
  /** Time when each source RPM was first seen; undefined if ages are not used. */
  readonly seen: ReadonlyMap<string, string> | undefined;
  /** Change-Ids of the bot in the base's history. */
  readonly merged: ReadonlySet<string>;
}

export interface PlanInput {
  readonly base: { readonly branch: string; readonly commit: string | undefined };
  /** From the section `bot:`, relative to the repository. */
  readonly manifest: string | undefined;
  /** From the command line, relative to `prefix`. */
  readonly named: string | undefined;
  readonly prefix: string;
  readonly place: GitPlace;
  /** The manifest that the run has already opened: reused for the same commit and path. */
  readonly opened: OpenedManifest | undefined;
  /** The section `bot:` for a manifest that has none, by its path. */
  readonly sectionFor: (manifest: string) => BotSection | undefined;
  /** Times of earlier runs for a project of this name. */
  readonly seenBefore: (project: string) => ReadonlyMap<string, string> | undefined;
  readonly input: BotFlags & ApprovalInput & { readonly lockfiles?: string | undefined };
}

export async function planProject(plan: PlanInput, context: Context): Promise<PlannedProject> {
  const { base, place, input } = plan;
  const empty = {
    base: base.branch,
    commit: base.commit,
    manifest: plan.manifest ?? plan.named ?? 'rpm-packages.yaml',
    settings: settingsOf(undefined, input),
    workspace: undefined,
    topics: [],
    suppressed: [],
    locks: [],
    warnings: [],
    seen: undefined,
    merged: new Set<string>(),
  };
  if (base.commit === undefined) {
    const missing = new RpmDepsError('USAGE', `there is no branch \`${base.branch}\``, {
      hint: 'edit `bot.base`, or name another with --base',
    });
    return { ...empty, failures: [failureOf(missing)] };
  }
  let workspace: Workspace | undefined;
  let manifest = empty.manifest;
  try {
    const folder = plan.manifest === undefined ? plan.prefix : '';
    const { opened } = plan;
    const isSame = opened?.commit === base.commit && (plan.manifest === undefined || plan.manifest === opened.path);
    const ready = isSame ? opened : undefined;
    manifest = ready?.path ?? (await manifestAt(place, base.commit, { folder, named: plan.manifest ?? plan.named }));
    const lockfiles =
      plan.manifest === undefined ? lockfilesFor(manifest, { folder, named: plan.named, lockfiles: input.lockfiles }) : input.lockfiles;
    workspace = ready?.workspace ?? (await openWorkspace({ place, commit: base.commit, manifest, lockfiles }, context));
    return {
      ...empty,
      manifest,
      workspace,
      ...(await planTopics(
        workspace,
        { manifest, base: base.branch, input, seenBefore: plan.seenBefore, sectionFor: plan.sectionFor },
        context,
      )),
    };
  } catch (error) {
    const failure = failureOf(error);
    await workspace?.remove();
    return { ...empty, manifest, failures: [failure] };
  }
}

async function planTopics(
  workspace: Workspace,
  {
    manifest,
    base,
    input,
    seenBefore,
    sectionFor,
  }: { readonly manifest: string; readonly base: string } & Pick<PlanInput, 'input' | 'seenBefore' | 'sectionFor'>,
  context: Context,
): Promise<Pick<PlannedProject, 'settings' | 'topics' | 'suppressed' | 'locks' | 'failures' | 'warnings' | 'seen' | 'merged'>> {
  const read = await approvedManifest(workspace, input);
  refuseBasesOutside(read, workspace);
  const settings = settingsOf(read.bot ?? sectionFor(manifest), input);
  const locks = await lockAges(workspace, settings, context.now());
  const failures = locks.filter(({ stale }) => stale).map(staleFailure);
  const merged = await mergedChangeIds(workspace.files.place, workspace.files.commit, TREE_TRAILER);
  // Each topic reads the manifest again and repeats its warnings.
  workspace.warnings.length = 0;
  let known: Promise<BaseFacts> | undefined;
  const facts = (): Promise<BaseFacts> => {
    known ??= readBaseFacts(workspace.files);
    return known;
  };
  const topics: PlannedTopic[] = [];
  const suppressed: Suppressed[] = [];
  const warnings: Warning[] = [];
  const attempt = async (topic: string, workOut: () => Promise<WorkedOut>): Promise<WorkedOut | undefined> => {
    const name = { manifest, base, topic };
    try {
      const work = await workOut();
      const proposal = await makeProposal(name, { workspace, settings, work, merged, facts });
      // Most repositories have neither changelogs nor advisories, so this is not reported in each run.
      warnings.push(...workspace.warnings.filter(({ code }) => code !== 'CHANGELOG_MISSING'));
      topics.push({ name, proposal, failures: work.failures });
      suppressed.push(...work.suppressed);
      return work;
    } catch (error) {
      topics.push({ name, proposal: undefined, failures: [failureOf(error)] });
      return undefined;
    } finally {
      await workspace.reset();
    }
  };
  const firstSeen = new FirstSeen(seenBefore(projectName({ base, manifest })), context.now());
  const work = { workspace, settings, mirror: input.mirror, firstSeen };
  for (const topic of settings.topics) {
    if (topic === 'bump') await attempt(topicFor(topic, settings), () => workOutBump(work));
    else if (topic === 'update') {
      const all = await attempt(topicFor(topic, settings), () => workOutUpdate(work));
      if (settings.groupBy === 'source' && all !== undefined) await splitBySource(all);
    }
  }
  const today = context.now().toISOString().slice(0, 10);
  if (read.holds.some((hold) => isHoldExpired(hold, today))) await attempt('holds', () => workOutHolds(work));
  // Without seen builds, the project counts as watched only if every topic could be computed.
  const isWatched = firstSeen.met.size > 0 || topics.every((topic) => topic.failures.length === 0);
  const seen = settings.minimumAgeMs > 0 && isWatched ? firstSeen.met : undefined;
  return { settings, topics, suppressed: unique(suppressed), locks, failures, warnings, seen, merged };

  /** One topic for each source RPM that the whole update would change; failures of solving stay in the report. */
  async function splitBySource(all: WorkedOut): Promise<void> {
    const whole = topics.pop()!;
    suppressed.length = 0;
    suppressed.push(...all.suppressed);
    const kept = new Set(all.suppressed.filter(({ reason }) => reason !== 'hold').map(({ source }) => source));
    const sources = all.diff.sources.filter(({ source, changes }) => !kept.has(source) && changes.some(({ before }) => before !== null));
    for (const { source } of sources)
      await attempt(topicFor(`update-${source}`, settings), () => workOutUpdate(work, { source, whole: all }));
    // A change that only adds lockfiles has no source RPM, so the whole update is proposed.
    if (sources.length === 0 && whole.proposal !== undefined) topics.push(whole);
    else if (whole.failures.length > 0) topics.push({ ...whole, proposal: undefined });
  }
}

const unique = (all: readonly Suppressed[]): Suppressed[] => [
  ...new Map(all.map((one) => [`${one.source} ${one.to} ${one.reason}`, one])).values(),
];

const DAY_MS = 24 * 3_600_000;

async function lockAges({ context, lockfiles }: Workspace, { maxAgeMs }: BotSettings, now: Date): Promise<LockAge[]> {
  const locks = await readLockfiles(join(context.cwd, lockfiles));
  return locks.map(({ lockfile: { package_set: set, architecture, generated } }) => {
    const ageMs = Math.max(0, now.getTime() - Date.parse(generated));
    return { set, architecture, generated, days: Math.floor(ageMs / DAY_MS), stale: maxAgeMs !== undefined && ageMs > maxAgeMs };
  });
}

const staleFailure = ({ set, architecture, generated }: LockAge): Failure => ({
  code: 'LOCK_STALE',
  message: `the lock of \`${set}\` for ${architecture} is from metadata of ${generated.slice(0, 10)}, older than \`max_age\``,
  hint: 'merge the open pull requests of the bot, or find out why there are none',
  details: [],
});
