import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageBuild } from '../../src/commands/image-build.ts';
import { imagePush } from '../../src/commands/image-push.ts';
import { imageVerify } from '../../src/commands/image-verify.ts';
import { readBaseImage } from '../../src/installed/base-image.ts';
import type { LockedPackage, Lockfile } from '../../src/lockfile/lockfile.ts';
import type { Context } from '../../src/run/context.ts';
import { startRun } from '../../src/run/start-run.ts';
import { cliProject } from '../helpers/cli-project.ts';
import { fixture } from '../helpers/fixtures.ts';
import { podmanContext, writeLocks } from './podman-project.ts';
import { ARCHITECTURES, canRunPodman, openPodmanWorld, PASSWORD, type PodmanWorld, USER } from './podman-world.ts';

const DATABASES = [
  ['var/lib/rpm', 'rpmdb.sqlite'],
  ['usr/lib/sysimage/rpm', 'Packages.db'],
  ['var/lib/rpm', 'Packages'],
] as const;

describe.skipIf(!canRunPodman())('base images in a real registry with a login', () => {
  let world: PodmanWorld;
  let project: string;
  let context: Context;
  const files = new Map<string, string>();
  const fetchLocked = () => Promise.resolve(files);
  const closers: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    world = await openPodmanWorld();
    project = join(world.directory, 'project');
    writeLocks({ world, project, files, set: 'os', packages: ['mini-data', 'mini-filesystem', 'mini-shell'] });
    context = podmanContext(world, project);
    world.podman('login', '--username', USER, '--password', PASSWORD, world.registry);
  });
  afterAll(async () => {
    for (const close of closers) await close();
    await world?.close();
  });

  const image = (name: string): string => `${world.registry}/os/${name}`;
  /** An image of these files alone, pushed. */
  const pushFiles = (name: string, content: Readonly<Record<string, Uint8Array>>, architecture = 'amd64'): void => {
    const folder = join(world.directory, name.replaceAll(/\W/g, '-'));
    for (const [path, bytes] of Object.entries(content)) {
      mkdirSync(join(folder, 'root', path, '..'), { recursive: true });
      writeFileSync(join(folder, 'root', path), bytes);
    }
    writeFileSync(join(folder, 'Containerfile'), 'FROM scratch\nCOPY root/ /\n');
    world.podman('build', '--quiet', '--layers=false', `--platform=linux/${architecture}`, `--tag=${image(name)}`, folder);
    world.podman('push', '--quiet', '--tls-verify=false', image(name));
  };
  const database = (file: string): Uint8Array => gunzipSync(readFileSync(fixture(`rpmdb/${file}.gz`)));
  const update = async (base: string, env: Record<string, string> = {}) => {
    const made = cliProject();
    Object.assign(made.env, {
      RPM_DEPS_MIRROR: `file://${fixture('mirror')}`,
      REGISTRY_AUTH_FILE: world.env['REGISTRY_AUTH_FILE'],
      ...env,
    });
    made.write('registries.conf', readFileSync(world.env['CONTAINERS_REGISTRIES_CONF']!, 'utf8'));
    made.env['CONTAINERS_REGISTRIES_CONF'] = join(made.directory, 'registries.conf');
    made.write('Containerfile', `ARG TAG\nFROM ${image('scratch:$TAG')}\n`);
    made.write('rpm-packages.yaml', `architectures: [x86_64]\nsets:\n  app:\n    base: ${base}\n    packages: [bash]\n`);
    return { made, ran: await made.run('update') };
  };

  test.each(DATABASES)('a database in %s/%s is resolved against', async (folder, file) => {
    const name = `base-${file.toLowerCase().replaceAll('.', '-')}:1`;
    pushFiles(name, { [`${folder}/${file}`]: database(file) });
    const { made, ran } = await update(`{ image: "${image(name)}" }`);
    expect(ran.stderr).toBe('');
    expect(made.readLock('app-x86_64').base?.image).toBe(image(name));
    expect(made.locked('app-x86_64').some((text) => text.startsWith('bash-'))).toBe(true);
  });

  test('each architecture of an index is read', async () => {
    const [folder, file] = DATABASES[0];
    const variants = ARCHITECTURES.map(({ container }) => `multi:1-${container}`);
    for (const [i, { container }] of ARCHITECTURES.entries()) pushFiles(variants[i]!, { [`${folder}/${file}`]: database(file) }, container);
    world.podman('manifest', 'create', image('multi:1'));
    for (const variant of variants) world.podman('manifest', 'add', image('multi:1'), `containers-storage:${image(variant)}`);
    world.podman('manifest', 'push', '--all', '--quiet', '--tls-verify=false', image('multi:1'), `docker://${image('multi:1')}`);
    const run = startRun({ env: world.env, cacheDir: join(world.directory, 'cache') });
    closers.push(() => run.end());
    const read = await Promise.all(ARCHITECTURES.map(({ rpm }) => readBaseImage(image('multi:1'), rpm, { ...run, env: world.env })));
    expect(new Set(read.map(({ digest }) => digest)).size).toBe(1);
    expect(new Set(read.map(({ manifestDigest }) => manifestDigest)).size).toBe(3);
    expect(read.map(({ packages }) => packages.length)).toEqual([6, 6, 6]);
  });

  test('what cannot be a base is refused, and nothing is written', async () => {
    const [folder, file] = DATABASES[0];
    pushFiles('scratch:1', { 'etc/passwd': Buffer.from('root') });
    pushFiles('damaged:1', { [`${folder}/${file}`]: database(file).subarray(0, 5000) });
    pushFiles('two:1', { [`${folder}/${file}`]: database(file), 'usr/lib/sysimage/rpm/rpmdb.sqlite': otherDatabase() });
    pushFiles('foreign:1', { [`${folder}/${file}`]: database(file) }, 's390x');
    const noLogin = join(world.directory, 'no-login.json');
    writeFileSync(noLogin, '{}');
    for (const [base, env, text] of [
      [image('none:1'), {}, 'os/none'],
      [image('scratch:1'), { REGISTRY_AUTH_FILE: noLogin }, 'login'],
      [image('scratch:1'), {}, 'has no rpm database'],
      [image('damaged:1'), {}, 'damaged:1'],
      [image('two:1'), {}, 'two rpm databases'],
      [image('foreign:1'), {}, 'has no variant for x86_64'],
    ] as const) {
      const { made, ran } = await update(`{ image: "${base}" }`, env);
      expect([base, ran.exitCode === 0]).toEqual([base, false]);
      expect(ran.stderr).toContain(text);
      expect(existsSync(join(made.directory, 'rpm-lockfiles'))).toBe(false);
    }
    const { made, ran } = await update('{ containerfile: Containerfile }');
    expect([ran.exitCode, ran.stderr]).toEqual([2, expect.stringContaining('TAG')]);
    expect(existsSync(join(made.directory, 'rpm-lockfiles'))).toBe(false);
  });

  test('a lock on an image is built on it with rpm, which upgrades, adds and removes, and is compared', async () => {
    await imageBuild({ sets: ['os'], arch: ['amd64'] }, context, fetchLocked);
    await imagePush({ sets: ['os'], arch: ['amd64'] }, context);
    const name = `${world.registry}/kubevirt/os`;
    const run = startRun({ env: world.env, cacheDir: join(world.directory, 'cache') });
    closers.push(() => run.end());
    const base = await readBaseImage(`${name}:v1-amd64`, 'x86_64', { ...run, env: world.env });
    expect(base.packages).toHaveLength(3);
    const nevra = (wanted: string): string => {
      const { epoch, version, release, arch } = base.packages.find((entry) => entry.name === wanted)!;
      return `${wanted}-${epoch}:${version}-${release}.${arch}`;
    };
    const newer = buildNewerData();
    const tools = readdirSync(join(world.repository, 'x86_64/Packages')).find((file) => file.startsWith('mini-tools-'))!;
    const packages = [{ ...lockedOf(newer), replaces: [nevra('mini-data')] }, lockedOf(join(world.repository, 'x86_64/Packages', tools))];
    const lock: Partial<Lockfile> = {
      schema_version: '1.2',
      architecture: 'x86_64',
      package_set: 'app',
      generated: '2025-01-13T09:43:32Z',
      generator: 'test',
      manifest_digest: `sha256:${'0'.repeat(64)}`,
      requested: ['mini-tools'],
      ignored: [],
      repositories: [],
      base: {
        image: `${name}:v1-amd64`,
        digest: base.digest,
        architecture_digest: base.manifestDigest,
        installed_digest: base.installedDigest,
      },
      packages,
    };
    const path = join(project, 'rpm-lockfiles/app-x86_64.lock.json');
    writeFileSync(path, JSON.stringify(lock));
    const app = { sets: ['app'], arch: ['amd64'] };
    await imageBuild(app, context, fetchLocked);
    expect(await imageVerify(app, context, fetchLocked)).toMatchObject({ equal: true });
    const mount = world.podman('image', 'mount', `${world.registry}/kubevirt/app:v1-amd64`);
    const listed = execFileSync('rpm', ['--root', mount, '--dbpath', `/${base.databaseFolder}`, '-qa', '--qf', '%{NAME}-%{VERSION}\n'], {
      encoding: 'utf8',
    });
    expect(listed.trim().split('\n').sort()).toEqual([
      'mini-data-2024b',
      'mini-filesystem-1.0',
      'mini-shell-5.2',
      'mini-tools-2.0~rc1^git5',
    ]);
    expect(existsSync(`${mount}/usr/share/mini/new-data`)).toBe(true);
    world.podman('image', 'umount', `${world.registry}/kubevirt/app:v1-amd64`);
  });

  /** What rpm itself writes, of one package. */
  function otherDatabase(): Uint8Array {
    const folder = join(world.directory, 'other-database');
    const packages = join(world.repository, 'x86_64/Packages');
    const file = readdirSync(packages).find((name) => name.startsWith('mini-filesystem-'))!;
    execFileSync('rpm', ['--dbpath', folder, '--force-debian', '--justdb', '--nodeps', '--nosignature', '-i', join(packages, file)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return readFileSync(join(folder, 'rpmdb.sqlite'));
  }

  function buildNewerData(): string {
    const folder = join(world.directory, 'newer');
    mkdirSync(folder);
    const spec = readFileSync(join(import.meta.dirname, 'specs/mini-data.spec'), 'utf8')
      .replace('2024a', '2024b')
      .replace('%files', 'echo new >%{buildroot}/usr/share/mini/new-data\n%files\n%attr(644,mini,mini) /usr/share/mini/new-data');
    writeFileSync(join(folder, 'mini-data.spec'), spec);
    execFileSync('rpmbuild', ['-bb', '--quiet', '--define', `_topdir ${folder}`, join(folder, 'mini-data.spec')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    return join(folder, 'RPMS/noarch/mini-data-2024b-1.mini.noarch.rpm');
  }

  function lockedOf(file: string): LockedPackage {
    const query = execFileSync('rpm', ['-qp', '--qf', '%{NAME} %{EPOCHNUM} %{VERSION} %{RELEASE} %{ARCH}', file], { encoding: 'utf8' });
    const [name, epoch, version, release, arch] = query.split(' ') as [string, string, string, string, string];
    const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
    files.set(sha256, file);
    return { name, epoch, version, release, arch, sha256, filename: file.split('/').at(-1)! };
  }
});
