import { type Forge, type OpenForgeOptions, openForge, originOf, parseRemoteUrl, placeOf, RpmDepsError, startReading } from 'rpm-deps';
import type { JobRun } from './checkout.ts';
import type { JobData } from './job-messages.ts';

/** Permissions for the jobs' operations on a forge, including checks of commits. */
const APP_PERMISSIONS = { contents: 'write', pull_requests: 'write', issues: 'write', checks: 'write' };

/** Calls `work` with the project's forge; only the server of its API is contacted. */
export async function withForge<T>(
  data: JobData,
  kind: Forge['kind'],
  { signal }: Pick<JobRun, 'signal'>,
  work: (forge: Forge) => Promise<T>,
): Promise<T> {
  const { project, secret, githubApp, forgeApi, forgeRepository, cacheDir } = data;
  const env: OpenForgeOptions['env'] =
    githubApp === undefined ? { RPM_DEPS_TOKEN: secret } : { RPM_DEPS_GITHUB_APP_ID: githubApp, RPM_DEPS_GITHUB_APP_KEY: secret };
  const place = placeOf(kind, parseRemoteUrl(project.clone_url), { env, apiUrl: forgeApi, repository: forgeRepository });
  const network = { origins: [originOf(place.apiUrl)], publicHosts: false };
  const run = startReading({ env: { NETRC: '/dev/null' }, cacheDir, signal, network });
  try {
    const options = { place, env, appPermissions: APP_PERMISSIONS, http: run.http, now: run.now, emit: run.emit, signal: run.signal };
    return await work(await openForge(options));
  } finally {
    await run.end();
  }
}

/** Replaces the key of a GitHub App by a token of its installation, which is valid for an hour and only for this repository. */
export async function withAppToken(data: JobData, run: Pick<JobRun, 'signal'>): Promise<JobData> {
  if (data.githubApp === undefined) return data;
  if (data.project.forge !== 'github') {
    throw new RpmDepsError('USAGE', `the credentials of the project ${data.project.name} are a GitHub App, and its forge is not GitHub`, {
      hint: 'set `forge: github`, or name credentials that are a token',
    });
  }
  const login = await withForge(data, 'github', run, (forge) => forge.gitLogin());
  return { ...data, secret: login.password, githubApp: undefined };
}
