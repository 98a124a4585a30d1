import { describe, expect, test, vi } from 'vitest';
import { imagePush } from '../../src/commands/image-push.ts';
import { type Engine, openEngine } from '../../src/images/engine.ts';
import { type RunProgram, runProgram } from '../../src/io/run-program.ts';
import { fakeWorld, type World } from './fake-engine.ts';

const push = (world: World, engine?: string) => imagePush({ sets: ['tools'], arch: ['amd64'], engine }, world.context, world.services);

test('podman is taken unless KUBEVIRT_CRI or the flag says docker', async () => {
  const world = fakeWorld();
  await push(world);
  await push(world, 'docker');
  await push({ ...world, context: { ...world.context, env: { ...world.context.env, KUBEVIRT_CRI: 'docker' } } });
  expect(
    world
      .calls()
      .filter((call) => call.includes(' push '))
      .map((call) => call.split(' ')[0]),
  ).toEqual(['podman', 'docker', 'docker']);
});

test('an engine that nobody knows is refused', async () => {
  await expect(push(fakeWorld({ KUBEVIRT_CRI: 'lxc' }))).rejects.toMatchObject({
    code: 'USAGE',
    message: 'unknown container engine `lxc`',
  });
});

test('without podman it says how to install it', async () => {
  await expect(push(fakeWorld({}, []))).rejects.toMatchObject({
    code: 'PODMAN',
    message: 'podman is not installed, or not on PATH',
    hint: expect.stringContaining('apt install -y podman') as string,
  });
});

test('a docker client without an engine is found out before anything is done', async () => {
  const world = fakeWorld({
    KUBEVIRT_CRI: 'docker',
    FAKE_FAIL: 'version*',
    FAKE_STDERR: 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.',
  });
  await expect(push(world)).rejects.toMatchObject({
    code: 'PODMAN',
    message: 'cannot use docker: the docker client cannot reach a docker engine',
  });
  expect(world.calls()).toEqual([]);
});

test('a raised signal ends the engine and is told as an interruption', async () => {
  const world = fakeWorld();
  const context = { ...world.context, signal: AbortSignal.abort() };
  await expect(push({ ...world, context })).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(world.calls()).toEqual([]);
});

test('a record that is damaged is not believed', async () => {
  const world = fakeWorld();
  const { mkdirSync, writeFileSync } = await import('node:fs');
  mkdirSync(`${world.directory}/_out`);
  for (const text of [
    '{',
    '[]',
    '{"schema_version":"1.0","images":[{"reference":"--all","architecture":"amd64"}],"manifests":[],"latest":{}}',
  ]) {
    writeFileSync(`${world.directory}/_out/image-digests.json`, text);
    await expect(push(world)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('is not a record of built images') as string,
    });
  }
});

describe('a program of an image', () => {
  const opened = (run: RunProgram) =>
    openEngine({ name: 'podman', dryRun: false, cwd: '/', env: {}, signal: new AbortController().signal, onLine: () => undefined, run });
  const ended = { exitCode: 0, stdout: '', stderr: '' };

  test('that does not end is given up, and its container is removed', async () => {
    const calls: string[] = [];
    const engine = await opened((_, args, { signal } = {}) => {
      calls.push(args.join(' '));
      if (args[0] !== 'run') return Promise.resolve(ended);
      return new Promise((_done, failed) => {
        if (signal?.aborted === true) failed(signal.reason as Error);
      });
    });
    const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValueOnce(AbortSignal.abort(new DOMException('late', 'TimeoutError')));
    expect(await engine.answerOf(['image', '-qa'])).toBeUndefined();
    timeout.mockRestore();
    const name = `rpm-deps-${process.pid}-program`;
    expect(calls.slice(1)).toEqual([`run --rm --name=${name} image -qa`, `rm --force --time=0 ${name}`]);
  });

  test('that a signal interrupts leaves no container, whether it may fail or not', async () => {
    for (const ask of [(engine: Engine) => engine.askProgram(['image'], { what: 'ask' }), (engine: Engine) => engine.answerOf(['image'])]) {
      const calls: string[] = [];
      const engine = await opened((_, args) => {
        calls.push(args.slice(0, 2).join(' '));
        return args[0] === 'run' ? Promise.reject(new Error('stopped')) : Promise.resolve(ended);
      });
      await expect(ask(engine)).rejects.toThrow('stopped');
      expect(calls.slice(1)).toEqual(['run --rm', 'rm --force']);
    }
  });

  test('that prints without end is stopped', async () => {
    const engine = await opened((_, args, options) => (args[0] === 'run' ? runProgram('yes', [], options) : Promise.resolve(ended)));
    expect(await engine.answerOf(['image'])).toBeUndefined();
  });
});
