import { get } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MIRROR } from '../helpers/git-project.ts';
import { post, type RunningService, startService } from '../helpers/running-service.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

const resolve = (body: unknown, headers = {}): Promise<Response> => post(`${service.url}/v1/resolve`, body, headers);
const problem = async (response: Response): Promise<{ status: number; code: string; detail: string; details: string[] }> => {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return (await response.json()) as never;
};

describe('probes', () => {
  test('a service with a database is healthy and ready', async () => {
    expect(await (await fetch(`${service.url}/healthz`)).json()).toEqual({ status: 'ok' });
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  });

  test('metrics are in the format of Prometheus', async () => {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    for (const name of ['rpm_deps_jobs', 'rpm_deps_solve_seconds_bucket', 'rpm_deps_pool_bytes', 'rpm_deps_mirror_errors_total']) {
      expect(text).toContain(`# HELP ${name.replace('_bucket', '')} `);
    }
  });

  test('the description is OpenAPI 3.1 whose schemas compile', async () => {
    const description = (await (await fetch(`${service.url}/openapi.json`)).json()) as {
      openapi: string;
      paths: Record<string, Record<string, { requestBody?: { content: Record<string, { schema: object }> } }>>;
    };
    expect(description.openapi).toBe('3.1.0');
    const ajv = new Ajv2020({ strict: false });
    for (const methods of Object.values(description.paths)) {
      for (const { requestBody } of Object.values(methods)) {
        if (requestBody !== undefined) expect(ajv.compile(requestBody.content['application/json']!.schema)).toBeTypeOf('function');
      }
    }
  });
});

test('without a token only requests to an address of this machine are answered: no other name may lead here', async () => {
  const ask = (host: string): Promise<number | undefined> =>
    new Promise((done, failed) => {
      get(`${service.url}/v1/projects`, { headers: { host } }, (response) => done(response.resume().statusCode)).on('error', failed);
    });
  const { host } = new URL(service.url);
  const hosts = [
    host,
    'localhost:1',
    '[::1]:8080',
    'rebound.example.com',
    'rebound.example.com:80',
    'localhost.example.com',
    '127.0.0.1.example.com',
  ];
  expect(await Promise.all(hosts.map(ask))).toEqual([200, 200, 200, 401, 401, 401, 401]);
});

describe('resolve', () => {
  test('packages that have to be installed together', async () => {
    const response = await resolve({ architecture: 'x86_64', specs: ['bash'] });
    expect(response.status).toBe(200);
    const whole = (await response.json()) as { architecture: string; packages: { name: string; repository: string }[] };
    const { architecture, packages } = whole;
    expect(architecture).toBe('x86_64');
    expect(packages.map(({ name }) => name)).toContain('bash');
    expect(packages[0]).toMatchObject({ repository: 'baseos', epoch: '0' });
    expect(whole).toMatchObject({ schema: 1, ignored: [], unmet: [], warnings: [] });
  });

  test('the same query gets the same bytes, whatever the order of its keys', async () => {
    const [one, two] = await Promise.all([
      resolve({ architecture: 'x86_64', specs: ['bash'], weak: false }),
      resolve({ weak: false, specs: ['bash'], architecture: 'amd64' }),
    ]);
    expect(await one.text()).toBe(await two.text());
    expect(one.headers.get('etag')).toBe(two.headers.get('etag'));
  });

  test('a refusal is explained, as a problem document with the problems of the command', async () => {
    const response = await resolve({ architecture: 'x86_64', specs: ['bassh'] });
    const document = (await problem(response)) as unknown as { problems: { text: string }[] };
    expect(document).toMatchObject({ status: 409, code: 'UNSOLVABLE', architecture: 'x86_64' });
    expect(document.problems[0]?.text).toContain('bassh');
  });

  test('what is installed already is not in the answer', async () => {
    const all = (await (await resolve({ architecture: 'x86_64', specs: ['bash'] })).json()) as { packages: Record<string, string>[] };
    const base = all.packages
      .filter(({ name }) => name !== 'bash')
      .map(({ name, epoch, version, release, arch }) => `${name}-${epoch}:${version}-${release}.${arch}`);
    const { packages } = (await (await resolve({ architecture: 'x86_64', specs: ['bash'], base })).json()) as {
      packages: { name: string }[];
    };
    expect(packages.map(({ name }) => name)).toEqual(['bash']);
  });

  test('an answer has reasons where they are asked for', async () => {
    const response = await resolve({ architecture: 'x86_64', specs: ['bash'], reasons: true });
    const { packages, reasons } = (await response.json()) as { packages: { name: string }[]; reasons: { by: string | null }[][] };
    expect(reasons).toHaveLength(packages.length);
    expect(reasons[packages.findIndex(({ name }) => name === 'bash')]).toContainEqual({ by: null, kind: 'request', relation: 'bash' });
  });

  test.each([
    ['an unknown key', { architecture: 'x86_64', specs: ['bash'], week: true }, 'unknown key `week`'],
    ['a number for a text', { architecture: 'x86_64', specs: [7] }, 'must be a string'],
    ['a text for a flag', { architecture: 'x86_64', specs: ['bash'], weak: 'true' }, 'must be a boolean'],
    ['no specs', { architecture: 'x86_64', specs: [] }, 'fewer than 1'],
    ['no architecture', { specs: ['bash'] }, 'lacks the key `architecture`'],
    ['a list', [], 'must be an object'],
  ])('%s is refused and not corrected in silence', async (_, body, text) => {
    const document = await problem(await resolve(body));
    expect(document).toMatchObject({ status: 400, code: 'USAGE' });
    expect(document.details.join('\n')).toContain(text);
  });

  test('an unknown architecture and an unknown source get the nearest name', async () => {
    expect(await problem(await resolve({ architecture: 's309x', specs: ['bash'] }))).toMatchObject({
      status: 400,
      hint: 'did you mean `s390x`?',
    });
    expect(await problem(await resolve({ architecture: 'x86_64', specs: ['bash'], repositories: ['epel'] }))).toMatchObject({
      code: 'USAGE',
    });
  });
});

describe('lockfiles that are not stored', () => {
  const manifest = `architectures: [x86_64]\nmirror: file://${MIRROR}\nsets: { tools: { packages: [bash] } }\n`;
  const ask = (path: string, body: unknown): Promise<Response> => post(`${service.url}/v1/${path}`, body);

  test('are made for a manifest, are up to date with it, and differ from nothing by all of it', async () => {
    const made = (await (await ask('lock', { manifest })).json()) as {
      locks: { package_set: string }[];
      diff: object;
      failures: unknown[];
    };
    expect(made).toMatchObject({ locks: [{ package_set: 'tools', architecture: 'x86_64' }], failures: [] });
    expect(await (await ask('check', { manifest, locks: made.locks })).json()).toMatchObject({ ok: true, checked: 1, findings: [] });
    expect(await (await ask('check', { manifest, locks: [] })).json()).toMatchObject({ ok: false, findings: [{ kind: 'missing_lock' }] });
    expect(await (await ask('diff', { before: [], after: made.locks })).json()).toMatchObject({ added_locks: [{ package_set: 'tools' }] });
    expect(await (await ask('diff', { before: made.locks, after: made.locks })).json()).toMatchObject({ summary: { locks_changed: 0 } });
  });

  test('a set that cannot be solved is named, with its problems', async () => {
    const response = await ask('lock', { manifest: manifest.replace('[bash]', '[bassh]') });
    expect(await problem(response)).toMatchObject({ status: 409, code: 'UNSOLVABLE', failures: [{ package_set: 'tools' }] });
  });

  test('a manifest with other servers, a broken one and a broken lockfile are refused', async () => {
    const foreign = manifest.replace(/mirror: .*/, 'mirror: http://169.254.169.254');
    expect(await problem(await ask('lock', { manifest: foreign }))).toMatchObject({ status: 403, code: 'HOST_REFUSED' });
    for (const folder of ['file:///etc', 'file:///etc/%2e%2e/srv', '$mirror/../..', '$mirror/%2e%2e/x']) {
      const elsewhere = manifest.replace('sets:', () => `repositories: [{ id: a, baseurl: "${folder}" }]\nsets:`);
      expect(await problem(await ask('lock', { manifest: elsewhere })), folder).toMatchObject({ status: 403, code: 'HOST_REFUSED' });
    }
    expect(await problem(await ask('lock', { manifest: 'sets: [' }))).toMatchObject({ status: 400, code: 'MANIFEST_INVALID' });
    expect(await problem(await ask('diff', { before: [{}], after: [] }))).toMatchObject({ status: 400, code: 'LOCKFILE_INVALID' });
  });
});

describe('bad requests', () => {
  test.each([
    ['text that is no JSON', '{"architecture": ', 400, 'USAGE'],
    ['a key that would change prototypes', '{"__proto__": {"x": 1}, "architecture": "x86_64", "specs": ["bash"]}', 400, 'USAGE'],
    ['a body of 5 MB', JSON.stringify({ architecture: 'x86_64', specs: ['b'.repeat(5 << 20)] }), 413, 'TOO_LARGE'],
  ])('%s', async (_, body, status, code) => {
    expect(await problem(await resolve(body))).toMatchObject({ status, code });
  });

  test('another type than JSON is 415', async () => {
    expect(await problem(await resolve('a=b', { 'content-type': 'application/x-www-form-urlencoded' }))).toMatchObject({ status: 415 });
    expect(await problem(await resolve('{}', { 'content-type': 'text/plain' }))).toMatchObject({ status: 415 });
  });

  test('a compressed body is 415: it is neither read as it is nor called broken', async () => {
    const body = { architecture: 'x86_64', specs: ['bash'] };
    expect((await resolve(body, { 'content-encoding': 'identity' })).status).toBe(200);
    expect(await problem(await resolve(body, { 'content-encoding': 'gzip' }))).toMatchObject({
      status: 415,
      hint: expect.stringContaining('compress'),
    });
  });

  test('HEAD is answered as GET without a body, also if nothing has changed', async () => {
    const url = `${service.url}/v1/projects`;
    const tag = (await fetch(url, { method: 'HEAD' })).headers.get('etag')!;
    for (const method of ['GET', 'HEAD']) {
      const response = await fetch(url, { method, headers: { 'if-none-match': tag } });
      expect([method, response.status, await response.text()]).toEqual([method, 304, '']);
    }
  });

  test('a path that is not there is 404, a method that is not there 405', async () => {
    expect(await problem(await fetch(`${service.url}/nothing`))).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    const response = await fetch(`${service.url}/v1/resolve`);
    expect(response.headers.get('allow')).toBe('POST');
    expect(await problem(response)).toMatchObject({ status: 405 });
    const one = await fetch(`${service.url}/v1/projects/any`, { method: 'PUT' });
    expect([one.headers.get('allow'), (await problem(one)).status]).toEqual(['GET, HEAD, PATCH, DELETE', 405]);
  });

  test('a wrong token is refused, also where none is needed', async () => {
    const response = await resolve({ architecture: 'x86_64', specs: ['bash'] }, { authorization: 'Bearer rpmdeps_wrong' });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await problem(response)).toMatchObject({ status: 401, code: 'UNAUTHORIZED' });
  });
});

test('a second process is refused the directory, with the process id of the first', async () => {
  await expect(startService({ data: service.data })).rejects.toMatchObject({
    code: 'DATABASE',
    message: expect.stringContaining(`process ${process.pid}`),
  });
});
