/** Repositories behind a server that asks for client certificates, logins or a proxy; what cannot be reached; variables of dnf. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { fixture } from '../helpers/fixtures.ts';
import { rpmRepodata } from '../helpers/rpm-repository.ts';
import { type Authority, makeAuthority } from '../helpers/tls.ts';

const RPM = fixture('rpms/unsigned.rpm');
let files: Map<string, Uint8Array>;
let authority: Authority;
beforeAll(async () => {
  files = new Map([...(await rpmRepodata({ rpms: { 'hello.rpm': RPM } })), ['hello.rpm', readFileSync(RPM)]]);
  authority = makeAuthority();
});

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

/** Serves the repository at /r/ over TLS to whoever has a certificate of the authority; 403 for `denied`. */
async function entitledServer({ requires = true } = {}): Promise<string> {
  const { certificate, key } = authority.issue('server');
  const options = { cert: certificate, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: requires };
  const server = createServer(options, (request, response) => {
    const peer = (request.socket as TLSSocket).getPeerCertificate();
    const name = peer.subject?.CN;
    const body = files.get(decodeURIComponent(request.url!).replace(/^\/r\//, ''));
    response.writeHead(name === undefined || name === 'denied' ? 403 : body === undefined ? 404 : 200);
    response.end(response.statusCode === 200 ? body : undefined);
  });
  return `https://localhost:${await listen(server as unknown as Server)}/r/`;
}

function project(repository: string, repoFile?: string): CliProject {
  const made = cliProject();
  made.env['RPM_DEPS_MIRROR'] = undefined;
  made.write('ca.pem', authority.certificate);
  for (const name of ['entitled', 'denied']) {
    const { certificate, key } = authority.issue(name);
    made.write(`${name}.pem`, certificate);
    made.write(`${name}-key.pem`, key);
  }
  if (repoFile !== undefined) made.write('my.repo', repoFile);
  made.write('rpm-packages.yaml', `architectures: [x86_64]\n${repository}sets: { a: { packages: [hello] } }\n`);
  return made;
}

const repoFile = (url: string, lines = ''): string => `[r-$basearch-rpms]
baseurl = ${url}
sslcacert = ca.pem
${lines}`;

test('a .repo file with client certificates is locked and fetched; their paths come from the environment and are written nowhere', async () => {
  const url = await entitledServer();
  const made = project('repofiles: [my.repo]\n', repoFile(url, 'sslclientcert = $SSL_CLIENT_CERT\nsslclientkey = $SSL_CLIENT_KEY\n'));
  const before = await made.run('lock');
  expect([before.exitCode, before.stderr]).toEqual([2, expect.stringContaining('DNF_VAR_SSL_CLIENT_CERT')]);
  made.env['DNF_VAR_SSL_CLIENT_CERT'] = join(made.directory, 'entitled.pem');
  made.env['DNF_VAR_SSL_CLIENT_KEY'] = join(made.directory, 'entitled-key.pem');
  const ran = await made.run('lock', '--json');
  expect([ran.exitCode, ran.stderr]).toEqual([0, '']);
  const text = made.read('rpm-lockfiles/a-x86_64.lock.json');
  expect(text).toContain('"id": "r-x86_64-rpms"');
  expect(text).toContain(`"baseurl": "${url}"`);
  expect(text).not.toMatch(/entitled|\.pem/);
  expect((await made.run('fetch')).exitCode).toBe(0);
  // Offline, and where the certificates are not known.
  made.env['DNF_VAR_SSL_CLIENT_CERT'] = undefined;
  expect((await made.run('check')).exitCode).toBe(0);
});

test('a 403 names certificates and entitlement, with the certificate that was sent', async () => {
  const url = await entitledServer({ requires: false });
  const denied = project('repofiles: [my.repo]\n', repoFile(url, 'sslclientcert = denied.pem\nsslclientkey = denied-key.pem\n'));
  const first = await denied.run('lock');
  expect([first.exitCode, first.stderr]).toEqual([4, expect.stringMatching(/403[\s\S]*denied\.pem[\s\S]*entitlement/)]);
  const none = project('repofiles: [my.repo]\n', repoFile(url));
  const second = await none.run('lock');
  expect([second.exitCode, second.stderr]).toEqual([4, expect.stringMatching(/403[\s\S]*entitlement[\s\S]*sslclientcert/)]);
});

test('a server that asks for a certificate says so at once, and a file that is not there is named', async () => {
  const url = await entitledServer();
  const none = await project('repofiles: [my.repo]\n', repoFile(url)).run('lock');
  expect([none.exitCode, none.stderr]).toEqual([4, expect.stringContaining('`sslclientcert`')]);
  const lost = await project('repofiles: [my.repo]\n', repoFile(url, 'sslclientcert = lost.pem\n')).run('lock');
  expect([lost.exitCode, lost.stderr]).toEqual([
    2,
    expect.stringMatching(/`sslclientcert` of repository `r-x86_64-rpms`.*lost\.pem.*it does not exist/),
  ]);
});

test('the certificate of a server is checked with sslcacert, and not at all with sslverify=0', async () => {
  const url = await entitledServer();
  const lines = 'sslclientcert = entitled.pem\nsslclientkey = entitled-key.pem\n';
  const unknown = await project('repofiles: [my.repo]\n', repoFile(url, lines).replace('sslcacert = ca.pem\n', '')).run('lock');
  expect([unknown.exitCode, unknown.stderr]).toEqual([4, expect.stringContaining('sslcacert')]);
  const unchecked = project('repofiles: [my.repo]\n', repoFile(url, `${lines}sslverify = 0\n`).replace('sslcacert = ca.pem\n', ''));
  expect((await unchecked.run('lock')).exitCode).toBe(0);
});

/** Plain HTTP with a password. */
async function passwordServer(login: string): Promise<string> {
  const server = createHttpServer((request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from(login).toString('base64')}`;
    const body = files.get(decodeURIComponent(request.url!).replace(/^\/r\//, ''));
    response.writeHead(isKnown ? (body === undefined ? 404 : 200) : 401).end(isKnown ? body : undefined);
  });
  return `http://127.0.0.1:${await listen(server)}/r/`;
}

test('username and password log in, come from the environment, and are shown nowhere', async () => {
  const url = await passwordServer('me:hunter22-secret');
  const made = project(`repositories: [{ id: r, baseurl: "${url}", username: me, password: $PW }]\n`);
  made.env['DNF_VAR_PW'] = 'hunter22-secret';
  const ran = await made.run('lock', '--verbose');
  expect([ran.exitCode, ran.stderr]).toEqual([0, expect.not.stringContaining('hunter22')]);
  expect((await made.run('fetch')).exitCode).toBe(0);
  for (const [path, text] of Object.entries(made.files())) expect([path, text.includes('hunter22')]).toEqual([path, false]);
  made.env['DNF_VAR_PW'] = 'hunter23-secret';
  const wrong = await made.run('update', '--json');
  expect([wrong.exitCode, wrong.stdout + wrong.stderr]).toEqual([4, expect.not.stringContaining('hunter2')]);
});

test('a proxy of a repository is used for it, and _none_ for none', async () => {
  const seen: string[] = [];
  const proxy = createHttpServer((request, response) => {
    seen.push(request.url!);
    const body = files.get(new URL(request.url!).pathname.replace(/^\/r\//, ''));
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  const port = await listen(proxy);
  const made = project(`repositories: [{ id: r, baseurl: "http://nowhere.invalid/r/", proxy: "http://127.0.0.1:${port}" }]\n`);
  expect((await made.run('lock')).exitCode).toBe(0);
  expect(seen[0]).toBe('http://nowhere.invalid/r/repodata/repomd.xml');
  const url = await passwordServer('me:x');
  const direct = project(`repositories: [{ id: r, baseurl: "${url}", username: me, password: x, proxy: _none_ }]\n`);
  direct.env['HTTP_PROXY'] = `http://127.0.0.1:${port}`;
  const count = seen.length;
  expect((await direct.run('lock')).exitCode).toBe(0);
  expect(seen).toHaveLength(count);
});

test('client certificates go through a proxy too', async () => {
  const url = await entitledServer();
  const tunnel = createHttpServer();
  tunnel.on('connect', (request, socket) => {
    const to = connect(Number(request.url!.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      to.pipe(socket);
      socket.pipe(to);
    });
    for (const end of [to, socket]) end.on('error', () => undefined);
  });
  const port = await listen(tunnel);
  const lines = `sslclientcert = entitled.pem\nsslclientkey = entitled-key.pem\nproxy = 127.0.0.1:${port}\n`;
  const ran = await project('repofiles: [my.repo]\n', repoFile(url, lines)).run('lock');
  expect([ran.exitCode, ran.stderr]).toEqual([0, '']);
});

test('a repository with skip_if_unavailable is left out with a warning where it cannot be read, any other is an error', async () => {
  const made = cliProject();
  made.write(
    'rpm-packages.yaml',
    `architectures: [x86_64]
repositories:
  - { id: base, baseurl: $mirror/$basearch }
  - { id: gone, baseurl: "http://127.0.0.1:1/", skip_if_unavailable: true }
sets: { a: { packages: [app] } }
`,
  );
  made.mirror('x86_64', ['app-1-1.noarch']);
  for (let i = 0; i < 2; i++) {
    const ran = await made.run('lock', '--json');
    expect([ran.exitCode, (ran.json as { warnings: { code: string }[] }).warnings.map(({ code }) => code)]).toEqual([
      0,
      ['REPOSITORY_SKIPPED'],
    ]);
  }
  made.write('rpm-packages.yaml', made.read('rpm-packages.yaml').replace(', skip_if_unavailable: true', ''));
  expect((await made.run('lock')).exitCode).toBe(4);
});

test('variables of a .repo file have the values of the manifest, of CentOS Stream, and of DNF_VAR_ variables', async () => {
  const made = cliProject();
  made.write('my.repo', `[r-$stream-$contentdir]\nbaseurl=file://${made.directory}/mirror/$site/$mine/$basearch\n`);
  made.write(
    'rpm-packages.yaml',
    'architectures: [x86_64]\nrepofiles: [my.repo]\nvariables: { site: here }\nsets: { a: { packages: [app] } }\n',
  );
  made.mirror('here/there/x86_64', ['app-1-1.noarch']);
  const unknown = await made.run('lock');
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('unknown variable `$mine`')]);
  made.env['DNF_VAR_mine'] = 'there';
  made.env['HOME_OF_SECRETS'] = 'x';
  expect((await made.run('lock')).exitCode).toBe(0);
  expect(made.readLock('a-x86_64').repositories![0]).toMatchObject({
    id: 'r-9-stream-centos',
    baseurl: expect.stringContaining('/here/there/'),
  });
  writeFileSync(join(made.directory, 'my.repo'), '[r]\nbaseurl=file:///x/$HOME_OF_SECRETS\n');
  expect((await made.run('lock')).stderr).toContain('unknown variable `$HOME_OF_SECRETS`');
});

test('one id may be another repository for another architecture', async () => {
  const made = cliProject();
  const manifest = (second: string): string => `architectures: [x86_64, s390x]
repositories:
  - { id: r, baseurl: $mirror/one, architectures: [x86_64] }
  - { id: r, baseurl: $mirror/two, architectures: [${second}] }
sets: { a: { packages: [app] } }
`;
  made.write('rpm-packages.yaml', manifest('s390x'));
  made.mirror('one', ['app-1-1.noarch']);
  made.mirror('two', ['app-2-1.noarch']);
  expect((await made.run('lock')).exitCode).toBe(0);
  expect([made.locked('a-x86_64'), made.locked('a-s390x')]).toEqual([['app-1-1.noarch'], ['app-2-1.noarch']]);
  made.write('rpm-packages.yaml', manifest('s390x, x86_64'));
  expect((await made.run('lock')).stderr).toContain('is defined twice');
});

test('an option of a .repo file that is not known is a mistake with its line', async () => {
  const made = project('repofiles: [my.repo]\n', '[r]\nbaseurl=https://r.test/\nsslclientcrt=x.pem\n');
  const ran = await made.run('lock');
  expect([ran.exitCode, ran.stderr]).toEqual([
    2,
    expect.stringContaining('my.repo:3: `sslclientcrt` of `r` is not an option that is known; did you mean `sslclientcert`?'),
  ]);
});
