/** The other end of `ScanThreads`: reads the packages of one architecture after the other in a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { buffersOf } from '../pool/pool-columns.ts';
import { toPlainError } from './plain-error.ts';
import type { ScanAnswer, ScanOrder } from './scan-message.ts';
import { scanPool } from './scan-pool.ts';

const port = parentPort!;

let last: Promise<void> = Promise.resolve();

// One at a time: two at once would only take more memory.
port.on('message', (order: ScanOrder) => {
  last = last.then(() => answer(order));
});

async function answer({ number, architecture, files }: ScanOrder): Promise<void> {
  try {
    const scanned = await scanPool(architecture, files);
    port.postMessage({ kind: 'done', number, scanned } satisfies ScanAnswer, buffersOf(scanned.columns));
  } catch (error) {
    port.postMessage({ kind: 'failed', number, error: toPlainError(error) } satisfies ScanAnswer);
  }
}
