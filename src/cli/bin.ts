#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { readEnvironment } from '../environment.ts';
import { main } from './main.ts';
import type { Output } from './printer.ts';

// HTTP needs WebAssembly, which Node compiles in the background: with a limited address space that promise is rejected and not awaited.
process.on('unhandledRejection', (reason) => {
  void import('../io/address-space.ts').then(({ addressSpaceError }) => {
    const error = addressSpaceError(reason);
    const text = error === undefined ? `internal error: ${reason instanceof Error ? reason.stack : String(reason)}` : error.message;
    writeSync(2, `error: ${text}\n${error?.hint === undefined ? '' : `\nhint: ${error.hint}\n`}`);
    process.exit(error === undefined ? 70 : 2);
  });
});

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // A second signal exits immediately. Files are written under another name and renamed, so none is incomplete.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  });
}

/** Set if output was lost: nothing more is written, and the command ends as after a signal, so that it removes its containers. */
let lostOutput: { readonly exitCode: number } | undefined;
let isDone = false;

// A closed pipe (`| head`) ends the program silently; a full disk is reported.
for (const [name, stream] of [
  ['standard output', process.stdout],
  ['standard error', process.stderr],
] as const) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (lostOutput !== undefined) return;
    if (error.code !== 'EPIPE') reportLostOutput(name, error);
    lostOutput = { exitCode: error.code === 'EPIPE' ? 0 : 2 };
    if (isDone) process.exit(lostOutput.exitCode);
    interruption.abort();
  });
}

// Not awaited here: modules that are loaded later import this one, which must be evaluated by then.
void main({
  argv: process.argv.slice(2),
  env: readEnvironment(),
  cwd: () => process.cwd(),
  stdout: unlessLost(process.stdout),
  stderr: unlessLost(process.stderr),
  signal: interruption.signal,
}).then((ending) => {
  isDone = true;
  const exitCode = lostOutput?.exitCode ?? ending.exitCode;
  process.exitCode = exitCode;
  // All output is written: exit without freeing memory, which would take a thirtieth of the time of a whole update.
  process.once('beforeExit', () => process.exit(exitCode));
  // Interrupted work may still hold sockets and workers.
  if (ending.interrupted || lostOutput !== undefined) process.exit(exitCode);
});

function unlessLost(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => lostOutput !== undefined || stream.write(text),
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
  };
}

/** Reports WRITE_FAILED and exits with its code. Stderr itself may be the lost stream. */
function reportLostOutput(name: string, error: NodeJS.ErrnoException): void {
  const hint = error.code === 'ENOSPC' ? 'the disk is full: make room and run the command again' : 'check where the output goes';
  try {
    writeSync(2, `error: cannot write to ${name}: ${error.message}\n\nhint: ${hint}\n`);
  } catch {
    // The error cannot be reported.
  }
}
