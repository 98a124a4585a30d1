#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { main } from './main.ts';

// A run is over before large functions would have paid for their optimization: less inlining takes a twelfth off a whole update (docs/performance.md).
setFlagsFromString('--max-inlined-bytecode-size-cumulative=100');

// A reader that went away (`| head`) ends the program without a word.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : 70);
  });
}

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait. What is written is written by renaming: nothing is left in half.
    if (interruption.signal.aborted) process.exit(130);
    interruption.abort();
  });
}

// Not awaited here: parts that are loaded later import this one, which must be done by then.
void main({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: () => process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
  signal: interruption.signal,
}).then(({ exitCode, interrupted }) => {
  process.exitCode = exitCode;
  // Work that was left in the middle may still hold sockets and workers.
  if (interrupted) process.exit(exitCode);
});
