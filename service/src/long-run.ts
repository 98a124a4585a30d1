import { setFlagsFromString } from 'node:v8';

/**
 * V8 for a process that runs for days, before its threads start: the command has set it up for short runs. Threads that solve begin with a larger heap;
 * from V8's few MiB they would collect all of it at every fifth query. V8 prints a warning for a flag that it does not know.
 */
export function setUpForLongRun({ solves }: { readonly solves: boolean }): void {
  const version = Number.parseInt(process.versions.v8, 10);
  if (version < 11 || version > 13) return;
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=920');
  if (version === 11) {
    setFlagsFromString('--interrupt-budget=135168');
    setFlagsFromString('--wasm-tiering-budget=1800000');
  }
  if (solves) setFlagsFromString('--initial-old-space-size=96');
}
