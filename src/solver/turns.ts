/** Work that pauses now and then: run in one go, or with a turn for the event loop (signals, HTTP, other requests) at each pause. */
import { setImmediate } from 'node:timers/promises';
import type { Budget } from './budget.ts';

/** Yields where the event loop may have a turn. */
export type Turns<T> = Generator<undefined, T, undefined>;

export function inOneGo<T>(work: Turns<T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
  }
}

export async function inTurns<T>(work: Turns<T>, budget: Budget): Promise<T> {
  try {
    for (;;) {
      const { done, value } = work.next();
      if (done === true) return value;
      await setImmediate();
      budget.startTurn();
    }
  } finally {
    work.return(undefined as never);
  }
}
