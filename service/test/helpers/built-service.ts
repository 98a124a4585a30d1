import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildService } from '../../../tools/build-service.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

export interface ServiceProcess {
  readonly child: ChildProcess;
  /** Empty for a worker. */
  readonly url: string;
  readonly ended: Promise<number | null>;
  stderr(): string;
  /** SIGTERM; the exit code. */
  terminate(): Promise<number | null>;
}

export interface BuiltService {
  readonly directory: string;
  start(args: readonly string[], config?: object, env?: Readonly<Record<string, string>>): Promise<ServiceProcess>;
  remove(): void;
}

/** Command and service as they are installed: two packages beside each other. What they need is found above, in the project's own folder. */
export async function builtService(): Promise<BuiltService> {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const directory = mkdtempSync(join(cache, 'rpm-deps-service-'));
  const modules = join(directory, 'node_modules');
  const [command, service] = [join(modules, 'rpm-deps'), join(modules, 'rpm-deps-service')];
  mkdirSync(service, { recursive: true });
  execFileSync(process.execPath, ['--import', 'tsx', join(ROOT, 'tools/build.ts'), join(command, 'dist')], { cwd: ROOT });
  await buildService(join(service, 'dist'));
  cpSync(join(ROOT, 'package.json'), join(command, 'package.json'));
  for (const name of ['package.json', 'migrations', 'assets'])
    cpSync(join(ROOT, 'service', name), join(service, name), { recursive: true });
  let configs = 0;
  return {
    directory,
    start: async (args, config = {}, env = {}) => {
      const file = join(directory, `config-${++configs}.yaml`);
      writeFileSync(file, JSON.stringify(config));
      const child = spawn(
        process.execPath,
        [
          join(command, 'dist/cli/bin.js'),
          'serve',
          '--config',
          file,
          '--mirror',
          join(ROOT, 'fixtures/mirror'),
          '--cache-dir',
          join(directory, 'cache'),
          ...args,
        ],
        {
          cwd: directory,
          env: { PATH: process.env['PATH'], HOME: directory, ...env },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let stderr = '';
      let stdout = '';
      child.stderr!.on('data', (chunk: Buffer) => {
        stderr = `${stderr}${chunk.toString()}`.slice(-20_000);
      });
      const ended = new Promise<number | null>((done) => child.once('close', done));
      await new Promise<void>((ready, failed) => {
        child.stdout!.on('data', (chunk: Buffer) => {
          stdout += chunk.toString();
          if (/^(?:listening on|working)/m.test(stdout)) ready();
        });
        void ended.then((code) => failed(new Error(`serve ended with ${code}: ${stderr}`)));
      });
      return {
        child,
        url: /listening on (\S+)/.exec(stdout)?.[1] ?? '',
        ended,
        stderr: () => stderr,
        terminate: () => {
          child.kill('SIGTERM');
          return ended;
        },
      };
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
