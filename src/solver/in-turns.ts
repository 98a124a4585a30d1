import { setImmediate } from 'node:timers/promises';
import type { Turns } from '../base/turns.ts';
import type { Budget } from './budget.ts';

/** Runs the work and yields to the event loop at each pause. */
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
