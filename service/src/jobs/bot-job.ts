/** Proposes an update: runs the library's bot in the clone of the project. */
import { type BotReport, type Manifest, originOf, RpmDepsError, runBot, startReading } from 'rpm-deps';
import { checkSources } from '../config/check-sources.ts';
import type { Checkout, JobRun } from './checkout.ts';
import type { Clone } from './clone.ts';
import { refuseForeignPlaces } from './foreign-places.ts';
import type { JobData, JobOutcome } from './job-messages.ts';

/** Maximum time that a job waits for the forge's rate limits; after that the job is retried later. */
const MAX_WAIT_MS = 60_000;
const API: Readonly<Record<string, string>> = { github: 'https://api.github.com' };

export async function botJob(
  data: JobData,
  { clone, commit, manifest, revision }: Checkout,
  { signal, onProgress }: JobRun,
): Promise<JobOutcome> {
  const { project, job } = data;
  const approve = (read: Manifest): void => {
    refuseForeignPlaces(read, [...forgeOrigins(data), ...data.network.origins]);
    checkSources(read, data);
  };
  approve(manifest);
  await clone.setRemote();
  onProgress({ stage: 'solve', text: 'working out what to propose' });
  const run = startReading({
    env: { NETRC: '/dev/null' },
    cacheDir: data.cacheDir,
    signal,
    network: { ...data.network, origins: [...data.network.origins, ...forgeOrigins(data)] },
    onEvent: (event) => event.kind === 'stage' && onProgress({ stage: event.stage, text: event.text }),
  });
  try {
    const report = await runBot(
      {
        bases: [project.branch],
        manifest: project.manifest,
        lockfiles: project.lockfiles,
        forge: project.forge === 'branch' || project.forge === 'none' ? 'none' : project.forge,
        topics: [job.kind === 'bump' ? 'bump' : 'update'],
        archive: data.archive?.to,
        maxWaitMs: MAX_WAIT_MS,
        // The branch may have moved since the job read it.
        approve,
      },
      { ...run, solverSeconds: data.solveSeconds, cwd: clone.directory, env: botEnvironment(data, clone) },
    );
    return outcomeOf(report, { commit, revision });
  } finally {
    await run.end();
  }
}

/** The token is passed only to the forge's client and to git; no other part of the server's environment is. */
function botEnvironment({ secret, forgeApi, forgeRepository, project, archive }: JobData, clone: Clone): Record<string, string> {
  const variable = project.forge === 'gitlab' ? 'CI_API_V4_URL' : 'GITHUB_API_URL';
  return {
    ...clone.environment(),
    GIT_AUTHOR_NAME: 'rpm-deps',
    GIT_AUTHOR_EMAIL: 'rpm-deps@localhost',
    GIT_COMMITTER_NAME: 'rpm-deps',
    GIT_COMMITTER_EMAIL: 'rpm-deps@localhost',
    ...(secret === undefined ? {} : { RPM_DEPS_TOKEN: secret }),
    ...(archive?.token === undefined ? {} : { RPM_DEPS_ARCHIVE_TOKEN: archive.token }),
    ...(forgeApi === undefined ? {} : { [variable]: forgeApi }),
    ...(forgeRepository === undefined ? {} : { [project.forge === 'gitlab' ? 'CI_PROJECT_PATH' : 'GITHUB_REPOSITORY']: forgeRepository }),
  };
}

function forgeOrigins({ project, forgeApi }: JobData): string[] {
  return [project.clone_url, forgeApi ?? API[project.forge] ?? ''].filter((url) => /^https?:/.test(url)).map((url) => originOf(url));
}

function outcomeOf(report: BotReport, { commit, revision }: Pick<Checkout, 'commit' | 'revision'>): JobOutcome {
  const topics = report.projects.flatMap((project) => project.topics);
  const failures = [
    ...report.failures,
    ...report.projects.flatMap((project) => [...project.failures, ...project.topics.flatMap((topic) => topic.failures)]),
  ];
  const first = failures[0];
  // If all topics failed, the job failed and may be retried.
  if (first !== undefined && topics.every(({ outcome }) => outcome === 'failed')) {
    throw new RpmDepsError(first.code, first.message, { details: first.details, ...(first.hint === null ? {} : { hint: first.hint }) });
  }
  const shown = topics.map(({ topic, outcome, branch, title, body, url, commit: made, reason }) => ({
    topic,
    outcome,
    branch,
    title,
    body,
    url,
    commit: made,
    reason,
  }));
  const url = topics.find((topic) => topic.url !== null)?.url;
  return {
    result: {
      revision: commit,
      changed: topics.some(({ outcome }) => outcome === 'opened' || outcome === 'refreshed'),
      topics: shown,
      failures: [],
      problems: failures,
      markdown: shown
        .map(({ title, body }) => (title === null ? '' : `# ${title}\n\n${body ?? ''}`))
        .join('\n\n')
        .slice(0, 200_000),
      ...(url === undefined ? {} : { url }),
    },
    revision,
    state: first === undefined ? undefined : { state: 'broken', text: first.message },
  };
}
