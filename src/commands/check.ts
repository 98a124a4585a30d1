import { join, relative } from 'node:path';
import { RpmDepsError } from '../base/errors.ts';
import { shortPrintable } from '../base/printable.ts';
import { type CheckFinding, checkLockfiles, type FoundLock } from '../lockfile/check.ts';
import { listLockfiles } from '../lockfile/lockfile-dir.ts';
import { readLockfile } from '../lockfile/read.ts';
import { loadManifest, lockfilesDirectory, type ProjectInput } from '../project/manifest-input.ts';
import type { Context } from '../run/context.ts';
import type { OnlineRow } from '../views/check-online.ts';
import { checkOnline } from './check-online.ts';

export interface CheckInput extends ProjectInput {
  /** Also check whether every locked RPM is still on its mirror, and whether newer versions exist. */
  readonly online?: boolean | undefined;
}

export interface CheckOutput {
  /** Number of checked lockfiles. */
  readonly checked: number;
  readonly findings: readonly CheckFinding[];
  readonly online: readonly OnlineRow[] | undefined;
}

/** Whether the lockfiles are up to date with the manifest; offline unless `online` is set. */
export async function check(input: CheckInput, context: Context): Promise<CheckOutput> {
  const manifest = await loadManifest(input, context);
  const directory = lockfilesDirectory(input, context);
  const shownDirectory = relative(context.cwd, directory) || '.';
  const entries = await listLockfiles(directory);
  const found: FoundLock[] = await Promise.all(
    entries.map(async ({ file, path }): Promise<FoundLock> => {
      const shown = join(shownDirectory, file);
      try {
        return { file, lockfile: await readLockfile(path, shown) };
      } catch (error) {
        if (!(error instanceof RpmDepsError)) throw error;
        // The finding already names the file.
        const message = error.message.replace(`\`${shortPrintable(shown)}\` `, '');
        return { file, error: { message, details: error.details, ...(error.hint === undefined ? {} : { hint: error.hint }) } };
      }
    }),
  );
  const named = { ...manifest, path: relative(context.cwd, manifest.path) };
  const findings = checkLockfiles(named, found, { today: context.now().toISOString().slice(0, 10), directory: shownDirectory });
  const locks = found.flatMap((lock) => ('lockfile' in lock ? [lock.lockfile] : []));
  const online = input.online === true ? await checkOnline(manifest, locks, context) : undefined;
  return { checked: entries.length, findings, online };
}
