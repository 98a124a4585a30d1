import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { builderBuild } from '../../src/commands/builder-build.ts';
import { builderPublish } from '../../src/commands/builder-publish.ts';
import { imageBuild } from '../../src/commands/image-build.ts';
import { imageManifest } from '../../src/commands/image-manifest.ts';
import { imagePush } from '../../src/commands/image-push.ts';
import { imageVerify } from '../../src/commands/image-verify.ts';
import { initBuilder } from '../../src/commands/init-builder.ts';
import type { Context } from '../../src/run/context.ts';
import { MINI, podmanContext, writeLocks } from './podman-project.ts';
import { ARCHITECTURES, canRunPodman, freePort, openPodmanWorld, PASSWORD, type PodmanWorld, USER } from './podman-world.ts';

const ALL = ['amd64,arm64,s390x'];
const SET = { sets: ['mini'], arch: ALL };

describe.skipIf(!canRunPodman())('with real podman, registry and RPMs', () => {
  let world: PodmanWorld;
  let project: string;
  let context: Context;
  const files = new Map<string, string>();
  const fetchLocked = () => Promise.resolve(files);

  beforeAll(async () => {
    world = await openPodmanWorld();
    project = join(world.directory, 'project');
    writeLocks({ world, project, files, set: 'mini', packages: MINI });
    context = podmanContext(world, project);
    world.podman('login', '--username', USER, '--password', PASSWORD, world.registry);
  });
  afterAll(() => world?.close());

  const reference = (container: string, version = 'v1') => `${world.registry}/kubevirt/mini:${version}-${container}`;

  test('images of three architectures hold exactly the locked RPMs, twice the same', async () => {
    const first = await imageBuild(SET, context, fetchLocked);
    const second = await imageBuild(SET, context, fetchLocked);
    expect(first.images.map(({ image_id }) => image_id)).toEqual(second.images.map(({ image_id }) => image_id));
    expect(await imageVerify(SET, context, fetchLocked)).toMatchObject({
      equal: true,
      images: [{ locked: 4 }, { locked: 4 }, { locked: 4 }],
    });
  });

  test('the image of the own architecture runs, and kept modes, owners and what scriptlets did', () => {
    expect(world.podman('run', '--rm', '--network=none', reference('amd64'), '/usr/bin/mini')).toBe('mini: it runs');
    const mount = world.podman('image', 'mount', reference('amd64'));
    const modes = execFileSync(
      'stat',
      ['-c', '%a %u', `${mount}/usr/libexec/mini-setuid`, `${mount}/usr/share/mini/data`, `${mount}/tmp`],
      { encoding: 'utf8' },
    );
    expect(modes.trim().split('\n')).toEqual(['4755 0', '644 1000', '1777 0']);
    expect(readFileSync(`${mount}/etc/mini-configured`, 'utf8')).toBe('configured\n');
    expect(existsSync(`${mount}/dev/null`)).toBe(false);
    world.podman('image', 'umount', reference('amd64'));
  });

  test("scriptlets of foreign packages are not run, and rpm's own list is the lock", () => {
    const mount = world.podman('image', 'mount', reference('s390x'));
    expect(existsSync(`${mount}/etc/mini-configured`)).toBe(false);
    const listed = execFileSync('rpm', ['--root', mount, '--dbpath', '/usr/lib/sysimage/rpm', '-qa', '--qf', '%{NEVRA}\n'], {
      encoding: 'utf8',
    });
    expect(listed.trim().split('\n').sort()).toEqual([
      'mini-data-2024a-1.mini.noarch',
      'mini-filesystem-1.0-1.mini.noarch',
      'mini-shell-1:5.2-3.mini.s390x',
      'mini-tools-2.0~rc1^git5-1.mini.s390x',
    ]);
    world.podman('image', 'umount', reference('s390x'));
  });

  test('pushed with a password, listed for all architectures, pulled back and compared', async () => {
    const { images } = await imagePush(SET, context);
    const { manifests } = await imageManifest({ sets: ['mini'] }, context);
    expect(manifests).toMatchObject([{ reference: `${world.registry}/kubevirt/mini:v1`, architectures: ['amd64', 'arm64', 's390x'] }]);
    const record = JSON.parse(readFileSync(join(project, '_out/image-digests.json'), 'utf8')) as { images: { digest: string }[] };
    expect(record.images.map(({ digest }) => digest)).toEqual(images.map(({ digest }) => digest));
    for (const { container } of ARCHITECTURES) world.podman('rmi', reference(container));
    for (const { container } of ARCHITECTURES) {
      const list = `${world.registry}/kubevirt/mini@${manifests[0]!.digest}`;
      world.podman('pull', '--quiet', `--platform=linux/${container}`, list);
      world.podman('tag', list, `localhost/pulled-${container}`);
      const { equal } = await imageVerify(
        { sets: ['mini'], arch: [container], image: `localhost/pulled-${container}` },
        context,
        fetchLocked,
      );
      expect(equal).toBe(true);
    }
  });

  test('an image that lacks, exceeds and differs is told apart from its lock', async () => {
    const path = join(project, 'rpm-lockfiles/mini-s390x.lock.json');
    const text = readFileSync(path, 'utf8');
    writeFileSync(
      path,
      text
        .replace('"name": "mini-data"', '"name": "mini-date"')
        .replace('"release": "1.mini",\n      "arch": "s390x"', '"release": "2.mini",\n      "arch": "s390x"'),
    );
    const { equal, images } = await imageVerify({ sets: ['mini'], arch: ['s390x'], image: 'localhost/pulled-s390x' }, context, fetchLocked);
    writeFileSync(path, text);
    expect(equal).toBe(false);
    expect(images[0]).toMatchObject({
      missing: ['mini-date-2024a-1.mini.noarch'],
      extra: ['mini-data-2024a-1.mini.noarch'],
      otherVersion: [{ name: 'mini-tools', locked: '2.0~rc1^git5-2.mini', installed: '2.0~rc1^git5-1.mini' }],
    });
  });

  test('a base keeps its files, and what it brought is no surprise', async () => {
    writeFileSync(join(world.directory, 'Base'), 'FROM scratch\nCOPY base-file /etc/base-file\nENV COLOUR=blue\n');
    writeFileSync(join(world.directory, 'base-file'), 'base\n');
    world.podman(
      'build',
      '--quiet',
      '--layers=false',
      '--platform=linux/amd64',
      '--tag=localhost/base:1',
      `--file=${world.directory}/Base`,
      world.directory,
    );
    await imageBuild({ sets: ['mini'], arch: ['amd64'], tag: 'based', base: 'localhost/base:1' }, context, fetchLocked);
    const say = 'read -r line </etc/base-file; echo $COLOUR $line';
    expect(world.podman('run', '--rm', '--network=none', reference('amd64', 'based'), '/bin/sh', '-c', say)).toBe('blue base');
    // The same packages below and on top are no trouble.
    await imageBuild({ sets: ['mini'], arch: ['amd64'], tag: 'twice', base: reference('amd64') }, context, fetchLocked);
    expect(await imageVerify({ sets: ['mini'], arch: ['amd64'], tag: 'twice' }, context, fetchLocked)).toMatchObject({ equal: true });
  });

  test('an image with rpm in it does the work where the machine has no rpm', async () => {
    const input = { sets: ['mini'], arch: ['s390x'], toolImage: 'localhost/rpm-deps-tool:latest' };
    const { images } = await imageBuild({ ...input, tag: 'tooled' }, context, fetchLocked);
    const { images: own } = await imageBuild({ sets: ['mini'], arch: ['s390x'], tag: 'own' }, context, fetchLocked);
    expect(images[0]!.image_id).toBe(own[0]!.image_id);
    expect(await imageVerify({ ...input, tag: 'tooled' }, context, fetchLocked)).toMatchObject({ equal: true });
  });

  test('an extended Containerfile is built with the same RPMs', async () => {
    const own = join(project, 'own');
    mkdirSync(own);
    const { imageContainerfile } = await import('../../src/commands/image-containerfile.ts');
    const { text } = await imageContainerfile({ set: 'mini' }, context);
    writeFileSync(join(own, 'Containerfile'), `${text}ARG GREETING\nENV GREETING=$GREETING\nCOPY note /etc/note\n`);
    writeFileSync(join(own, 'note'), 'a note\n');
    const input = { sets: ['mini'], arch: ['amd64'], tag: 'own', containerfile: 'own/Containerfile', buildArg: ['GREETING=hello'] };
    await imageBuild(input, context, fetchLocked);
    const say = 'read -r line </etc/note; echo $GREETING $line';
    expect(world.podman('run', '--rm', '--network=none', reference('amd64', 'own'), '/bin/sh', '-c', say)).toBe('hello a note');
  });

  test('the builder is built of its locked set, published, and found under the common name', async () => {
    await initBuilder({ set: 'mini' }, context);
    await builderBuild({ set: 'mini', arch: ['amd64', 's390x'] }, context, fetchLocked);
    const { manifests } = await builderPublish({}, context);
    expect(manifests).toMatchObject([{ reference: `${world.registry}/kubevirt/builder:v1`, architectures: ['amd64', 's390x'] }]);
    const say = ['run', '--rm', '--network=none', `${world.registry}/kubevirt/builder:v1-amd64`, '-c', 'mini'];
    expect(world.podman(...say)).toBe('mini: it runs');
  });

  test('a list of architectures of which one was never pushed is not pushed', async () => {
    await imageBuild({ sets: ['mini'], arch: ['amd64'], tag: 'lonely' }, context, fetchLocked);
    await imagePush({ sets: ['mini'], tag: 'lonely', arch: ['amd64'] }, context);
    await expect(imageManifest({ sets: ['mini'], tag: 'lonely' }, context)).rejects.toMatchObject({
      code: 'PODMAN',
      message: expect.stringMatching(/^cannot put arm64 into the manifest list of .*: the image is not in the registry$/) as string,
    });
    const authorization = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;
    const list = await fetch(`http://${world.registry}/v2/kubevirt/mini/manifests/lonely`, { headers: { authorization } });
    expect(list.status).toBe(404);
  });

  test('a wrong password, no answer and unexpected TLS are each told as what they are', async () => {
    const authfile = join(world.directory, 'wrong.json');
    const auth = Buffer.from(`${USER}:wrong`).toString('base64');
    writeFileSync(authfile, JSON.stringify({ auths: { [world.registry]: { auth } } }));
    const push = { sets: ['mini'], arch: ['amd64'], tag: 'lonely' };
    await expect(imagePush({ ...push, authfile }, context)).rejects.toMatchObject({
      message: expect.stringContaining('the registry does not accept the credentials') as string,
    });
    await expect(imagePush({ ...push, tlsVerify: true }, context)).rejects.toMatchObject({
      message: expect.stringContaining('the registry uses plain HTTP instead of TLS') as string,
    });
    const nowhere = `127.0.0.1:${await freePort()}/kubevirt`;
    world.podman('tag', reference('amd64', 'lonely'), `${nowhere}/mini:lonely-amd64`);
    await expect(imagePush({ ...push, prefix: nowhere }, context)).rejects.toMatchObject({
      message: expect.stringContaining('the registry does not answer') as string,
    });
  });

  test('an interrupted push never gives the image its name', async () => {
    const asked: string[] = [];
    const interruption = new AbortController();
    // Takes an upload's beginning, and then there is silence.
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.method === 'PATCH') return void setTimeout(() => interruption.abort(), 100);
      if (request.method === 'POST') return void response.writeHead(202, { location: `${request.url}1`, range: '0-0' }).end();
      response.writeHead(request.method === 'HEAD' ? 404 : 200, { 'docker-distribution-api-version': 'registry/2.0' }).end();
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const prefix = `127.0.0.1:${(server.address() as AddressInfo).port}/kubevirt`;
    world.podman('tag', reference('amd64', 'lonely'), `${prefix}/mini:lonely-amd64`);
    const push = { sets: ['mini'], arch: ['amd64'], tag: 'lonely', prefix, tlsVerify: false };
    await expect(imagePush(push, { ...context, signal: interruption.signal })).rejects.toMatchObject({ code: 'INTERRUPTED' });
    server.closeAllConnections();
    server.close();
    expect(asked.some((line) => line.startsWith('PATCH '))).toBe(true);
    expect(asked.filter((line) => line.startsWith('PUT '))).toEqual([]);
    expect(readdirSync(join(world.directory, 'cache'))).toEqual([]);
  });

  test('a foreign program in a RUN fails the build, and nothing is named', async () => {
    writeFileSync(
      join(project, 'own/Foreign'),
      `${readFileSync(join(project, 'own/Containerfile'), 'utf8')}RUN ["/usr/bin/bash", "-c", "true"]\n`,
    );
    await expect(
      imageBuild({ sets: ['mini'], arch: ['s390x'], tag: 'foreign', containerfile: 'own/Foreign' }, context, fetchLocked),
    ).rejects.toMatchObject({ code: 'PODMAN' });
    expect(() => world.podman('image', 'inspect', reference('s390x', 'foreign'))).toThrow('image not known');
    expect(readdirSync(join(world.directory, 'cache'))).toEqual([]);
  });
});
