/** The thread side of `ScanThreads`: reads packages in a thread, one scan after another. */
import { parentPort } from 'node:worker_threads';
import { releaseBuffer } from '../io/release-buffer.ts';
import { PackageScan } from './package-scan.ts';
import { toPlainError } from './plain-error.ts';
import type { ScanAnswer, ScanOrder } from './scan-message.ts';

const port = parentPort!;

/** undefined before the first scan and after a failure: later messages of the failed scan are dropped. */
let scan: PackageScan | undefined;

port.on('message', (order: ScanOrder) => {
  try {
    take(order);
  } catch (error) {
    scan = undefined;
    answer({ kind: 'failed', error: toPlainError(error) });
  }
});

function take(order: ScanOrder): void {
  if (order.kind === 'leave') port.close();
  else if (order.kind === 'scan') scan = new PackageScan(order.expectedBytes);
  else if (scan === undefined) return;
  else if (order.kind === 'start') scan.start(order.what);
  else if (order.kind === 'write') {
    scan.write(order.chunk);
    releaseBuffer(order.chunk);
    answer({ kind: 'taken' });
  } else if (order.kind === 'end') scan.end();
  else {
    const scanned = scan.finish(order.architecture);
    scan = undefined;
    answer({ kind: 'done', scanned });
  }
}

function answer(message: ScanAnswer): void {
  port.postMessage(message);
}
