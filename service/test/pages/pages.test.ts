import { afterAll, beforeAll, expect, test } from 'vitest';
import { type PagesWorld, pagesWorld } from '../helpers/pages-world.ts';

let world: PagesWorld;
beforeAll(async () => {
  world = await pagesWorld();
});
afterAll(() => world?.end());

const page = async (
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; text: string; response: Response }> => {
  const response = await fetch(`${world.service.url}${path}`, { headers: { accept: 'text/html', ...headers }, redirect: 'manual' });
  return { status: response.status, text: await response.text(), response };
};
const form = (path: string, fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
  fetch(`${world.service.url}${path}`, { method: 'POST', body: new URLSearchParams(fields), headers, redirect: 'manual' });

/** What the page of the login gives a browser. */
async function loginForm(): Promise<{ cookie: string; csrf: string }> {
  const { text, response } = await page('/login');
  return { cookie: response.headers.get('set-cookie')!.replace(/;.*/s, ''), csrf: /name="csrf" value="([^"]+)"/.exec(text)![1]! };
}

async function login(): Promise<string> {
  const { cookie: own, csrf } = await loginForm();
  const response = await form('/login', { token: world.token, csrf }, { cookie: own });
  expect(response.status).toBe(303);
  const cookie = response.headers.get('set-cookie')!;
  expect(cookie).toMatch(/^rpm-deps-session=[\w-]+; Path=\/; HttpOnly; SameSite=Strict/);
  return cookie.slice(0, cookie.indexOf(';'));
}

test('every page has a strict policy and no script or style of its own', async () => {
  const { text, response } = await page('/');
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
  expect(text).toContain('<a href="/projects/kubevirt">kubevirt</a>');
  expect(text).not.toMatch(/<script(?! src="\/assets)|<style| style=| on\w+="/);
});

test('what comes from a repository is text, whatever it holds', async () => {
  const jobs = (await page('/projects/broken')).text;
  expect(jobs).not.toContain('<img');
  const link = /href="(\/jobs\/[0-9a-f-]+)"/.exec(jobs)![1]!;
  const { text } = await page(link);
  expect(text).toContain('MANIFEST_INVALID');
  expect(text).not.toContain('<img');
});

test('a project leads to its locks, their packages, the reason of each and the drawing', async () => {
  const project = (await page('/projects/kubevirt')).text;
  expect(project).toContain('/projects/kubevirt/locks/launcher/x86_64');
  const all = (await page('/projects/kubevirt/locks/launcher/x86_64')).text;
  const some = (await page('/projects/kubevirt/locks/launcher/x86_64?filter=GLIBC')).text;
  expect(some.length).toBeLessThan(all.length / 2);
  expect(some).toContain('/why/glibc');
  const why = (await page('/projects/kubevirt/locks/launcher/x86_64/why/glibc')).text;
  expect(why).toContain('<svg class="drawing" role="img"');
  expect(why).toMatch(/<li>.* → .*<strong>glibc<\/strong>/);
  const drawing = (await page('/projects/kubevirt/locks/launcher/x86_64/drawing')).text;
  expect(drawing).toContain('<svg class="drawing"');
  expect(drawing).not.toMatch(/ (?:fill|stroke)="(?:black|white|#)/);
});

test('two revisions are compared by source package', async () => {
  const [from, to] = world.revisions;
  const { text } = await page(`/projects/kubevirt/diff?from=${from}&to=${to}`);
  expect(text).toMatch(/\d+ upgraded/);
  expect(text).toContain('<details id="source-');
});

test('a search finds who locks a package, and who locks an older one', async () => {
  expect((await page('/search?name=glibc')).text).toMatch(/\d+ locks in 1 project</);
  expect((await page('/search?name=nothing')).text).toContain('No project locks it.');
  expect((await page('/search?name=glibc&older_than=1.0')).text).toContain('No project locks an older version.');
  // It has the epoch 1, which advisories leave out.
  const found = async (older: string): Promise<boolean> =>
    / locks in 1 project</.test((await page(`/search?name=openssl-libs&older_than=${older}`)).text);
  expect([await found('99-1'), await found('2:1-1'), await found('0:99-1'), await found('1:1-1'), await found('1-1')]).toEqual([
    ...[true, true, false, false, false],
  ]);
  expect((await page('/search?name=glibc&older_than=%3Cx%3E')).status).toBe(400);
});

test('a package is found with and without its epoch', async () => {
  type Locked = { readonly locked: readonly Record<string, string>[] };
  const { version, release } = (await world.api.get<Locked>('/v1/locked?name=openssl-libs&architecture=x86_64')).body.locked[0]!;
  const [whole, short, other] = await Promise.all(
    ['1:', '', '0:'].map((epoch) => world.api.get<Locked>(`/v1/packages/openssl-libs-${epoch}${version}-${release}.x86_64`)),
  );
  expect(whole!.body.locked).not.toEqual([]);
  expect(short!.body).toEqual(whole!.body);
  expect(other!.status).toBe(404);
});

test('what is not there is a page for people and a problem document for programs', async () => {
  const { status, text } = await page('/projects/nothing');
  expect([status, text.includes('NOT_FOUND')]).toEqual([404, true]);
  expect((await page('/no/such/page')).text).toContain('<!doctype html>');
  expect((await fetch(`${world.service.url}/no/such/page`)).headers.get('content-type')).toContain('problem+json');
});

test('a parameter that is repeated is refused by every page', async () => {
  const lock = '/projects/kubevirt/locks/launcherbase/x86_64';
  const paths = [
    '/search?name=a&name=b',
    '/search?older_than=a&older_than=b',
    '/projects/kubevirt/diff?from=a&from=b',
    `${lock}?filter=a&filter=b`,
  ];
  for (const path of paths) expect([path, (await page(path)).status]).toEqual([path, 400]);
});

test('who has not logged in sees no button, and who has may start a job', async () => {
  expect((await page('/projects/kubevirt')).text).not.toContain('Check now');
  const cookie = await login();
  const { text } = await page('/projects/kubevirt', { cookie });
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)![1]!;
  const started = await form('/projects/kubevirt/start', { csrf, kind: 'check' }, { cookie });
  expect(started.headers.get('location')).toMatch(/^\/jobs\//);
  await world.api.ended(started.headers.get('location')!.slice('/jobs/'.length));
});

test('a form of another site changes nothing', async () => {
  const cookie = await login();
  const { text } = await page('/projects/kubevirt', { cookie });
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)![1]!;
  const wrong = [
    form('/projects/kubevirt/start', { kind: 'check' }, { cookie }),
    fetch(`${world.service.url}/projects/kubevirt/start`, { method: 'POST', headers: { cookie } }),
    form('/projects/kubevirt/start', { csrf: 'x', kind: 'check' }, { cookie }),
    form('/projects/kubevirt/start', { csrf, kind: 'check' }, { cookie, 'sec-fetch-site': 'cross-site' }),
    form('/projects/kubevirt/start', { csrf, kind: 'check' }),
    // The cookie alone starts nothing through the API either.
    fetch(`${world.service.url}/v1/projects/kubevirt/check`, {
      method: 'POST',
      body: '{}',
      headers: { cookie, 'content-type': 'application/json' },
    }),
  ];
  expect((await Promise.all(wrong)).map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 401]);
});

test('a login ends with logging out, and a wrong token does not log in', async () => {
  const cookie = await login();
  const { text } = await page('/', { cookie });
  const csrf = /name="csrf" value="([^"]+)"/.exec(text)![1]!;
  expect((await form('/logout', { csrf }, { cookie })).status).toBe(303);
  expect((await page('/', { cookie })).text).toContain('Log in');
  const { cookie: own, csrf: sent } = await loginForm();
  const refused = await form('/login', { token: 'rpmdeps_wrong', csrf: sent }, { cookie: own });
  expect([refused.status, refused.headers.get('set-cookie')]).toEqual([401, null]);
});

test('another site cannot log a browser in with a token of its own, whatever headers the browser sends', async () => {
  const { cookie, csrf } = await loginForm();
  const other = (await loginForm()).csrf;
  const { token } = world;
  const wrong = [
    form('/login', { token }),
    form('/login', { token, csrf }),
    form('/login', { token, csrf: other }, { cookie }),
    form('/login', { token, csrf }, { cookie, 'sec-fetch-site': 'same-site' }),
  ];
  const answers = await Promise.all(wrong);
  expect(answers.map(({ status, headers }) => [status, headers.get('set-cookie')])).toEqual(wrong.map(() => [403, null]));
});
