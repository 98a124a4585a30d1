import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedValidators } from '../../tools/schema-files.ts';
import { writeGenerated } from '../../tools/write-generated.ts';

/**
 * Before any test: the compiled validators, which src imports and git does not hold, and a folder for all temporary files, which goes in the end
 * with what tests have left there. Its name is short, since sockets have short paths.
 */
export default function setup(): () => void {
  writeGenerated(generatedValidators());
  const before = process.env['TMPDIR'];
  const folder = mkdtempSync(join(tmpdir(), 'rd-'));
  // Some tests start programs as other users.
  chmodSync(folder, 0o1777);
  process.env['TMPDIR'] = folder;
  return () => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // What a container has left as another user stays.
    }
  };
}
