import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error: it has no types
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../helpers/postgres-server.ts';
import { type RunningService, startService } from '../helpers/running-service.ts';

const data = mkdtempSync(join(tmpdir(), 'rpm-deps-openid-'));
let issuer: string;
let server: Server;
let service: RunningService;

beforeAll(async () => {
  const [own, theirs] = [await freePort(), await freePort()];
  issuer = `http://127.0.0.1:${theirs}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'rpm-deps',
        client_secret: 'secret-of-the-client',
        redirect_uris: [`http://127.0.0.1:${own}/login/openid/callback`],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['preferred_username', 'groups'], email: ['email'] },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: async () => ({ sub: id, preferred_username: id, groups: id === 'operator' ? ['rpm-operators'] : ['staff'] }),
    }),
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['of the test'] },
  });
  server = createServer(provider.callback());
  await new Promise<void>((done) => server.listen(theirs, '127.0.0.1', done));
  writeFileSync(join(data, 'client-secret'), 'secret-of-the-client\n');
  service = await startService({
    data,
    listen: `127.0.0.1:${own}`,
    config: {
      public_url: `http://127.0.0.1:${own}`,
      anonymous: [],
      credentials: { login: { file: join(data, 'client-secret') } },
      login: {
        issuer,
        client_id: 'rpm-deps',
        credentials: 'login',
        scopes: ['read'],
        claim: 'groups',
        grants: { 'rpm-operators': ['operate'] },
      },
    },
  });
});
afterAll(async () => {
  await service?.stop();
  server?.closeAllConnections();
  server?.close();
  rmSync(data, { recursive: true, force: true });
});

/** A browser without scripts: cookies by host, redirects one by one. */
class Browser {
  readonly #cookies = new Map<string, Map<string, string>>();

  async ask(
    url: string,
    form?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly text: string; readonly to: string | undefined }> {
    const { host } = new URL(url);
    const jar = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, jar);
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (value === '') jar.delete(name!);
      else jar.set(name!, value!);
    }
    const to = response.headers.get('location');
    return { status: response.status, text: await response.text(), to: to === null ? undefined : new URL(to, url).href };
  }

  /** Follows redirects, and fills in the pages of the provider, until the service has the browser back. */
  async login(person: string): Promise<{ readonly status: number; readonly text: string; readonly callback: string }> {
    let url = `${service.url}/login/openid`;
    for (let i = 0; i < 20; i++) {
      const answer = await this.ask(url);
      if (url.startsWith(`${service.url}/login/openid/callback`)) return { ...answer, callback: url };
      if (answer.to !== undefined) {
        url = answer.to;
        continue;
      }
      const action = new URL(/action="([^"]+)"/.exec(answer.text)![1]!, url).href;
      const prompt = /name="prompt" value="([^"]+)"/.exec(answer.text)![1]!;
      url = (await this.ask(action, { prompt, ...(prompt === 'login' ? { login: person, password: 'x' } : {}) })).to!;
    }
    throw new Error('the login does not come to an end');
  }
}

test('a person logs in with OpenID Connect and may do what the group allows', async () => {
  const browser = new Browser();
  expect((await browser.ask(`${service.url}/login`)).text).toContain('href="/login/openid"');
  const { status, text } = await browser.login('operator');
  expect([status, text.includes('You are logged in as operator')]).toEqual([200, true]);
  expect((await browser.ask(`${service.url}/`)).text).toContain('<span>operator</span>');
  const reader = new Browser();
  await reader.login('reader');
  const page = (await reader.ask(`${service.url}/`)).text;
  expect(page).toContain('<span>reader</span>');
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)![1]!;
  expect((await reader.ask(`${service.url}/projects/none/start`, { csrf, kind: 'check' })).status).toBe(403);
});

test('what the provider sent is good once, and for the browser that began', async () => {
  const browser = new Browser();
  const { callback } = await browser.login('operator');
  expect((await browser.ask(callback)).status).toBe(401);
  const thief = new Browser();
  await thief.ask(`${service.url}/login/openid`);
  const stolen = await thief.ask(callback);
  expect([stolen.status, stolen.text.includes('The login failed')]).toEqual([401, true]);
  expect((await thief.ask(`${service.url}/`)).to).toContain('/login');
  expect(service.lines.join('')).not.toContain('secret-of-the-client');
});

test('a provider that is down is told to who logs in, and a token still works', async () => {
  const other = await startService({
    config: { public_url: 'http://127.0.0.1:1', login: { issuer: 'http://127.0.0.1:9', client_id: 'x' } },
  });
  try {
    const answer = await fetch(`${other.url}/login/openid`, { redirect: 'manual', headers: { accept: 'text/html' } });
    expect([answer.status, (await answer.text()).includes('cannot be used')]).toEqual([502, true]);
    expect((await fetch(`${other.url}/login`)).status).toBe(200);
  } finally {
    await other.stop();
  }
});
