import { setFlagsFromString } from 'node:v8';

/**
 * Sets V8 flags for a process that runs for days, before its threads start, because the command has set those for short runs. Solving threads start
 * with a larger heap: with V8's default of a few MiB they would collect all of it at every fifth query. V8 warns about unknown flags.
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
