import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { finishPrograms, finishScript } from '../../src/images/finish-script.ts';
import { leftOutBy } from '../../src/images/read-image-settings.ts';
import { type ImageSettings, PLAIN_IMAGE } from '../../src/manifest/image-settings.ts';
import type { RpmInstallation } from '../../src/rpm/installation.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rpm-deps-finish-'));
  const made = root;
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
});

/** Runs the script in a root of its own; returns what it did with programs that need root. */
function run(settings: Partial<ImageSettings>, files: readonly Record<string, unknown>[] = []): string[] {
  const installations = [{ files }] as unknown as RpmInstallation[];
  const script = finishScript({ ...PLAIN_IMAGE, ...settings }, installations)!;
  const programs = ['chown', 'chmod', 'setcap'].map((name) => `${name}() { echo ${name} "$@"; }`).join('\n');
  const output = execFileSync('sh', ['-c', `${programs}\n${script.replaceAll('/rootfs', root)}`], { encoding: 'utf8' });
  return output
    .replaceAll(root, '')
    .split('\n')
    .filter((line) => line !== '');
}

function place(path: string, content = ''): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
}

const SYSUSERS = [
  '# a comment',
  'u tinyd 107:107 "tiny daemon" /var/lib/tinyd',
  'g render 105',
  'u open - "open number" / /bin/sh',
  'u member 200:render -',
  'u other 300 "not asked for"',
].join('\n');

test('users and groups are made of sysusers.d files, and their files get their owners', () => {
  place('usr/lib/sysusers.d/a.conf', SYSUSERS);
  place('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n');
  place('etc/group', 'root:x:0:\ntaken:x:999:\n');
  place('usr/bin/x');
  const files = [
    { path: '/usr/bin/x', user: 'tinyd', group: 'tinyd', mode: 0o104750, capabilities: '' },
    { path: '/usr/bin/missing', user: 'tinyd', group: 'tinyd', mode: 0o100755, capabilities: '' },
    { path: '/usr/bin/of-root', user: 'root', group: 'root', mode: 0o100755, capabilities: '' },
  ];
  expect(run({ users: true }, files)).toEqual(['chown 107:107 /usr/bin/x', 'chmod 4750 /usr/bin/x']);
  expect(readFileSync(join(root, 'etc/passwd'), 'utf8').split('\n').slice(1, -1)).toEqual([
    'tinyd:x:107:107:tiny daemon:/var/lib/tinyd:/usr/sbin/nologin',
    'open:x:998:998:open number:/:/bin/sh',
    'member:x:200:105::/:/usr/sbin/nologin',
    'other:x:300:300:not asked for:/:/usr/sbin/nologin',
  ]);
  expect(readFileSync(join(root, 'etc/group'), 'utf8').split('\n').slice(2, -1)).toEqual([
    'render:x:105:',
    'tinyd:x:107:',
    'open:x:998:',
    'other:x:300:',
  ]);
});

test('groups come before users whatever the order of lines, then memberships; a number that is taken is not given twice', () => {
  const lines = [
    'm qemu kvm',
    'u qemu 108:qemu "qemu user" - -',
    'u late -:bar',
    'g kvm 36',
    'g bar 55',
    'm late kvm',
    'm late tty',
    'm new fresh',
  ];
  place('usr/lib/sysusers.d/a.conf', [...lines, "u words\t62 'in quotes'\t'/home/x y' /bin/sh", 'u twice 62', 'm late kvm'].join('\n'));
  place('etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n');
  place('etc/group', 'root:x:0:\ntty:x:5:one\n');
  run({ users: true });
  expect(readFileSync(join(root, 'etc/passwd'), 'utf8').split('\n').slice(1, -1)).toEqual([
    'qemu:x:108:108:qemu user:/:/usr/sbin/nologin',
    'late:x:998:55::/:/usr/sbin/nologin',
    'words:x:62:62:in quotes:/home/x y:/bin/sh',
    'twice:x:997:997::/:/usr/sbin/nologin',
    'new:x:996:996::/:/usr/sbin/nologin',
  ]);
  expect(readFileSync(join(root, 'etc/group'), 'utf8').split('\n').slice(1, -1)).toEqual([
    ...['tty:x:5:one,late', 'kvm:x:36:qemu,late', 'bar:x:55:', 'fresh:x:999:new'],
    ...['qemu:x:108:', 'words:x:62:', 'twice:x:997:', 'new:x:996:'],
  ]);
});

test('a member of a group that is not asked for needs the group to be there', () => {
  place('usr/lib/sysusers.d/a.conf', 'u qemu 108\nm qemu kvm\nm qemu tty\n');
  place('etc/group', 'tty:x:5:\n');
  run({ users: ['qemu'] });
  expect(readFileSync(join(root, 'etc/group'), 'utf8')).toBe('tty:x:5:qemu\nqemu:x:108:\n');
});

test('a file keeps its capabilities and bits when its owner changes, but none of an owner that is unknown', () => {
  place('usr/lib/sysusers.d/a.conf', 'g shark 150\n');
  for (const path of ['usr/bin/dumpcap', 'usr/bin/both', 'usr/bin/set']) place(path);
  const files = [
    { path: '/usr/bin/dumpcap', user: 'root', group: 'shark', mode: 0o100750, capabilities: 'cap_net_raw,cap_net_admin=ep' },
    { path: '/usr/bin/both', user: 'nobody-knows', group: 'shark', mode: 0o106711, capabilities: '' },
    { path: '/usr/bin/set', user: 'root', group: 'nobody-knows', mode: 0o106711, capabilities: '' },
  ];
  expect(run({ users: true }, files)).toEqual([
    ...['chown 0:150 /usr/bin/both', 'chmod 2711 /usr/bin/both', 'chown 0:0 /usr/bin/set', 'chmod 4711 /usr/bin/set'],
    ...['chown 0:150 /usr/bin/dumpcap', 'chmod 750 /usr/bin/dumpcap', 'setcap cap_net_raw,cap_net_admin=ep /usr/bin/dumpcap'],
  ]);
  expect(finishPrograms({ ...PLAIN_IMAGE, users: true }, [{ files }] as unknown as RpmInstallation[])).toEqual([
    'chown',
    'chmod',
    'setcap',
  ]);
  expect(finishPrograms({ ...PLAIN_IMAGE, users: true }, [])).toEqual(['chown', 'chmod']);
});

test('only the users that are named are made, and none twice', () => {
  place('usr/lib/sysusers.d/a.conf', SYSUSERS);
  place('etc/passwd', 'tinyd:x:1:1::/:/bin/sh\n');
  place('etc/group', '');
  run({ users: ['tinyd', 'other'] });
  expect(readFileSync(join(root, 'etc/passwd'), 'utf8')).toBe(
    'tinyd:x:1:1::/:/bin/sh\nother:x:300:300:not asked for:/:/usr/sbin/nologin\n',
  );
});

test('links and capabilities', () => {
  expect(run({ symlinks: { '/usr/bin/ld': 'ld.bfd' }, capabilities: { "/usr/bin/it's": 'cap_net_raw=ep' } })).toEqual([
    "setcap cap_net_raw=ep /usr/bin/it's",
  ]);
  expect(readlinkSync(join(root, 'usr/bin/ld'))).toBe('ld.bfd');
});

test('what is cleaned, and what verification then does not miss', () => {
  for (const path of ['var/cache/a/b', 'var/log/.hidden', 'tmp/x', 'usr/share/man/man1/x.1']) place(path);
  run({ clean: true });
  expect(existsSync(join(root, 'var/cache/a'))).toBe(true);
  expect([readdirSync(join(root, 'var/cache/a')), readdirSync(join(root, 'var/log')), readdirSync(join(root, 'tmp'))]).toEqual([
    [],
    [],
    [],
  ]);
  const { isRemoved } = leftOutBy({ ...PLAIN_IMAGE, clean: ['/usr/share/m*', '/etc/x.conf'] });
  expect(['/usr/share/man', '/usr/share/man/man1/x.1', '/etc/x.conf'].map((path) => isRemoved!(path))).toEqual([true, true, true]);
  expect(['/usr/share', '/usr/share/locale', '/etc/xyconf', '/etc/x.conf2'].map((path) => isRemoved!(path))).toEqual([
    false,
    false,
    false,
    false,
  ]);
  run({ clean: ['/usr/share/m*'] });
  expect(readdirSync(join(root, 'usr/share'))).toEqual([]);
});

test('a file is written as it is', () => {
  const text = `{"a": "it's $HOME"}\n`;
  const script = finishScript(PLAIN_IMAGE, [], { '/usr/share/sbom/a.cdx.json': text })!;
  execFileSync('sh', ['-c', script.replaceAll('/rootfs', root)]);
  expect(readFileSync(join(root, 'usr/share/sbom/a.cdx.json'), 'utf8')).toBe(text);
});

test('a set that wants nothing has no script', () => {
  expect(finishScript(PLAIN_IMAGE, [])).toBeUndefined();
});
