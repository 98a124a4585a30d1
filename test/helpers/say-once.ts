import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A line on stderr, once in a run of all workers, whose temporary files have a folder of their own. */
export function sayOnce(line: string): void {
  const mark = createHash('sha256').update(line).digest('hex').slice(0, 16);
  try {
    closeSync(openSync(join(tmpdir(), `said-${mark}`), 'wx'));
  } catch {
    return;
  }
  // Not by console: vitest would put the name of a file above it.
  writeSync(2, `${line}\n`);
}
