/** What a run does not need may be lost, weak or broken; what it needs is an error that says what is wrong. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import type { ProgressEvent } from '../../src/base/events.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import { loadPool } from '../../src/repositories/load-pool.ts';
import type { ResolvedRepository } from '../../src/repositories/repository.ts';
import { resolve } from '../../src/resolution/resolve.ts';
import { fixture } from '../helpers/fixtures.ts';
import { plainRepository } from '../helpers/plain-repository.ts';
import { type RpmRepository, rpmRepodata } from '../helpers/rpm-repository.ts';

const http = createHttpClient({ env: {} });
const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-lost-'));
afterAll(async () => {
  await http.close();
  rmSync(directory, { recursive: true });
});

const COMPS = `<comps><group><id>tools</id><name>tools</name><packagelist><packagereq type="mandatory">hello</packagereq></packagelist></group></comps>`;
const MODULES = `---
document: modulemd
version: 2
data: { name: m, stream: "1", version: 1, context: c0ffee, arch: x86_64, summary: m, description: m, license: { module: [MIT] } }
...
`;
let count = 0;

interface Written {
  readonly lose?: readonly string[];
  readonly more?: Partial<ResolvedRepository>;
  readonly repository?: Partial<RpmRepository>;
}

/** What is asked of a repository in a folder, and what was told meanwhile. */
async function ask(specs: readonly string[], { lose = [], more = {}, repository = {} }: Written) {
  const folder = join(directory, String(count++));
  const files = await rpmRepodata({ rpms: { 'hello.rpm': fixture('rpms/unsigned.rpm') }, ...repository });
  for (const [file, bytes] of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    if (!lose.includes(file)) writeFileSync(join(folder, file), bytes);
  }
  const events: ProgressEvent[] = [];
  const repositories = [plainRepository('r', [pathToFileURL(folder).href], more)];
  const options = { architecture: 'x86_64', repositories, cacheDir: join(folder, 'cache'), http, offline: false };
  const pool = await loadPool({ ...options, emit: (event) => void events.push(event) });
  const outcome = resolve(pool, { install: specs });
  const warnings = events.flatMap((event) => (event.kind === 'warning' ? [`${event.code}: ${event.text}`] : []));
  return { answer: outcome.kind === 'solved' ? outcome.packages.map(({ name }) => name) : outcome.problems, warnings };
}

const GROUPS = { more: { group: COMPS, group_gz: COMPS } };

test.each([
  ['the plain form is lost', ['repodata/group.xml.gz']],
  ['the packed form is lost', ['repodata/group_gz.xml.gz']],
])('groups are read though %s', async (_, lose) => {
  expect((await ask(['@tools'], { lose, repository: GROUPS })).answer).toEqual(['hello']);
});

test('without any form of comps.xml packages can be asked for, and groups cannot', async () => {
  const lose = ['repodata/group.xml.gz', 'repodata/group_gz.xml.gz'];
  expect((await ask(['hello'], { lose, repository: GROUPS })).answer).toEqual(['hello']);
  await expect(ask(['@tools'], { lose, repository: GROUPS })).rejects.toMatchObject({
    code: 'NETWORK',
    message: expect.stringContaining('group_gz.xml.gz does not exist'),
    hint: expect.stringContaining('repomd.xml names a file that does not exist'),
  });
});

test('lost modules.yaml is an error, since packages of modules would not be known, but not where modules are not filtered', async () => {
  const written = { lose: ['repodata/modules.xml.gz'], repository: { more: { modules: MODULES } } };
  await expect(ask(['hello'], written)).rejects.toMatchObject({
    code: 'NETWORK',
    hint: expect.stringContaining('`module_hotfixes: true`'),
  });
  expect((await ask(['hello'], { ...written, more: { moduleHotfixes: true } })).answer).toEqual(['hello']);
});

test.each(['updateinfo', 'other', 'group'])('a weak checksum of %s does not matter to who asks for packages', async (type) => {
  const editRepomd = (xml: string): string =>
    xml.replace(new RegExp(`(<data type="${type}">)<checksum type="sha256">[0-9a-f]*`), `$1<checksum type="sha">${'0'.repeat(40)}`);
  const { answer } = await ask(['hello'], {
    repository: { editRepomd, more: { updateinfo: '<updates/>', other: '<otherdata/>', group: COMPS } },
  });
  expect(answer).toEqual(['hello']);
});

test.each(['sha', 'sha1', 'md5'])('a repository that has only %s is read where that is allowed', async (repomdChecksum) => {
  const written = { repository: { repomdChecksum, ...GROUPS } };
  await expect(ask(['hello'], written)).rejects.toMatchObject({
    code: 'METADATA_INVALID',
    message: expect.stringMatching(/the primary file of repository r has only a (?:sha1|md5) checksum/),
    hint: expect.stringContaining('allow_weak_checksums: true'),
  });
  expect((await ask(['hello', '@tools', '/usr/bin/hello'], { ...written, more: { allowWeakChecksums: true } })).answer).toEqual(['hello']);
});

test.each([
  ['too small', 10],
  ['too large', 99_999],
])('a size that is %s is told, and the file is used', async (_, size) => {
  const editRepomd = (xml: string): string => xml.replaceAll(/<size>\d+<\/size><open-size>\d+/g, `<size>${size}</size><open-size>${size}`);
  const { answer, warnings } = await ask(['hello'], { repository: { editRepomd } });
  expect(answer).toEqual(['hello']);
  expect(warnings).toEqual([
    expect.stringMatching(`^SIZE_WRONG: repository r: the primary file has \\d+ bytes where repomd.xml says ${size}`),
  ]);
});

test('an error of the checksum is one, whatever the size', async () => {
  const editRepomd = (xml: string): string => xml.replace(/(<data type="primary">.*?>)[0-9a-f]{64}/s, `$1${'0'.repeat(64)}`);
  await expect(ask(['hello'], { repository: { editRepomd } })).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
});

test('of equal packages the one from the cheaper repository is taken', async () => {
  const folders = ['one', 'two'].map((name) => join(directory, name));
  for (const folder of folders) {
    for (const [file, bytes] of await rpmRepodata({ rpms: { 'hello.rpm': fixture('rpms/unsigned.rpm') } })) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), bytes);
    }
  }
  const taken = async (costs: readonly number[]) => {
    const repositories = folders.map((folder, i) => plainRepository(String(i), [pathToFileURL(folder).href], { cost: costs[i]! }));
    const options = { architecture: 'x86_64', repositories, cacheDir: join(directory, `cost-${costs[1]}`), http, offline: false };
    const outcome = resolve(await loadPool({ ...options, emit: () => {} }), { install: ['hello'] });
    return outcome.kind === 'solved' ? outcome.packages.map(({ repository }) => repository) : outcome.problems;
  };
  expect(await taken([1000, 1000])).toEqual(['0']);
  expect(await taken([1000, 100])).toEqual(['1']);
});
