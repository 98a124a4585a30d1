import { createHmac } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeForge } from '../../../test/helpers/fake-forge.ts';
import { startFakeGitea } from '../../../test/helpers/fake-gitea.ts';
import { type Api, apiOf, type JobShown } from '../helpers/api.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { type GitProject, gitProject, MANIFEST } from '../helpers/git-project.ts';
import { optInService } from '../helpers/opt-in.ts';
import { type RunningService, startService } from '../helpers/running-service.ts';

/** Each job starts the library from source: minutes on a busy machine. */
const isOn = optInService();

let git: GitProject;
let forge: FakeForge;
let service: RunningService;
let api: Api;

beforeAll(async () => {
  if (!isOn) return;
  git = gitProject();
  forge = await startFakeGitea();
  forge.git = git.url;
  const { data, token } = await createTokenIn(['operate']);
  writeFileSync(join(data, 'secret'), `${forge.token}\n`);
  service = await startService({
    data,
    config: {
      git: [git.directory],
      credentials: { bot: { file: join(data, 'secret') } },
      network: { origins: [new URL(forge.apiUrl).origin] },
      webhooks: { secret: 'of the webhook' },
      archive: { to: join(data, 'archive') },
      public_url: 'https://rpm.test',
    },
  });
  api = apiOf(service, token);
  const { status } = await api.send('POST', '/v1/projects', {
    name: 'tools',
    clone_url: git.url,
    forge: 'gitea',
    credentials: 'bot',
    settings: { api_url: forge.apiUrl, repository: forge.repository },
  });
  expect(status).toBe(201);
});
afterAll(async () => {
  await service?.stop();
  await forge?.close();
  git?.remove();
});

const run = async (kind: string): Promise<JobShown> => {
  const { body } = await api.send<{ job: JobShown }>('POST', `/v1/projects/tools/${kind}`);
  return api.ended(body.job.id);
};

test.runIf(isOn)('an update opens one pull request, however often it runs', async () => {
  expect(await run('update')).toMatchObject({ state: 'succeeded', result: { changed: true, url: expect.stringMatching(/^http/) } });
  expect(await run('update')).toMatchObject({ state: 'succeeded', result: { changed: false } });
  expect(forge.pulls).toHaveLength(1);
  expect(forge.pulls[0]).toMatchObject({ base: 'main', state: 'open' });
  expect(forge.violations).toEqual([]);
  expect(JSON.stringify([service.lines, (await api.get('/v1/projects/tools/jobs')).body])).not.toContain(forge.token);
});

test.runIf(isOn)('a manifest does not choose where the token goes, nor what is written on the server', async () => {
  for (const [key, value] of [
    ['forge_url', 'https://git.example.com/api/v1'],
    ['archive', '/srv/rpms'],
  ]) {
    git.commit({ 'rpm-packages.yaml': `${MANIFEST}bot: { ${key}: "${value}" }\n` });
    expect(await run('update')).toMatchObject({
      state: 'failed',
      error: { code: 'HOST_REFUSED', message: expect.stringContaining(`bot.${key}`) },
    });
  }
  git.commit({ 'rpm-packages.yaml': MANIFEST });
});

test.runIf(isOn)('an API that is not configured is refused, and so are credentials that are not', async () => {
  const patch = (body: object) => api.send('PATCH', '/v1/projects/tools', body);
  expect(await patch({ settings: { api_url: 'http://127.0.0.1:1/api' } })).toMatchObject({ status: 403, body: { code: 'HOST_REFUSED' } });
  expect(await patch({ credentials: 'other' })).toMatchObject({ status: 400, body: { code: 'USAGE', hint: 'names are: bot' } });
});

function deliver(body: object, { event = 'push', id = 'one', secret = 'of the webhook' } = {}): Promise<Response> {
  const text = JSON.stringify(body);
  return fetch(`${service.url}/webhooks/gitea/tools`, {
    method: 'POST',
    body: text,
    headers: {
      'content-type': 'application/json',
      'x-gitea-event': event,
      'x-gitea-delivery': id,
      'x-gitea-signature': createHmac('sha256', secret).update(text).digest('hex'),
    },
  });
}

test.runIf(isOn)('a push starts one check, though it is delivered twice; others start nothing', async () => {
  const first = (await (await deliver({ ref: 'refs/heads/main' })).json()) as { job: string };
  expect(await api.ended(first.job)).toMatchObject({ kind: 'check', state: 'succeeded' });
  expect(await (await deliver({ ref: 'refs/heads/main' })).json()).toMatchObject({ job: null });
  expect(await (await deliver({ ref: 'refs/heads/other' }, { id: 'two' })).json()).toMatchObject({ job: null });
  expect(await (await deliver({ anything: [1] }, { id: 'three', event: 'star' })).json()).toMatchObject({ job: null });
});

test.runIf(isOn)('a wrong signature starts nothing', async () => {
  expect((await deliver({ ref: 'refs/heads/main' }, { id: 'four', secret: 'guessed' })).status).toBe(401);
  const unsigned = await fetch(`${service.url}/webhooks/github/tools`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect(unsigned.status).toBe(401);
  expect(
    (
      await fetch(`${service.url}/webhooks/gitlab/tools`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', 'x-gitlab-token': '' },
      })
    ).status,
  ).toBe(401);
});

test.runIf(isOn)('a pull request gets one comment with the difference, which is edited when it changes', async () => {
  const pull = forge.pulls[0]!;
  git.ref(`refs/pull/${pull.number}/head`, pull.branch);
  const event = { action: 'opened', pull_request: { number: pull.number, base: { ref: 'main' } } };
  for (const [id, action] of [
    ['five', 'opened'],
    ['six', 'synchronized'],
  ] as const) {
    const { job } = (await (await deliver({ ...event, action }, { id, event: 'pull_request' })).json()) as { job: string };
    expect(await api.ended(job)).toMatchObject({ kind: 'comment', state: 'succeeded', result: { changed: true } });
  }
  expect(forge.comments.filter(({ on }) => on === pull.number)).toHaveLength(1);
  expect(forge.comments[0]!.body).toContain('new lock');
  expect(forge.violations).toEqual([]);
});

test.runIf(isOn)('the newest commit of a pull request gets a check, which is red where locks and manifest do not fit', async () => {
  const pull = forge.pulls[0]!;
  const [check] = forge.checks;
  expect(check).toMatchObject({ name: 'rpm-deps/tools', state: 'success', title: 'the lockfiles are up to date with the manifest' });
  expect(check!.url).toMatch(/^https:\/\/rpm\.test\/jobs\//);
  expect(forge.checks).toHaveLength(1);
  for (const [id, manifest, title] of [
    ['ten', MANIFEST.replace('[bash]', '[bash, glibc]'), /tools-x86_64\.lock\.json/],
    ['eleven', 'sets: [', /rpm-packages\.yaml/],
    ['twelve', MANIFEST.replace(/mirror: .*/, 'mirror: http://169.254.169.254'), /not a source of this service/],
  ] as const) {
    git.branch('theirs', pull.branch, { 'rpm-packages.yaml': manifest });
    git.ref(`refs/pull/${pull.number}/head`, 'theirs');
    // The commit makes each event another one: the same body a second time starts nothing.
    const event = { action: 'synchronized', after: id, pull_request: { number: pull.number, base: { ref: 'main' } } };
    const { job } = (await (await deliver(event, { id, event: 'pull_request' })).json()) as { job: string };
    expect(await api.ended(job)).toMatchObject({ state: 'succeeded', result: { ok: false } });
    expect(forge.checks.at(-1)).toMatchObject({ name: 'rpm-deps/tools', state: 'failure', title: expect.stringMatching(title) });
  }
  expect(forge.comments.filter(({ on }) => on === pull.number)).toHaveLength(1);
});

test.runIf(isOn)('a merge copies the locked RPMs to the archive, once', async () => {
  const pull = forge.pulls[0]!;
  // The update has stored them before it opened the pull request.
  const archive = join(service.data, 'archive');
  expect(readdirSync(archive)).toHaveLength(13);
  rmSync(archive, { recursive: true });
  git.merge(pull.branch);
  const merged = { action: 'closed', pull_request: { number: pull.number, merged: true, base: { ref: 'main' } } };
  const { job } = (await (await deliver(merged, { id: 'twenty', event: 'pull_request' })).json()) as { job: string };
  const done = await api.ended(job);
  expect(done).toMatchObject({ kind: 'archive', state: 'succeeded', result: { archived: { copied: 13, present: 0, total: 13 } } });
  expect(readdirSync(archive)).toHaveLength(13);
  expect(await run('archive')).toMatchObject({ state: 'succeeded', result: { archived: { copied: 0, present: 13 } } });
  expect(await (await deliver(merged, { id: 'twenty', event: 'pull_request' })).json()).toMatchObject({ job: null });
});
