import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, createReadStream, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, normalize } from 'node:path';
import { optIn } from '../helpers/opt-in.ts';
import { sayOnce } from '../helpers/say-once.ts';

export const ARCHITECTURES = [
  { rpm: 'x86_64', container: 'amd64' },
  { rpm: 'aarch64', container: 'arm64' },
  { rpm: 's390x', container: 's390x' },
] as const;

const SPECS = ['mini-filesystem', 'mini-shell', 'mini-tools', 'mini-data', 'el-rpm', 'el-glibc'];

export const USER = 'builder';
export const PASSWORD = 'only-for-this-test';
/** bcrypt of PASSWORD. */
const PASSWORD_HASH = '$2b$04$Yl3LeRR599L2.kV/qPyMjOmQUIKOz.Hz5zu5yV8ldk.5Pm/SzKR56';

/** Everything real, on loopback, in one directory: rpm and createrepo_c for the mirror, podman, docker-registry. */
export interface PodmanWorld {
  readonly directory: string;
  /** Has one folder for each architecture. */
  readonly repository: string;
  readonly mirror: string;
  /** host:port */
  readonly registry: string;
  readonly env: Readonly<Record<string, string>>;
  podman(...args: readonly string[]): string;
  close(): Promise<void>;
}

/** Whether these tests run here; says once why not. */
export function canRunPodman(): boolean {
  if (!optIn('PODMAN', ['podman', 'runc', 'docker-registry', 'rpm', 'rpmbuild', 'createrepo_c'])) return false;
  if (process.getuid?.() === 0) return true;
  sayOnce('tests with podman are skipped: they need root');
  return false;
}

export async function openPodmanWorld(): Promise<PodmanWorld> {
  // bash complains of the locale that other tests are run in.
  process.env['LC_ALL'] = 'C';
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-podman-'));
  const repository = buildRepository(directory);
  const { server, port } = await serve(repository);
  const registry = `127.0.0.1:${await freePort()}`;
  const env = configure(directory, registry);
  const registryProcess = await startRegistry(directory, registry);
  const podman = (...args: readonly string[]): string =>
    execFileSync('podman', args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  return {
    directory,
    repository,
    mirror: `http://127.0.0.1:${port}`,
    registry,
    env,
    podman,
    close: async () => {
      server.close();
      registryProcess.kill();
      podman('rm', '-af');
      podman('rmi', '-af');
      // podman leaves its storage mounted upon itself.
      for (const mount of mountsBelow(directory)) execFileSync('umount', ['-l', mount]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Adds another build of mini-tools, and indexes again: an update that has come out. */
export function publishUpdate(world: PodmanWorld): void {
  for (const { rpm } of ARCHITECTURES) {
    buildRpm(world.directory, 'mini-tools', rpm, ['--define', 'mini_release 2']);
    placeRpms(world.directory, world.repository, rpm);
  }
}

function buildRepository(directory: string): string {
  const repository = join(directory, 'mirror');
  for (const { rpm } of ARCHITECTURES) {
    for (const spec of SPECS) buildRpm(directory, spec, rpm, []);
    placeRpms(directory, repository, rpm);
  }
  return repository;
}

function buildRpm(directory: string, spec: string, arch: string, more: readonly string[]): void {
  const top = join(directory, 'rpmbuild', arch);
  const defines = ['--define', `_topdir ${top}`, '--define', `_host_cpu ${execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim()}`];
  const file = join(import.meta.dirname, 'specs', `${spec}.spec`);
  execFileSync('rpmbuild', ['-bb', '--quiet', '--target', `${arch}-linux`, ...defines, ...more, file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

function placeRpms(directory: string, repository: string, arch: string): void {
  const target = join(repository, arch);
  mkdirSync(join(target, 'Packages'), { recursive: true });
  for (const folder of readdirSync(join(directory, 'rpmbuild', arch, 'RPMS'))) {
    const from = join(directory, 'rpmbuild', arch, 'RPMS', folder);
    for (const file of readdirSync(from)) copyFileSync(join(from, file), join(target, 'Packages', file));
  }
  execFileSync('createrepo_c', ['--quiet', target]);
}

function configure(directory: string, registry: string): Record<string, string> {
  const folder = join(directory, 'configuration');
  mkdirSync(folder);
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  return {
    PATH: process.env['PATH'] ?? '',
    LC_ALL: 'C',
    HOME: join(directory, 'home'),
    TMPDIR: tmpdir(),
    CONTAINERS_CONF: write(
      'containers.conf',
      '[engine]\nruntime="runc"\ncgroup_manager="cgroupfs"\nevents_logger="none"\n' +
        '[containers]\ndefault_ulimits=["nofile=1024:1024","nproc=1024:1024"]\nnetns="none"\n',
    ),
    CONTAINERS_STORAGE_CONF: write(
      'storage.conf',
      `[storage]\ndriver="overlay"\ngraphroot="${directory}/storage"\nrunroot="${directory}/run"\n`,
    ),
    CONTAINERS_REGISTRIES_CONF: write('registries.conf', `[[registry]]\nlocation="${registry}"\ninsecure=true\n`),
    REGISTRY_AUTH_FILE: join(folder, 'auth.json'),
  };
}

async function startRegistry(directory: string, registry: string): Promise<ChildProcess> {
  writeFileSync(join(directory, 'htpasswd'), `${USER}:${PASSWORD_HASH}\n`);
  const config = join(directory, 'registry.yml');
  writeFileSync(
    config,
    [
      'version: 0.1',
      'log: { level: error, accesslog: { disabled: true } }',
      `storage: { filesystem: { rootdirectory: ${directory}/registry } }`,
      `http: { addr: ${registry} }`,
      `auth: { htpasswd: { realm: test, path: ${directory}/htpasswd } }`,
    ].join('\n'),
  );
  // It takes every REGISTRY_* variable for configuration: it gets none.
  const child = spawn('docker-registry', ['serve', config], { env: { PATH: process.env['PATH'] ?? '' }, stdio: 'ignore' });
  const port = Number(registry.split(':')[1]);
  for (let tries = 0; tries < 100; tries++) {
    if (await answers(port)) return child;
    await new Promise((done) => setTimeout(done, 50));
  }
  child.kill();
  throw new Error('docker-registry did not start');
}

async function serve(root: string): Promise<{ server: Server; port: number }> {
  const server = createServer((request, response) => {
    const path = join(root, normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://mirror').pathname)));
    const size = statSync(path, { throwIfNoEntry: false })?.isFile() ? statSync(path).size : undefined;
    if (size === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': size });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  return { server, port: (server.address() as AddressInfo).port };
}

export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => done(Boolean(socket.end())));
    socket.once('error', () => done(false));
  });
}

function mountsBelow(directory: string): string[] {
  const mounts = execFileSync('cat', ['/proc/self/mounts'], { encoding: 'utf8' }).split('\n');
  return mounts
    .map((line) => line.split(' ')[1] ?? '')
    .filter((path) => path.startsWith(`${directory}/`))
    .sort()
    .reverse();
}
