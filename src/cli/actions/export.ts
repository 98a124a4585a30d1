import { resolve } from 'node:path';
import { RpmDepsError } from '../../base/errors.ts';
import { exportText } from '../../commands/export.ts';
import { writeFileAtomic } from '../../io/atomic-file.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../manifest/export-names.ts';
import { exportView } from '../../views/export.ts';
import { defineAction } from '../action.ts';
import { projectInput } from '../shared-input.ts';

export const exportAction = defineAction(exportView, async ({ options, context }) => {
  const format = options.text('format') as ExportFormat | undefined;
  if (format === undefined) throw new RpmDepsError('USAGE', '`export` needs --format', { hint: `one of ${EXPORT_FORMATS.join(', ')}` });
  const text = await exportText({ ...projectInput(options), format, arch: options.list('arch'), set: options.list('set') }, context);
  const file = options.text('output');
  if (file === undefined) return { data: { format, output: null, text } };
  const output = resolve(context.cwd, file);
  await writeFileAtomic(output, text);
  return { data: { format, output, text: null } };
});
