import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, apiOf, type JobShown } from '../helpers/api.ts';
import { type BuiltService, builtService, type ServiceProcess } from '../helpers/built-service.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { type GitProject, gitProject } from '../helpers/git-project.ts';
import { optInService } from '../helpers/opt-in.ts';

const isOn = optInService() && process.getuid?.() === 0;

describe.runIf(isOn)('a full disk', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-disk-'));
  let built: BuiltService;
  let git: GitProject;
  let service: ServiceProcess;
  let api: Api;
  let token: string;

  const start = (): Promise<ServiceProcess> =>
    built.start(['--data', join(directory, 'data'), '--listen', '127.0.0.1:0'], { git: [git.directory], jobs: { attempts: 3 } });

  beforeAll(async () => {
    built = await builtService();
    git = gitProject();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', directory]);
    const made = await createTokenIn(['operate'], undefined, join(directory, 'data'));
    token = made.token;
    service = await start();
    api = apiOf(service, token);
    expect((await api.send('POST', '/v1/projects', { name: 'tools', clone_url: git.url })).status).toBe(201);
  });
  afterAll(async () => {
    service?.child.kill('SIGKILL');
    await service?.ended;
    execFileSync('umount', ['-l', directory]);
    rmSync(directory, { recursive: true, force: true });
    built?.remove();
    git?.remove();
  });

  const check = (i: number) =>
    api.send<{ job: JobShown; code?: string }>('POST', '/v1/projects/tools/check', {}, { 'idempotency-key': `full-${i}` });

  test('requests are refused with a problem, nothing acknowledged is lost, and it goes on when there is room', async () => {
    const known = (await api.get<{ jobs: JobShown[] }>('/v1/projects/tools/jobs')).body.jobs;
    await api.ended(known[0]!.id);
    const filler = join(directory, 'filler');
    try {
      writeFileSync(filler, Buffer.alloc(160 << 20));
    } catch {
      // Full now.
    }
    const acknowledged: string[] = [];
    let refused: { status: number; body: { code?: string } } | undefined;
    let asked = 0;
    while (refused === undefined && asked < 2000) {
      const answer = await check(asked);
      if (answer.status === 202) acknowledged.push(answer.body.job.id);
      else refused = answer;
      asked++;
    }
    expect(refused).toMatchObject({ status: 503, body: { code: 'DATABASE' } });
    expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
    rmSync(filler);
    const again = await check(asked - 1);
    expect(again.status).toBe(202);
    for (const id of [...acknowledged, again.body.job.id]) expect(await api.ended(id)).toMatchObject({ state: 'succeeded' });
    expect(await service.terminate()).toBe(0);
  });
});
