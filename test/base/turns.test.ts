import { expect, test } from 'vitest';
import { inOneGo, type Turns } from '../../src/base/turns.ts';

function* work(log: string[]): Turns<number> {
  for (let i = 0; i < 3; i++) {
    log.push(`step ${i}`);
    yield;
  }
  return 7;
}

test('in one go nothing comes between', () => {
  const log: string[] = [];
  setImmediate(() => log.push('other'));
  expect(inOneGo(work(log))).toBe(7);
  expect(log).toEqual(['step 0', 'step 1', 'step 2']);
});

test('what fails is thrown', () => {
  function* failing(): Turns<number> {
    yield;
    throw new Error('in the middle');
  }
  expect(() => inOneGo(failing())).toThrow('in the middle');
});
