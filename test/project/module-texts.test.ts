/** modules.yaml of repositories: in the lockfile, in what `fetch --repodata` writes, and in exports. */
import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { sha256 } from '../../src/base/sha256.ts';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { fixture } from '../helpers/fixtures.ts';
import { hermetoProblems } from '../helpers/hermeto-models.ts';
import { rpmRepodata } from '../helpers/rpm-repository.ts';

const modulesText = (version: number): string => `---
document: modulemd
version: 2
data:
  name: demo
  stream: "1"
  version: ${version}
  context: aabbccdd
  arch: x86_64
  summary: demo
  description: demo
  license:
    module: [MIT]
  artifacts:
    rpms: [hello-0:1.0-1.el9.x86_64]
...
`;
const DEFAULTS = `---
document: modulemd-defaults
version: 1
data:
  module: demo
  stream: "1"
...
`;

/** A repository with the RPM of a module, and one without modules. */
async function publish(made: CliProject, version: number): Promise<void> {
  for (const [file, bytes] of await rpmRepodata({ rpms: { 'hello.rpm': RPM }, more: { modules: modulesText(version) + DEFAULTS } })) {
    made.write(`mirror/${file}`, '');
    writeFileSync(join(made.directory, 'mirror', file), bytes);
  }
  copyFileSync(RPM, join(made.directory, 'mirror/hello.rpm'));
}
const RPM = fixture('rpms/unsigned.rpm');

async function project(): Promise<CliProject> {
  const made = cliProject();
  made.write(
    'rpm-packages.yaml',
    'architectures: [x86_64]\nrepositories: [{ id: r, baseurl: $mirror }]\nsets: { a: { packages: [hello] } }\n',
  );
  await publish(made, 1);
  expect((await made.run('lock')).exitCode).toBe(0);
  return made;
}

const fetch = (made: CliProject) => made.run('fetch', '--output', 'out', '--repodata', '--json');
function writtenModules(made: CliProject, folder: string): string[] {
  const names = readdirSync(join(made.directory, folder, 'repodata')).filter((name) => name.endsWith('-modules.yaml.gz'));
  return names.map((name) => gunzipSync(readFileSync(join(made.directory, folder, 'repodata', name))).toString());
}

test('the lockfile names the modules.yaml of a repository that gave a package of a module, and exports carry it', async () => {
  const made = await project();
  const packed = gzipSync(modulesText(1) + DEFAULTS);
  const [repository] = made.readLock('a-x86_64').repositories!;
  expect(repository!.modules).toEqual({ location: 'repodata/modules.xml.gz', sha256: sha256(packed), size: packed.length });
  const exported = parse((await made.run('export', '--format', 'rpms.lock.yaml')).stdout) as { arches: { module_metadata: unknown[] }[] };
  expect(exported.arches[0]!.module_metadata).toEqual([
    {
      url: 'https://mirror.stream.centos.org/repodata/modules.xml.gz',
      repoid: 'r',
      size: packed.length,
      checksum: `sha256:${sha256(packed)}`,
    },
  ]);
});

test('fetch --repodata writes it beside the packages, once for the directory and once for each architecture', async () => {
  const made = await project();
  expect((await fetch(made)).exitCode).toBe(0);
  for (const folder of ['out', 'out/x86_64']) {
    expect(writtenModules(made, folder)).toEqual([modulesText(1) + DEFAULTS]);
    expect(made.read(`${folder}/repodata/repomd.xml`)).toContain('<data type="modules">');
  }
  const before = made.files();
  expect((await made.run('fetch', '--output', 'out', '--repodata', '--offline')).exitCode).toBe(0);
  expect(made.files()).toEqual(before);
});

test('a new modules.yaml alone does not change a lockfile', async () => {
  const made = await project();
  const before = made.read('rpm-lockfiles/a-x86_64.lock.json');
  await publish(made, 2);
  expect((await made.run('update')).exitCode).toBe(0);
  expect(made.read('rpm-lockfiles/a-x86_64.lock.json')).toBe(before);
});

test('where the locked modules.yaml is gone, the current one is used with a warning, and without one nothing is written', async () => {
  const made = await project();
  await publish(made, 2);
  const ran = await fetch(made);
  expect([ran.exitCode, (ran.json as { warnings: { code: string }[] }).warnings.map(({ code }) => code)]).toEqual([
    0,
    ['MODULES_CHANGED', 'SIGNATURE_UNCHECKED'],
  ]);
  expect(writtenModules(made, 'out/x86_64')).toEqual([modulesText(2) + DEFAULTS]);
  const other = await project();
  for (const [file, bytes] of await rpmRepodata({ rpms: { 'hello.rpm': RPM } }))
    writeFileSync(join(other.directory, 'mirror', file), bytes);
  writeFileSync(join(other.directory, 'mirror/repodata/modules.xml.gz'), 'other');
  expect((await fetch(other)).exitCode).toBe(5);
  expect(Object.keys(other.files()).filter((path) => path.startsWith('out/'))).toEqual([]);
});

test('rpms.lock.yaml of rpms.in.yaml has module_metadata, and comes back with it', async () => {
  const made = await project();
  made.write(
    'rpms.in.yaml',
    `contentOrigin: { repos: [{ repoid: r, baseurl: "file://${made.directory}/mirror" }] }\npackages: [hello]\nnoSources: true\n`,
  );
  const run = (command: string) => made.run(command, '--manifest', 'rpms.in.yaml');
  expect((await run('lock')).exitCode).toBe(0);
  const text = made.read('rpms.lock.yaml');
  expect(hermetoProblems(parse(text))).toEqual([]);
  expect(parse(text).arches[0].module_metadata).toEqual([
    { url: `file://${made.directory}/mirror/repodata/modules.xml.gz`, repoid: 'r', size: expect.any(Number), checksum: expect.any(String) },
  ]);
  expect((await run('check')).exitCode).toBe(0);
  expect((await run('update')).exitCode).toBe(0);
  expect(made.read('rpms.lock.yaml')).toBe(text);
});

test('the lockfile has the sha256 of a modules.yaml for which repomd.xml has another checksum, offline too', async () => {
  const made = await project();
  const packed = gzipSync(modulesText(1) + DEFAULTS);
  const repomd = readFileSync(join(made.directory, 'mirror/repodata/repomd.xml'), 'utf8');
  const sha512 = createHash('sha512').update(packed).digest('hex');
  const other = repomd.replace(`type="sha256">${sha256(packed)}`, `type="sha512">${sha512}`);
  expect(other).not.toBe(repomd);
  made.write('mirror/repodata/repomd.xml', other);
  for (const offline of [[], ['--offline']]) {
    rmSync(join(made.directory, 'rpm-lockfiles'), { recursive: true });
    expect((await made.run('lock', ...offline)).exitCode).toBe(0);
    expect(made.readLock('a-x86_64').repositories![0]!.modules).toMatchObject({ sha256: sha256(packed) });
  }
  expect((await fetch(made)).exitCode).toBe(0);
  expect(writtenModules(made, 'out')).toHaveLength(1);
});
