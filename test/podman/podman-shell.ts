import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { PodmanWorld } from './podman-world.ts';

const CHECKOUT = resolve(import.meta.dirname, '../..');

/** Puts `rpm-deps` into a directory, on the sources: the tests do not wait for a build. Returns the directory. */
export function placeCommand(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const command = join(directory, 'rpm-deps');
  writeFileSync(
    command,
    `#!/bin/sh\nexec '${process.execPath}' --import '${CHECKOUT}/node_modules/tsx/dist/loader.mjs' '${CHECKOUT}/src/cli/bin.ts' "$@"\n`,
  );
  chmodSync(command, 0o755);
  return directory;
}

export interface Shell {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly status: number | null; readonly output: string }>;
  output(): string;
}

/** As a person has it who works with the mirror and the registry of the world; `bin` has rpm-deps. */
export const shellEnvironment = (world: PodmanWorld, bin: string) => ({
  ...world.env,
  PATH: `${bin}:${world.env['PATH']}`,
  DOCKER_PREFIX: `${world.registry}/kubevirt`,
  VERSION: 'v1',
  RPM_DEPS_MIRROR: world.mirror,
  RPM_DEPS_CACHE_DIR: join(world.directory, 'cache'),
});

/** Runs a script as somebody would paste it, with rpm-deps on PATH and the mirror and cache of the world. */
export function startShell(world: PodmanWorld, script: string, { cwd, bin }: { cwd: string; bin: string }): Shell {
  const child = spawn('bash', ['--noprofile', '--norc', '-c', script], {
    cwd,
    env: shellEnvironment(world, bin),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<{ status: number | null; output: string }>((done, failed) =>
    child.once('error', failed).once('close', (status) => done({ status, output })),
  );
  return { child, ended, output: () => output };
}
