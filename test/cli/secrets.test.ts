import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { COMMANDS as ALL_COMMANDS } from '../../src/cli/program.ts';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { fixture } from '../helpers/fixtures.ts';

/** One for each place that can hold a secret, so that a leak names its place. */
const SECRETS = {
  login: 'pwInLogin7',
  escaped: 'pw/With%#Signs8',
  query: 'tokInQuery9',
  list: 'tokInMirrorlist1',
  listPath: 'tokInPathOfList1Qx7Zr',
  key: 'pwInKeyUrl2',
  fallback: 'pwInFallback3',
  fallbackToken: 'tokInFallback4',
  mirror: 'pwInMirror5',
  option: 'pwInOption6',
  remote: 'pwInGitRemote2',
  proxy: 'pwInProxy7x',
  archive: 'tokOfArchive8',
  target: 'pwInTarget9',
  netrc: 'pwInNetrc1x',
  variable: 'valueOfCiToken2',
  path: 'valueInPath3',
  forge: 'ghp_forgeToken3',
  optionPassword: 'pwInOptionOfRepo4',
  proxyPassword: 'pwOfProxyOption5',
  dnfVariable: 'valueOfDnfVariable6',
  registry: 'pwOfRegistry7',
  database: 'pwInDatabase8',
  openid: 'secretOfOpenId9',
  webhook: 'secretOfWebhook1x',
} as const;
const FORMS = Object.values(SECRETS).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  Buffer.from(`bob:${secret}`).toString('base64'),
  Buffer.from(secret).toString('base64'),
]);

/** Serves the fixture mirror under any first part of a path; `echo` answers with what it was asked, at a place that is not followed. */
let server: Server;
let host: string;
beforeAll(async () => {
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://host');
  const [, mode = '', ...rest] = pathname.split('/');
  const path = decodeURIComponent(rest.join('/'));
  const heard = `${request.headers.authorization ?? ''} ${search}`;
  if (mode === 'echo')
    return void response.writeHead(302, { location: `ftp://x/${encodeURIComponent(heard)}/${heard.split(' ')[1]}` }).end();
  if (mode === 'page') return void response.writeHead(200).end(`<html>${heard}</html>`);
  if (mode === 'down') return void response.writeHead(403).end(heard);
  if (request.method === 'PUT') return void request.resume().on('end', () => response.writeHead(201).end());
  if (mode === 'list')
    return void response.end(`http://bob:${SECRETS.login}@${host}/files/9-stream/BaseOS/x86_64/os/?token=${SECRETS.query}\n`);
  if (mode === 'keys') return void response.end(readFileSync(fixture('keys/RPM-GPG-KEY-fixture')));
  try {
    response.end(readFileSync(fixture(`mirror/${path}`)));
  } catch {
    response.writeHead(404).end(heard);
  }
}

const REPOSITORIES = {
  login: () => `baseurl: "http://bob:${SECRETS.login}@${host}/files/9-stream/BaseOS/$basearch/os/"`,
  'login with signs': () => `baseurl: "http://bob:${encodeURIComponent(SECRETS.escaped)}@${host}/files/9-stream/BaseOS/$basearch/os/"`,
  'options of a repository': () =>
    `baseurl: "http://${host}/files/9-stream/BaseOS/$basearch/os/", username: bob, password: ${SECRETS.optionPassword}`,
  'a proxy with a login': () =>
    `baseurl: "http://nowhere.invalid/x/", proxy: "http://${host}", proxy_username: bob, proxy_password: ${SECRETS.proxyPassword}`,
  'a variable of dnf': () => `baseurl: "http://${host}/files/9-stream/BaseOS/$basearch/os/?token=$opener"`,
  'a variable in the path': () => `baseurl: "http://${host}/$token/9-stream/BaseOS/$basearch/os/"`,
  query: () => `baseurl: "http://${host}/files/9-stream/BaseOS/$basearch/os/?token=${SECRETS.query}"`,
  mirrorlist: () => `mirrorlist: "http://bob:${SECRETS.login}@${host}/list/x?token=${SECRETS.list}"`,
  'a list behind a path': () => `mirrorlist: "http://${host}/list/${SECRETS.listPath}/x"`,
  'a list behind a path that is down': () => `mirrorlist: "http://${host}/down/${SECRETS.listPath}/x"`,
  mirror: () => 'baseurl: $mirror/9-stream/BaseOS/$basearch/os/',
  netrc: () => `baseurl: "http://${host}/files/9-stream/BaseOS/$basearch/os/"`,
  echo: () => `baseurl: "http://bob:${SECRETS.login}@${host}/echo/$basearch/?token=${SECRETS.query}"`,
  'echo of netrc': () => `baseurl: "http://${host}/echo/$basearch/"`,
  page: () => `baseurl: "http://bob:${SECRETS.login}@${host}/page/$basearch/?token=${SECRETS.query}"`,
  down: () => `baseurl: "http://bob:${SECRETS.login}@${host}/down/$basearch/?token=${SECRETS.query}"`,
  missing: () => `baseurl: "http://bob:${SECRETS.login}@${host}/files/nowhere/?token=${SECRETS.query}"`,
  nobody: () => `baseurl: "http://bob:${SECRETS.login}@127.0.0.1:1/x/?token=${SECRETS.query}"`,
  'a slash in the password': () => `baseurl: "http://bob:pw/${SECRETS.login}@h/"`,
  'a hash in the password': () => `baseurl: "http://bob:${SECRETS.login}#pw@h/"`,
  'a question mark in the password': () => `baseurl: "http://bob:pw?${SECRETS.login}@h/"`,
  'a scheme that is not read': () => `baseurl: "ftp://bob:${SECRETS.login}@h/"`,
  'no scheme': () => `baseurl: "bob:${SECRETS.login}@h/os/"`,
  'an unknown variable': () => `baseurl: "http://bob:${SECRETS.login}@h/$basarch/"`,
  'a space': () => `baseurl: "http://bob:${SECRETS.login}@h/a b/"`,
  'the wrong type': () => `baseurl: [["http://bob:${SECRETS.login}@h/"]]`,
} as const;

function manifest(repository: keyof typeof REPOSITORIES): string {
  return `architectures: [x86_64]
mirror: "http://bob:${SECRETS.mirror}@${host}/files"
repositories:
  - { id: r, ${REPOSITORIES[repository]()}, gpgkey: "http://bob:${SECRETS.key}@${host}/keys/key" }
fallbacks: ["http://bob:${SECRETS.fallback}@${host}/down/{sha256}?token=${SECRETS.fallbackToken}"]
versions: { CI_JOB_TOKEN: "2.3.1" }
sets: { a: { packages: [acl] }, b: { packages: ["acl-\${CI_JOB_TOKEN}"] } }
`;
}

const COMMANDS: readonly (readonly string[])[] = [
  ['update'],
  ['update', 'acl'],
  ['lock'],
  ['check'],
  ['check', '--online'],
  ['diff'],
  ['diff', 'nowhere'],
  ['outdated'],
  ['bump', '--dry-run'],
  ['why', 'libacl'],
  ['tree', 'acl'],
  ['resolve', '--arch', 'x86_64', 'acl'],
  ['search', 'acl'],
  ['info', 'acl'],
  ['fetch', '--output', 'rpms', '--repodata'],
  ['verify'],
  ['verify', 'rpms'],
  ['archive', '--to', 'kept'],
  ['archive', '--check', '--to', 'kept'],
  ['export', '--format', 'cyclonedx', '--set', 'a', '--arch', 'x86_64'],
  ['export', '--format', 'bazeldnf'],
  ['import', 'secret.repo', '--manifest', 'imported.yaml'],
  ['init', '--repofile', 'secret.repo', '--manifest', 'new.yaml'],
  ['cache', 'info'],
  ['cache', 'clean'],
  ['completion', '--list', 'packages'],
  ['add', 'attr', '--set', 'a'],
  ['remove', 'attr'],
  ['migrate'],
  ['image', 'build', 'a', '--dry-run'],
  ['image', 'containerfile', 'a'],
  ['image', 'push', 'a', '--authfile', 'auth.json', '--dry-run'],
  ['image', 'attach', 'a', '--authfile', 'auth.json'],
  ['image', 'manifest', 'a', '--authfile', 'auth.json', '--dry-run'],
  ['image', 'verify', 'a'],
  ['builder', 'build', '--dry-run'],
  ['builder', 'publish', '--authfile', 'auth.json', '--dry-run'],
  ['bot', '--forge', 'none', '--dry-run'],
  ['bot', '--forge', 'gitea', '--forge-url', `http://bob:${SECRETS.option}@127.0.0.1:1/api`, '--repository', 'a/b'],
  ['serve', '--database', `postgres://bob:${SECRETS.database}@127.0.0.1:1/x`],
  ['serve', '--config', 'service.yaml', '--data', 'data'],
];

let project: CliProject;
beforeEach(() => {
  project = cliProject();
  delete project.env['RPM_DEPS_MIRROR'];
  Object.assign(project.env, {
    RPM_DEPS_ARCHIVE_TOKEN: SECRETS.archive,
    CI_JOB_TOKEN: SECRETS.variable,
    RPM_DEPS_TOKEN: SECRETS.forge,
    DOCKER_PREFIX: '127.0.0.1:1/ns',
    DOCKER_IMAGE: 'builder',
    VERSION: '1',
    DNF_VAR_opener: SECRETS.dnfVariable,
    DNF_VAR_token: SECRETS.path,
    RPM_DEPS_DATABASE: `postgres://bob:${SECRETS.database}@127.0.0.1:1/x`,
    GITHUB_TOKEN: SECRETS.forge,
    no_proxy: '127.0.0.1',
    https_proxy: `http://bob:${SECRETS.proxy}@127.0.0.1:1`,
  });
  const git = (...args: readonly string[]): unknown => execFileSync('git', ['-C', project.directory, ...args], { stdio: 'ignore' });
  git('init', '--initial-branch', 'main');
  git('-c', 'user.name=A', '-c', 'user.email=a@example.com', 'commit', '--allow-empty', '--message', 'first');
  git('remote', 'add', 'origin', `http://bob:${SECRETS.remote}@127.0.0.1:1/a/b.git`);
  project.write('builder/Containerfile', 'FROM scratch\n');
  project.write('secret.repo', `[r]\nbaseurl=http://bob:${SECRETS.option}@h/\nusername=bob\npassword=${SECRETS.optionPassword}\n`);
  project.write(
    'auth.json',
    JSON.stringify({ auths: { '127.0.0.1:1': { auth: Buffer.from(`bob:${SECRETS.registry}`).toString('base64') } } }),
  );
  project.write(
    'service.yaml',
    `login: { client_secret: ${SECRETS.openid}, issuer: "http://bob:${SECRETS.openid}@127.0.0.1:1" }\nwebhooks: { secret: ${SECRETS.webhook} }\n`,
  );
  project.write('.netrc', `machine 127.0.0.1 login bob password ${SECRETS.netrc}\n`);
});

/** Each way in which a line can be printed. */
async function outputsOf(line: readonly string[]): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const more of [['--json', '-v'], ...(line.length === 1 ? [[], ['-v']] : [[]])]) {
    const { stdout, stderr } = await project.run(...line, ...more);
    // A command that ends at its own usage has shown nothing.
    if (COMMANDS.includes(line))
      expect(`${line.join(' ')}: ${stdout}${stderr}`).not.toMatch(/has no option|must be one of|"missing": |not in a git repository/);
    found[[...line, ...more].join(' ')] = `${stdout}\n${stderr}`;
  }
  return found;
}

/** Files that are given with their secrets. */
const INPUTS: readonly string[] = ['rpm-packages.yaml', 'auth.json', 'service.yaml', 'secret.repo'];

function filesBelow(folder: string): Record<string, string> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(
        (entry) =>
          entry.isFile() &&
          entry.name !== '.netrc' &&
          !INPUTS.includes(entry.name) &&
          !entry.parentPath.includes('/.git') &&
          !entry.name.endsWith('.rpm'),
      )
      .map((entry) => [join(entry.parentPath, entry.name), `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`]),
  );
}

const leaks = (texts: Record<string, string>): string[] =>
  Object.entries(texts).flatMap(([name, text]) => FORMS.filter((secret) => text.includes(secret)).map((secret) => `${name}: ${secret}`));

/** All of them where the repository can be read; where it cannot, those that try. */
const READABLE: readonly string[] = ['login', 'query', 'a variable in the path'];
const TRYING: readonly (readonly string[])[] = [
  ['update', '--set', 'a'],
  ['check', '--online'],
  ['resolve', '--arch', 'x86_64', 'acl'],
];

test.each(Object.keys(REPOSITORIES) as (keyof typeof REPOSITORIES)[])(
  'with a secret in the repository (%s) no command prints one, and no lockfile and no cache holds one',
  async (repository) => {
    project.write('rpm-packages.yaml', manifest(repository));
    const outputs: Record<string, string> = {};
    const lines = READABLE.includes(repository) ? COMMANDS : repository === 'nobody' ? TRYING.slice(0, 1) : TRYING;
    for (const line of lines) Object.assign(outputs, await outputsOf(line));
    expect(leaks(outputs)).toEqual([]);
    expect(leaks(filesBelow(project.directory))).toEqual([]);
  },
);

test.each([
  ['a mirror as an option', () => ['update', '--mirror', `http://bob:${SECRETS.option}@${host}/down`]],
  ['a mirror as an option that is no URL', () => ['update', '--mirror', `http://bob:pw/${SECRETS.option}@h`]],
  ['a repository as an option', () => ['resolve', '--arch', 'x86_64', '--repo', `r=http://bob:${SECRETS.option}@${host}/down/`, 'acl']],
  ['an archive with a login', () => ['archive', '--to', `http://bob:${SECRETS.target}@${host}/down/x`]],
  ['an archive that echoes', () => ['archive', '--to', `http://${host}/echo/x`]],
  ['an archive that is no URL', () => ['archive', '--to', `ftp://bob:${SECRETS.target}@h/`]],
  ['an option that is not known', () => ['update', `--mirorr=http://bob:${SECRETS.option}@h/`]],
  ['a manifest that is not there', () => ['update', '--manifest', `bob:${SECRETS.option}@h.test/x.yaml`]],
  ['a lockfile that is not there', () => ['diff', `http://bob:${SECRETS.option}@h/`]],
])('%s is not printed', async (_, line) => {
  project.write('rpm-packages.yaml', manifest('mirror'));
  await project.run('update');
  expect(leaks(await outputsOf(line()))).toEqual([]);
  expect(leaks(filesBelow(project.directory))).toEqual([]);
});

test.each(['http_proxy', 'ALL_PROXY'])('a proxy in %s is not printed, whatever is wrong with it', async (name) => {
  project.write('rpm-packages.yaml', manifest('down').replaceAll(host, 'nowhere.invalid'));
  project.env['no_proxy'] = '';
  delete project.env['https_proxy'];
  for (const login of [`bob:${SECRETS.proxy}`, `bob:pw/${SECRETS.proxy}`, `bob:${SECRETS.proxy}%`, `bob:%zz${SECRETS.proxy}`]) {
    for (const value of [`http://${login}@${host}`, `${login}@${host}`, `ftp://${login}@${host}`]) {
      project.env[name] = value;
      const { stdout, stderr } = await project.run('update', '--set', 'a', '--json', '-v');
      expect(leaks({ [value]: stdout + stderr })).toEqual([]);
      expect(stderr).not.toContain('internal error');
    }
  }
});

test('every command of the table is run with secrets', () => {
  const words = COMMANDS.map((line) => line.join(' '));
  expect(
    ALL_COMMANDS.map(({ name }) => name).filter((name) => !words.some((line) => line === name || line.startsWith(`${name} `))),
  ).toEqual([]);
});

test('what is not secret stays: a message still names the server and the path', async () => {
  project.write('rpm-packages.yaml', manifest('missing'));
  const { stderr } = await project.run('update', '--set', 'a');
  expect(stderr).toContain(`http://${host}/files/nowhere/repodata/repomd.xml`);
});

test('the hint about a proxy that is no URL shows how one is written', async () => {
  project.write('rpm-packages.yaml', manifest('down'));
  project.env['no_proxy'] = '';
  project.env['http_proxy'] = `ftp://bob:${SECRETS.proxy}@${host}`;
  const { stderr } = await project.run('update', '--set', 'a');
  expect(stderr).toContain('hint: expected an address like `http://host:3128`');
});

test('every lockfile that a secret helped to make is as it would be without one', async () => {
  const locks: string[] = [];
  for (const repository of ['login', 'query', 'netrc'] as const) {
    project.write('rpm-packages.yaml', manifest(repository));
    await project.run('update', '--set', 'a');
    locks.push(project.read('rpm-lockfiles/a-x86_64.lock.json').replace(/"manifest_digest": "[^"]*"/, ''));
  }
  expect(new Set(locks).size).toBe(1);
});

test('a lockfile stays as it is when a token in the path of a repository changes', async () => {
  project.write('rpm-packages.yaml', manifest('a variable in the path'));
  await project.run('update', '--set', 'a');
  const lock = project.read('rpm-lockfiles/a-x86_64.lock.json');
  expect(lock).toContain(`http://${host}/***/9-stream/BaseOS/x86_64/os/`);
  project.env['DNF_VAR_token'] = 'anotherToken4';
  await project.run('update', '--set', 'a');
  expect(project.read('rpm-lockfiles/a-x86_64.lock.json')).toBe(lock);
  expect((await project.run('check', '--json')).stdout).not.toContain('"a-x86_64');
});
