import { expect, test } from 'vitest';
import { RpmDepsError } from '../../src/base/errors.ts';
import { orStopped, throwIfStopped } from '../../src/base/interruption.ts';

const never = new Promise<never>(() => undefined);

test('work that does not notice the signal is left as soon as it is raised', async () => {
  const controller = new AbortController();
  const left = orStopped(never, controller.signal);
  controller.abort();
  await expect(left).rejects.toMatchObject({ code: 'INTERRUPTED', message: 'stopped' });
});

test('a signal that was raised before stops the work before it counts', async () => {
  const signal = AbortSignal.abort();
  await expect(orStopped(Promise.resolve(1), signal)).rejects.toMatchObject({ code: 'INTERRUPTED' });
  expect(() => throwIfStopped(signal)).toThrow('stopped');
});

test('work that fails after it was left does not end the process', async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on('unhandledRejection', note);
  await expect(orStopped(Promise.reject(new Error('own')), AbortSignal.abort())).rejects.toMatchObject({ code: 'INTERRUPTED' });
  await new Promise((done) => setImmediate(done));
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('the reason of the signal is the error, where it is one of ours', async () => {
  const reason = new RpmDepsError('INTERRUPTED', 'stopped after the time limit of 20 ms');
  await expect(orStopped(never, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('without a signal, or with one that stays silent, the answer and the failure of the work come through', async () => {
  expect(await orStopped(Promise.resolve(1), undefined)).toBe(1);
  const { signal } = new AbortController();
  await expect(orStopped(Promise.reject(new Error('own')), signal)).rejects.toThrow('own');
  throwIfStopped(signal);
});
