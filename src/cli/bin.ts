#!/usr/bin/env node
import { readEnvironment } from '../environment.ts';
import { main } from './main.ts';

// A reader that went away (`| head`) ends the program without a word.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 70);
  });
}

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait. What is written is written by renaming: nothing is left in half.
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
