/** One run of the bot, without a terminal: computes the proposals for each base branch and manifest, then publishes them. */
import { isAbsolute, relative } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { withoutLogin } from '../base/redact.ts';
import type { Warning, WarningCode } from '../base/warnings.ts';
import type { Forge } from '../forge/forge.ts';
import type { GerritApi } from '../forge/gerrit-api.ts';
import { openGerrit } from '../forge/open-forge.ts';
import type { RemotePlace } from '../forge/remote-url.ts';
import type { BotForge, BotSection } from '../manifest/bot-section.ts';
import { toUrl } from '../net/urls.ts';
import type { Context } from '../run/context.ts';
import type { BotReport, Failure, ProjectReport, TopicOutcome, TopicReport } from '../views/bot-report.ts';
import { type Connection, connect, forgeKind, loginToRead, pushTarget } from './connect.ts';
import { exitCodeOf, failureOf } from './failure.ts';
import { failuresOf, reportInIssue } from './issue.ts';
import { mapError } from './map-texts.ts';
import { type Memory, type MemoryPlace, recall, remember } from './memory.ts';
import { projectName } from './names.ts';
import { type PlannedProject, planProject } from './plan-project.ts';
import { publishProject } from './publish-project.ts';
import { type Base, lockfilesFor, manifestAt, openRepository, type Repository, readBases } from './repository.ts';
import { redactSecrets, secretsOf } from './secrets.ts';
import { type BotFlags, type BotSettings, settingsOf } from './settings.ts';
import { type ApprovalInput, approvedManifest, type OpenedManifest, openWorkspace } from './workspace.ts';
import { removeAbandonedWorkspaces } from './workspace-paths.ts';

export interface BotInput extends BotFlags, ApprovalInput {
  /** Path of the manifest, as for every command. */
  readonly manifest?: string | undefined;
  readonly lockfiles?: string | undefined;
  /** Branches; default those of the manifest, else the remote's default branch. */
  readonly bases?: readonly string[] | undefined;
  readonly forge?: BotForge | undefined;
  /** Name of the git remote; default `origin`. */
  readonly remote?: string | undefined;
  readonly dryRun?: boolean | undefined;
  /** Time that one call to a forge may wait for rate limits, in milliseconds. */
  readonly maxWaitMs?: number | undefined;
}

/** Failures are in the report; throws only bugs, signals, and errors that prevent the start. */
export async function runBot(input: BotInput, context: Context): Promise<BotReport> {
  const secrets = await secretsOf(context.env);
  try {
    const lockfiles = fromHere(input.lockfiles, context);
    return redactSecrets(await run({ ...input, lockfiles, mirror: mirrorUrl(input, context) }, context, secrets), secrets);
  } catch (error) {
    if (!(error instanceof RpmDepsError)) throw error;
    throw mapError(error, (text) => redactSecrets(text, secrets));
  }
}

async function run(input: BotInput, context: Context, secrets: Set<string>): Promise<BotReport> {
  await removeAbandonedWorkspaces(new Date());
  const warnings: Warning[] = [];
  const warn = (code: WarningCode, text: string): void => {
    const warning = { code, text: redactSecrets(text, secrets) };
    warnings.push(warning);
    context.emit({ kind: 'warning', ...warning });
  };
  const repository = await loginToRead(await openRepository(input.remote ?? 'origin', context), input, secrets, context);
  const named = fromHere(input.manifest, context);
  const first = await firstBase(repository, { input, named }, context);
  try {
    return await runFrom(first, { input, named, repository, secrets, warnings, warn }, context);
  } finally {
    await first.opened?.workspace.remove();
  }
}

interface RunParts {
  readonly input: BotInput;
  readonly named: string | undefined;
  readonly repository: Repository;
  readonly secrets: Set<string>;
  /** Filled by `warn`. */
  readonly warnings: readonly Warning[];
  readonly warn: (code: WarningCode, text: string) => void;
}

async function runFrom(
  first: FirstBase,
  { input, named, repository, secrets, warnings, warn }: RunParts,
  context: Context,
): Promise<BotReport> {
  const { dryRun = false, mirror, maxWaitMs } = input;
  const { settings } = first;
  const kind = forgeKind(input.forge, { settings, repository, env: context.env, dryRun });
  if (repository.remote === undefined && !dryRun) {
    throw new RpmDepsError('USAGE', `there is no git remote \`${input.remote ?? 'origin'}\` to push to`, {
      hint: 'choose one with --remote, or use --dry-run',
    });
  }
  const isOnForge = !dryRun && kind !== 'none' && kind !== 'gerrit';
  const connection = isOnForge ? await connect(kind, { settings, repository, maxWaitMs, secrets, warn }, context) : undefined;
  const failures: Failure[] = [];
  const where = memoryPlace({ settings, repository, connection, kind }, context);
  const { memory, kept } = await recall(where, context);
  const { reports, seen } = await runProjects(
    { ...first, input, named, repository, connection, kind, dryRun, mirror, failures, warn, memory },
    context,
  );
  const folder = repository.prefix || '.';
  // If a rate limit was reached, the remote stays unchanged.
  const isLimited = failures.some(({ code }) => code === 'FORGE_LIMIT');
  const news = { runs: new Map([[folder, context.now().toISOString()]]), seen };
  if (!dryRun) await remember({ ...where, remote: isLimited ? undefined : where.remote }, kept, news, context);
  const issue =
    connection === undefined || !settings.issue ? null : await reportTroubles(connection.forge, { projects: reports, failures, warn });
  const all = failuresOf({ projects: reports, failures });
  return {
    forge: kind,
    repository: connection?.repository ?? repository.remote?.at.path ?? null,
    dryRun,
    projects: reports.map((project, i) => (i === 0 ? { ...project, warnings: [...warnings, ...project.warnings] } : project)),
    failures,
    issue,
    lastRun: memory.runs.get(folder) ?? null,
    exitCode: exitCodeOf(all),
  };
}

/** The remote for branches; on Gerrit only the cache, because pushing there is not allowed. */
function memoryPlace(
  { settings, repository, connection, kind }: Pick<ProjectsInput, 'settings' | 'repository' | 'connection' | 'kind'>,
  { cwd }: Context,
): MemoryPlace {
  const { remote, place } = repository;
  const pushTo = connection?.pushTo ?? (remote === undefined ? undefined : pushTarget(settings, remote));
  return {
    place: connection?.place ?? place,
    remote: kind === 'gerrit' ? undefined : pushTo,
    name: remote === undefined ? cwd : withoutLogin(remote.url),
  };
}

/** Set by the runner and not secret: the only variable that affects manifests. Relative to the directory where the bot was started. */
function mirrorUrl({ mirror }: BotInput, { env, cwd }: Context): string | undefined {
  const given = mirror ?? (env['RPM_DEPS_MIRROR'] || undefined);
  return given === undefined ? undefined : toUrl(given, cwd);
}

/** Relative to the directory in the repository where the bot was started. */
const fromHere = (path: string | undefined, { cwd }: Context): string | undefined =>
  path !== undefined && isAbsolute(path) ? relative(cwd, path) : path;

interface FirstBase {
  readonly base: Base;
  readonly settings: BotSettings;
  readonly section: BotSection | undefined;
  /** Undefined if the manifest of the first base cannot be read: this is a failure of its project, not of the run. */
  readonly opened: OpenedManifest | undefined;
}

/** Settings of the whole run are those of the first base, independent of the checked-out branch. */
async function firstBase(
  repository: Repository,
  { input, named }: { readonly input: BotInput; readonly named: string | undefined },
  context: Context,
): Promise<FirstBase> {
  const [first] = await readBases(repository, input.bases === undefined || input.bases.length === 0 ? undefined : input.bases.slice(0, 1));
  if (first?.commit === undefined) {
    throw new RpmDepsError('USAGE', `there is no branch \`${first?.branch}\` to propose updates for`, {
      hint: 'choose a branch of the remote: --base main',
    });
  }
  const base = { branch: first.branch, commit: first.commit };
  try {
    const { place, prefix: folder } = repository;
    const path = await manifestAt(place, base.commit, { folder, named });
    const lockfiles = lockfilesFor(path, { folder, named, lockfiles: input.lockfiles });
    const workspace = await openWorkspace({ place, commit: base.commit, manifest: path, lockfiles }, context);
    try {
      const { bot } = await approvedManifest(workspace, input);
      return { base, settings: settingsOf(bot, input), section: bot, opened: { commit: base.commit, path, workspace } };
    } catch (error) {
      await workspace.remove();
      throw error;
    }
  } catch (error) {
    failureOf(error);
    return { base, settings: settingsOf(undefined, input), section: undefined, opened: undefined };
  }
}

interface ProjectsInput extends FirstBase {
  readonly input: BotInput;
  readonly named: string | undefined;
  readonly repository: Repository;
  readonly connection: Connection | undefined;
  readonly kind: BotForge;
  readonly dryRun: boolean;
  readonly mirror: string | undefined;
  readonly memory: Memory;
  /** Filled during the run. */
  readonly failures: Failure[];
  readonly warn: (code: WarningCode, text: string) => void;
}

/** Computes all proposals before publishing any, because the limit is common and security updates come first. */
async function runProjects(
  all: ProjectsInput,
  context: Context,
): Promise<{ readonly reports: readonly ProjectReport[]; readonly seen: Memory['seen'] }> {
  const { input, named, base, settings, repository, connection, kind, dryRun, mirror, memory, failures, warn } = all;
  const place = connection?.place ?? repository.place;
  const wanted =
    input.bases !== undefined && input.bases.length > 0 ? input.bases : settings.base.length > 0 ? settings.base : [base.branch];
  // The first base was just read; moved branches are checked below.
  const bases = wanted.length === 1 && wanted[0] === base.branch ? [base] : await readBases({ ...repository, place }, wanted);
  const manifests = input.manifest === undefined && settings.manifests.length > 0 ? settings.manifests : [undefined];
  const planned: PlannedProject[] = [];
  let { opened } = all;
  // Files that one manifest is exported to are not those of another.
  const sections = { own: all.section, path: opened?.path, others: all.section && { ...all.section, exports: [] } };
  const sectionFor = (path: string): BotSection | undefined => (path === sections.path ? sections.own : sections.others);
  const seenBefore = (project: string) => memory.seen.get(project);
  try {
    const plan = async (i: number, tip: (typeof bases)[number]): Promise<void> => {
      for (const [j, manifest] of manifests.entries()) {
        const at = i * manifests.length + j;
        await planned[at]?.workspace?.remove();
        const from = { base: tip, manifest, named, prefix: repository.prefix, place, opened, sectionFor };
        opened = undefined;
        planned[at] = await planProject({ ...from, seenBefore, input }, context);
      }
    };
    for (const [i, tip] of bases.entries()) await plan(i, tip);
    const room = { left: await roomIn(connection?.forge, settings, failures) };
    // Meanwhile changes may have been merged, even those that are about to be proposed.
    const planMoved = async (): Promise<ReadonlySet<number>> => {
      const tips = await readBases({ ...repository, place }, wanted).catch((error: unknown) => {
        failures.push(failureOf(error));
        return [];
      });
      const moved = [...tips.entries()].filter(([i, { commit }]) => planned[i * manifests.length]?.commit !== commit);
      for (const [i, tip] of moved) await plan(i, tip);
      return new Set(moved.map(([i]) => i));
    };
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) if ((await planMoved()).size === 0) break;
    const isStopped = (): boolean => failures.length > 0;
    const stop = (failure: Failure): void => void failures.push(failure);
    const remote = repository.remote;
    const pushTo = connection?.pushTo ?? (remote === undefined ? undefined : pushTarget(settings, remote));
    const gerrit = kind === 'gerrit' && !dryRun && remote !== undefined ? await openGerritOf(all, remote.at, context) : undefined;
    const publishing = { place, pushTo, kind, forge: connection?.forge, gerrit, dryRun, room, warn, stopped: isStopped, stop, mirror };
    const reports: ProjectReport[] = [];
    for (const project of planned) reports.push(await publishProject(project, publishing, context));
    // Storing RPMs takes minutes: changes that were merged meanwhile must not be proposed again.
    const moved = dryRun || isStopped() ? new Set<number>() : await planMoved();
    for (const [at, project] of planned.entries()) {
      if (!moved.has(Math.floor(at / manifests.length))) continue;
      const again = await publishProject(project, publishing, context);
      reports[at] = { ...again, topics: again.topics.map((topic) => inOneRun(reports[at]!.topics, topic)) };
    }
    const seen = new Map(planned.flatMap((project) => (project.seen === undefined ? [] : [[projectName(project), project.seen] as const])));
    return { reports, seen };
  } finally {
    for (const { workspace } of planned) await workspace?.remove();
  }
}

/** Combines the outcomes of a topic in both passes of a run. */
function inOneRun(before: readonly TopicReport[], now: TopicReport): TopicReport {
  const opened = before.find(({ topic, outcome }) => topic === now.topic && outcome === 'opened');
  if (opened === undefined) return now;
  // It has been merged already.
  if (now.outcome === 'nothing') return opened;
  return now.outcome === 'refreshed' || now.outcome === 'unchanged' ? { ...now, outcome: 'opened' } : now;
}

const openGerritOf = (
  { settings, input: { maxWaitMs } }: ProjectsInput,
  remote: RemotePlace,
  { env, http, now, emit, signal }: Context,
): Promise<GerritApi | undefined> =>
  openGerrit({ remote, env, apiUrl: settings.forgeUrl, repository: settings.repository, http, now, emit, signal, maxWaitMs });

/** Maximum number of computations if a base moves. */
const ATTEMPTS = 3;

/** Number of pull requests that may be opened. An unreadable list is a failure, and never an empty list. */
async function roomIn(forge: Forge | undefined, { limit, branchPrefix }: BotSettings, failures: Failure[]): Promise<number> {
  if (forge === undefined || limit === undefined) return Number.POSITIVE_INFINITY;
  try {
    return limit - (await forge.openPulls(`${branchPrefix}/`)).length;
  } catch (error) {
    failures.push(failureOf(error));
    return 0;
  }
}

const PROPOSED: ReadonlySet<TopicOutcome> = new Set(['opened', 'refreshed', 'unchanged']);

async function reportTroubles(
  forge: Forge,
  {
    projects,
    failures,
    warn,
  }: { readonly projects: readonly ProjectReport[]; readonly failures: readonly Failure[]; readonly warn: ProjectsInput['warn'] },
): Promise<BotReport['issue']> {
  if (failures.some(({ code }) => code === 'FORGE_LIMIT')) return null;
  const hasProposed = ({ topics }: ProjectReport): boolean => topics.some(({ outcome }) => PROPOSED.has(outcome));
  const isBad =
    failures.length > 0 ||
    projects.some((project) => failuresOf({ projects: [project], failures: [] }).length > 0 && !hasProposed(project));
  try {
    return await reportInIssue(forge, { projects, failures }, { isBad });
  } catch (error) {
    const failure = failureOf(error);
    warn('ISSUE_NOT_OPENED', `failures are only in this report: ${failure.message}; switch on issues, or set \`bot.issue: false\``);
    return null;
  }
}
