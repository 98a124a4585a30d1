import { readFile } from 'node:fs/promises';
import { RpmDepsError } from '../errors.ts';
import { type CheckFinding, checkLockfiles, type FoundLock } from '../lockfile/check.ts';
import { listLockfiles } from '../lockfile/lockfile-dir.ts';
import { parseLockfile } from '../lockfile/read.ts';
import type { Context } from './context.ts';
import { loadManifest, lockfilesDirectory, type ProjectInput } from './manifest-input.ts';
import { checkOnline, type OnlineFinding } from './online-check.ts';

export interface CheckInput extends ProjectInput {
  /** Also: is every locked RPM still on its mirror, and how far behind is it? */
  readonly online?: boolean | undefined;
}

export interface CheckOutput {
  /** How many lockfiles were looked at. */
  readonly checked: number;
  readonly findings: readonly CheckFinding[];
  readonly online: readonly OnlineFinding[] | undefined;
}

/** Whether the lockfiles answer the manifest; offline unless asked otherwise. */
export async function check(input: CheckInput, context: Context): Promise<CheckOutput> {
  const manifest = await loadManifest(input, context);
  const entries = await listLockfiles(lockfilesDirectory(input, context));
  const found: FoundLock[] = await Promise.all(
    entries.map(async ({ file, path }): Promise<FoundLock> => {
      try {
        return { file, lockfile: parseLockfile(await readFile(path, 'utf8'), path) };
      } catch (error) {
        if (!(error instanceof RpmDepsError)) throw error;
        return { file, error: { message: error.message, details: error.details } };
      }
    }),
  );
  const findings = checkLockfiles(manifest, found, { today: context.now().toISOString().slice(0, 10) });
  const locks = found.flatMap((lock) => ('lockfile' in lock ? [lock.lockfile] : []));
  const online = input.online === true ? await checkOnline(manifest, locks, context) : undefined;
  return { checked: entries.length, findings, online };
}
