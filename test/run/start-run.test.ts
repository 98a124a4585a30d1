import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { type RunOptions, startRun } from '../../src/run/start-run.ts';

function start(options: Partial<RunOptions> = {}) {
  const run = startRun({ env: {}, cacheDir: '/nonexistent', ...options });
  onTestFinished(() => run.end());
  return run;
}

/** A server that accepts connections and never answers. */
async function silentServer(): Promise<string> {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('a signal stops the run and what its HTTP client waits for, with one error', async () => {
  const person = new AbortController();
  const run = start({ signal: person.signal });
  const request = run.http.request(await silentServer());
  person.abort();
  expect(run.signal.aborted).toBe(true);
  expect(() => run.signal.throwIfAborted()).toThrow(expect.objectContaining({ code: 'INTERRUPTED' }));
  await expect(request).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('a signal that was raised before the run started counts', () => {
  expect(start({ signal: AbortSignal.abort() }).signal.aborted).toBe(true);
});

test('a run stops when its time limit is over and says so', async () => {
  const run = start({ timeoutMs: 20, now: () => new Date(1000) });
  expect(run.deadlineMs).toBe(1020);
  await expect(run.http.request(await silentServer())).rejects.toMatchObject({
    code: 'INTERRUPTED',
    message: 'stopped after the time limit of 20 ms',
  });
});

test('a run that has ended sends nothing more and leaves the signal of its caller alone', async () => {
  const person = new AbortController();
  const run = start({ signal: person.signal });
  await run.end();
  await expect(run.http.request(await silentServer())).rejects.toMatchObject({ code: 'INTERRUPTED' });
  person.abort();
  expect(run.signal.aborted).toBe(false);
});
