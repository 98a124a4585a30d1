import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';

/** As a web server lists a folder, with links that are no members of it. */
const PAGE = `<html><body><h1>Index of /composes</h1><table>
<tr><th><a href="?C=N;O=D">Name</a></th></tr>
<tr><td><a href="../">Parent Directory</a></td></tr>
<tr><td><a href="Stream-9-20260810.0/">Stream-9-20260810.0/</a></td></tr>
<tr><td><a href='/composes/Stream-9-20260908.0/'>Stream-9-20260908.0/</a></td></tr>
<tr><td><a href="Stream-10-20260909.0/">another distribution</a></td></tr>
<tr><td><a href="Stream-9-%2e%2e%2fetc/">hostile</a> <a href="https://other.example/Stream-9-99999999.0/">elsewhere</a></td></tr>
<tr><td><a href="Stream-9-$HOME/">hostile</a> <a href="Stream-9-99999999.0/deep/">deeper</a></td></tr>
</table></body></html>`;
const ANSWERS: Readonly<Record<string, string>> = {
  '/composes/': PAGE,
  '/latest.txt': 'Stream-9-20260810.0\r\nStream-9-20260901.1\n\n',
  '/empty': '',
};
const server = createServer((request, response) => {
  const body = ANSWERS[request.url ?? ''];
  response.writeHead(body === undefined ? 404 : 200).end(body);
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

const manifest = (list: string): string => `architectures: [x86_64]
variables:
  COMPOSE: { value: Stream-9-20260810.0, list: "${list}", pattern: Stream-9-* } # moved by bump
repositories:
  - { id: base, baseurl: $mirror/$COMPOSE/ }
versions: { LIB: 1-1 }
sets:
  web: { packages: ["lib-\${LIB}", tool] }
`;

async function project(list: string): Promise<CliProject> {
  const made = cliProject();
  made.write('rpm-packages.yaml', manifest(list));
  made.mirror('Stream-9-20260810.0', ['lib-1-1.noarch', 'tool-1-1.noarch']);
  made.mirror('Stream-9-20260901.1', ['lib-1-1.noarch', 'lib-2-1.noarch', 'tool-2-1.noarch']);
  made.mirror('Stream-9-20260908.0', ['lib-3-1.noarch', 'tool-3-1.noarch']);
  expect((await made.run('update')).exitCode).toBe(0);
  return made;
}

test('a variable goes to the newest folder that a page lists, and pins to what is there', async () => {
  const { run, read, locked } = await project(`${origin}/composes/`);
  expect((await run('outdated')).stdout).toContain('COMPOSE');
  const { exitCode, stdout } = await run('bump');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('COMPOSE: Stream-9-20260810.0 -> Stream-9-20260908.0\nLIB: 1-1 -> 3-1\n');
  expect(read('rpm-packages.yaml')).toContain('{ value: Stream-9-20260908.0, list: ');
  expect(read('rpm-packages.yaml')).toContain('# moved by bump');
  expect(locked('web-x86_64')).toEqual(['lib-3-1.noarch', 'tool-3-1.noarch']);
  expect((await run('check')).exitCode).toBe(0);
  expect((await run('bump')).stdout).toContain('COMPOSE: Stream-9-20260908.0 is the newest');
});

test('a file has a value a line; one name moves no other pin', async () => {
  const { run, read, locked } = await project(`${origin}/latest.txt`);
  expect((await run('bump', 'COMPOSE')).exitCode).toBe(0);
  expect(read('rpm-packages.yaml')).toContain('value: Stream-9-20260901.1,');
  expect(read('rpm-packages.yaml')).toContain('LIB: 1-1');
  expect(locked('web-x86_64')).toEqual(['lib-1-1.noarch', 'tool-2-1.noarch']);
});

test('a folder of this machine is listed too, and --to takes a value that is there', async () => {
  const { run, read } = await project('$mirror/');
  expect((await run('bump', 'COMPOSE', '--to', 'Stream-9-20260901.1')).exitCode).toBe(0);
  expect(read('rpm-packages.yaml')).toContain('value: Stream-9-20260901.1,');
  const { exitCode, stderr } = await run('bump', 'COMPOSE', '--to', 'Stream-9-1');
  expect(exitCode).toBe(2);
  expect(stderr).toContain('Stream-9-1 is not listed in file://');
  expect(stderr).toContain('the newest values there are Stream-9-20260908.0, Stream-9-20260901.1');
});

test('a variable that a run sets is not moved, and a list without values is said', async () => {
  const { run, env, files, write } = await project(`${origin}/composes/`);
  const before = files();
  expect((await run('bump', 'LIB', '--set-variable', 'COMPOSE=Stream-9-20260810.0')).exitCode).toBe(0);
  env['DNF_VAR_COMPOSE'] = 'Stream-9-20260810.0';
  expect((await run('bump')).stdout).not.toContain('COMPOSE');
  expect(files()).toEqual(before);
  delete env['DNF_VAR_COMPOSE'];
  write('rpm-packages.yaml', manifest(`${origin}/empty`));
  const { exitCode, stderr } = await run('bump');
  expect(exitCode).toBe(6);
  expect(stderr).toContain('no value of `$COMPOSE` is listed in');
  write('rpm-packages.yaml', manifest(`${origin}/composes/`).replace('{ LIB:', '{ OTHER: "1", LIB:').replace('/$COMPOSE/', '/$OTHER/'));
  expect((await run('bump')).stderr).toContain('or a name in `variables` (those in `versions` are for packages)');
  write('rpm-packages.yaml', manifest('composes/'));
  expect((await run('bump')).stderr).toContain('a URL must start with');
});
