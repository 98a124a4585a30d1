import { expect, test } from 'vitest';
import type { Turns } from '../../src/base/turns.ts';
import { Budget } from '../../src/solver/budget.ts';
import { inTurns } from '../../src/solver/in-turns.ts';

function* work(log: string[], fails = false): Turns<number> {
  try {
    for (let i = 0; i < 3; i++) {
      log.push(`step ${i}`);
      yield;
    }
    if (fails) throw new Error('in the middle');
    return 7;
  } finally {
    log.push('end');
  }
}

test('in turns the event loop comes in at each pause', async () => {
  const log: string[] = [];
  setImmediate(() => log.push('other'));
  expect(await inTurns(work(log), new Budget())).toBe(7);
  expect(log.indexOf('other')).toBeLessThan(log.indexOf('step 2'));
});

test('work that fails is ended once, and its failure is the answer', async () => {
  const log: string[] = [];
  await expect(inTurns(work(log, true), new Budget())).rejects.toThrow('in the middle');
  expect(log.filter((line) => line === 'end')).toEqual(['end']);
});

test('a turn that is over begins anew after the event loop had its own', async () => {
  const controller = new AbortController();
  const budget = new Budget({ signal: controller.signal });
  const stopping = (function* (): Turns<never> {
    for (;;) {
      budget.steps += 100_000;
      budget.isTurnOver();
      yield;
    }
  })();
  setImmediate(() => controller.abort());
  await expect(inTurns(stopping, budget)).rejects.toMatchObject({ code: 'INTERRUPTED' });
});
