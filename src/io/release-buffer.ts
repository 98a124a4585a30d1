import type { MessagePort } from 'node:worker_threads';

/**
 * Gives the memory of a buffer back at once, and not when garbage is collected: the next buffer of the same size then lies in memory that is
 * there, and V8 sees no reason to collect. For a program that reads hundreds of megabytes in pieces that is most of what the pieces cost.
 * The buffer is empty afterwards; nobody else may need it. What is only a part of a buffer is left alone.
 */
export function releaseBuffer({ buffer, byteLength }: Uint8Array): void {
  if (!(buffer instanceof ArrayBuffer) || byteLength !== buffer.byteLength || byteLength === 0) return;
  // What is transferred to a port that is closed is gone. (ArrayBuffer has `transfer` for this only since Node 21.)
  closed ??= closedPort();
  closed.postMessage(undefined, [buffer]);
}

let closed: MessagePort | undefined;

function closedPort(): MessagePort {
  const { port1 } = new MessageChannel() as unknown as { readonly port1: MessagePort };
  port1.close();
  return port1;
}
