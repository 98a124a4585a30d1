import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningService, startService } from '../helpers/running-service.ts';

let service: RunningService;
beforeAll(async () => {
  service = await startService({ config: { limits: { solve_seconds: 20 } } });
});
afterAll(() => service?.stop());

const isAlive = async (): Promise<void> => expect((await fetch(`${service.url}/healthz`)).status).toBe(200);

/** What comes back for bytes that no client would send; empty when the connection is closed without a word. */
function raw(bytes: string | Buffer, waitMs = 3000): Promise<string> {
  const { hostname, port } = new URL(service.url);
  return new Promise((done) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => done(answer));
    socket.on('close', () => done(answer));
    setTimeout(() => socket.destroy(), waitMs);
  });
}

const head = (line: string, headers: readonly string[] = []): string =>
  [line, 'host: localhost', 'connection: close', ...headers, '', ''].join('\r\n');
const resolveWith = (body: string, headers: readonly string[] = []): string =>
  head('POST /v1/resolve HTTP/1.1', ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`, ...headers]) + body;
const deep = (count: number): string => `${'['.repeat(count)}${']'.repeat(count)}`;

const HOSTILE: readonly (readonly [string, string | Buffer])[] = [
  ['no HTTP at all', 'hello\r\n\r\n'],
  ['bytes of TLS', Buffer.from('16030100a5010000a1030300', 'hex')],
  ['a method that is none', head('GRAB / HTTP/1.1')],
  ['a version that is none', head('GET / HTTP/9.9')],
  ['a header of 100 kB', head('GET /healthz HTTP/1.1', [`x: ${'a'.repeat(100_000)}`])],
  ['a path of 100 kB', head(`GET /${'a'.repeat(100_000)} HTTP/1.1`)],
  [
    '1000 headers',
    head(
      'GET /healthz HTTP/1.1',
      Array.from({ length: 1000 }, (_, i) => `x${i}: ${i}`),
    ),
  ],
  ['two lengths', head('POST /v1/resolve HTTP/1.1', ['content-length: 1', 'content-length: 2'])],
  ['a length and chunks', head('POST /v1/resolve HTTP/1.1', ['content-length: 5', 'transfer-encoding: chunked'])],
  ['a negative length', head('POST /v1/resolve HTTP/1.1', ['content-length: -1'])],
  ['a length of 100 MB', head('POST /v1/resolve HTTP/1.1', ['content-type: application/json', 'content-length: 104857600'])],
  ['broken chunks', `${head('POST /v1/resolve HTTP/1.1', ['content-type: application/json', 'transfer-encoding: chunked'])}zz\r\n`],
  ['a null byte in the path', head('GET /v1/projects/%00 HTTP/1.1')],
  ['a path that leads out', head('GET /assets/../../etc/passwd HTTP/1.1')],
  ['the same, encoded', head('GET /assets/%2e%2e%2f%2e%2e%2fetc/passwd HTTP/1.1')],
  ['a broken escape in the path', head('GET /v1/projects/%zz HTTP/1.1')],
  ['a broken escape in the query', head('GET /v1/locked?name=%zz HTTP/1.1')],
  ['a query with a key twice', head('GET /v1/locked?name=a&name=b HTTP/1.1')],
  ['a path that is no text', head('GET /v1/projects/%FF HTTP/1.1')],
  ['a query that nothing takes', head('GET /v1/projects?limit=5 HTTP/1.1')],
  [
    'bytes that are no text',
    Buffer.concat([
      Buffer.from(resolveWith('{"architecture":"x86_64","specs":["bash"]}').slice(0, -6)),
      Buffer.from('\xff\xfesh"]}', 'latin1'),
    ]),
  ],
  [
    'a lockfile of brackets',
    ((body) => head('POST /v1/diff HTTP/1.1', ['content-type: application/json', `content-length: ${body.length}`]) + body)(
      `{"before":[],"after":[{"a":${deep(100_000)}}]}`,
    ),
  ],
  ['an unknown key in a query', head('GET /v1/locked?name=a&nam=b HTTP/1.1')],
  ['a line break in a header', head('GET /healthz HTTP/1.1', ['x: a\nset-cookie: b'])],
  ['an absolute URL of another host', head('GET http://169.254.169.254/ HTTP/1.1')],
  ['a body without a type', `${head('POST /v1/resolve HTTP/1.1', ['content-length: 2'])}{}`],
  ['a body in another encoding', resolveWith('{"architecture":"x86_64"}', ['content-encoding: gzip'])],
  [
    'a body in UTF-16',
    `${head('POST /v1/resolve HTTP/1.1', ['content-type: application/json; charset=utf-16', 'content-length: 4'])}\xff\xfe{}`,
  ],
  ['half a character', `${head('POST /v1/resolve HTTP/1.1', ['content-type: application/json', 'content-length: 3'])}"\xc3`],
  ['an empty body', resolveWith('')],
  ['null', resolveWith('null')],
  ['a number', resolveWith('1e999')],
  ['a null byte in a text', resolveWith('{"architecture":"x86_64","specs":["\\u0000"]}')],
  ['half of a surrogate pair in a text', resolveWith('{"architecture":"x86_64","specs":["\\ud800"]}')],
  ['a list of a million texts', resolveWith(`{"architecture":"x86_64","specs":[${'"a",'.repeat(999_999)}"a"]}`)],
  ['10,000 brackets', resolveWith(deep(10_000))],
  ['a key of prototypes', resolveWith('{"__proto__":{"a":1},"architecture":"x86_64","specs":["bash"]}')],
  ['another key of prototypes', resolveWith('{"constructor":{"prototype":{"a":1}},"architecture":"x86_64","specs":["bash"]}')],
  ['3000 specs', resolveWith(JSON.stringify({ architecture: 'x86_64', specs: Array(3000).fill('bash') }))],
  ['a spec of 100 kB', resolveWith(JSON.stringify({ architecture: 'x86_64', specs: ['b'.repeat(100_000)] }))],
  ['a spec of brackets that never close', resolveWith(JSON.stringify({ architecture: 'x86_64', specs: ['('.repeat(900)] }))],
  ['a glob that is slow with others', resolveWith(JSON.stringify({ architecture: 'x86_64', specs: [`${'*a'.repeat(400)}b`] }))],
  ['a glob in exclude', resolveWith(JSON.stringify({ architecture: 'x86_64', specs: ['bash'], exclude: [`${'*a'.repeat(400)}b`] }))],
  ['an architecture with a path', resolveWith(JSON.stringify({ architecture: '../../x86_64', specs: ['bash'] }))],
  ['an architecture of prototypes', resolveWith(JSON.stringify({ architecture: '__proto__', specs: ['bash'] }))],
  [
    'a source that is a URL',
    resolveWith(JSON.stringify({ architecture: 'x86_64', specs: ['bash'], repositories: ['http://169.254.169.254/'] })),
  ],
  ['SQL in a name', head("GET /v1/projects/'%20or%20'1'='1 HTTP/1.1")],
  ['SQL in a query', head("GET /v1/locked?name='%3Bdrop%20table%20project HTTP/1.1")],
  ['an id that is none', head('GET /v1/jobs/1 HTTP/1.1')],
  ['a limit without end', head('GET /v1/jobs?limit=999999999 HTTP/1.1')],
  ['a token that is too long', head('GET /v1/projects HTTP/1.1', [`authorization: Bearer ${'a'.repeat(5000)}`])],
  ['another kind of login', head('GET /v1/projects HTTP/1.1', ['authorization: Basic YTpi'])],
  ['a cookie of nobody', head('GET / HTTP/1.1', [`cookie: rpm-deps-session=${'a'.repeat(43)}`])],
  ['many cookies', head('GET / HTTP/1.1', [`cookie: ${'a=b;'.repeat(4000)}`])],
  [
    'a webhook without a signature',
    `${head('POST /webhooks/github/x HTTP/1.1', ['content-type: application/json', 'content-length: 2'])}{}`,
  ],
  ['an event id that is none', head('GET /v1/jobs/00000000-0000-0000-0000-000000000000/events HTTP/1.1', ['last-event-id: 1; drop'])],
  ['an upgrade', head('GET / HTTP/1.1', ['upgrade: websocket', 'sec-websocket-key: x'])],
  ['a request for a proxy', head('CONNECT 169.254.169.254:80 HTTP/1.1')],
  ['TRACE', head('TRACE / HTTP/1.1')],
];

test('50 malformed and hostile requests get a refusal and do no harm', async () => {
  expect(HOSTILE.length).toBeGreaterThanOrEqual(50);
  for (const [name, bytes] of HOSTILE) {
    const answer = await raw(bytes, 25_000);
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
    // Closed without a word, refused, or (a cookie of nobody, a header that is ignored) answered as without it.
    expect(
      {
        name,
        isGood:
          status === 0 ||
          (status >= 400 && status < 500) ||
          status === 501 ||
          status === 505 ||
          (status === 200 && /cookie|upgrade|glob in exclude|1000 headers|absolute URL|SQL in a query/.test(name)),
      },
      `${name}: ${answer.slice(0, 200)}`,
    ).toEqual({ name, isGood: true });
    expect({ name, leaks: /node_modules|at \w+ \(|root:x:0/.test(answer) }).toEqual({ name, leaks: false });
    if (status >= 400 && /content-type: [^\r\n]*json/.test(answer)) expect(answer).toContain('application/problem+json');
  }
  await isAlive();
  // Also not for those that have disconnected, whose address is unknown.
  expect(service.lines.filter((line) => line.includes('INTERNAL'))).toEqual([]);
  expect(Object.prototype).not.toHaveProperty('a');
});

test('a client that sends its request in drops does not keep others waiting', async () => {
  const { hostname, port } = new URL(service.url);
  const sockets = Array.from({ length: 50 }, () =>
    connect(Number(port), hostname, function (this: ReturnType<typeof connect>) {
      this.write('POST /v1/resolve HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{');
    }),
  );
  for (const socket of sockets) socket.on('error', () => undefined);
  await sleep(100);
  await isAlive();
  for (const socket of sockets) socket.destroy();
});

test('whatever fits the description is answered as it says, and what does not is refused', async () => {
  const texts = fc.oneof(fc.constantFrom('bash', 'glibc >= 2.34', '/usr/bin/make', '@core', 'x(y)', ''), fc.string({ maxLength: 40 }));
  const bodies = fc.oneof(
    fc.record(
      {
        architecture: fc.oneof(fc.constantFrom('x86_64', 'amd64', 's390x', 'none'), fc.string({ maxLength: 8 })),
        specs: fc.array(texts, { maxLength: 4 }),
        weak: fc.oneof(fc.boolean(), fc.constantFrom('true', 1, null)),
        exclude: fc.array(texts, { maxLength: 3 }),
        more: fc.anything({ maxDepth: 1 }),
      },
      { requiredKeys: [] },
    ),
    fc.jsonValue({ maxDepth: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      const text = JSON.stringify(body) ?? 'null';
      const answer = await fetch(`${service.url}/v1/resolve`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: text,
      });
      const value = (await answer.json()) as Record<string, unknown>;
      // 4xx for who asks, 502 where a source of that architecture is not there: never 500.
      expect([200, 400, 409, 502]).toContain(answer.status);
      if (answer.status === 200) expect(value).toMatchObject({ architecture: expect.any(String), packages: expect.any(Array) });
      else
        expect(value).toMatchObject({
          status: answer.status,
          code: expect.any(String),
          title: expect.any(String),
          detail: expect.any(String),
        });
    }),
    { numRuns: Number(process.env['RPM_DEPS_SERVICE_RUNS'] ?? 40) },
  );
  await isAlive();
});
