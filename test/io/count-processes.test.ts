import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { countProcesses } from '../../src/io/count-processes.ts';

test.skipIf(!existsSync('/proc/self/status'))('this process is counted with its threads', async () => {
  // Node has at least four threads for files beside the main one.
  expect(await countProcesses()).toBeGreaterThan(4);
});
