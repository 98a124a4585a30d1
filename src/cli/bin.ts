#!/usr/bin/env node
import { writeSync } from 'node:fs';
import { readEnvironment } from '../environment.ts';
import { main } from './main.ts';

// A reader that went away (`| head`) ends the program without a word; a full disk does not.
for (const [name, stream] of [
  ['standard output', process.stdout],
  ['standard error', process.stderr],
] as const) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    reportLostOutput(name, error);
    process.exit(2);
  });
}

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

// Not awaited here: parts that are loaded later import this one, which must be done by then.
void main({
  argv: process.argv.slice(2),
  env: readEnvironment(),
  cwd: () => process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
}).then(({ exitCode, interrupted }) => {
  process.exitCode = exitCode;
  // All is done and written: memory goes with the process, without being taken apart piece by piece (a thirtieth of a whole update).
  process.once('beforeExit', () => process.exit(exitCode));
  // Work that was left in the middle may still hold sockets and workers.
  if (interrupted) process.exit(exitCode);
});

/** As WRITE_FAILED, whose code it is. Standard error may be what is lost. */
function reportLostOutput(name: string, error: NodeJS.ErrnoException): void {
  const hint = error.code === 'ENOSPC' ? 'the disk is full: make room and run the command again' : 'check where the output goes';
  try {
    writeSync(2, `error: cannot write to ${name}: ${error.message}\n\nhint: ${hint}\n`);
  } catch {
    // Nobody can be told.
  }
}
