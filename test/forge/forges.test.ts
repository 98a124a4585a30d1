import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Forge, ForgeKind } from '../../src/forge/forge.ts';
import type { FakeForge } from '../helpers/fake-forge.ts';
import { openFake, STARTERS } from '../helpers/open-fake.ts';

const NEW = { branch: 'rpm-deps/main/update', base: 'main', title: 'rpm lockfiles: update glibc', body: 'text', draft: false };

describe.each(['github', 'gitlab', 'gitea'] satisfies ForgeKind[])('%s', (kind) => {
  let fake: FakeForge;
  let forge: Forge;

  beforeEach(async () => {
    fake = await STARTERS[kind]();
    forge = await openFake(fake, kind);
  });

  afterEach(async () => {
    expect(fake.violations).toEqual([]);
    await fake.close();
  });

  test('a pull request is opened, found by its branch, edited and closed', async () => {
    const made = await forge.createPull(NEW);
    expect(await forge.findPulls(NEW.branch, 'main')).toMatchObject([
      { number: made.number, title: NEW.title, body: 'text', state: 'open' },
    ]);
    await forge.editPull(made.number, { title: { text: 'other', draft: false }, body: 'more' });
    expect(await forge.openPulls('rpm-deps/')).toMatchObject([{ title: 'other', body: 'more' }]);
    await forge.editPull(made.number, { state: 'closed' });
    expect(await forge.openPulls('rpm-deps/')).toEqual([]);
    expect(await forge.findPulls(NEW.branch, 'main')).toMatchObject([{ state: 'closed' }]);
  });

  test('with more than ten pull requests each edit reaches its own', async () => {
    for (let i = 0; i < 11; i++) await forge.createPull({ ...NEW, branch: `rpm-deps/${i}` });
    for (const { number, branch } of fake.pulls) {
      await forge.editPull(number, { body: branch });
      await forge.addLabels(number, [branch]);
    }
    expect(fake.pulls.map(({ body, labels }) => [body, ...labels])).toEqual(fake.pulls.map(({ branch }) => [branch, branch]));
  });

  test('a pull request that exists is an error of its own kind', async () => {
    await forge.createPull(NEW);
    await expect(forge.createPull(NEW)).rejects.toMatchObject({ code: 'FORGE', data: { exists: true } });
    expect(fake.pulls).toHaveLength(1);
  });

  test('pull requests of the same branch name from another fork or to another base are not found', async () => {
    fake.openPull({ ...NEW, headRepository: 'stranger/project' });
    fake.openPull({ ...NEW, base: 'release', headRepository: fake.repository });
    expect(await forge.findPulls(NEW.branch, 'main')).toEqual([]);
    const fork = await openFake(fake, kind, { fork: 'bot/project' });
    await fork.createPull(NEW);
    expect(await fork.findPulls(NEW.branch, 'main')).toHaveLength(1);
    expect(fake.pulls.at(-1)).toMatchObject({ headRepository: 'bot/project' });
  });

  test('a merged pull request is not a closed one', async () => {
    fake.openPull({ ...NEW, headRepository: fake.repository }).state = 'merged';
    expect(await forge.findPulls(NEW.branch, 'main')).toMatchObject([{ state: 'merged' }]);
  });

  test('all pages of a list are read, however short the server makes them', async () => {
    for (let i = 0; i < 230; i++) fake.openPull({ ...NEW, branch: `rpm-deps/${i}`, headRepository: fake.repository });
    expect(await forge.openPulls('rpm-deps/')).toHaveLength(230);
  });

  test('labels are added and removed, reviews asked for', async () => {
    const { number } = await forge.createPull(NEW);
    await forge.addLabels(number, ['dependencies', 'rpm']);
    await forge.removeLabel(number, 'rpm');
    await forge.removeLabel(number, 'never-there');
    await forge.requestReviews(number, ['somebody']);
    expect(fake.pulls[0]).toMatchObject({ labels: ['dependencies'], reviewers: [kind === 'gitlab' ? '40' : 'somebody'] });
  });

  test('one reviewer who cannot be asked is reported, and the others are asked all the same', async () => {
    const { number } = await forge.createPull(NEW);
    const asked = forge.requestReviews(number, [fake.login, 'somebody', 'our/team']);
    if (kind === 'gitlab') await expect(asked).rejects.toThrow('knows no user `our/team`');
    else await expect(asked).rejects.toThrow(new RegExp(`^\`${fake.login}\`: .*422.*(?:author|poster)`));
    expect(fake.pulls[0]!.reviewers).toEqual(kind === 'gitlab' ? ['40', '40'] : ['somebody', 'team team']);
  });

  test('an approval is seen', async () => {
    const { number } = await forge.createPull(NEW);
    expect(await forge.isApproved(number)).toBe(false);
    fake.pulls[0]!.reviews.push({ user: 'a', state: 'APPROVED' });
    expect(await forge.isApproved(number)).toBe(true);
  });

  test.skipIf(kind !== 'gitlab')('an edition without approvals has none', async () => {
    fake.plan(/approvals$/, { status: 404, json: { message: '404 Not Found' } });
    expect(await forge.isApproved((await forge.createPull(NEW)).number)).toBe(false);
  });

  test('a check of a commit is reported once, and changes with the next report', async () => {
    const sha = 'c'.repeat(40);
    const check = { name: 'rpm-deps', passed: false, title: `${'glibc is locked twice, '.repeat(20)}`, summary: '# text', url: undefined };
    await forge.reportCheck(sha, check);
    await forge.reportCheck(sha, check);
    expect(fake.checks).toHaveLength(1);
    expect(fake.checks[0]).toMatchObject({ name: 'rpm-deps', state: kind === 'gitlab' ? 'failed' : 'failure' });
    await forge.reportCheck(sha, { ...check, passed: true, title: 'the lockfiles are up to date', url: 'https://rpm.test/jobs/1' });
    expect(fake.checks.at(-1)).toMatchObject({ sha, state: 'success', url: 'https://rpm.test/jobs/1' });
    await forge.reportCheck('d'.repeat(40), check);
    expect(fake.checks.at(-1)).toMatchObject({ sha: 'd'.repeat(40) });
  });

  test('required checks are known', async () => {
    expect(await forge.hasRequiredChecks('main')).toBe(false);
    fake.requiredChecks = ['build'];
    expect(await forge.hasRequiredChecks('main')).toBe(true);
  });

  test('a draft with a new title stays a draft', async () => {
    const { number } = await forge.createPull({ ...NEW, draft: true });
    await forge.editPull(number, { title: { text: 'x'.repeat(255), draft: true } });
    expect(fake.pulls[0]!.draft).toBe(true);
    const [pull] = await forge.findPulls(NEW.branch, 'main');
    expect(pull).toMatchObject({ draft: true, title: expect.stringMatching(/^x{240,}$/) });
    await forge.editPull(number, { title: { text: 'ready', draft: false } });
    expect((await forge.findPulls(NEW.branch, 'main'))[0]).toMatchObject({ draft: kind === 'github', title: 'ready' });
  });

  test('automatic merging is asked for', async () => {
    fake.checksPending = kind === 'github';
    const pull = await forge.createPull(NEW);
    expect(await forge.mergeWhenChecked(pull)).toEqual({ kind: 'enabled' });
    expect(fake.pulls[0]!.autoMerge).toBe(true);
  });

  test('comments are written and edited', async () => {
    const { number } = await forge.createPull(NEW);
    await forge.comment(number, 'one');
    const [comment] = await forge.comments(number);
    await forge.editComment(number, comment!.id, 'two');
    expect(await forge.comments(number)).toMatchObject([{ body: 'two' }]);
  });

  test('an issue is made, found, closed and opened again', async () => {
    const { number } = await forge.createIssue({ title: 't', body: 'b', label: 'rpm-deps' });
    await forge.editIssue(number, { state: 'closed', body: 'c' });
    expect((await forge.findIssues('rpm-deps'))[0]).toMatchObject({ number, state: 'closed', body: 'c' });
    await forge.editIssue(number, { state: 'open', title: 'u' });
    expect((await forge.findIssues('rpm-deps'))[0]).toMatchObject({ state: 'open', title: 'u' });
  });

  test('an issue whose label was taken away is found among the newest', async () => {
    fake.openIssue({ title: 't', body: 'marker', labels: [] });
    expect(await forge.findIssues('rpm-deps')).toMatchObject([{ body: 'marker' }]);
  });

  test('issues that are switched off are a refusal', async () => {
    fake.hasIssues = false;
    expect(await forge.inspect()).toMatchObject({ hasIssues: false });
    await expect(forge.createIssue({ title: 't', body: 'b', label: 'l' })).rejects.toMatchObject({ code: expect.stringMatching(/^FORGE/) });
  });

  test('what a repository is like is told before anything is written', async () => {
    expect(await forge.inspect()).toMatchObject({
      fullName: 'owner/project',
      archived: false,
      canPush: true,
      hasIssues: true,
      defaultBranch: 'main',
    });
    Object.assign(fake, { archived: true, canPush: false, fullName: 'new/name' });
    expect(await forge.inspect()).toMatchObject({ archived: true, canPush: false, fullName: 'new/name' });
  });

  test('an archived repository and missing rights are refusals', async () => {
    fake.archived = true;
    await expect(forge.createPull(NEW)).rejects.toMatchObject({ code: 'FORGE_DENIED' });
    Object.assign(fake, { archived: false, canPush: false });
    await expect(forge.createPull(NEW)).rejects.toMatchObject({ code: 'FORGE_DENIED' });
  });

  test('a wrong token is refused, and is in no message', async () => {
    const wrong = await openFake(fake, kind, { token: 'glpat-wrong-secret' });
    const error: Error = await wrong.inspect().catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'FORGE_DENIED', data: { status: 401 } });
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain('wrong-secret');
  });

  test('the forge is waited for as long as it asks, within the bound', async () => {
    fake.plan(/^POST .*\/(?:pulls|merge_requests)$/, { status: 429, headers: { 'retry-after': '0' }, json: { message: 'slow down' } });
    expect(await forge.createPull(NEW)).toMatchObject({ state: 'open' });
    fake.plan(/^GET /, { status: 429, headers: { 'retry-after': '3600' } });
    await expect(forge.openPulls('x')).rejects.toMatchObject({ code: 'FORGE_LIMIT', data: { status: 429 } });
  });

  test('reading is tried again after a failure of the server, writing is not', async () => {
    fake.plan(/^GET /, { status: 502 });
    expect(await forge.openPulls('x')).toEqual([]);
    fake.plan(/^POST /, { status: 502 });
    await expect(forge.createPull(NEW)).rejects.toMatchObject({ code: 'FORGE', data: { status: 502 } });
    fake.plan(/^POST /, 'break');
    await expect(forge.createPull(NEW)).rejects.toMatchObject({ code: 'FORGE' });
    expect(fake.pulls).toEqual([]);
  });

  test('a list that cannot be read is never an empty one', async () => {
    for (const json of [{ message: 'maintenance' }, null, 'text']) {
      fake.plan(/^GET .*\/(?:pulls|merge_requests)$/, { status: 200, json });
      await expect(forge.openPulls('x')).rejects.toMatchObject({ code: 'FORGE' });
    }
  });

  test('writes go one after another', async () => {
    await Promise.all([1, 2, 3, 4].map((i) => forge.createIssue({ title: String(i), body: '', label: 'l' })));
    expect(fake.issues.map(({ title }) => title)).toEqual(['1', '2', '3', '4']);
  });
});
