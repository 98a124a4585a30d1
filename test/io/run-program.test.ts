import { expect, test } from 'vitest';
import { pipeThroughProgram, runProgram, runProgramForBytes } from '../../src/io/run-program.ts';

test('a program gets its input and returns its output and exit code', async () => {
  const result = await runProgram('sh', ['-c', 'cat; echo problem >&2; exit 3'], { input: 'one\r\ntwo' });
  expect(result).toEqual({ exitCode: 3, stdout: 'one\ntwo\n', stderr: 'problem\n' });
});

test('lines of both streams are passed on as they come', async () => {
  const lines: string[] = [];
  await runProgram('sh', ['-c', 'echo out; echo err >&2'], { onLine: (line, stream) => lines.push(`${stream} ${line}`) });
  expect(lines.sort()).toEqual(['stderr err', 'stdout out']);
});

test('a program that is not installed is an ENOENT', async () => {
  await expect(runProgram('no-such-program-here', [])).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the signal ends a program, and its reason is the error', async () => {
  const stop = new AbortController();
  const running = runProgram('sh', ['-c', 'echo started; exec sleep 600'], {
    signal: stop.signal,
    onLine: () => stop.abort(new Error('stopped')),
  });
  await expect(running).rejects.toThrow('stopped');
  await expect(runProgram('true', [], { signal: stop.signal })).rejects.toThrow('stopped');
});

test('a program that prints more than is read is killed', async () => {
  const result = await runProgramForBytes('sh', ['-c', 'while :; do echo yyyyyyyyyyyyyyyy; done'], { stdoutLimit: 1000 });
  expect(result.exitCode).toBeUndefined();
  expect(result.stdout.length).toBeLessThanOrEqual(1000);
});

test('bytes are piped through a program', async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('abc');
    yield Buffer.from('def');
  }
  const output = pipeThroughProgram('tr', ['a-f', 'A-F'], source());
  let text = '';
  for (let next = await output.next(); ; next = await output.next()) {
    if (next.done === true) {
      expect(next.value).toBe(0);
      break;
    }
    text += Buffer.from(next.value).toString('utf8');
  }
  expect(text).toBe('ABCDEF');
});
