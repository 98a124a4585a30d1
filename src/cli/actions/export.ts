import { resolve } from 'node:path';
import { RpmDepsError } from '../../base/errors.ts';
import { exportLocks } from '../../commands/export.ts';
import { writeFileAtomic } from '../../io/atomic-file.ts';
import type { Lockfile } from '../../lockfile/lockfile.ts';
import {
  type ExportFormat,
  renderBazeldnf,
  renderCycloneDx,
  renderList,
  renderPackageManifest,
  renderRpmsLock,
} from '../../views/export-formats.ts';
import type { Invocation } from '../command.ts';
import { projectInput } from '../shared-input.ts';

const RENDERERS: Readonly<Record<ExportFormat, (locks: readonly Lockfile[]) => string>> = {
  'rpms.lock.yaml': renderRpmsLock,
  'packages.manifest.yaml': renderPackageManifest,
  bazeldnf: ([lock]) => renderBazeldnf(lock!),
  cyclonedx: ([lock]) => renderCycloneDx(lock!),
  list: renderList,
};

export async function exportAction({ options, context, printer }: Invocation): Promise<number> {
  const format = options.text('format') as ExportFormat | undefined;
  if (format === undefined)
    throw new RpmDepsError('USAGE', '`export` needs --format', { hint: `one of ${Object.keys(RENDERERS).join(', ')}` });
  const locks = await exportLocks({ ...projectInput(options), format, arch: options.list('arch'), set: options.list('set') }, context);
  const text = RENDERERS[format](locks);
  const output = options.text('output');
  if (output === undefined) printer.out(text);
  else await writeFileAtomic(resolve(context.cwd, output), text);
  return 0;
}
