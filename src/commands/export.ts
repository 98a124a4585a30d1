import { RpmDepsError } from '../base/errors.ts';
import type { Lockfile } from '../lockfile/lockfile.ts';
import type { ProjectInput, TargetInput } from '../project/manifest-input.ts';
import { readChosenLocks } from '../project/read-locks.ts';
import type { Context } from '../run/context.ts';
import { EXPORT_WRITERS } from '../views/export-formats.ts';
import type { ExportFormat } from '../views/export-names.ts';

export interface ExportInput extends ProjectInput, TargetInput {
  readonly format: ExportFormat;
}

/** The chosen locks, fit for a format of another tool. */
export async function exportLocks(input: ExportInput, context: Context): Promise<Lockfile[]> {
  const locks = await readChosenLocks(input, context);
  const { single = false, needsLocations = false } = EXPORT_WRITERS[input.format];
  if (single && locks.length > 1) {
    throw new RpmDepsError(
      'USAGE',
      `\`${input.format}\` contains one set for one architecture, but ${locks.length} lockfiles were chosen`,
      {
        hint: 'choose one with --set SET --arch ARCH',
      },
    );
  }
  const old = locks.find((lock) => lock.schema_version === '1.0');
  if (needsLocations && old !== undefined) {
    throw new RpmDepsError(
      'LOCKFILE_INVALID',
      `the lock of ${old.package_set} for ${old.architecture} is of schema 1.0 and does not say where packages come from`,
      {
        hint: 'run `rpm-deps lock` once',
      },
    );
  }
  return locks;
}
