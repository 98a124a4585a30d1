/** The other end of `ScanThreads`: reads the packages of one architecture after the other in a thread of its own. */
import { parentPort } from 'node:worker_threads';
import { buffersOf } from '../pool/pool-columns.ts';
import { type ScanAnswer, type ScanOrder, toPlainError } from './scan-message.ts';
import { scanPool } from './scan-pool.ts';

const port = parentPort!;

port.on('message', ({ architecture, files }: ScanOrder) => {
  scanPool(architecture, files).then(
    (scanned) => port.postMessage({ kind: 'done', scanned } satisfies ScanAnswer, buffersOf(scanned.columns)),
    (error: unknown) => port.postMessage({ kind: 'failed', error: toPlainError(error) } satisfies ScanAnswer),
  );
});
