/** The other end of `ScanWorkers`: reads one primary.xml after the other in a thread of its own. */
import { createReadStream } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { RepomdRecord } from '../metadata/repomd.ts';
import type { RepoData } from '../pool/repo-data.ts';
import { buffersOf } from '../pool/repo-data.ts';
import { readChecked } from './fetch-record.ts';
import { type ScanAnswer, type ScanOrder, toPlainError } from './scan-message.ts';
import { scanPrimary } from './scan-primary.ts';

const port = parentPort!;

class BrokenOff extends Error {}

/** Chunks as they come in messages. */
class Inbox {
  readonly #orders: ScanOrder[] = [];
  #wake: (() => void) | undefined;

  put(order: ScanOrder): void {
    this.#orders.push(order);
    this.#wake?.();
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const order = this.#orders.shift();
      if (order === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (order.kind === 'chunk') yield order.bytes;
      else if (order.kind === 'end') return;
      else throw new BrokenOff();
    }
  }
}

let inbox = new Inbox();

port.on('message', (order: ScanOrder) => {
  if (order.kind === 'file') void answer(createReadStream(order.path, { highWaterMark: 256 * 1024 }), order);
  else if (order.kind === 'stream') {
    inbox = new Inbox();
    void answer(inbox.chunks(), order);
  } else inbox.put(order);
});

async function answer(body: AsyncIterable<Uint8Array>, { what, record }: { what: string; record: RepomdRecord }): Promise<void> {
  try {
    const data: RepoData = await readChecked(body, record, what, scanPrimary);
    port.postMessage({ kind: 'done', data } satisfies ScanAnswer, buffersOf(data));
  } catch (error) {
    port.postMessage(
      error instanceof BrokenOff ? { kind: 'broken' } : ({ kind: 'failed', error: toPlainError(error) } satisfies ScanAnswer),
    );
  }
}
