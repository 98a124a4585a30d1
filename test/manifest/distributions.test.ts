/** What `init --distribution` writes is locked and fetched from servers that have metadata as those of the distribution have it. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { openBytes } from '../../src/io/decompress.ts';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';
import { filelistsXml, primaryXml } from '../helpers/small-mirror.ts';

const OS = fixture('mirror/9-stream/BaseOS/x86_64/os');
const KEY = readFileSync(fixture('keys/RPM-GPG-KEY-fixture'));
/** What the first set of a new manifest asks for is there. */
const SYSTEM = await openedFixture();
const EMPTY = { primary: primaryXml([]), filelists: filelistsXml([]) };

let server: FaultyServer;
beforeEach(async () => {
  server = await startFaultyServer();
});
afterEach(() => server.close());

async function openedFixture(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  const repomd = readFileSync(join(OS, 'repodata/repomd.xml'), 'utf8');
  for (const [, type, href] of repomd.matchAll(/<data type="(primary|filelists|other|group)">.*?href="([^"]+)"/gs))
    files[type!] = Buffer.from(await openBytes(readFileSync(join(OS, href!)), { what: href! })).toString();
  return files;
}

type Packing = 'gz' | 'zst';

function packed(text: string, packing: Packing): Uint8Array {
  if (packing === 'gz') return gzipSync(text);
  const { status, stdout } = spawnSync('zstd', ['-c', '-'], { input: text, maxBuffer: 1e8 });
  return status === 0 ? stdout : storedZstd(Buffer.from(text));
}

/** A frame of zstd whose blocks are not compressed, for machines without the program. */
function storedZstd(bytes: Uint8Array): Uint8Array {
  const head = Buffer.from('28b52ffda000000000', 'hex');
  head.writeUInt32LE(bytes.length, 5);
  const blocks: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 1 << 17) {
    const block = bytes.subarray(at, at + (1 << 17));
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (at + block.length >= bytes.length ? 1 : 0), 0, 3);
    blocks.push(header, block);
  }
  return Buffer.concat([head, ...blocks]);
}

interface Shape {
  readonly packing: Packing;
  /** Beside each file the one that zchunk reads, and databases: nobody here reads them. */
  readonly zchunk?: boolean;
  readonly databases?: boolean;
  /** Of Red Hat's repositories. */
  readonly productid?: boolean;
}

/** Puts `repodata/` below a path of the server; returns repomd.xml. */
function serveRepository(path: string, files: Readonly<Record<string, string>>, { packing, zchunk, databases, productid }: Shape): string {
  const records = Object.entries(files).map(([type, text]) => {
    const bytes = packed(text, packing);
    const href = `repodata/${sha256(bytes)}-${type === 'group' ? 'comps-Everything' : type}.xml.${packing}`;
    server.serve(`${path}${href}`, bytes);
    const checksums = `<checksum type="sha256">${sha256(bytes)}</checksum><open-checksum type="sha256">${sha256(text)}</open-checksum>`;
    const sizes = `<size>${bytes.length}</size><open-size>${Buffer.byteLength(text)}</open-size>`;
    return `<data type="${type}">${checksums}<location href="${href}"/><timestamp>1736000000</timestamp>${sizes}</data>`;
  });
  const unread = (type: string, suffix: string, more: string): string =>
    `<data type="${type}"><checksum type="sha256">${'0'.repeat(64)}</checksum>${more}<location href="repodata/${type}.${suffix}"/><timestamp>1736000000</timestamp><size>9</size></data>`;
  const others = [
    ...(zchunk === true
      ? ['primary_zck', 'filelists_zck'].map((type) =>
          unread(type, 'xml.zck', `<header-checksum type="sha256">${'1'.repeat(64)}</header-checksum><header-size>5</header-size>`),
        )
      : []),
    ...(databases === true
      ? ['primary_db', 'filelists_db'].map((type) => unread(type, 'sqlite.bz2', '<database_version>10</database_version>'))
      : []),
    ...(productid === true ? [unread('productid', 'gz', '')] : []),
  ];
  const repomd = `<?xml version="1.0" encoding="UTF-8"?>\n<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
<revision>1736000000</revision>${[...records, ...others].join('\n')}</repomd>\n`;
  server.serve(`${path}repodata/repomd.xml`, repomd);
  return repomd;
}

/** As MirrorManager writes it: repomd.xml of two states, mirrors for rsync and mirrors that are gone. */
function serveMetalink(query: string, path: string, repomd: string): void {
  const hashes = (text: string): string =>
    ['md5', 'sha1', 'sha256', 'sha512']
      .map((type) => `<hash type="${type}">${createHash(type).update(text).digest('hex')}</hash>`)
      .join('');
  const state = (text: string): string =>
    `<mm0:timestamp>1736000000</mm0:timestamp><size>${text.length}</size><verification>${hashes(text)}</verification>`;
  const mirror = (url: string, preference: number): string =>
    `<url protocol="${/^\w+/.exec(url)![0]}" type="${/^\w+/.exec(url)![0]}" location="DE" preference="${preference}">${url}repodata/repomd.xml</url>`;
  server.serve(
    `/mirrors.fedoraproject.org/metalink?${query}`,
    `<?xml version="1.0" encoding="utf-8"?>
<metalink version="3.0" xmlns="http://www.metalinker.org/" type="dynamic" pubdate="Sat, 04 Jan 2025 14:13:20 GMT" generator="mirrormanager" xmlns:mm0="http://fedorahosted.org/mirrormanager">
<files><file name="repomd.xml">${state(repomd)}<mm0:alternates><mm0:alternate>${state('<repomd/>')}</mm0:alternate></mm0:alternates>
<resources maxconnections="1">${mirror('rsync://mirror.example/fedora/', 100)}${mirror(`${server.url}/gone/`, 99)}${mirror(`${server.url}${path}`, 98)}</resources></file></files></metalink>`,
  );
}

function serveList(query: string, path: string, files: Readonly<Record<string, string>>, shape: Shape): void {
  serveMetalink(query, path, serveRepository(path, files, shape));
}

/** The manifest of `init`, whose servers are all below the one of this test: `https://host/path` is `/host/path`. */
async function start(...distributions: readonly string[]): Promise<CliProject> {
  const made = cliProject();
  const options = distributions.flatMap((name) => ['--distribution', name]);
  expect(await made.run('init', '--arch', 'x86_64', ...options)).toMatchObject({ exitCode: 0 });
  const text = made.read('rpm-packages.yaml').replaceAll('https://', `${server.url}/`);
  made.write('rpm-packages.yaml', text.replace('- findutils', '- acl'));
  delete made.env['RPM_DEPS_MIRROR'];
  for (const [url] of made.read('rpm-packages.yaml').matchAll(/(?<=gpgkey: "?)http[^"\s,}]+/g)) server.serve(new URL(url).pathname, KEY);
  return made;
}

function serveRpms(path: string): void {
  for (const name of readdirSync(join(OS, 'Packages')))
    server.serve(`${path}Packages/${encodeURIComponent(name)}`, readFileSync(join(OS, 'Packages', name)));
}

async function lockAndFetch(made: CliProject): Promise<void> {
  const update = await made.run('update');
  expect({ exitCode: update.exitCode, stderr: update.stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
  const locked = made.locked('tools-x86_64');
  expect(locked).toEqual(expect.arrayContaining(['bash-5.1.8-9.el9.x86_64', 'glibc-minimal-langpack-2.34-165.el9.x86_64']));
  expect(await made.run('fetch', '--output', 'out')).toMatchObject({ exitCode: 0 });
  expect(await made.run('check')).toMatchObject({ exitCode: 0 });
}

test('Fedora: metalinks and files in zstd, beside those of zchunk', async () => {
  const shape: Shape = { packing: 'zst', zchunk: true };
  const made = await start('fedora');
  const releasever = /releasever: "(\d+)"/.exec(made.read('rpm-packages.yaml'))![1]!;
  serveList(`repo=fedora-${releasever}&arch=x86_64`, '/releases/', SYSTEM, shape);
  serveRpms('/releases/');
  serveList(`repo=updates-released-f${releasever}&arch=x86_64`, '/updates/', EMPTY, shape);
  await lockAndFetch(made);
  expect(made.readLock('tools-x86_64').repositories!.map(({ id, list }) => [id, list])).toEqual([
    ['fedora', 'metalink'],
    ['updates', 'metalink'],
  ]);
  expect((await made.run('search', 'bash')).stdout).toContain('bash');
  // The key of the preset is what packages are checked by.
  server.serve('/fedoraproject.org/fedora.gpg', readFileSync(fixture('keys/RPM-GPG-KEY-second')));
  made.env['RPM_DEPS_CACHE_DIR'] = join(made.directory, '.cache/other');
  const { exitCode, stderr } = await made.run('fetch', '--output', 'again');
  expect({ exitCode, stderr }).toEqual({ exitCode: 5, stderr: expect.stringContaining('which is not among the keys of its repository') });
});

test.each([
  ['epel-9', 'repo=epel-9&arch=x86_64', '9', { packing: 'gz', databases: true, zchunk: true }],
  ['epel-10', 'repo=epel-z-10&arch=x86_64', '10', { packing: 'zst' }],
] as const)('%s: a metalink beside CentOS Stream of its version, which has plain URLs', async (name, query, version, shape) => {
  for (const repository of ['AppStream', 'CRB'])
    serveRepository(`/mirror.stream.centos.org/${version}-stream/${repository}/x86_64/os/`, EMPTY, { packing: 'gz' });
  const baseos = `/mirror.stream.centos.org/${version}-stream/BaseOS/x86_64/os/`;
  serveRepository(baseos, SYSTEM, { packing: 'gz' });
  serveRpms(baseos);
  const lines = ['jo-1.9-1.el9.x86_64 requires: bash'];
  serveList(query, '/epel/', { primary: primaryXml(lines), filelists: filelistsXml(lines) }, shape);
  const made = await start(name);
  await lockAndFetch(made);
  expect((await made.run('resolve', 'jo')).stdout).toMatch(/^jo +x86_64 +1\.9-1\.el9 +epel$/m);
});

test('COPR beside CentOS Stream 10: a plain repository without groups, with a folder for each build', async () => {
  for (const repository of ['AppStream', 'CRB'])
    serveRepository(`/mirror.stream.centos.org/10-stream/${repository}/x86_64/os/`, EMPTY, { packing: 'gz' });
  const baseos = '/mirror.stream.centos.org/10-stream/BaseOS/x86_64/os/';
  serveRepository(baseos, SYSTEM, { packing: 'gz' });
  serveRpms(baseos);
  const lines = ['nightly-2-1.x86_64 requires: bash'];
  const primary = primaryXml(lines).replace(/<location href="/, '<location href="08123456-nightly/');
  serveRepository(
    '/download.copr.fedorainfracloud.org/results/@kubevirt/nightly/centos-stream-10-x86_64/',
    { primary, filelists: filelistsXml(lines) },
    { packing: 'gz', databases: true },
  );
  const made = await start('centos-stream-10', 'copr:@kubevirt/nightly');
  await lockAndFetch(made);
  const { json } = await made.run('resolve', 'nightly', '--json');
  expect((json as { packages: { name: string; repository: string }[] }).packages.find(({ name }) => name === 'nightly')?.repository).toBe(
    'copr_group_kubevirt_nightly',
  );
});

/** The packages of a repository in folders by letter, as Pulp lays them out, and of each an older version. */
function asPulp(files: Readonly<Record<string, string>>): Record<string, string> {
  const primary = files['primary']!.replace(
    /href="Packages\/(.)/g,
    (_, letter: string) => `href="Packages/${letter.toLowerCase()}/${letter}`,
  );
  const [head = '', ...packages] = primary.split(/(?=<package )/);
  const older = packages.map((xml) =>
    xml
      .replace(/<\/metadata>\s*$/, '')
      .replace(/(<version [^>]*ver=")[^"]*/, '$10.1')
      .replace(/(<checksum type="sha256" pkgid="YES">)[0-9a-f]{64}/, (_, tag: string) => `${tag}${sha256(xml)}`)
      .replace(/href="[^"]*"/, 'href="Packages/o/older.rpm"'),
  );
  return { ...files, primary: [withCount(head, 2 * packages.length), ...older, ...packages].join('') };
}

const withCount = (xml: string, count: number): string => xml.replace(/packages="\d+"/, `packages="${count}"`);
const countOf = (xml: string): number => Number(/packages="(\d+)"/.exec(xml)![1]);

const UPDATES = `<updates><update type="security" from="x"><id>RHSA-2025:1</id><title>t</title><pkglist><collection short="c"><name>c</name>
<package name="bash" version="5.1.8" release="9.el9" epoch="0" arch="x86_64"><filename>bash-5.1.8-9.el9.x86_64.rpm</filename></package></collection></pkglist></update></updates>`;

test('UBI: plain URLs with ids as entitlement has them, folders by letter, older versions, advisories, product ids and modules', async () => {
  const stream = (name: string, version: string): string => `---
document: modulemd
version: 2
data: { name: nodejs, stream: "${name}", version: 9050020250101, context: rhel9, arch: x86_64, summary: s, description: d, license: { module: [MIT] },
  artifacts: { rpms: ["nodejs-1:${version}-1.module+el9.5.0+1+aa.x86_64"] } }
`;
  const lines = ['18.20.4', '20.16.0'].map((version) => `nodejs-1:${version}-1.module+el9.5.0+1+aa.x86_64 requires: bash`);
  const place = (name: string): string => `/cdn-ubi.redhat.com/content/public/ubi/dist/ubi9/9/x86_64/${name}/os/`;
  const shape: Shape = { packing: 'gz', productid: true };
  serveRepository(place('baseos'), { ...asPulp(SYSTEM), updateinfo: UPDATES }, shape);
  const modules = `${stream('18', '18.20.4')}${stream('20', '20.16.0')}`;
  serveRepository(place('appstream'), { primary: primaryXml(lines), filelists: filelistsXml(lines), modules }, shape);
  serveRepository(place('codeready-builder'), EMPTY, shape);
  for (const name of readdirSync(join(OS, 'Packages')))
    server.serve(
      `${place('baseos')}Packages/${name[0]!.toLowerCase()}/${encodeURIComponent(name)}`,
      readFileSync(join(OS, 'Packages', name)),
    );
  const made = await start('ubi9');
  await lockAndFetch(made);
  const ids = ['baseos', 'appstream', 'codeready-builder'].map((name) => `ubi-9-${name}-rpms`);
  expect(made.readLock('tools-x86_64').repositories!.map(({ id }) => id)).toEqual(ids);
  expect((await made.run('resolve', 'nodejs', '--enable-module', 'nodejs:18')).stdout).toMatch(
    /^nodejs +x86_64 +1:18\.20\.4-1\.module\S+ +ubi-9-appstream-rpms$/m,
  );
});

const LARGE = 70_000;

test('Fedora with 70,000 packages: a chain through it is locked, searched and found again', async () => {
  const lines = Array.from(
    { length: LARGE },
    (_, i) => `large-${i}-1-1.fc44.x86_64 requires: large-${i + 700}; files: /usr/lib/large/${i}`,
  );
  const inner = (xml: string): string => xml.slice(xml.indexOf('<package ')).replace(/<\/\w+>\s*$/, '');
  const closed = lines.map((line, i) => (i + 700 < LARGE ? line : line.replace(/ requires: [^;]+;/, '')));
  const joined = (xml: string, more: string): string =>
    withCount(xml, countOf(xml) + LARGE).replace(/<\/\w+>\s*$/, (end) => `${inner(more)}${end}`);
  const primary = joined(SYSTEM['primary']!, primaryXml(closed));
  const whole = { ...SYSTEM, primary, filelists: joined(SYSTEM['filelists']!, filelistsXml(closed)) };
  const made = await start('fedora');
  const releasever = /releasever: "(\d+)"/.exec(made.read('rpm-packages.yaml'))![1]!;
  serveList(`repo=fedora-${releasever}&arch=x86_64`, '/releases/', whole, { packing: 'zst', zchunk: true });
  serveList(`repo=updates-released-f${releasever}&arch=x86_64`, '/updates/', EMPTY, { packing: 'zst' });
  expect(await made.run('add', 'large-0')).toMatchObject({ exitCode: 0 });
  const chain = made.locked('tools-x86_64').filter((nevra) => nevra.startsWith('large-'));
  expect(chain).toHaveLength(LARGE / 700);
  expect((await made.run('search', 'large-69999')).stdout).toContain('large-69999');
  expect((await made.run('resolve', '/usr/lib/large/69300')).stdout).toMatch(/^large-69300 /m);
  expect(await made.run('update')).toMatchObject({ exitCode: 0, stdout: expect.not.stringContaining('written') });
});
