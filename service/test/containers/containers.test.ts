import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { canRunPodman, openPodmanWorld, type PodmanWorld } from '../../../test/podman/podman-world.ts';
import { apiOf, type JobShown } from '../helpers/api.ts';
import { createTokenIn } from '../helpers/create-token.ts';
import { type GitProject, gitProject, MANIFEST, MIRROR } from '../helpers/git-project.ts';
import { writeHostBase } from '../helpers/host-base.ts';
import { optInService } from '../helpers/opt-in.ts';
import { freePort, type PostgresServer, postgresPrograms, postgresServer } from '../helpers/postgres-server.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const IMAGE = 'localhost/rpm-deps-service:test';

/** What a service of the compose file says. */
interface ComposeService {
  readonly command: readonly string[];
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly volumes: readonly string[];
  readonly healthcheck?: { readonly disable?: boolean };
}

const isOn = optInService() && canRunPodman() && postgresPrograms() !== undefined;

describe.runIf(isOn)('the image of service/Containerfile', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-containers-'));
  let world: PodmanWorld;
  let git: GitProject;
  let server: PostgresServer;
  const names: string[] = [];

  beforeAll(async () => {
    git = gitProject({ 'rpm-packages.yaml': MANIFEST.replace(MIRROR, '/mirror') });
    // The user of the image reads it.
    execFileSync('chown', ['-R', '1000:1000', git.directory]);
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: ROOT, stdio: 'pipe' });
    world = await openPodmanWorld();
    writeFileSync(world.env['REGISTRY_AUTH_FILE']!, '{}');
    const context = join(directory, 'base');
    mkdirSync(join(context, 'root'), { recursive: true });
    writeHostBase(join(context, 'root'));
    const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
    const settings = `PATH=/usr/bin NPM_CONFIG_REGISTRY=${registry} NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt`;
    writeFileSync(join(context, 'Containerfile'), `FROM scratch\nCOPY root/ /\nENV ${settings}\n`);
    world.podman('build', '--quiet', '--layers=false', '--tag=localhost/base:test', context);
    world.podman(
      ...['build', '--format=docker', '--layers=false', '--network=host', '--build-arg=BASE=localhost/base:test', `--tag=${IMAGE}`],
      ...[`--file=${join(ROOT, 'service/Containerfile')}`, ROOT],
    );
    server = await postgresServer();
  }, 900_000);
  afterAll(async () => {
    for (const name of names) spawnSync('podman', ['rm', '--force', '--time=0', name], { env: world.env });
    await world?.close();
    await server?.remove();
    git?.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  const mounts = (): string[] => [`--volume=${MIRROR}:/mirror:ro`, `--volume=${git.directory}:${git.directory}:ro`];
  const configFile = (): string => {
    const file = join(directory, 'service.yaml');
    writeFileSync(file, JSON.stringify({ git: [git.directory], jobs: { concurrency: 1 } }));
    return file;
  };

  test('has the command, and runs as nobody in particular', () => {
    const run = (...args: readonly string[]): string => world.podman('run', '--rm', '--network=none', '--read-only', ...args);
    expect(run(IMAGE, '--version')).toMatch(/^\d+\.\d+\.\d+/);
    const inspected = JSON.parse(world.podman('image', 'inspect', IMAGE)) as { Config: { User: string }; User?: string }[];
    expect(inspected[0]!.Config.User).toBe('1000:1000');
    expect(run('--entrypoint=id', IMAGE, '-u')).toBe('1000');
    const resolved = run(
      `--volume=${MIRROR}:/mirror:ro`,
      '--tmpfs=/tmp',
      IMAGE,
      'resolve',
      'bash',
      '--mirror',
      'file:///mirror',
      '--json',
      '--cache-dir',
      '/tmp/cache',
    );
    expect(JSON.parse(resolved)).toMatchObject({ architecture: 'x86_64' });
  });

  test('a web role and two workers of the compose file do jobs, healthy and with a read-only root', { timeout: 300_000 }, async () => {
    const compose = parse(readFileSync(join(ROOT, 'service/compose.yaml'), 'utf8'), { merge: true }) as {
      services: Record<string, ComposeService>;
    };
    const { token } = await createTokenIn(['operate'], server.url);
    const port = await freePort();
    const start = (name: string, { command, read_only, tmpfs, cap_drop, security_opt, volumes, healthcheck }: ComposeService): void => {
      expect({ name, read_only, cap_drop }).toEqual({ name, read_only: true, cap_drop: ['ALL'] });
      names.push(`service-${name}`);
      world.podman(
        ...['run', '--detach', `--name=service-${name}`, '--network=host', '--read-only'],
        ...(tmpfs ?? []).map((place) => `--tmpfs=${place}`),
        ...cap_drop!.map((right) => `--cap-drop=${right}`),
        ...(security_opt ?? []).map((option) => `--security-opt=${option}`),
        ...volumes.map((volume) => `--volume=${volume.replace('./service.example.yaml', configFile())}`),
        ...mounts(),
        ...[`--env=RPM_DEPS_DATABASE=${server.url}`, '--env=RPM_DEPS_MIRROR=file:///mirror'],
        ...(healthcheck?.disable === true ? ['--no-healthcheck'] : []),
        IMAGE,
        ...command.map((word) => word.replace('0.0.0.0:8080', `127.0.0.1:${port}`)),
      );
    };
    for (const name of ['web', 'worker-1', 'worker-2']) start(name, compose.services[name]!);
    const url = `http://127.0.0.1:${port}`;
    for (let i = 0; i < 150; i++) {
      if ((await fetch(`${url}/readyz`).catch(() => undefined))?.status === 200) break;
      await sleep(200);
    }
    const api = apiOf({ url }, token);
    expect((await api.send('POST', '/v1/projects', { name: 'tools', clone_url: git.url })).status).toBe(201);
    const { body } = await api.send<{ job: JobShown }>('POST', '/v1/projects/tools/update');
    expect(await api.ended(body.job.id)).toMatchObject({ state: 'succeeded', result: { changed: true } });
    expect((await api.send('POST', '/v1/resolve', { architecture: 'x86_64', specs: ['bash'] })).status).toBe(200);
    // SIGTERM ends each in order.
    for (const name of names) world.podman('stop', '--time=30', name);
    for (const name of names)
      expect({ name, code: world.podman('inspect', '--format={{.State.ExitCode}}', name) }).toEqual({ name, code: '0' });
  });

  test('by itself it runs everything on PGlite, and its health check tells', { timeout: 300_000 }, async () => {
    names.push('service-alone');
    const run = ['run', '--detach', '--name=service-alone', '--network=none', '--read-only', '--tmpfs=/tmp', '--cap-drop=ALL'];
    world.podman(...run, '--env=RPM_DEPS_MIRROR=file:///mirror', ...mounts(), IMAGE);
    let status = 1;
    for (let i = 0; i < 100 && status !== 0; i++) {
      await sleep(300);
      status = spawnSync('podman', ['healthcheck', 'run', 'service-alone'], { env: world.env }).status ?? 1;
    }
    expect(status).toBe(0);
    world.podman('stop', '--time=30', 'service-alone');
    expect(world.podman('inspect', '--format={{.State.ExitCode}}', 'service-alone')).toBe('0');
  });
});
