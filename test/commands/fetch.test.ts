import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { archiveLocked } from '../../src/commands/archive.ts';
import { fetchLocked } from '../../src/commands/fetch.ts';
import { verifyLocked } from '../../src/commands/verify.ts';
import { thisWriter } from '../../src/io/writer.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { type FaultyServer, startFaultyServer } from '../helpers/faulty-server.ts';
import { fixture } from '../helpers/fixtures.ts';
import { FIXTURE_MIRROR, lockedProject, newProject, type Project, rerun, serveFixtureRpms } from '../helpers/project.ts';

let server: FaultyServer;
let rpmPaths: string[];
beforeAll(async () => {
  server = await startFaultyServer({ authorization: 'Bearer t0ken' });
});
afterAll(() => server.close());
beforeEach(() => {
  server.files.clear();
  server.seen.length = 0;
  rpmPaths = serveFixtureRpms(server);
});

function lockOf({ cwd }: Project, architecture = 's390x'): Lockfile {
  return JSON.parse(readFileSync(join(cwd, `rpm-lockfiles/odd-${architecture}.lock.json`), 'utf8')) as Lockfile;
}

function writeLock({ cwd }: Project, lock: Lockfile): void {
  writeFileSync(join(cwd, `rpm-lockfiles/${lock.package_set}-${lock.architecture}.lock.json`), JSON.stringify(lock));
}

/** What the files of fixtures/rpms are. */
const HELLO = {
  name: 'hello',
  epoch: '0',
  version: '1.0',
  release: '1.el9',
  arch: 'x86_64',
  source: 'hello-1.0-1.el9.src.rpm',
  filename: 'hello-1.0-1.el9.x86_64.rpm',
};

const requestsOf = (name: string): number =>
  server.seen.filter(({ path, method }) => method === 'GET' && decodeURIComponent(path).includes(name)).length;

describe('fetch', () => {
  test('gets every file once, whole and signed, and needs no network the second time', async () => {
    const project = await lockedProject(server.url, { architectures: ['s390x', 'aarch64'] });
    const { files, downloaded, reused, signaturesChecked } = await fetchLocked({}, project.context);
    const digests = new Set(files.map((file) => file.sha256));
    expect(files).toHaveLength(lockOf(project).packages.length + lockOf(project, 'aarch64').packages.length);
    expect([downloaded, reused, signaturesChecked]).toEqual([digests.size, 0, digests.size]);
    expect(server.seen).toHaveLength(digests.size);
    for (const { path, sha256: wanted } of files) expect(sha256(readFileSync(path))).toBe(wanted);
    const again = await fetchLocked({}, rerun(project, { offline: true }).context);
    expect([again.downloaded, again.reused]).toEqual([0, digests.size]);
  });

  test('finds files whose names hold characters that mean something in a URL', async () => {
    const project = await lockedProject(server.url);
    await fetchLocked({}, project.context);
    const odd = server.seen.map(({ path }) => path).filter((path) => /%5E|~/.test(path));
    expect(odd.map((path) => decodeURIComponent(path).replace(/.*\//, ''))).toEqual(
      expect.arrayContaining(['passt-0^20241121.g238c69f-1.el9.s390x.rpm', 'swtpm-libs-0.9.0~rc2-1.el9.s390x.rpm']),
    );
  });

  test('lays out architecture and file name, by link, again and again', async () => {
    const project = await lockedProject(FIXTURE_MIRROR);
    const { files, output } = await fetchLocked({ output: 'rpms' }, project.context);
    expect(readdirSync(join(output!, 's390x')).sort()).toEqual(files.map(({ filename }) => filename));
    const first = join(output!, 's390x', files[0]!.filename);
    expect(statSync(first).ino).toBe(statSync(files[0]!.path).ino);
    rmSync(first);
    writeFileSync(first, 'edited');
    await fetchLocked({ output: 'rpms' }, project.context);
    expect(sha256(readFileSync(first))).toBe(files[0]!.sha256);
    expect(readdirSync(join(output!, 's390x'))).toHaveLength(files.length);
  });

  test('copies on request, so that editing the output leaves the store alone', async () => {
    const project = await lockedProject(FIXTURE_MIRROR);
    const { files, output } = await fetchLocked({ output: 'rpms', copy: true }, project.context);
    expect(statSync(join(output!, 's390x', files[0]!.filename)).ino).not.toBe(statSync(files[0]!.path).ino);
  });

  test('goes to the fallbacks for what the mirror dropped', async () => {
    const gone = rpmPaths.find((path) => path.includes('s390x/os/Packages/acl-'))!;
    const acl = server.files.get(gone)!;
    server.files.delete(gone);
    server.serve(`/bucket/${sha256(acl)}`, acl);
    const project = await lockedProject(server.url, { fallbacks: [`${server.url}/empty/{filename}`, `${server.url}/bucket/{sha256}`] });
    const { files } = await fetchLocked({}, project.context);
    expect(files.find(({ filename }) => filename.startsWith('acl-'))?.url).toBe(`${server.url}/bucket/${sha256(acl)}`);
  });

  test('fallbacks may name the package and its architecture', async () => {
    const gone = rpmPaths.filter((path) => /s390x\/os\/Packages\/(acl|swtpm-libs)-/.test(path));
    for (const path of gone) {
      const name = /acl|swtpm-libs/.exec(path)![0];
      server.serve(`/kept/s390x/${name}/${path.replace(/.*\//, '')}`, server.files.get(path)!);
      server.files.delete(path);
    }
    const project = await lockedProject(server.url, { fallbacks: [`${server.url}/kept/{arch}/{name}/{filename}`] });
    const { files } = await fetchLocked({}, project.context);
    expect(files.filter(({ url }) => url?.includes('/kept/s390x/') === true)).toHaveLength(gone.length);
  });

  test('names every file that is nowhere, and keeps what it got', async () => {
    for (const path of rpmPaths.filter((name) => /s390x\/os\/Packages\/(acl|libacl)-/.test(name))) server.files.delete(path);
    const project = await lockedProject(server.url);
    await expect(fetchLocked({}, project.context)).rejects.toMatchObject({
      code: 'NETWORK',
      details: [expect.stringContaining('acl-2.3.1'), expect.stringContaining('libacl-2.3.1')],
    });
    serveFixtureRpms(server);
    const { downloaded } = await fetchLocked({}, project.context);
    expect(downloaded).toBe(2);
  });

  test('refuses another file of the same name, and stores nothing of it', async () => {
    const path = rpmPaths.find((name) => name.includes('s390x/os/Packages/acl-'))!;
    server.serve(path, server.files.get(rpmPaths.find((name) => name.includes('s390x/os/Packages/libacl-'))!)!);
    const project = await lockedProject(server.url);
    await expect(fetchLocked({}, project.context)).rejects.toMatchObject({
      code: 'DIGEST_MISMATCH',
      message: expect.stringContaining('acl-'),
    });
    const locked = lockOf(project).packages.find(({ name }) => name === 'acl')!;
    expect(existsSync(join(project.context.cacheDir, 'content-v1/sha256', locked.sha256.slice(0, 2), locked.sha256.slice(2)))).toBe(false);
    expect(readdirSync(join(project.context.cacheDir, 'content-v1/partial'))).toEqual([]);
  });

  test('reads a lock of schema 1.0, which has no locations, with the metadata of the mirror', async () => {
    const project = await lockedProject(FIXTURE_MIRROR);
    const { packages, architecture, package_set } = lockOf(project);
    const old = packages.map(({ name, epoch, version, release, arch, sha256: digest, filename }) => ({
      name,
      epoch,
      version,
      release,
      arch,
      sha256: digest,
      filename,
    }));
    writeLock(project, { schema_version: '1.0', architecture, package_set, packages: old } as unknown as Lockfile);
    const { downloaded, signaturesChecked } = await fetchLocked({}, project.context);
    expect([downloaded, signaturesChecked]).toEqual([packages.length, packages.length]);
  });

  test('refuses what another key signed, and takes it without a look when told so', async () => {
    const project = await lockedProject(FIXTURE_MIRROR, { key: 'second' });
    await expect(fetchLocked({}, project.context)).rejects.toMatchObject({ code: 'SIGNATURE' });
    expect((await fetchLocked({ signatures: false }, project.context)).signaturesChecked).toBe(0);
  });

  test('refuses a key that the lock does not list', async () => {
    const project = await lockedProject(FIXTURE_MIRROR);
    const lock = lockOf(project);
    writeLock(project, {
      ...lock,
      repositories: lock.repositories!.map((repository) => ({ ...repository, gpgkey_fingerprints: ['A'.repeat(40)] })),
    });
    await expect(fetchLocked({}, project.context)).rejects.toMatchObject({ code: 'SIGNATURE' });
  });

  test('fetches again what was altered in the store', async () => {
    const project = await lockedProject(server.url);
    const { files } = await fetchLocked({}, project.context);
    writeFileSync(files[0]!.path, 'rot');
    const { downloaded } = await fetchLocked({}, project.context);
    expect(downloaded).toBe(1);
    expect(sha256(readFileSync(files[0]!.path))).toBe(files[0]!.sha256);
  });

  test('works without a manifest, from what the locks say', async () => {
    const project = await lockedProject(FIXTURE_MIRROR);
    rmSync(join(project.cwd, 'rpm-packages.yaml'));
    const { downloaded, signaturesChecked } = await fetchLocked({}, project.context);
    expect(downloaded).toBeGreaterThan(0);
    expect(signaturesChecked).toBe(0);
  });

  test('takes up in the next run what the mirror broke off for good', async () => {
    const path = rpmPaths.find((name) => name.includes('s390x/os/Packages/libacl-'))!;
    const content = server.files.get(path)!;
    server.serve(path, content, { kind: 'reset', share: 0.5 });
    const project = await lockedProject(server.url);
    await expect(fetchLocked({}, project.context)).rejects.toMatchObject({ code: 'NETWORK' });
    const [part] = readdirSync(join(project.context.cacheDir, 'content-v1/partial'));
    expect(part).toMatch(new RegExp(`^${sha256(content)}\\.`));
    server.serve(path, content);
    server.seen.length = 0;
    await fetchLocked({}, project.context);
    expect(server.seen.map(({ headers }) => headers['range'])).toEqual([`bytes=${Math.ceil(content.length / 2)}-`]);
    expect(readdirSync(join(project.context.cacheDir, 'content-v1/partial'))).toEqual([]);
  });

  test.skipIf(process.getuid?.() === 0)('says that it may not write, and leaves nothing', async () => {
    const project = await lockedProject(FIXTURE_MIRROR);
    mkdirSync(project.context.cacheDir);
    chmodSync(project.context.cacheDir, 0o500);
    await expect(fetchLocked({}, project.context)).rejects.toMatchObject({ code: 'WRITE_FAILED' });
  });

  test('a file where the cache should be is reported', async () => {
    const project = await lockedProject(FIXTURE_MIRROR);
    writeFileSync(project.context.cacheDir, '');
    await expect(fetchLocked({}, project.context)).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      hint: expect.stringContaining('is a file'),
    });
  });
});

describe('verify', () => {
  let project: Project;
  let directory: string;
  beforeEach(async () => {
    project = await lockedProject(FIXTURE_MIRROR);
    directory = (await fetchLocked({ output: 'rpms', copy: true }, project.context)).output!;
  });
  const kinds = async (input = { directory }): Promise<string[]> =>
    (await verifyLocked(input, project.context)).problems.map(({ kind, file }) => `${kind} ${file}`);
  const fileOf = (name: string): string => lockOf(project).packages.find((locked) => locked.name === name)!.filename;

  test('all is well in the store and in a directory', async () => {
    for (const input of [{}, { directory }]) {
      const { ok, found, expected, signaturesChecked } = await verifyLocked(input, project.context);
      expect([ok, found, signaturesChecked]).toEqual([true, expected, expected]);
    }
  });

  test('missing, extra, altered and unsigned files are each named', async () => {
    rmSync(join(directory, 's390x', fileOf('acl')));
    cpSync(fixture('rpms/right-key.rpm'), join(directory, 's390x/stranger-1-1.s390x.rpm'));
    writeFileSync(join(directory, 's390x', fileOf('libacl')), 'x');
    expect(await kinds()).toEqual([`altered ${fileOf('libacl')}`, `missing ${fileOf('acl')}`, 'extra s390x/stranger-1-1.s390x.rpm']);
    const { failure } = await verifyLocked({ directory }, project.context);
    expect(failure?.code).toBe('DIGEST_MISMATCH');
  });

  test('an unsigned package is a failure where its repository has a key', async () => {
    const lock = lockOf(project);
    const bytes = readFileSync(fixture('rpms/unsigned.rpm'));
    const packages = lock.packages.map((locked) =>
      locked.name === 'acl' ? { ...locked, ...HELLO, sha256: sha256(bytes), size: bytes.length } : locked,
    );
    writeLock(project, { ...lock, packages });
    rmSync(join(directory, 's390x', lock.packages.find(({ name }) => name === 'acl')!.filename));
    writeFileSync(join(directory, 's390x', HELLO.filename), bytes);
    expect(await kinds()).toEqual([`unsigned ${HELLO.filename}`]);
    expect((await verifyLocked({ directory }, project.context)).failure?.code).toBe('SIGNATURE');
  });

  test('what a key signed before it expired stays good, and is told', async () => {
    const other = await lockedProject(FIXTURE_MIRROR, { key: 'expired' });
    const bytes = readFileSync(fixture('rpms/expired-key.rpm'));
    const lock = lockOf(other);
    const locked = {
      ...lock.packages.find(({ name }) => name === 'acl')!,
      ...HELLO,
      sha256: sha256(bytes),
      size: bytes.length,
      dependencies: [],
    };
    writeLock(other, { ...lock, packages: [locked] });
    mkdirSync(join(other.cwd, 'rpms'));
    writeFileSync(join(other.cwd, 'rpms', locked.filename), bytes);
    expect(await verifyLocked({ directory: 'rpms' }, other.context)).toMatchObject({ ok: true, signaturesChecked: 1 });
    expect(other.events).toContainEqual({ kind: 'warning', code: 'KEY_EXPIRED', text: expect.stringContaining('expired on 2023-07-01') });
  });

  test('what is no file is not there, even where it has no end', async () => {
    rmSync(join(directory, 's390x', fileOf('acl')));
    symlinkSync('/dev/zero', join(directory, 's390x', fileOf('acl')));
    expect(await kinds()).toEqual([`missing ${fileOf('acl')}`]);
  });

  test('a second copy that is altered is found as well', async () => {
    writeFileSync(join(directory, fileOf('acl')), 'x');
    expect(await kinds()).toEqual([`altered ${fileOf('acl')}`]);
  });

  test('nothing found is a failure', async () => {
    mkdirSync(join(project.cwd, 'empty'));
    expect((await verifyLocked({ directory: 'empty' }, project.context)).failure).toMatchObject({
      code: 'CHECK_FAILED',
      message: expect.stringContaining('none of'),
    });
    await expect(verifyLocked({ directory: 'nowhere' }, project.context)).rejects.toMatchObject({ code: 'CHECK_FAILED' });
  });
});

describe('archive', () => {
  test('fills a directory that fallbacks can use, and skips what is there', async () => {
    const project = await lockedProject(FIXTURE_MIRROR);
    const first = await archiveLocked({ to: 'kept' }, project.context);
    expect([first.copied.length, first.present]).toEqual([first.total, 0]);
    for (const name of readdirSync(join(project.cwd, 'kept'))) expect(sha256(readFileSync(join(project.cwd, 'kept', name)))).toBe(name);
    writeFileSync(join(project.cwd, 'kept', first.copied[0]!.sha256), 'rot');
    const second = await archiveLocked({ to: 'kept' }, project.context);
    expect(second.copied).toEqual([first.copied[0]]);
    const bare = await lockedProject('http://127.0.0.1:1', { fallbacks: [`file://${project.cwd}/kept/{sha256}`] });
    expect((await fetchLocked({}, bare.context)).downloaded).toBe(first.total);
  });

  test('puts to a server with a token, skips what it has, and reads back', async () => {
    const project = await lockedProject(FIXTURE_MIRROR, {}, newProject({ env: { RPM_DEPS_ARCHIVE_TOKEN: 't0ken' } }));
    const { copied, total } = await archiveLocked({ to: `${server.url}/store` }, project.context);
    expect(copied).toHaveLength(total);
    for (const { sha256: digest } of copied) expect(sha256(server.files.get(`/store/${digest}`)!)).toBe(digest);
    expect(requestsOf('/store/')).toBe(total);
    const again = await archiveLocked({ to: `${server.url}/store` }, project.context);
    expect([again.copied.length, again.present]).toEqual([0, total]);
  });

  test('without the token it says which variable it wants', async () => {
    const project = await lockedProject(FIXTURE_MIRROR);
    await expect(archiveLocked({ to: `${server.url}/store` }, project.context)).rejects.toMatchObject({
      code: 'NETWORK',
      hint: expect.stringContaining('RPM_DEPS_ARCHIVE_TOKEN'),
    });
  });

  test('a server that keeps something else is found out', async () => {
    const project = await lockedProject(FIXTURE_MIRROR, {}, newProject({ env: { RPM_DEPS_ARCHIVE_TOKEN: 't0ken' } }));
    const { sha256: digest } = lockOf(project).packages[0]!;
    server.serve(`/store/${digest}`, '', { kind: 'status', status: 404 }, { kind: 'wrong-content' }, { kind: 'good' });
    await expect(archiveLocked({ to: `${server.url}/store` }, project.context)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  describe('on a server', () => {
    let project: Project;
    let first: { readonly sha256: string; readonly filename: string };
    const archive = () => archiveLocked({ to: `${server.url}/store` }, project.context);
    const stored = (): string[] => [...server.files.keys()].filter((path) => path.startsWith('/store/'));
    beforeEach(async () => {
      project = await lockedProject(FIXTURE_MIRROR, {}, newProject({ env: { RPM_DEPS_ARCHIVE_TOKEN: 't0ken' } }));
      first = lockOf(project).packages[0]!;
    });
    const rpm = (): Uint8Array => {
      const path = rpmPaths.find((name) => decodeURIComponent(name).includes(`s390x/os/Packages/${first.filename}`));
      return server.files.get(path!)!;
    };

    test('that keeps what another process has put there meanwhile, all is well', async () => {
      server.serve(`/store/${first.sha256}`, rpm(), { kind: 'status', status: 404 }, { kind: 'status', status: 409 }, { kind: 'good' });
      expect((await archive()).copied.map(({ filename }) => filename)).toContain(first.filename);
    });

    test('that says so and has something else, it is an error', async () => {
      server.serve(`/store/${first.sha256}`, 'else', { kind: 'status', status: 404 }, { kind: 'status', status: 412 }, { kind: 'good' });
      await expect(archive()).rejects.toMatchObject({ code: 'DIGEST_MISMATCH', hint: expect.stringContaining('remove it there') });
    });

    test('that does not answer HEAD, everything is put', async () => {
      server.serve(`/store/${first.sha256}`, '', { kind: 'status', status: 405 }, { kind: 'good' });
      expect((await archive()).copied.map(({ filename }) => filename)).toContain(first.filename);
    });

    test('that does not take one file, the others are kept all the same', async () => {
      server.serve(`/store/${first.sha256}`, '', { kind: 'status', status: 404 }, { kind: 'status', status: 413 });
      const total = lockOf(project).packages.length;
      await expect(archive()).rejects.toMatchObject({
        code: 'NETWORK',
        message: `${total - 1} of ${total} packages were copied; the others failed`,
        details: [expect.stringContaining('answered 413')],
      });
      expect(stored()).toHaveLength(total);
    });

    test('that has not what it took, it is an error', async () => {
      server.serve(`/store/${first.sha256}`, '', { kind: 'status', status: 404 }, { kind: 'good' }, { kind: 'status', status: 404 });
      await expect(archive()).rejects.toMatchObject({ code: 'DIGEST_MISMATCH', details: [expect.stringContaining('does not have it')] });
    });
  });

  test('what is on no mirror any more is named, and what there is of the others is kept', async () => {
    const project = await lockedProject(server.url);
    for (const path of rpmPaths.filter((name) => /s390x\/os\/Packages\/(acl|libacl)-/.test(name))) server.files.delete(path);
    const total = lockOf(project).packages.length;
    await expect(archiveLocked({ to: 'kept' }, project.context)).rejects.toMatchObject({
      code: 'NETWORK',
      message: `${total - 2} of ${total} packages were copied; the others failed`,
      details: expect.arrayContaining([expect.stringContaining('  acl-2.3.1'), expect.stringContaining('  libacl-2.3.1')]),
    });
    expect(readdirSync(join(project.cwd, 'kept'))).toHaveLength(total - 2);
  });

  test.each(['', 'ftp://host/x', 'file://host/x', 'http://', 'https://host/{name}'])('%j is no place to keep anything', async (to) => {
    const project = await lockedProject(FIXTURE_MIRROR);
    await expect(archiveLocked({ to }, project.context)).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('what a killed process left in the folder is removed', async () => {
    const project = await lockedProject(FIXTURE_MIRROR);
    const nobody = `${thisWriter().split('-')[0]}-4194304-${'0'.repeat(12)}.tmp`;
    for (const folder of ['kept', 'rpms/s390x', 'rpms/repodata']) {
      mkdirSync(join(project.cwd, folder), { recursive: true });
      writeFileSync(join(project.cwd, folder, `.half.${nobody}`), 'half');
      utimesSync(join(project.cwd, folder, `.half.${nobody}`), 1, 1);
    }
    await archiveLocked({ to: 'kept' }, project.context);
    await fetchLocked({ output: 'rpms', repodata: true }, project.context);
    for (const folder of ['kept', 'rpms']) {
      expect(readdirSync(join(project.cwd, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tmp'))).toEqual(
        [],
      );
    }
  });

  test('what is wrongly signed is named and not kept', async () => {
    const project = await lockedProject(FIXTURE_MIRROR, { key: 'second' });
    await expect(archiveLocked({ to: 'kept' }, project.context)).rejects.toMatchObject({ code: 'SIGNATURE' });
    expect(existsSync(join(project.cwd, 'kept'))).toBe(false);
  });

  test('--check asks for the file itself where a mirror does not answer HEAD', async () => {
    const project = await lockedProject(server.url);
    await archiveLocked({ to: 'kept' }, project.context);
    const path = rpmPaths.find((name) => name.includes('s390x/os/Packages/acl-'))!;
    server.serve(path, server.files.get(path)!, { kind: 'status', status: 405 }, { kind: 'good' });
    const { report } = await archiveLocked({ to: 'kept', check: true }, project.context);
    expect(report).toEqual({ onlyInArchive: [], notInArchive: [], nowhere: [] });
  });

  test('--check tells what only the archive has, what it lacks, and what is nowhere', async () => {
    const project = await lockedProject(server.url);
    await archiveLocked({ to: 'kept' }, project.context);
    const locked = (name: string) => lockOf(project).packages.find((other) => other.name === name)!;
    for (const name of ['acl', 'libacl']) server.files.delete(rpmPaths.find((path) => path.includes(`s390x/os/Packages/${name}-`))!);
    for (const name of ['libacl', 'libattr']) rmSync(join(project.cwd, 'kept', locked(name).sha256));
    const { report } = await archiveLocked({ to: 'kept', check: true }, project.context);
    const names = (files: readonly { filename: string }[] | undefined) => files?.map(({ filename }) => filename);
    expect(names(report?.onlyInArchive)).toEqual([locked('acl').filename]);
    expect(names(report?.notInArchive)).toEqual([locked('libattr').filename]);
    expect(names(report?.nowhere)).toEqual([locked('libacl').filename]);
  });
});
