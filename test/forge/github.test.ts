import { generateKeyPairSync, verify } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { APP_PERMISSIONS } from '../../src/forge/github-app.ts';
import type { FakeForge } from '../helpers/fake-forge.ts';
import { startFakeGithub } from '../helpers/fake-github.ts';
import { openFake } from '../helpers/open-fake.ts';

const NEW = { branch: 'b', base: 'main', title: 't', body: '', draft: false };
let fake: FakeForge;

beforeEach(async () => {
  fake = await startFakeGithub();
});

afterEach(async () => {
  expect(fake.violations).toEqual([]);
  await fake.close();
});

test('the primary limit is waited for until it is reset, and given up when that is far', async () => {
  const forge = await openFake(fake, 'github', { maxWaitMs: 2000 });
  const headers = (at: string) => ({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(Date.parse(at) / 1000) });
  fake.plan(/^GET /, { status: 403, headers: headers('2026-11-28T08:59:59Z'), json: { message: 'API rate limit exceeded' } });
  expect(await forge.openPulls('x')).toEqual([]);
  fake.plan(/^GET /, { status: 403, headers: headers('2026-11-28T09:50:00Z'), json: { message: 'API rate limit exceeded' } });
  await expect(forge.openPulls('x')).rejects.toMatchObject({ code: 'FORGE_LIMIT' });
});

test('a secondary limit without retry-after is told from a missing right by its text', async () => {
  const forge = await openFake(fake, 'github', { maxWaitMs: 10 });
  fake.plan(/^POST /, { status: 403, json: { message: 'You have exceeded a secondary rate limit.' } });
  await expect(forge.createPull(NEW)).rejects.toMatchObject({ code: 'FORGE_LIMIT' });
  const headers = { 'x-accepted-github-permissions': 'pull_requests=write' };
  fake.plan(/^POST /, { status: 403, headers, json: { message: 'Resource not accessible by integration' } });
  await expect(forge.createPull(NEW)).rejects.toMatchObject({
    code: 'FORGE_DENIED',
    message: expect.stringContaining('pull_requests=write'),
  });
});

test('a repository that was renamed is followed, and its new name known', async () => {
  const forge = await openFake(fake, 'github');
  fake.fullName = 'owner/renamed';
  fake.plan(/^GET \/repos\/owner\/project$/, { status: 301, headers: { location: `${fake.apiUrl}/repos/owner/project` } });
  expect(await forge.inspect()).toMatchObject({ fullName: 'owner/renamed' });
});

test('a head without difference is not an existing pull request', async () => {
  fake.plan(/^POST /, { status: 422, json: { message: 'Validation Failed', errors: [{ field: 'head', code: 'invalid' }] } });
  await expect((await openFake(fake, 'github')).createPull(NEW)).rejects.toMatchObject({
    data: { exists: false, messages: ['Validation Failed', 'head invalid'] },
  });
});

test('the default token of Actions, and a token that ends soon, are known', async () => {
  const forge = await openFake(fake, 'github');
  fake.login = 'github-actions[bot]';
  fake.expires = '2026-12-01 09:00:00 UTC';
  expect(await forge.inspectToken()).toMatchObject({ startsNoChecks: true, expiresAt: new Date('2026-12-01T09:00:00Z'), missing: [] });
});

test('a pull request with nothing pending is merged behind the checks, or left', async () => {
  const forge = await openFake(fake, 'github');
  const pull = await forge.createPull(NEW);
  fake.plan(/graphql$/, { status: 200, json: { errors: [{ message: 'Pull request is in clean status' }] } });
  expect(await forge.mergeWhenChecked(pull)).toEqual({ kind: 'refused', reason: 'Required status check is expected.' });
  fake.checksPending = false;
  expect(await forge.mergeWhenChecked(pull)).toEqual({ kind: 'merged' });
});

test('comments of people with rights on the repository are trusted, and those of its own App by either name', async () => {
  const forge = await openFake(fake, 'github');
  const comments = [
    { id: 1, body: '', user: { login: 'maintainer' }, author_association: 'COLLABORATOR' },
    { id: 2, body: '', user: { login: `${fake.login}[bot]` }, author_association: 'NONE' },
    { id: 3, body: '', user: { login: 'outsider' }, author_association: 'CONTRIBUTOR' },
    { id: 4, body: '', user: null },
  ];
  fake.plan(/comments$/, { status: 200, json: comments });
  expect((await forge.comments(1)).map(({ isTrusted }) => isTrusted)).toEqual([true, true, false, false]);
});

test('changes that somebody asked for outweigh an approval, and the last word of each counts', async () => {
  const forge = await openFake(fake, 'github');
  const { number } = await forge.createPull(NEW);
  const { reviews } = fake.pulls[0]!;
  reviews.push({ user: 'a', state: 'APPROVED' }, { user: 'b', state: 'CHANGES_REQUESTED' });
  expect(await forge.isApproved(number)).toBe(false);
  reviews.push({ user: 'b', state: 'COMMENTED' }, { user: 'b', state: 'DISMISSED' });
  expect(await forge.isApproved(number)).toBe(true);
});

test('an App signs a JWT and asks for a token of this repository with these rights only', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const env = {
    RPM_DEPS_GITHUB_APP_ID: '1234',
    RPM_DEPS_GITHUB_APP_KEY: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  };
  const forge = await openFake(fake, 'github', { env });
  await forge.createPull(NEW);
  await forge.openPulls('b');
  const asked = fake.requests.filter(({ path }) => path.endsWith('/access_tokens'));
  expect(asked.map(({ body }) => body)).toEqual([{ repositories: ['project'], permissions: APP_PERMISSIONS }]);
  const jwt = String(asked[0]!.headers['authorization']).slice('Bearer '.length);
  const [header, claims, signature] = jwt.split('.');
  expect(verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), publicKey, Buffer.from(signature!, 'base64url'))).toBe(true);
  const now = Date.parse('2026-11-28T09:00:00Z') / 1000;
  expect(JSON.parse(Buffer.from(claims!, 'base64url').toString())).toEqual({ iss: '1234', iat: now - 60, exp: now + 540 });
  expect(await forge.gitLogin()).toEqual({ user: 'x-access-token', password: fake.token });
});

test('an App that lacks a permission is refused with the words of GitHub', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const forge = await openFake(fake, 'github', { env: { RPM_DEPS_GITHUB_APP_ID: '1', RPM_DEPS_GITHUB_APP_KEY: key } });
  fake.plan(/access_tokens$/, { status: 422, json: { message: 'The permissions requested are not granted to this installation.' } });
  await expect(forge.inspect()).rejects.toMatchObject({ code: 'FORGE_DENIED', message: expect.stringContaining('not granted') });
});

test('a key that is none is refused without being quoted', async () => {
  const env = { RPM_DEPS_GITHUB_APP_ID: '1', RPM_DEPS_GITHUB_APP_KEY: 'not-a-key-but-secret' };
  const error: Error = await openFake(fake, 'github', { env }).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'FORGE_DENIED' });
  expect(JSON.stringify({ ...error, m: error.message })).not.toContain('but-secret');
});

test('Enterprise has GraphQL beside its API', async () => {
  await (await openFake(fake, 'github')).inspectToken();
  expect(fake.requests.at(-1)!.path).toBe('/api/graphql');
});

test('a token that may not write check runs writes a commit status', async () => {
  const forge = await openFake(fake, 'github');
  fake.mayWriteCheckRuns = false;
  const check = { name: 'rpm-deps', passed: true, title: 'the lockfiles are up to date', summary: '', url: undefined };
  await forge.reportCheck('c'.repeat(40), check);
  await forge.reportCheck('c'.repeat(40), check);
  expect(fake.checks).toEqual([
    { kind: 'status', sha: 'c'.repeat(40), name: 'rpm-deps', state: 'success', title: check.title, url: undefined },
  ]);
  fake.plan(/check-runs$/, { status: 500, json: {} });
  fake.plan(/check-runs$/, { status: 500, json: {} });
  fake.plan(/check-runs$/, { status: 500, json: {} });
  fake.plan(/check-runs$/, { status: 500, json: {} });
  await expect(forge.reportCheck('e'.repeat(40), check)).rejects.toMatchObject({ code: 'FORGE' });
});
