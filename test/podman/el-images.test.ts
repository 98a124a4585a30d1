import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { imageBuild } from '../../src/commands/image-build.ts';
import { imageVerify } from '../../src/commands/image-verify.ts';
import { ImageTree } from '../../src/images/image-tree.ts';
import type { Context } from '../../src/run/context.ts';
import { EL, MINI, podmanContext, writeLocks } from './podman-project.ts';
import { canRunPodman, openPodmanWorld, type PodmanWorld } from './podman-world.ts';

const NATIVE = { sets: ['el'], arch: ['amd64'] };
const FOREIGN = { sets: ['el'], arch: ['s390x'] };

describe.skipIf(!canRunPodman())('images with the rpm of EL 9 in them', () => {
  let world: PodmanWorld;
  let project: string;
  let context: Context;
  const files = new Map<string, string>();
  const fetchLocked = () => Promise.resolve(files);
  const name = (tag: string, architecture = 'amd64', set = 'el') => `${world.registry}/kubevirt/${set}:${tag}-${architecture}`;
  const build = (input: Partial<Parameters<typeof imageBuild>[0]>) => imageBuild({ ...NATIVE, ...input }, context, fetchLocked);
  const verify = (input: Partial<Parameters<typeof imageVerify>[0]>) => imageVerify({ ...NATIVE, ...input }, context, fetchLocked);
  /** An image of one more step on top of another. */
  const change = (tag: string, from: string, steps: string): void => {
    const folder = join(world.directory, tag);
    mkdirSync(folder);
    writeFileSync(join(folder, 'evil'), '#!/bin/sh \n');
    writeFileSync(join(folder, 'Containerfile'), `FROM ${from}\n${steps}\n`);
    world.podman('build', '--quiet', '--layers=false', '--pull=never', '--network=none', `--tag=${name(tag)}`, folder);
  };

  beforeAll(async () => {
    world = await openPodmanWorld();
    project = join(world.directory, 'project');
    // podman stops where the variable names a file that is not there.
    writeFileSync(world.env['REGISTRY_AUTH_FILE']!, '{}');
    context = podmanContext(world, project);
    writeLocks({ world, project, files, set: 'el', packages: EL });
    writeLocks({ world, project, files, set: 'mini', packages: MINI });
  });
  afterAll(() => world?.close());

  test('the rpm of the image finds the locked packages, and the other usual place leads there', async () => {
    await build({});
    const rpm = (...args: string[]) => world.podman('run', '--rm', '--network=none', name('v1'), '/usr/bin/rpm', ...args);
    expect(rpm('-qa', '--qf', '%{NAME}\\n').split('\n').sort()).toEqual(EL);
    expect(rpm('--dbpath', '/usr/lib/sysimage/rpm', '-q', 'el-rpm')).toBe('el-rpm-4.16.1.3-1.mini.x86_64');
    expect(await verify({})).toMatchObject({ equal: true });
  });

  test('two builds with ldconfig and a machine-id have one id', async () => {
    const { images } = await build({ tag: 'again' });
    expect(images[0]!.image_id).toBe(world.podman('image', 'inspect', '--format', '{{.Id}}', name('v1')));
    const mount = world.podman('image', 'mount', name('again'));
    expect(readFileSync(`${mount}/etc/machine-id`, 'utf8')).toBe('');
    expect(readFileSync(`${mount}/etc/host-of-build`, 'utf8')).toBe('localhost\nlocalhost\n');
    world.podman('image', 'umount', name('again'));
  });

  test('a foreign image is read as well: its macros say where its rpm looks', async () => {
    await build(FOREIGN);
    expect(await verify(FOREIGN)).toMatchObject({ equal: true });
    await build({ ...FOREIGN, tag: 'elsewhere', dbpath: '/usr/lib/sysimage/rpm', verify: false });
    expect((await verify({ ...FOREIGN, tag: 'elsewhere' })).images[0]).toMatchObject({
      database: ["the image's own rpm looks in /var/lib/rpm, and the database is in /usr/lib/sysimage/rpm"],
    });
  });

  test('files that were replaced or changed are named, with their packages', async () => {
    change(
      'evil',
      name('v1'),
      'COPY evil /usr/bin/el-ping\nRUN ["/usr/bin/bash", "-c", "echo more >>/usr/share/doc/el-glibc/README && echo edited >/etc/mini.conf"]',
    );
    const { equal, images } = await verify({ tag: 'evil' });
    expect(equal).toBe(false);
    expect(images[0]!.files.map(({ path, what }) => [path, what])).toEqual([
      ['/usr/bin/el-ping', 'content'],
      ['/usr/share/doc/el-glibc/README', 'content'],
    ]);
  });

  test("a forged database does not hide a replaced file, and the image's own rpm is asked", async () => {
    const folder = join(world.directory, 'forged');
    mkdirSync(folder);
    // The database of an image in which the file is as it was replaced: rpm in it has nothing to complain of.
    const spec = readFileSync(join(import.meta.dirname, 'specs/el-glibc.spec'), 'utf8');
    writeFileSync(
      join(folder, 'el-glibc.spec'),
      spec.replace("printf '#!/bin/sh\\n' >%{buildroot}/usr/bin/el-of-user", 'echo evil >%{buildroot}/usr/bin/el-of-user'),
    );
    execFileSync(
      'rpmbuild',
      ['-bb', '--quiet', '--define', `_topdir ${folder}`, '--define', `_host_cpu x86_64`, join(folder, 'el-glibc.spec')],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    );
    writeFileSync(
      join(folder, 'Containerfile'),
      `FROM ${name('v1')}\nCOPY RPMS/x86_64/el-glibc-2.34-1.mini.x86_64.rpm /evil.rpm\nRUN ["/usr/bin/rpm", "-U", "--force", "--noscripts", "--notriggers", "/evil.rpm"]\n`,
    );
    world.podman('build', '--quiet', '--layers=false', '--pull=never', '--network=none', `--tag=${name('forged')}`, folder);
    const { equal, images } = await verify({ tag: 'forged' });
    expect(equal).toBe(false);
    expect(images[0]).toMatchObject({ missing: [], extra: [], otherVersion: [], database: [] });
    expect(images[0]!.files.map(({ path, what }) => [path, what])).toEqual([['/usr/bin/el-of-user', 'content']]);
    // Where the locked RPMs are gone, the database has to be believed, and a warning says so.
    const warnings: string[] = [];
    const emit = (event: { kind: string; code?: string }): void => void (event.kind === 'warning' && warnings.push(event.code ?? ''));
    const gone = () => Promise.reject(new RpmDepsError('NETWORK', 'no mirror has them'));
    expect(await imageVerify({ ...NATIVE, tag: 'forged' }, { ...context, emit }, gone)).toMatchObject({ equal: true });
    expect(warnings).toEqual(['IMAGE_DATABASE_TRUSTED']);
  });

  test('what was not run for a foreign architecture is listed by package, with the ghosts that are missing', async () => {
    const warnings: { code: string; text: string; architecture?: string }[] = [];
    const emit = (event: { kind: string }): void => void (event.kind === 'warning' && warnings.push(event as never));
    const { images } = await imageBuild({ ...FOREIGN, tag: 'foreign' }, { ...context, emit }, fetchLocked);
    expect(images[0]!.not_run).toEqual([
      {
        package: 'el-glibc-2.34-1.mini.s390x',
        scripts: ['pre', 'post', 'transfiletrigger on /lib, /lib64, /usr/lib, /usr/lib64'],
        missing: ['/etc/ld.so.cache', '/usr/bin/el-alternative'],
      },
    ]);
    const warning = warnings.find(({ code }) => code === 'SCRIPTLETS_NOT_RUN');
    expect(warning).toMatchObject({ set: 'el', architecture: 's390x' });
    expect(warning!.text).toContain('  el-glibc-2.34-1.mini.s390x: pre, post, transfiletrigger');
    expect(warnings.map(({ code }) => code)).toContain('OS_RELEASE_MISSING');
  });

  test('the manifest gives an image what scriptlets would have, and its settings', async () => {
    const path = join(project, 'rpm-packages.yaml');
    const sets = `sets:
  el:
    packages: [el-glibc]
    env: { GREETING: 'for $5' }
    user: "107:107"
    entrypoint: [/usr/bin/bash, -c]
    labels: { org.example.a: b }
    docs: false
    languages: [de]
    clean: [/etc/ld.so.*]
    symlinks: { /usr/bin/el-alternative: el-ping }
    capabilities: { /usr/bin/el-of-user: cap_chown=ep }
    users: true
`;
    writeFileSync(path, `architectures: [x86_64, aarch64, s390x]\n${sets}`);
    for (const arch of ['amd64', 's390x']) {
      const input = { sets: ['el'], arch: [arch], tag: 'set' };
      await build(input);
      expect(await verify(input)).toMatchObject({ equal: true, images: [{ files: [] }] });
      const mount = world.podman('image', 'mount', name('set', arch));
      const files = ['el-of-user', 'el-capture'].map((file) => `${mount}/usr/bin/${file}`);
      expect(execFileSync('stat', ['-c', '%a %u:%g', ...files], { encoding: 'utf8' })).toBe('4755 107:107\n2750 0:107\n');
      expect(readlinkSync(`${mount}/usr/bin/el-alternative`)).toBe('el-ping');
      expect(readdirSync(`${mount}/usr/share/locale`).flatMap((language) => readdirSync(`${mount}/usr/share/locale/${language}`))).toEqual([
        'el.mo',
      ]);
      expect(existsSync(`${mount}/usr/share/doc/el-glibc/README`)).toBe(false);
      expect(existsSync(`${mount}/etc/ld.so.conf`)).toBe(false);
      expect(readFileSync(`${mount}/etc/passwd`, 'utf8')).toContain('eld:x:107:107:');
      world.podman('image', 'umount', name('set', arch));
    }
    const config = JSON.parse(world.podman('image', 'inspect', '--format', '{{json .Config}}', name('set'))) as Record<string, unknown>;
    expect(config).toMatchObject({
      Env: expect.arrayContaining(['GREETING=for $5']) as string[],
      User: '107:107',
      Entrypoint: ['/usr/bin/bash', '-c'],
    });
    rmSync(path);
  });

  test('--output writes the image as files with owners and capabilities, and as OCI', async () => {
    const tar = join(world.directory, 'out/el.tar');
    await build({ tag: undefined, prefix: undefined, output: `tar:${tar}` });
    const listed = execFileSync('tar', ['--numeric-owner', '-tvf', tar, 'usr/bin/el-of-user'], { encoding: 'utf8' });
    expect(listed).toMatch(/^-rwsr-xr-x 107\/107 /);
    const tree = await ImageTree.open(tar, 'el');
    expect(tree.find('/usr/bin/el-ping')!.capabilities).toHaveLength(20);
    await tree.close();
    await build({ output: `oci-archive:${world.directory}/out/el.oci` });
    await build({ output: `oci:${world.directory}/out/oci` });
    expect(readdirSync(join(world.directory, 'out')).sort()).toEqual(['el.oci', 'el.tar', 'oci']);
    expect(existsSync(join(world.directory, 'out/oci/index.json'))).toBe(true);
    await expect(build({ arch: ['amd64', 's390x'], output: `tar:${tar}` })).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('a base keeps its one database; two, and other versions, are refused', async () => {
    await build({ sets: ['mini'], tag: 'onbase', base: name('v1') });
    const onBase = { sets: ['mini'], tag: 'onbase', base: name('v1') };
    expect(await verify(onBase)).toMatchObject({ equal: true });
    const list = world.podman(
      'run',
      '--rm',
      '--network=none',
      name('onbase', 'amd64', 'mini'),
      '/usr/bin/rpm',
      '-qa',
      '--qf',
      '%{NAME}\\n',
    );
    expect(list.split('\n').sort()).toEqual([...new Set([...EL, ...MINI])].sort());

    await expect(build({ sets: ['mini'], tag: 'refused', base: name('v1'), dbpath: '/opt/rpm' })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('would create a second one') as string,
    });

    const path = join(project, 'rpm-lockfiles/mini-x86_64.lock.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('"release": "3.mini"', '"release": "4.mini"'));
    await expect(build({ sets: ['mini'], tag: 'refused', base: name('v1') })).rejects.toMatchObject({
      code: 'CHECK_FAILED',
      details: ['mini-shell.x86_64: the base has 1:5.2-3.mini, locked is 1:5.2-4.mini'],
    });
    writeFileSync(path, text);
  });
});
