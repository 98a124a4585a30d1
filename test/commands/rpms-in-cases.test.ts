/** The files of `cases/rpms-in-yaml`, read whole and locked, with repositories and images of ours behind their names. */
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { cliProject } from '../helpers/cli-project.ts';
import { corpus } from '../helpers/corpus.ts';
import { fixture } from '../helpers/fixtures.ts';
import { hermetoProblems } from '../helpers/hermeto-models.ts';
import { type OciRegistry, startOciRegistry } from '../helpers/oci-registry.ts';

const shared = corpus();
const folder = shared === undefined ? undefined : join(shared, 'cases/rpms-in-yaml');
const files = folder === undefined ? [] : readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const ARCHITECTURES = { x86_64: 'amd64', aarch64: 'arm64', s390x: 's390x', ppc64le: 'ppc64le' };
const MODULES = { nginx: ['1.24', '1.26'], nodejs: ['20'], postgresql: ['16'], php: ['8.1'] };

let registry: OciRegistry;
let server: Server;
let directory = '';
beforeAll(async () => {
  registry = await startOciRegistry({ auth: 'none' });
  server = createServer((request, response) => {
    const [, architecture, rest] = /\/(x86_64|aarch64|s390x|ppc64le)\/.*?((?:repodata\/)?[^/]+)$/.exec(request.url ?? '') ?? [];
    try {
      response.end(readFileSync(join(directory, 'mirror', architecture!, rest!)));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
});
afterAll(async () => {
  await registry.close();
  await new Promise((done) => server.close(done));
});

interface Case {
  readonly packages: readonly (string | { readonly name: string })[];
  readonly arches?: readonly string[];
  readonly contentOrigin: { readonly repofiles?: readonly string[] };
}

const modulesYaml = (): string =>
  Object.entries(MODULES)
    .flatMap(([name, streams]) => streams.map((stream) => [name, stream] as const))
    .map(
      ([name, stream]) => `---
document: modulemd
version: 2
data:
  name: ${name}
  stream: "${stream}"
  version: 1
  context: aabbccdd
  arch: x86_64
  summary: ${name}
  description: ${name}
  license: { module: [MIT] }
  profiles: { common: { rpms: [${name}] } }
  artifacts: { rpms: ["${name}-0:${stream}-1.noarch"] }
...
---
document: modulemd-defaults
version: 1
data: { module: ${name}, stream: "${streams(name)[0]}", profiles: { "${stream}": [common] } }
...
`,
    )
    .join('');
const streams = (name: string): readonly string[] => MODULES[name as keyof typeof MODULES];

test.skipIf(folder === undefined)('there are cases', () => {
  expect(files.length).toBeGreaterThan(0);
});

test.each(files)('%s is locked for each of its architectures', async (file) => {
  const made = cliProject();
  directory = made.directory;
  const layers = [[{ path: 'var/lib/rpm/rpmdb.sqlite', bytes: gunzipSync(readFileSync(fixture('rpmdb/rpmdb.sqlite.gz'))) }]];
  const image = Object.fromEntries(Object.values(ARCHITECTURES).map((name) => [name, layers]));
  const labels = () => ({ version: '10.1' });
  const digest = await registry.push('ubi9', 'latest', image, { labels });
  for (const [name, tag] of [
    ['ubi9/ubi', 'latest'],
    ['ubi9/ubi-minimal', '9.7'],
  ] as const)
    await registry.push(name, tag, image, { labels });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const text = readFileSync(join(folder!, file), 'utf8')
    .replaceAll(/https:\/\/cdn(?:-ubi)?\.redhat\.com/g, origin)
    .replaceAll('registry.access.redhat.com', registry.host)
    .replace(/sha256:[0-9a-f]{64}/, digest)
    // What is installed in the image of ours, and a certificate that is there.
    .replace('openssl-libs', 'libselinux')
    .replace('/etc/rhsm/ca/redhat-uep.pem', 'certificate.pem');
  const { packages, arches = ['x86_64'], contentOrigin } = parse(text) as Case;
  made.write('rpms.in.yaml', text);
  for (const name of ['Dockerfile', 'Dockerfile.rhtap']) made.write(name, `FROM ${registry.host}/ubi9/ubi\nRUN dnf -y install jq\n`);
  for (const name of contentOrigin.repofiles ?? [])
    made.write(name, `[${name.replaceAll(/\W/g, '')}]\nbaseurl=${origin}/${name.replaceAll(/\W/g, '')}/$basearch/os\ngpgcheck=1\n`);
  const names = packages.map((entry) => (typeof entry === 'string' ? entry : entry.name)).filter((name) => !name.startsWith('@'));
  const plain = names.filter((name) => !Object.hasOwn(MODULES, name)).map((name) => `${name}-9-1.noarch`);
  const installed = ['tzdata-2024b-2.el9.noarch', 'libselinux-9-1.x86_64'];
  const modular = Object.entries(MODULES).flatMap(([name, all]) => all.map((stream) => `${name}-${stream}-1.noarch`));
  for (const architecture of Object.keys(ARCHITECTURES))
    made.mirror(architecture, [...plain, ...installed, ...modular], { modules: modulesYaml() });
  made.write('certificate.pem', 'x');
  made.env['DNF_VAR_SSL_CLIENT_CERT'] = 'certificate.pem';
  made.env['DNF_VAR_SSL_CLIENT_KEY'] = 'certificate.pem';
  const ran = await made.run('lock');
  expect(ran.exitCode).toBe(0);
  const lock = parse(made.read('rpms.lock.yaml')) as { arches: { arch: string; packages: { name: string; url: string }[] }[] };
  expect(hermetoProblems(lock)).toEqual([]);
  expect(lock.arches.map(({ arch }) => arch)).toEqual([...arches].sort());
  for (const { packages: locked } of lock.arches) expect(locked.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  if (text.includes('reinstallPackages: [tzdata]'))
    expect(lock.arches[0]!.packages.map(({ name }) => name)).toEqual(expect.arrayContaining(['tzdata', 'libselinux', 'nodejs']));
  expect((await made.run('check')).exitCode).toBe(0);
});
