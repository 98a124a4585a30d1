#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { readEnvironment } from '../environment.ts';
import { main } from './main.ts';
import type { Output } from './printer.ts';

// HTTP needs WebAssembly, which Node compiles on its own: under a limit of addresses it fails where nobody waits for it.
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
    // A second signal exits immediately. Files are written under another name and renamed: none is left half written.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  });
}

/** Set once output is lost: nothing more is written, and the command ends as after a signal, so that it leaves no container behind. */
let lostOutput: { readonly exitCode: number } | undefined;
let isDone = false;

// A reader that went away (`| head`) ends the program without a word; a full disk does not.
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

// Not awaited here: parts that are loaded later import this one, which must be done by then.
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
  // All is done and written: memory goes with the process, without being taken apart piece by piece (a thirtieth of a whole update).
  process.once('beforeExit', () => process.exit(exitCode));
  // Work that was left in the middle may still hold sockets and workers.
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

/** As WRITE_FAILED, whose code it is. Standard error may be what is lost. */
function reportLostOutput(name: string, error: NodeJS.ErrnoException): void {
  const hint = error.code === 'ENOSPC' ? 'the disk is full: make room and run the command again' : 'check where the output goes';
  try {
    writeSync(2, `error: cannot write to ${name}: ${error.message}\n\nhint: ${hint}\n`);
  } catch {
    // Nobody can be told.
  }
}
