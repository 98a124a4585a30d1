import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { compareFiles, unpackagedFiles } from '../../src/images/compare-files.ts';
import { configuredDatabase, databasePlace, databasesIn } from '../../src/images/database-place.ts';
import { ImageTree } from '../../src/images/image-tree.ts';
import type { Lockfile } from '../../src/lockfile/lockfile.ts';
import { type RpmInstallation, readRpmInstallation } from '../../src/rpm/installation.ts';
import { type SmallFile, smallRpm } from '../helpers/small-rpm.ts';

const ALL = { docs: false, languages: undefined };
const GHOST = 64;
const CONFIG = 1;
const DOC = 2;

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rpm-deps-files-'));
  const made = directory;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const packaged = (path: string, content: string, more: Partial<SmallFile> = {}): SmallFile => ({
  path,
  mode: 0o100755,
  size: content.length,
  digest: sha256(content),
  ...more,
});

function place(path: string, content: string): void {
  const file = join(directory, 'root', path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function openTree(...options: string[]): Promise<ImageTree> {
  mkdirSync(join(directory, 'root'), { recursive: true });
  const tar = join(directory, 'image.tar');
  const fixed = options.some((option) => option.startsWith('--owner')) ? [] : ['--owner=0', '--group=0'];
  execFileSync('tar', ['-C', join(directory, 'root'), ...fixed, ...(options.length > 0 ? options : ['--mode=0755']), '-cf', tar, '.']);
  const tree = await ImageTree.open(tar, 'an image');
  onTestFinished(() => tree.close());
  return tree;
}

async function packageOf(files: readonly SmallFile[], name = 'tiny'): Promise<RpmInstallation> {
  const path = join(directory, `${name}.rpm`);
  writeFileSync(path, smallRpm({ name, version: '1', release: '1', arch: 'noarch', files }));
  return readRpmInstallation(path);
}

describe('files of an image beside those of its packages', () => {
  test('what is as packaged has no difference', async () => {
    place('usr/bin/x', 'a program');
    mkdirSync(join(directory, 'root/usr/share/tiny'), { recursive: true });
    symlinkSync('x', join(directory, 'root/usr/bin/y'));
    linkSync(join(directory, 'root/usr/bin/x'), join(directory, 'root/usr/bin/z'));
    const files = [
      packaged('/usr/bin/x', 'a program'),
      packaged('/usr/bin/z', 'a program'),
      { path: '/usr/bin/y', mode: 0o120777, link: 'x' },
      { path: '/usr/share/tiny', mode: 0o040755 },
      { path: '/var/log/tiny', mode: 0o100600, flags: GHOST },
    ];
    expect(await compareFiles(await openTree(), [await packageOf(files)], ALL)).toEqual([]);
  });

  test('another content of the same length, another size, and no file at all', async () => {
    place('usr/bin/x', 'a progrem');
    place('usr/bin/y', 'a program with more');
    const files = [packaged('/usr/bin/x', 'a program'), packaged('/usr/bin/y', 'a program'), packaged('/usr/bin/z', 'a program')];
    expect(await compareFiles(await openTree(), [await packageOf(files)], ALL)).toEqual([
      {
        path: '/usr/bin/x',
        package: 'tiny-1-1.noarch',
        what: 'content',
        expected: `sha256:${sha256('a program')}`,
        found: `sha256:${sha256('a progrem')}`,
      },
      { path: '/usr/bin/y', package: 'tiny-1-1.noarch', what: 'content', expected: '9 bytes', found: '19 bytes' },
      { path: '/usr/bin/z', package: 'tiny-1-1.noarch', what: 'missing', expected: 'file', found: 'nothing' },
    ]);
  });

  test('a setuid bit, an owner, a link and a kind of file', async () => {
    place('usr/bin/x', 'x');
    place('usr/bin/y', 'x');
    place('usr/bin/z', 'x');
    symlinkSync('elsewhere', join(directory, 'root/usr/bin/l'));
    place('etc/passwd', 'root:x:0:0::/:/bin/sh\ntiny:x:107:107::/:/bin/sh\n');
    const files = [
      packaged('/usr/bin/x', 'x', { mode: 0o104755 }),
      packaged('/usr/bin/y', 'x', { user: 'tiny' }),
      { path: '/usr/bin/z', mode: 0o120777, link: 'x' },
      { path: '/usr/bin/l', mode: 0o120777, link: 'x' },
    ];
    const differences = await compareFiles(await openTree(), [await packageOf(files)], ALL);
    expect(differences.map(({ path, what, expected, found }) => [path, what, expected, found])).toEqual([
      ['/usr/bin/l', 'link', 'x', 'elsewhere'],
      ['/usr/bin/x', 'mode', '4755', '0755'],
      ['/usr/bin/y', 'owner', '107:0 (tiny:root)', '0:0'],
      ['/usr/bin/z', 'type', 'link', 'file'],
    ]);
  });

  test('a file of a user that nobody made is of root, without its setuid bit, as rpm installs it', async () => {
    place('usr/bin/x', 'x');
    const files = [packaged('/usr/bin/x', 'x', { mode: 0o106755, user: 'tiny', group: 'tiny' })];
    expect(await compareFiles(await openTree(), [await packageOf(files)], ALL)).toEqual([]);
  });

  test('the content of configuration may be any, but not its mode', async () => {
    place('etc/x.conf', 'edited');
    const config = packaged('/etc/x.conf', 'as packaged', { flags: CONFIG });
    expect(await compareFiles(await openTree(), [await packageOf([config])], ALL)).toEqual([]);
    const other = await compareFiles(await openTree('--mode=0777'), [await packageOf([config])], ALL);
    expect(other.map(({ what }) => what)).toEqual(['mode']);
  });

  test('documentation and languages that were left out on purpose are not missing', async () => {
    const package_ = await packageOf([packaged('/usr/share/doc/x', 'x', { flags: DOC })]);
    expect(await compareFiles(await openTree(), [package_], ALL)).toHaveLength(1);
    expect(await compareFiles(await openTree(), [package_], { docs: true, languages: undefined })).toEqual([]);
  });

  test('directories of which rpm leaves out every file are not missing, others are', async () => {
    place('usr/share/x/other', 'x');
    const folders = ['/usr/share/x', '/usr/share/x/lang', '/usr/share/x/lang/de', '/usr/share/x/empty'];
    const package_ = await packageOf([
      ...folders.map((path) => ({ path, mode: 0o040755 })),
      packaged('/usr/share/x/lang/de/x.mo', 'x'),
      packaged('/usr/share/x/other', 'x'),
    ]);
    const files = package_.files.map((file) => (file.path.endsWith('.mo') ? { ...file, language: 'de|at' } : file));
    const differing = async (languages: string[]) =>
      (await compareFiles(await openTree(), [{ ...package_, files }], { docs: false, languages })).map(({ path }) => path);
    expect(await differing(['en'])).toEqual(['/usr/share/x/empty']);
    expect(await differing(['de_AT'])).toEqual([...folders.slice(1).sort(), '/usr/share/x/lang/de/x.mo']);
  });

  test('a file that packages share is one of theirs', async () => {
    place('usr/bin/x', 'of b');
    const packages = [await packageOf([packaged('/usr/bin/x', 'of a')], 'a'), await packageOf([packaged('/usr/bin/x', 'of b')], 'b')];
    expect(await compareFiles(await openTree(), packages, ALL)).toEqual([]);
  });

  test('links on the way to a file are followed inside of the image', async () => {
    place('usr/lib/x.so', 'x');
    symlinkSync('/usr/lib', join(directory, 'root/lib'));
    symlinkSync('../../../../../etc', join(directory, 'root/out'));
    const files = [packaged('/lib/x.so', 'x'), packaged('/out/hostname', 'x')];
    const differences = await compareFiles(await openTree(), [await packageOf(files)], ALL);
    expect(differences.map(({ path, what }) => [path, what])).toEqual([['/out/hostname', 'missing']]);
  });

  test('names of any length and kind are read', async () => {
    const long = `${'d'.repeat(120)}/${'e'.repeat(120)}/with space ü`;
    place(long, 'x');
    expect(await compareFiles(await openTree('--mode=0755', '--format=pax'), [await packageOf([packaged(`/${long}`, 'x')])], ALL)).toEqual(
      [],
    );
    expect(await compareFiles(await openTree('--mode=0755', '--format=gnu'), [await packageOf([packaged(`/${long}`, 'x')])], ALL)).toEqual(
      [],
    );
  });

  test('what is no tar file, or ends too early, is refused', async () => {
    writeFileSync(join(directory, 'image.tar'), Buffer.alloc(2048, 'x'));
    await expect(ImageTree.open(join(directory, 'image.tar'), 'an image')).rejects.toMatchObject({ code: 'PODMAN' });
  });
});

describe('the place of the database', () => {
  const lock = (release: string): Lockfile => ({ packages: [{ name: 'a', release }] }) as unknown as Lockfile;

  test('follows from the package that owns it', async () => {
    const ghosts = [
      { path: '/var/lib/rpm', mode: 0o040755 },
      { path: '/var/lib/rpm/rpmdb.sqlite', mode: 0o100644, flags: GHOST },
    ];
    expect(databasePlace(lock('1'), [await packageOf(ghosts)])).toBe('/var/lib/rpm');
    const folders = [
      { path: '/usr/lib/sysimage/rpm', mode: 0o040755 },
      { path: '/var/lib/rpm', mode: 0o120777, link: '../../usr/lib/sysimage/rpm' },
    ];
    expect(databasePlace(lock('1.el9'), [await packageOf(folders)])).toBe('/usr/lib/sysimage/rpm');
  });

  test('follows from the distribution where rpm is not in the set', () => {
    const places = ['4.el9', '4.el8_10', '1.fc35', '1.fc41', '1.el10', '1.suse', '5.amzn2023.0.1'].map((release) =>
      databasePlace(lock(release), []),
    );
    expect(places.map((place) => (place === '/var/lib/rpm' ? 'var' : 'usr'))).toEqual(['var', 'var', 'var', 'usr', 'usr', 'usr', 'var']);
  });

  test('an image has one database, however many links lead to it', async () => {
    place('usr/lib/sysimage/rpm/rpmdb.sqlite', 'x');
    mkdirSync(join(directory, 'root/var/lib'), { recursive: true });
    symlinkSync('../../usr/lib/sysimage/rpm', join(directory, 'root/var/lib/rpm'));
    expect(databasesIn(await openTree())).toEqual(['/usr/lib/sysimage/rpm']);
    unlinkSync(join(directory, 'root/var/lib/rpm'));
    place('var/lib/rpm/Packages.db', 'x');
    expect(databasesIn(await openTree())).toEqual(['/usr/lib/sysimage/rpm', '/var/lib/rpm']);
  });

  test("is read from the macros of the image's rpm, the last one counts", async () => {
    place('usr/lib/rpm/macros', '%_usr /usr\n%_var\t\t/var\n%_dbpath\t\t%{_var}/lib/rpm\n');
    expect(await configuredDatabase(await openTree())).toBe('/var/lib/rpm');
    place('etc/rpm/macros.dbpath', '%_dbpath %{_usr}/lib/sysimage/rpm\n');
    expect(await configuredDatabase(await openTree())).toBe('/usr/lib/sysimage/rpm');
  });
});

describe('files of no package', () => {
  const setMode = (path: string, mode: number): void => chmodSync(join(directory, 'root', path), mode);

  test('those with setuid or setgid are found, under every path but that of a package', async () => {
    for (const path of ['usr/bin/su', 'usr/bin/plain', 'opt/root', 'opt/group', 'opt/ghost', 'usr/bin/known']) place(path, path);
    for (const path of ['usr/bin/su', 'opt/root', 'opt/ghost', 'usr/bin/known']) setMode(path, 0o4755);
    setMode('usr/bin/plain', 0o755);
    setMode('opt/group', 0o2711);
    symlinkSync('usr/bin', join(directory, 'root/bin'));
    // Another name of the same file gives nothing more.
    linkSync(join(directory, 'root/usr/bin/su'), join(directory, 'root/opt/another-name'));
    const packages = [
      await packageOf([
        packaged('/bin/su', 'usr/bin/su', { mode: 0o104755 }),
        packaged('/opt/ghost', '', { flags: GHOST, mode: 0o100755 }),
        packaged('/usr/bin/known', '', { flags: GHOST, mode: 0o104755 }),
      ]),
    ];
    const found = unpackagedFiles(await openTree('--format=pax'), packages, ALL);
    expect(found.map(({ path, what, package: owner, found }) => [path, what, owner, found]).sort()).toEqual([
      ['/opt/ghost', 'unpackaged', '', 'mode 4755 of 0:0'],
      ['/opt/group', 'unpackaged', '', 'mode 2711 of 0:0'],
      ['/opt/root', 'unpackaged', '', 'mode 4755 of 0:0'],
    ]);
  });

  test('capabilities that the manifest gives are expected, others are found', async () => {
    for (const path of ['opt/a', 'opt/b']) place(path, path);
    const tree = await openTree('--format=pax', '--pax-option=SCHILY.xattr.security.capability:=x');
    const capabilities = { '/opt/a': 'cap_net_raw=ep' };
    expect(unpackagedFiles(tree, [], { ...ALL, capabilities }).map(({ path, found }) => [path, found])).toEqual([
      ['/opt/b', 'capabilities'],
    ]);
  });
});
