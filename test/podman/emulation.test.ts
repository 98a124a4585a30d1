import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { optIn } from '../helpers/opt-in.ts';
import { sayOnce } from '../helpers/say-once.ts';
import { placeCommand, shellEnvironment } from './podman-shell.ts';
import { canRunPodman, openPodmanWorld, type PodmanWorld } from './podman-world.ts';

const MANIFEST = `architectures: [aarch64]
repositories: [{ id: marked, baseurl: $mirror/marked/ }]
sets: { marked: { packages: [marked] } }
`;

const SPEC = `Name: marked
Version: 1
Release: 1
Summary: a program of another architecture as a scriptlet
License: MIT
AutoReqProv: no
%define __strip /bin/true
%define _build_id_links none
%description
a program of another architecture as a scriptlet
%install
install -D -m 755 %{_topdir}/mark %{buildroot}/usr/bin/mark
mkdir -p %{buildroot}/dev; touch %{buildroot}/emulated
%files
/usr/bin/mark
/dev
%ghost /emulated
%post -p /usr/bin/mark
`;

/** magic and mask of qemu's binfmt configuration; F: the interpreter is opened now, so that it works in other roots. */
const REGISTRATION = [
  ':qemu-aarch64:M::',
  String.raw`\x7f\x45\x4c\x46\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00`,
  String.raw`:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`,
  ':/usr/bin/qemu-aarch64-static:F',
].join('');
const BINFMT = '/proc/sys/fs/binfmt_misc';

/** Each user namespace has its own list of foreign programs since Linux 6.7: what the test registers is not seen outside of it. */
function canEmulate(): boolean {
  if (!canRunPodman() || !optIn('PODMAN', ['qemu-aarch64-static', 'unshare'])) return false;
  try {
    execFileSync('unshare', ['--user', '--map-root-user', '--mount', 'mount', '-t', 'binfmt_misc', 'none', BINFMT], { stdio: 'ignore' });
    return true;
  } catch {
    sayOnce('the test of --emulate is skipped: this kernel has no binfmt_misc for each user namespace');
    return false;
  }
}

describe.skipIf(!canEmulate())('--emulate with qemu-user', () => {
  let world: PodmanWorld;
  let project: string;

  beforeAll(async () => {
    world = await openPodmanWorld();
    project = join(world.directory, 'project');
    placeCommand(join(world.directory, 'bin'));
    mkdirSync(project);
    writeFileSync(world.env['REGISTRY_AUTH_FILE']!, '{}');
    const folder = join(world.directory, 'marked');
    mkdirSync(folder);
    writeFileSync(join(folder, 'mark'), markProgram('/emulated'));
    writeFileSync(join(folder, 'marked.spec'), SPEC);
    const define = ['--define', `_topdir ${folder}`];
    execFileSync('rpmbuild', ['-bb', '--quiet', '--target', 'aarch64-linux', ...define, join(folder, 'marked.spec')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    execFileSync('cp', ['-r', join(folder, 'RPMS/aarch64'), join(world.repository, 'marked')]);
    execFileSync('createrepo_c', ['--quiet', join(world.repository, 'marked')]);
    writeFileSync(join(project, 'rpm-packages.yaml'), MANIFEST);
  });
  afterAll(() => world?.close());

  test('scriptlets of a foreign architecture are run', async () => {
    const register = `mount -t binfmt_misc none ${BINFMT} && printf '%s' '${REGISTRATION}' >${BINFMT}/register`;
    const built = 'rpm-deps image build marked --arch arm64 --json';
    const script = [
      'set -e',
      'rpm-deps update --quiet',
      `${built} --emulate >refused.json 2>&1 || echo "refused $?"`,
      register,
      `${built} --tag plain >plain.json`,
      `${built} --emulate >emulated.json`,
    ].join('\n');
    const { status, output } = await runInNamespace(script);
    expect(status, output).toBe(0);
    expect(output).toContain('refused 2');
    expect(readFileSync(join(project, 'refused.json'), 'utf8')).toContain('qemu-aarch64 is not registered');
    const imagesOf = (file: string) =>
      (JSON.parse(readFileSync(join(project, file), 'utf8')) as { images: Record<string, unknown>[] }).images;
    expect(imagesOf('plain.json')[0]!['not_run']).toEqual([{ package: 'marked-1-1.aarch64', scripts: ['post'], missing: ['/emulated'] }]);
    expect(imagesOf('emulated.json')[0]!['not_run']).toBeUndefined();
    for (const [tag, isThere] of [
      ['plain', false],
      ['v1', true],
    ] as const) {
      const mount = world.podman('image', 'mount', `${world.registry}/kubevirt/marked:${tag}-arm64`);
      expect([tag, existsSync(`${mount}/emulated`)]).toEqual([tag, isThere]);
      world.podman('image', 'umount', `${world.registry}/kubevirt/marked:${tag}-arm64`);
    }
  });

  /** As root of a user namespace of its own, in which all users are what they are outside. */
  async function runInNamespace(script: string): Promise<{ status: number | null; output: string }> {
    const child = spawn('unshare', ['--user', '--mount', 'sh', '-c', 'echo ready; read -r go; exec bash -c "$0"', script], {
      cwd: project,
      env: shellEnvironment(world, join(world.directory, 'bin')),
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const ended = new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done));
    await new Promise<void>((done) => child.stdout.once('data', () => done()));
    // runc takes a map of all numbers for the one of the machine itself.
    for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${child.pid}/${map}`, '0 0 4294967294');
    child.stdin.end('go\n');
    return { status: await ended, output };
  }
});

/** An aarch64 program that makes an empty file: openat(AT_FDCWD, path, O_WRONLY | O_CREAT, 0644), exit(0). */
function markProgram(path: string): Uint8Array {
  const code = [0x92800c60, 0x10000101, 0xd2800822, 0xd2803483, 0xd2800708, 0xd4000001, 0xd2800000, 0xd2800ba8, 0xd4000001];
  const text = Buffer.from(`${path}\0`);
  const [headers, base] = [64 + 56, 0x400000];
  const file = Buffer.alloc(headers + code.length * 4 + text.length);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(file);
  file.writeUInt16LE(2, 16); // executable
  file.writeUInt16LE(183, 18); // aarch64
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(BigInt(base + headers), 24); // entry
  file.writeBigUInt64LE(64n, 32); // program headers
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(1, 64); // load
  file.writeUInt32LE(5, 68); // read, execute
  file.writeBigUInt64LE(BigInt(base), 80);
  file.writeBigUInt64LE(BigInt(base), 88);
  file.writeBigUInt64LE(BigInt(file.length), 96);
  file.writeBigUInt64LE(BigInt(file.length), 104);
  file.writeBigUInt64LE(0x10000n, 112);
  for (const [i, word] of code.entries()) file.writeUInt32LE(word, headers + i * 4);
  text.copy(file, headers + code.length * 4);
  return file;
}
