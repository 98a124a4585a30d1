import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHttpClient } from '../../src/net/http-client.ts';
import type { Context } from '../../src/run/context.ts';
import { ARCHITECTURES, type PodmanWorld } from './podman-world.ts';

/** Packages of the mini distribution, in the order of a lockfile. */
export const MINI = ['mini-data', 'mini-filesystem', 'mini-shell', 'mini-tools'];
/** With rpm itself, ldconfig, capabilities and a user: of EL 9's kind. */
export const EL = ['el-glibc', 'el-rpm', 'mini-filesystem', 'mini-shell'];

/** A run of a command in a project, with the names that images get. */
export function podmanContext(world: PodmanWorld, project: string): Context {
  return {
    cwd: project,
    env: { ...world.env, DOCKER_PREFIX: `${world.registry}/kubevirt`, DOCKER_IMAGE: 'builder', VERSION: 'v1' },
    cacheDir: join(world.directory, 'cache'),
    offline: true,
    http: createHttpClient({ env: {} }),
    now: () => new Date('2025-01-13T12:10:59Z'),
    emit: () => undefined,
    signal: new AbortController().signal,
  };
}

/** Lockfiles of a set for every architecture; where each RPM is goes into `files`, by sha256. */
export function writeLocks(what: {
  readonly world: PodmanWorld;
  readonly project: string;
  readonly files: Map<string, string>;
  readonly set: string;
  readonly packages: readonly string[];
}): void {
  const { world, project, files, set } = what;
  mkdirSync(join(project, 'rpm-lockfiles'), { recursive: true });
  for (const { rpm } of ARCHITECTURES) {
    const folder = join(world.repository, rpm, 'Packages');
    const packages = readdirSync(folder)
      .sort()
      .map((filename) => {
        const query = execFileSync('rpm', ['-qp', '--qf', '%{NAME} %{EPOCHNUM} %{VERSION} %{RELEASE} %{ARCH}', join(folder, filename)], {
          encoding: 'utf8',
        });
        const [name, epoch, version, release, arch] = query.split(' ');
        const sha256 = createHash('sha256')
          .update(readFileSync(join(folder, filename)))
          .digest('hex');
        return { name: name!, epoch, version, release, arch, sha256, filename };
      })
      .filter(({ name }) => what.packages.includes(name));
    for (const { sha256, filename } of packages) files.set(sha256, join(folder, filename));
    const lock = {
      schema_version: '1.0',
      architecture: rpm,
      package_set: set,
      generated: '2025-01-13T09:43:32Z',
      generator: 'test',
      packages,
    };
    writeFileSync(join(project, 'rpm-lockfiles', `${set}-${rpm}.lock.json`), `${JSON.stringify(lock, null, 2)}\n`);
  }
}
