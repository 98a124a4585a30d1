import { type Api, apiOf, type JobShown } from './api.ts';
import { createTokenIn } from './create-token.ts';
import { fixtureLocks, fixtureManifest } from './fixture-locks.ts';
import { type GitProject, gitProject } from './git-project.ts';
import { type RunningService, startService } from './running-service.ts';

export interface PagesWorld {
  readonly service: RunningService;
  readonly api: Api;
  readonly token: string;
  readonly git: GitProject;
  readonly revisions: readonly [string, string];
  end(): Promise<void>;
}

/** A service with a project whose locks changed once, and one whose manifest is broken. */
export async function pagesWorld(): Promise<PagesWorld> {
  const git = gitProject({ 'rpm-packages.yaml': fixtureManifest() });
  const broken = gitProject({ 'rpm-packages.yaml': 'sets: {<img src=x onerror=alert(1)>: {packages: 7}}\n' });
  const { data, token } = await createTokenIn(['operate']);
  const service = await startService({ data, config: { git: [git.directory, broken.directory] } });
  const api = apiOf(service, token);
  const check = async (name: string): Promise<void> => {
    const { body } = await api.send<{ job: JobShown }>('POST', `/v1/projects/${name}/check`);
    await api.ended(body.job.id);
  };
  const first = git.commit(await fixtureLocks('mirror'));
  await api.send('POST', '/v1/projects', {
    name: 'kubevirt',
    clone_url: git.url,
    schedules: [{ kind: 'update', cron: '0 5 * * 1', time_zone: 'Europe/Prague' }],
  });
  await check('kubevirt');
  const second = git.commit(
    await fixtureLocks(
      'mirror-next',
      fixtureManifest().replace(/^mirror: .*$/m, fixtureManifest('mirror-next').match(/^mirror: .*$/m)![0]),
    ),
  );
  await check('kubevirt');
  await api.send('POST', '/v1/projects', { name: 'broken', clone_url: broken.url });
  await check('broken');
  return {
    ...{ service, api, token, git, revisions: [first, second] as const },
    end: async () => {
      await service.stop();
      git.remove();
      broken.remove();
    },
  };
}
