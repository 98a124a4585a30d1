import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, apiOf } from '../helpers/api.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { type GitProject, gitProject } from '../helpers/git-project.ts';
import { type RunningService, startService } from '../helpers/running-service.ts';

const SECRET = 'of the webhook';
let git: GitProject;
let service: RunningService;
let api: Api;

beforeAll(async () => {
  git = gitProject();
  const { data, token } = await createTokenIn(['operate']);
  service = await startService({ data, config: { git: [git.directory], webhooks: { secret: SECRET } } });
  api = apiOf(service, token);
  for (const name of ['one', 'two']) expect((await api.send('POST', '/v1/projects', { name, clone_url: git.url })).status).toBe(201);
});
afterAll(async () => {
  await service?.stop();
  git?.remove();
});

interface Answer {
  readonly status: number;
  readonly job?: string | null;
}

async function deliver(project: string, id: string, event: string, data: object, secret = SECRET): Promise<Answer> {
  const text = JSON.stringify(data);
  const answer = await fetch(`${service.url}/webhooks/github/${project}`, {
    method: 'POST',
    body: text,
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': id,
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`,
    },
  });
  return { status: answer.status, ...((await answer.json()) as { job?: string | null }) };
}

const push = (project: string, id: string, { secret = SECRET, at = id } = {}): Promise<Answer> =>
  deliver(project, id, 'push', { ref: 'refs/heads/main', repository: { pushed_at: at } }, secret);

test('an event reaches every project of its repository, each once: GitHub gives all webhooks the same id', async () => {
  expect(await push('one', 'same')).toMatchObject({ status: 202, job: expect.any(String) });
  expect(await push('two', 'same')).toMatchObject({ status: 202, job: expect.any(String) });
  expect(await push('one', 'same')).toMatchObject({ status: 202, job: null });
  expect(await push('two', 'same')).toMatchObject({ status: 202, job: null });
});

test('a delivery with a wrong signature is refused and does not use up its id', async () => {
  expect(await push('one', 'other', { secret: 'guessed' })).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
  expect(await push('one', 'other')).toMatchObject({ status: 202, job: expect.any(String) });
});

test('a recorded delivery starts nothing under another id', async () => {
  expect(await push('one', 'recorded')).toMatchObject({ status: 202, job: expect.any(String) });
  expect(await push('one', 'new', { at: 'recorded' })).toMatchObject({ status: 202, job: null });
  expect(await push('one', 'new-too', { at: 'later' })).toMatchObject({ status: 202, job: expect.any(String) });
});

test('what is wrong with a pull request says nothing about the branch', async () => {
  const { job } = await deliver('one', 'pull', 'pull_request', { action: 'opened', pull_request: { number: 7, base: { ref: 'main' } } });
  expect(await api.ended(job!)).toMatchObject({
    kind: 'comment',
    state: 'failed',
    error: { message: expect.stringContaining('no forge') },
  });
  expect((await api.get('/v1/projects/one')).body).not.toMatchObject({ state: 'broken' });
});
