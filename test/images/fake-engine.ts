import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ProgressEvent } from '../../src/base/events.ts';
import type { FetchLocked } from '../../src/images/container-input.ts';
import { type ContainerServices, SERVICES } from '../../src/images/container-input.ts';
import { createHttpClient } from '../../src/net/http-client.ts';
import type { Context } from '../../src/run/context.ts';
import { smallRpm } from '../helpers/small-rpm.ts';

const LOCKED = [
  { name: 'bash', epoch: '0', version: '5.1.8', release: '9.el9' },
  { name: 'vim-minimal', epoch: '2', version: '8.2.2637', release: '20.el9' },
];

/** A project in a temporary directory with locks of the set `tools`, and engines on PATH that only write down what they are told. */
export interface World {
  readonly context: Context;
  readonly services: ContainerServices;
  readonly events: ProgressEvent[];
  readonly directory: string;
  readonly fetchLocked: FetchLocked;
  /** What the engine was called with, joined with spaces, without the queries whether it is there. */
  calls(): string[];
  /** The files of every image. */
  readonly root: string;
  /** What rpm finds in every image. */
  install(lines: readonly string[]): void;
  readRecord(): Record<string, unknown> | undefined;
}

export function fakeWorld(env: Record<string, string> = {}, engines: readonly string[] = ['podman', 'docker']): World {
  const directory = mkdtempSync(join(tmpdir(), 'rpm-deps-containers-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [bin, state, store] = ['bin', 'state', 'store'].map((name) => join(directory, name)) as [string, string, string];
  for (const folder of [bin, state, store, join(directory, 'rpm-lockfiles')]) mkdirSync(folder, { recursive: true });
  for (const engine of engines) {
    copyFileSync(join(import.meta.dirname, 'fake-podman.sh'), join(bin, engine));
    chmodSync(join(bin, engine), 0o755);
  }
  const files = new Map<string, string>();
  for (const arch of ['x86_64', 'aarch64', 's390x']) writeLock(directory, arch, store, files);
  const root = join(state, 'root');
  mkdirSync(join(root, 'usr/lib/sysimage/rpm'), { recursive: true });
  writeFileSync(join(root, 'usr/lib/sysimage/rpm/rpmdb.sqlite'), 'a database');
  const events: ProgressEvent[] = [];
  const context: Context = {
    cwd: directory,
    env: { PATH: bin, FAKE_STATE: state, DOCKER_PREFIX: 'quay.example/kubevirt', VERSION: 'v1', ...env },
    cacheDir: join(directory, 'cache'),
    offline: true,
    http: createHttpClient({ env: {}, offline: true }),
    now: () => new Date('2025-01-13T12:10:59Z'),
    emit: (event) => void events.push(event),
    signal: new AbortController().signal,
  };
  const install = (lines: readonly string[]): void => writeFileSync(join(state, 'installed'), lines.map((line) => `${line}\n`).join(''));
  install(LOCKED.map(({ name, epoch, version, release }) => [name, epoch, version, release, 'noarch'].join('\t')));
  return {
    context,
    services: { ...SERVICES, machine: 'x64' },
    events,
    directory,
    root,
    fetchLocked: () => Promise.resolve(files),
    install,
    calls: () =>
      (existsSync(join(state, 'calls')) ? readFileSync(join(state, 'calls'), 'utf8') : '')
        .split('\x1e')
        .filter((call) => call !== '')
        .map((call) => call.split('\x1f').slice(0, -1).join(' '))
        .filter((call) => !/^(podman info|docker version|docker buildx version)( |$)/.test(call)),
    readRecord: () => {
      const path = join(directory, '_out/image-digests.json');
      return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : undefined;
    },
  };
}

function writeLock(directory: string, arch: string, store: string, files: Map<string, string>): void {
  const packages = LOCKED.map((entry) => {
    const filename = `${entry.name}-${entry.version}-${entry.release}.noarch.rpm`;
    const rpm = smallRpm({ ...entry, arch: 'noarch' });
    const sha256 = createHash('sha256').update(rpm).digest('hex');
    writeFileSync(join(store, sha256), rpm);
    files.set(sha256, join(store, sha256));
    return {
      ...entry,
      arch: 'noarch',
      sha256,
      filename,
      repository: 'baseos',
      location: filename,
      size: rpm.length,
      source: 'x.src.rpm',
      dependencies: [],
    };
  });
  const lock = {
    schema_version: '1.1',
    architecture: arch,
    package_set: 'tools',
    generated: '2025-01-13T09:43:32Z',
    generator: 'rpm-deps 0.1.0',
    manifest_digest: `sha256:${'0'.repeat(64)}`,
    requested: ['bash', 'vim-minimal'],
    ignored: [],
    repositories: [],
    packages,
  };
  writeFileSync(join(directory, 'rpm-lockfiles', `tools-${arch}.lock.json`), `${JSON.stringify(lock, null, 2)}\n`);
}
