/** Manifests that include files of the same revision, and those that try to include anything else. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Api, apiOf, type JobShown } from '../helpers/api.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { fixtureLocks } from '../helpers/fixture-locks.ts';
import { type GitProject, gitProject, MANIFEST, MIRROR } from '../helpers/git-project.ts';
import { type RunningService, startService } from '../helpers/running-service.ts';

const outside = mkdtempSync(join(tmpdir(), 'rpm-deps-outside-'));
const repos: GitProject[] = [];
let service: RunningService;
let api: Api;

const SETS = 'sets:\n  tools: { packages: [bash] }\n';
const INCLUDING = `architectures: [x86_64]\nmirror: file://${MIRROR}\ninclude: [shared/*.yaml]\nrepofiles: [shared/base.repo]\n`;
const FILES = {
  'shared/sets.yaml': SETS,
  'shared/base.repo': '[baseos]\nname=base\nbaseurl=$mirror/9-stream/BaseOS/$basearch/os/\ngpgcheck=0\n',
};

beforeAll(async () => {
  writeFileSync(join(outside, 'sets.yaml'), SETS);
  const { data, token } = await createTokenIn(['operate']);
  service = await startService({ data, config: { git: [tmpdir()], jobs: { attempts: 2 } } });
  api = apiOf(service, token);
});
afterAll(async () => {
  await service?.stop();
  for (const { remove } of repos) remove();
  rmSync(outside, { recursive: true, force: true });
});

const made = (files: Readonly<Record<string, string>>): GitProject => {
  const git = gitProject(files);
  repos.push(git);
  return git;
};

async function run(name: string, kind: string, body: object = {}): Promise<JobShown> {
  const { body: started } = await api.send<{ job: JobShown }>('POST', `/v1/projects/${name}/${kind}`, body);
  return api.ended(started.job.id);
}

async function project(name: string, git: GitProject, body: object = {}): Promise<void> {
  expect(await api.send('POST', '/v1/projects', { name, clone_url: git.url, ...body })).toMatchObject({ status: 201 });
}

test('a manifest in a folder that includes files of its revision is checked, locked and proposed as one that has all in it', async () => {
  const lock = (await fixtureLocks('mirror', MANIFEST))['rpm-lockfiles/tools-x86_64.lock.json']!;
  const files = { 'rpm-packages.yaml': INCLUDING, ...FILES, 'rpm-lockfiles/tools-x86_64.lock.json': lock };
  const git = made(Object.fromEntries(Object.entries(files).map(([path, text]) => [`rpm/${path}`, text])));
  const at = { manifest: 'rpm/rpm-packages.yaml', lockfiles: 'rpm/rpm-lockfiles' };
  await project('included', git, at);
  expect(await run('included', 'check')).toMatchObject({ state: 'succeeded', result: { ok: true, checked: 1 } });
  const first = git.head();
  git.commit({ 'rpm/shared/sets.yaml': SETS.replace('[bash]', '[bash, acl]') });
  expect(await run('included', 'lock')).toMatchObject({ state: 'succeeded', result: { changed: true, summary: { added: 2 } } });

  await project('proposed', git, { ...at, forge: 'branch' });
  const { result } = await run('proposed', 'update');
  expect(result).toMatchObject({ changed: true, topics: [{ topic: 'update', outcome: 'opened', branch: 'rpm-deps/main/rpm.update' }] });

  // What the pages read again, without the repository.
  git.merge('rpm-deps/main/rpm.update');
  expect(await run('included', 'check')).toMatchObject({ result: { ok: true, checked: 1 } });
  const page = await (await fetch(`${service.url}/projects/included/diff?from=${first}&to=${git.head()}`)).text();
  expect(page).toContain('acl');
  expect(page).not.toMatch(/could not be read/);
});

test('a manifest and a folder of lockfiles that are links within the repository are read as the bot reads them', async () => {
  const lock = (await fixtureLocks('mirror', MANIFEST))['rpm-lockfiles/tools-x86_64.lock.json']!;
  const git = made({ 'rpm/packages.yaml': MANIFEST, 'rpm/locks/tools-x86_64.lock.json': lock });
  symlinkSync('rpm/packages.yaml', join(git.directory, 'tree/rpm-packages.yaml'));
  symlinkSync('rpm/locks', join(git.directory, 'tree/rpm-lockfiles'));
  git.commit({ README: 'links' });
  await project('links', git);
  expect(await run('links', 'check')).toMatchObject({ state: 'succeeded', result: { ok: true, checked: 1 } });
  expect(await run('links', 'lock')).toMatchObject({ state: 'succeeded', result: { changed: false } });
});

test('the server of the image that a Containerfile starts from is refused unless it is configured', async () => {
  const git = made({
    'rpm-packages.yaml': MANIFEST.replace('[bash]', '[bash], base: { containerfile: Containerfile }'),
    Containerfile: 'FROM 203.0.113.1:5000/team/base-$TARGETARCH:1\n',
  });
  await project('containerfile', git);
  expect(await run('containerfile', 'lock')).toMatchObject({
    state: 'failed',
    error: {
      code: 'HOST_REFUSED',
      message: expect.stringContaining('https://203.0.113.1:5000'),
      hint: expect.stringContaining('origins: ["https://203.0.113.1:5000"]'),
    },
  });
});

test('what is included from elsewhere is refused, and so are servers that an included file names', async () => {
  for (const [name, entry, code] of [
    ['linked', 'linked.yaml', 'MANIFEST_INVALID'],
    ['url', 'http://127.0.0.1:9/sets.yaml', 'MANIFEST_INVALID'],
    ['foreign', 'foreign.yaml', 'HOST_REFUSED'],
  ] as const) {
    const git = made({
      'rpm-packages.yaml': `include: ${entry}\narchitectures: [x86_64]\n`,
      'foreign.yaml': `${SETS}repositories: [{ id: inside, baseurl: http://10.0.0.1/ }]\n`,
    });
    symlinkSync(join(outside, 'sets.yaml'), join(git.directory, 'tree/linked.yaml'));
    git.commit({ README: 'a link' });
    await project(name, git);
    expect(await run(name, 'update'), entry).toMatchObject({ state: 'failed', error: { code } });
  }
});
