import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sha256 } from '../../src/base/sha256.ts';
import { type CliProject, cliProject } from '../helpers/cli-project.ts';
import { fixture } from '../helpers/fixtures.ts';
import { optIn } from '../helpers/opt-in.ts';
import { buildHeader, buildRpm, digestsOf, splitRpm, text, texts } from '../helpers/rpm-maker.ts';

const PACKAGES = (arch: string): string => fixture(`mirror/9-stream/BaseOS/${arch}/os/Packages`);
const ARCHES = ['s390x', 'x86_64'];
const LOCK = 'rpm-lockfiles/tools-s390x.lock.json';

/** A project whose only repository is a folder as rpmbuild fills it: RPMs below folders of architectures. */
function withFolder(packages = '[acl]', architectures = ARCHES): CliProject {
  const made = cliProject();
  for (const arch of ARCHES) {
    for (const name of readdirSync(PACKAGES(arch))) {
      const own = /\.([^.]+)\.rpm$/.exec(name)![1]!;
      mkdirSync(join(made.directory, 'mirror', own), { recursive: true });
      cpSync(join(PACKAGES(arch), name), join(made.directory, 'mirror', own, name));
    }
  }
  made.write(
    'rpm-packages.yaml',
    `architectures: [${architectures.join(', ')}]\nrepositories: [{ id: custom, baseurl: "file://${made.directory}/mirror/" }]\nsets: { tools: { packages: ${packages} } }\n`,
  );
  return made;
}

const folder = (made: CliProject, ...more: readonly string[]): string => join(made.directory, 'mirror', ...more);

async function looked(made: CliProject): Promise<boolean> {
  const { stderr, exitCode } = await made.run('update', '--verbose');
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  return /solving/.test(stderr);
}

describe('a folder of RPMs without repodata', () => {
  test('is a repository: the lockfiles have for each architecture what its metadata would give, and nothing is written into it', async () => {
    const made = withFolder();
    expect(await made.run('update')).toMatchObject({ exitCode: 0 });
    expect(made.locked('tools-s390x')).toContain('acl-2.3.1-4.el9.s390x');
    expect(made.locked('tools-x86_64')).toContain('acl-2.3.1-4.el9.x86_64');
    expect(made.locked('tools-s390x').filter((nevra) => nevra.endsWith('x86_64'))).toEqual([]);
    const { packages, repositories } = made.readLock('tools-s390x');
    expect(repositories).toEqual([expect.objectContaining({ id: 'custom', baseurl: `file://${made.directory}/mirror/` })]);
    for (const { location, sha256: digest, size } of packages) {
      const bytes = readFileSync(folder(made, location!));
      expect({ digest, size }).toEqual({ digest: sha256(bytes), size: bytes.length });
    }
    expect(readdirSync(folder(made)).sort()).toEqual(['noarch', 's390x', 'x86_64']);
  });

  test('is fetched from, checked online and looked up by path, offline as well', async () => {
    const made = withFolder('[acl, /usr/share/doc/acl/CHANGES]', ['s390x']);
    const { stderr } = await made.run('update', '--offline');
    expect(stderr).toContain('/usr/share/doc/acl/CHANGES');
    made.write('rpm-packages.yaml', made.read('rpm-packages.yaml').replace(', /usr/share/doc/acl/CHANGES', ', /usr/lib64/libacl.so.1'));
    expect(await made.run('update', '--offline')).toMatchObject({ exitCode: 0 });
    expect(await made.run('check', '--online')).toMatchObject({ exitCode: 0 });
    expect(await made.run('fetch', '--output', 'out')).toMatchObject({ exitCode: 0 });
    const fetched = readdirSync(join(made.directory, 'out'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.rpm'));
    expect(fetched.map((name) => basename(name)).sort()).toEqual(
      made
        .readLock('tools-s390x')
        .packages.map(({ location }) => basename(location!))
        .sort(),
    );
    expect((await made.run('info', 'acl', '--arch', 's390x')).stdout).toContain('acl');
  });

  test('is not read again while its files are the same', async () => {
    const made = withFolder();
    await made.run('update');
    const before = made.read(LOCK);
    expect(await looked(made)).toBe(false);
    rmSync(join(made.directory, '.cache'), { recursive: true });
    expect(await looked(made)).toBe(true);
    expect(made.read(LOCK)).toBe(before);
    // What is left of the cache, without the files that repomd.xml names.
    for (const name of readdirSync(join(made.directory, '.cache/metadata-v1')).filter((entry) => entry.endsWith('.repository')))
      rmSync(join(made.directory, '.cache/metadata-v1', name), { recursive: true });
    rmSync(join(made.directory, '.cache/stamps-v1'), { recursive: true });
    expect(await looked(made)).toBe(true);
    expect(made.read(LOCK)).toBe(before);
  });

  test.each<[string, (made: CliProject) => void]>([
    ['a package that came', (made) => renameSync(folder(made, '../away.rpm'), folder(made, 's390x/more.rpm'))],
    ['a package that went', (made) => rmSync(folder(made, 'noarch/ca-certificates-2024.2.69_v8.0.303-91.4.el9.noarch.rpm'))],
    [
      'other bytes of the same length and time',
      (made) => {
        const path = folder(made, 's390x/acl-2.3.1-4.el9.s390x.rpm');
        const bytes = readFileSync(path);
        bytes[bytes.length - 1]! ^= 1;
        writeFileSync(path, bytes);
        utimesSync(path, 1, 1);
      },
    ],
  ])('%s is seen by the next run', async (_, change) => {
    const made = withFolder();
    utimesSync(folder(made, 's390x/acl-2.3.1-4.el9.s390x.rpm'), 1, 1);
    renameSync(folder(made, 's390x/libgcc-11.5.0-4.el9.s390x.rpm'), folder(made, '../away.rpm'));
    cpSync(folder(made, '../away.rpm'), folder(made, 's390x/libgcc.rpm'));
    await made.run('update');
    change(made);
    expect(await looked(made)).toBe(true);
    const { packages } = made.readLock('tools-s390x');
    for (const { location, sha256: digest } of packages) expect(digest).toBe(sha256(readFileSync(folder(made, location!))));
  });

  test('names the files that are not RPMs, in each run, and uses the others', async () => {
    const made = withFolder();
    writeFileSync(folder(made, 'notes.rpm'), 'hello\n');
    writeFileSync(folder(made, 'part.rpm'), readFileSync(folder(made, 's390x/acl-2.3.1-4.el9.s390x.rpm')).subarray(0, 500));
    symlinkSync('nowhere', folder(made, 'link.rpm'));
    symlinkSync('.', folder(made, 'circle'));
    writeFileSync(folder(made, 'README'), 'hello\n');
    for (const _ of [1, 2]) {
      const { stderr, exitCode } = await made.run('update');
      expect({ exitCode, lines: stderr.split('\n').filter((line) => line.includes('skipped')) }).toEqual({
        exitCode: 0,
        lines: [
          expect.stringContaining('repository custom: `link.rpm` is not a file that can be read; it is skipped'),
          expect.stringContaining('repository custom: `notes.rpm` is not a valid RPM: it does not begin like an RPM; it is skipped'),
          expect.stringMatching(/repository custom: `part.rpm` is not a valid RPM: it ends within the \w+ header; it is skipped/),
        ],
      });
    }
    appendFileSync(folder(made, 'notes.rpm'), 'more\n');
    expect((await made.run('update')).stderr).toContain('`notes.rpm`');
  });

  test('names some of many files that are not RPMs', async () => {
    const made = withFolder();
    for (let i = 0; i < 30; i++) writeFileSync(folder(made, `bad-${i}.rpm`), 'hello\n');
    const { stderr } = await made.run('update');
    expect(stderr.match(/is not a valid RPM/g)).toHaveLength(10);
    expect(stderr).toContain('repository custom: 20 more files are not RPMs and are skipped');
  });

  test('comes beside other repositories for one run', async () => {
    const made = withFolder('[acl]', ['s390x']);
    renameSync(folder(made), folder(made, '../rpms'));
    made.write('rpm-packages.yaml', made.read('rpm-packages.yaml').replace(/baseurl: "[^"]*"/, 'baseurl: "$mirror/$basearch"'));
    made.mirror('s390x', ['other-1-1.noarch']);
    expect(await made.run('update', '--repo', 'mine=./rpms')).toMatchObject({ exitCode: 0 });
    expect(made.locked('tools-s390x')).toContain('acl-2.3.1-4.el9.s390x');
  });

  test('a header that repeats one long folder for each of its files is skipped before the paths are put together', async () => {
    const made = withFolder();
    const whole = splitRpm(readFileSync(folder(made, 's390x/acl-2.3.1-4.el9.s390x.rpm')));
    const names = Array.from({ length: 50_000 }, (_, i) => String(i));
    const main = buildHeader(
      [
        { tag: 1116, type: 4, count: names.length, data: Buffer.alloc(4 * names.length) },
        text(1000, 'acl'),
        text(1001, '9'),
        text(1002, '1'),
        text(1022, 's390x'),
        text(1044, 'acl-9-1.src.rpm'),
        texts(1117, names),
        texts(1118, [`/${'a'.repeat(1_000_000)}/`]),
      ],
      { region: 63 },
    );
    const parts = { ...whole, main };
    writeFileSync(folder(made, 'long.rpm'), buildRpm(parts, [digestsOf(parts).sha256]));
    const { stderr, exitCode } = await made.run('update');
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/`long.rpm` is not a valid RPM: its paths have \d{11} char/),
    });
    expect(made.locked('tools-s390x')).toContain('acl-2.3.1-4.el9.s390x');
  });

  test('is none where it has no RPMs, or a repodata folder without repomd.xml', async () => {
    const made = withFolder();
    mkdirSync(folder(made, 'repodata'));
    expect(await made.run('update')).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('repodata/repomd.xml does not exist') });
    rmSync(folder(made), { recursive: true });
    expect(await made.run('update')).toMatchObject({ exitCode: 4 });
    mkdirSync(folder(made));
    expect(await made.run('update')).toMatchObject({ exitCode: 4 });
  });

  test('is not looked for on another machine, and needs a cache that can be written', async () => {
    const made = withFolder();
    made.env['RPM_DEPS_CACHE_DIR'] = join(made.directory, 'rpm-packages.yaml/cache');
    expect(await made.run('update')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('set RPM_DEPS_CACHE_DIR') });
    delete made.env['RPM_DEPS_CACHE_DIR'];
    made.write('rpm-packages.yaml', made.read('rpm-packages.yaml').replace('file://', 'file://host'));
    expect(await made.run('update')).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('is not the URL of a file') });
  });

  test('is not read for a list of mirrors that names it', async () => {
    const made = withFolder();
    made.write('mirrors', `file://${made.directory}/mirror/\n`);
    made.write(
      'rpm-packages.yaml',
      made.read('rpm-packages.yaml').replace(/baseurl: "[^"]*"/, `mirrorlist: "file://${made.directory}/mirrors"`),
    );
    expect((await made.run('update')).exitCode).toBe(4);
  });
});

describe.skipIf(!optIn('ORACLE', ['createrepo_c']))('createrepo_c', () => {
  test('gives the same lockfiles, but for the state of the metadata', async () => {
    const made = withFolder('[acl, "*curl*", bash]');
    await made.run('update');
    const before = ARCHES.map((arch) => made.readLock(`tools-${arch}`).packages);
    execFileSync('createrepo_c', ['--quiet', folder(made)]);
    expect(await made.run('update')).toMatchObject({ exitCode: 0 });
    expect(ARCHES.map((arch) => made.readLock(`tools-${arch}`).packages)).toEqual(before);
  });
});
