import { resolve } from 'node:path';
import { RpmDepsError } from '../../base/errors.ts';
import { exportLocks } from '../../commands/export.ts';
import { writeFileAtomic } from '../../io/atomic-file.ts';
import { EXPORT_RENDERERS, type ExportFormat } from '../../views/export-formats.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

export async function exportAction({ options, context, printer }: Invocation): Promise<number> {
  const format = options.text('format') as ExportFormat | undefined;
  if (format === undefined)
    throw new RpmDepsError('USAGE', '`export` needs --format', { hint: `one of ${Object.keys(EXPORT_RENDERERS).join(', ')}` });
  const locks = await exportLocks({ ...projectInput(options), format, arch: options.list('arch'), set: options.list('set') }, context);
  const text = EXPORT_RENDERERS[format](locks);
  const output = options.text('output');
  if (output === undefined) printer.out(text);
  else await writeFileAtomic(resolve(context.cwd, output), text);
  return 0;
}
